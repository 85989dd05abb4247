"""Messages of LoRaWAN network servers, as their webhooks send them; free of Django."""

"""The pages /daten/ and the webhooks /lorawan/."""

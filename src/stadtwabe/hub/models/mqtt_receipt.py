"""When a message without a time of its own came in."""

from django.db import models


class MqttReceipt(models.Model):
    """The time given to a message that is not yet acknowledged to the broker.

    The broker sends such a message again with the same packet identifier (MQTT 5.0, 4.4); it is
    then stored for the same time, that is, once.
    """

    packet_id = models.PositiveIntegerField(primary_key=True)
    digest = models.BinaryField(help_text="SHA-256 of topic and payload.")
    received_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.packet_id)

"""The one connection to the operator's MQTT broker, as pages show it."""

from django.db import models


class MqttSession(models.Model):
    """What is known of the connection: one row, written by the process that holds it.

    The broker keeps what comes in for ``client_id`` while nobody is connected; whichever process
    takes over goes on with it. ``problem`` (German) says why there is no connection.
    """

    client_id = models.CharField(max_length=60)
    holder = models.CharField(max_length=100, blank=True, help_text="Host and process number.")
    broker = models.CharField(max_length=300, blank=True)
    is_connected = models.BooleanField(default=False)
    connected_since = models.DateTimeField(null=True)
    problem = models.CharField(max_length=300, blank=True)
    seen_at = models.DateTimeField(null=True, help_text="When the holder last wrote this row.")
    stored = models.BigIntegerField(default=0)
    repeated = models.BigIntegerField(default=0)
    refused = models.BigIntegerField(default=0)
    lost = models.BigIntegerField(default=0, help_text="QoS 0 only: came too fast to keep.")
    published = models.BigIntegerField(default=0)
    skipped = models.BigIntegerField(default=0, help_text="Not published: too many at once.")

    class Meta:
        constraints = [
            models.CheckConstraint(name="hub_mqttsession_one_row", condition=models.Q(pk=1))
        ]

    def __str__(self) -> str:
        return self.client_id

"""A message from the broker that was not taken in."""

from django.db import models

from stadtwabe.hub.models.device_token import DeviceToken


class MqttRefusal(models.Model):
    """Messages of one account to one topic that were refused for one reason.

    ``token`` is None when the account is unknown; ``payload`` is the beginning of the last one.
    """

    token = models.ForeignKey(
        DeviceToken, on_delete=models.CASCADE, null=True, related_name="mqtt_refusals"
    )
    username = models.CharField(max_length=60)
    topic = models.CharField(max_length=200)
    reason = models.CharField(max_length=300)
    reason_english = models.CharField(max_length=300)
    payload = models.CharField(max_length=300)
    count = models.PositiveIntegerField()
    first_at = models.DateTimeField()
    last_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["username", "topic", "reason"], name="hub_mqttrefusal_unique"
            )
        ]

    def __str__(self) -> str:
        return f"{self.topic}: {self.reason}"

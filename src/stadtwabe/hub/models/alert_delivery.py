"""One message about an alert to one recipient."""

from django.conf import settings
from django.db import models

from stadtwabe.hub.models.alert import Alert
from stadtwabe.hub.models.device_token import DeviceToken
from stadtwabe.hub.rules import Channel, DeliveryState, Occasion


class AlertDelivery(models.Model):
    """To whom, by which way, not before when, and what became of it.

    Written in the transaction that notices the alert, so nothing is lost when a process ends;
    ``due_at`` is after the quiet hours, and later with every failed attempt.
    """

    alert = models.ForeignKey(Alert, on_delete=models.CASCADE, related_name="deliveries")
    occasion = models.CharField(max_length=5, choices=Occasion.choices)
    channel = models.CharField(max_length=7, choices=Channel.choices)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="+"
    )
    # Never SET_NULL: a message without an account must not become one for everybody.
    account = models.ForeignKey(DeviceToken, on_delete=models.CASCADE, null=True, related_name="+")
    state = models.CharField(
        max_length=7, choices=DeliveryState.choices, default=DeliveryState.WAITING
    )
    due_at = models.DateTimeField()
    queued_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    problem = models.CharField(max_length=300, blank=True)
    done_at = models.DateTimeField(null=True)
    told_the_end = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["alert", "occasion", "channel", "recipient", "account"],
                nulls_distinct=False,
                name="hub_alertdelivery_once",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=models.Q(state=DeliveryState.WAITING),
                name="hub_alertdelivery_due",
            )
        ]

    def __str__(self) -> str:
        return f"{self.alert_id} {self.occasion} {self.channel}: {self.state}"

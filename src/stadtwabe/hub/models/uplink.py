"""A message of a radio device as it came from the network server."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from stadtwabe.hub.models.device import Device
from stadtwabe.hub.rules import NetworkServer, UplinkState
from stadtwabe.people.models import Party


class Uplink(models.Model):
    """A message on its way to becoming observations; ``device`` is None while nobody knows it.

    ``body`` is the network server's JSON and kept until the message is decoded; ``payload``
    stays, so that a better codec can decode it again; ``revision`` counts how often that was
    asked for. ``received_at`` is when the network
    server received it, ``arrived_at`` when we did. ``outputs`` is what the codec made of it.
    """

    id = models.BigAutoField(primary_key=True)
    owner = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="uplinks")
    device = models.ForeignKey(Device, on_delete=models.CASCADE, null=True, related_name="uplinks")
    dev_eui = models.CharField(max_length=16)
    server = models.CharField(max_length=10, choices=NetworkServer.choices)
    f_cnt = models.BigIntegerField()
    f_port = models.PositiveSmallIntegerField()
    payload = models.BinaryField()
    received_at = models.DateTimeField()
    arrived_at = models.DateTimeField()
    rssi = models.FloatField(null=True)
    snr = models.FloatField(null=True)
    gateway = models.CharField(max_length=100, blank=True)
    body = models.TextField(null=True)
    state = models.CharField(
        _("Stand"), max_length=10, choices=UplinkState.choices, default=UplinkState.RECEIVED
    )
    problem = models.TextField(blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    revision = models.PositiveIntegerField(default=0)
    outputs = models.JSONField(null=True)
    decoded_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "dev_eui", "f_cnt", "received_at"], name="hub_uplink_once"
            ),
        ]
        indexes = [
            models.Index(fields=["device", "-received_at"], name="hub_uplinks_of_device"),
            models.Index(
                fields=["device", "received_at"],
                name="hub_uplinks_to_decode",
                condition=Q(state="received"),
            ),
            models.Index(
                fields=["owner", "dev_eui"],
                name="hub_uplinks_of_unknown",
                condition=Q(device__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dev_eui} {self.f_cnt} {self.received_at:%Y-%m-%dT%H:%M:%S}"

    @property
    def payload_hex(self) -> str:
        """The bytes as people compare them with a manual."""
        return bytes(self.payload).hex().upper()

"""A key by which a device sends observations."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from stadtwabe.hub.models.datastream import Datastream
from stadtwabe.hub.models.thing import Thing
from stadtwabe.hub.rules import TokenReach
from stadtwabe.hub.topics import username
from stadtwabe.people.models import Party


class DeviceToken(models.Model):
    """A revocable key that can only send observations; only its hash is kept.

    A leaked one lets nobody read or change anything, and reaches one datastream, one thing, or as
    a gateway's all datastreams of its owner.
    """

    label = models.CharField(_("Bezeichnung"), max_length=80)
    prefix = models.CharField(max_length=10, help_text="The first characters, to tell them apart.")
    digest = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the token, hex.")
    broker_hash = models.CharField(
        max_length=200,
        blank=True,
        help_text="As in Mosquitto's password file; empty: an older key.",
    )
    owner = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="device_tokens")
    reach = models.CharField(_("gilt für"), max_length=10, choices=TokenReach.choices)
    datastream = models.ForeignKey(
        Datastream, on_delete=models.CASCADE, null=True, blank=True, related_name="device_tokens"
    )
    thing = models.ForeignKey(
        Thing, on_delete=models.CASCADE, null=True, blank=True, related_name="device_tokens"
    )
    created_at = models.DateTimeField()
    last_used = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="hub_device_token_reaches_what_it_names",
                condition=Q(
                    reach=TokenReach.DATASTREAM, datastream__isnull=False, thing__isnull=True
                )
                | Q(reach=TokenReach.THING, datastream__isnull=True, thing__isnull=False)
                | Q(reach=TokenReach.GATEWAY, datastream__isnull=True, thing__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label} ({self.prefix}…)"

    @property
    def broker_name(self) -> str:
        """The name of its account with the MQTT broker."""
        return username(self.pk)

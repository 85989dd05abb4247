"""A radio device, and where its values go."""

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from stadtwabe.hub.models.codec import Codec
from stadtwabe.hub.models.datastream import Datastream
from stadtwabe.hub.models.thing import Thing
from stadtwabe.hub.rules import UplinkState
from stadtwabe.people.models import Party

DEV_EUI = r"^[0-9A-F]{16}$"
DEV_EUI_MESSAGE = _("Eine DevEUI hat 16 Zeichen aus 0–9 und A–F.")


class Device(models.Model):
    """A LoRaWAN device (Funkgerät) whose messages become observations of one thing.

    ``battery_percent`` (0 to 100), ``battery_volts``, ``rssi`` (dBm), ``snr`` (dB) and
    ``gateway`` are of the newest message; ``last_state`` and ``last_problem`` of the newest that
    was decoded, or is to be.
    """

    dev_eui = models.CharField(
        _("DevEUI"), max_length=16, validators=[RegexValidator(DEV_EUI, DEV_EUI_MESSAGE)]
    )
    name = models.CharField(_("Name"), max_length=200)
    owner = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="radio_devices")
    thing = models.ForeignKey(Thing, on_delete=models.CASCADE, related_name="radio_devices")
    codec = models.ForeignKey(Codec, on_delete=models.PROTECT, related_name="devices")
    created_at = models.DateTimeField()
    last_seen = models.DateTimeField(null=True)
    battery_percent = models.FloatField(null=True)
    battery_volts = models.FloatField(null=True)
    rssi = models.FloatField(null=True)
    snr = models.FloatField(null=True)
    gateway = models.CharField(max_length=100, blank=True)
    last_state = models.CharField(max_length=10, choices=UplinkState.choices, blank=True)
    last_problem = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "dev_eui"], name="hub_device_once_per_owner"),
            models.CheckConstraint(name="hub_device_has_a_name", condition=~Q(name="")),
            models.CheckConstraint(
                name="hub_device_eui_is_hex", condition=Q(dev_eui__regex=DEV_EUI)
            ),
        ]

    def __str__(self) -> str:
        return self.name


class DeviceOutput(models.Model):
    """That an output of the device's codec is stored as ``value * factor + addend``."""

    device = models.ForeignKey(Device, on_delete=models.CASCADE, related_name="outputs")
    output = models.CharField(max_length=200)
    datastream = models.ForeignKey(
        Datastream, on_delete=models.CASCADE, related_name="device_outputs"
    )
    factor = models.FloatField(_("Faktor"), default=1)
    addend = models.FloatField(_("Summand"), default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["device", "output"], name="hub_output_once"),
            models.UniqueConstraint(
                fields=["device", "datastream"], name="hub_datastream_takes_one_output"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.output} → {self.datastream}"

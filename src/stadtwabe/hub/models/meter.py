"""A meter of a unit in a building, and what happened to it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from stadtwabe.hub.models.datastream import Datastream
from stadtwabe.people.models import Party


class MeterKind(models.TextChoices):
    """What it counts."""

    HEAT = "heat", _("Wärme")
    HOT_WATER = "hot_water", _("Warmwasser")
    COLD_WATER = "cold_water", _("Kaltwasser")
    ELECTRICITY = "electricity", _("Strom")
    GAS = "gas", _("Gas")
    OTHER = "other", _("anderes")


class Meter(models.Model):
    """A meter (Zähler): says that the readings of a datastream are those of a unit in a building.

    Its datastream is for the owner alone, always. ``digits`` are those before the comma; after
    the last reading of so many nines it begins again at 0. None: nobody knows.
    """

    owner = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="meters")
    datastream = models.OneToOneField(Datastream, on_delete=models.CASCADE, related_name="meter")
    building = models.CharField(_("Gebäude"), max_length=200)
    unit = models.CharField(_("Einheit"), max_length=200)
    kind = models.CharField(_("Art"), max_length=12, choices=MeterKind.choices)
    serial = models.CharField(_("Zählernummer"), max_length=60, blank=True)
    digits = models.PositiveSmallIntegerField(_("Stellen vor dem Komma"), null=True, blank=True)

    class Meta:
        ordering = ["building", "unit", "kind", "pk"]
        constraints = [
            models.CheckConstraint(
                name="hub_meter_has_a_sensible_width",
                condition=Q(digits__isnull=True) | Q(digits__range=(3, 12)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit}, {self.get_kind_display()} {self.serial}".strip()


class MeterChange(models.Model):
    """A meter was exchanged or reset: what the old one said last, and the new one first."""

    meter = models.ForeignKey(Meter, on_delete=models.CASCADE, related_name="changes")
    at = models.DateTimeField(_("Zeitpunkt"))
    last_reading = models.FloatField(_("Endstand des alten Zählers"))
    first_reading = models.FloatField(_("Anfangsstand des neuen Zählers"), default=0)

    class Meta:
        ordering = ["at"]
        constraints = [
            models.UniqueConstraint(fields=["meter", "at"], name="hub_meter_change_once"),
        ]

    def __str__(self) -> str:
        return f"{self.meter_id} {self.at:%Y-%m-%d %H:%M}"

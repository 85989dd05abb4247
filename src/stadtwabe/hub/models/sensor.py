"""What measures."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from stadtwabe.people.models import Party


class Sensor(models.Model):
    """A Sensor of SensorThings; ``metadata`` is text, an address or an object."""

    name = models.CharField(_("Name"), max_length=200)
    description = models.TextField(_("Beschreibung"), blank=True)
    encoding_type = models.CharField(max_length=100, default="text/plain")
    metadata = models.JSONField(default=str, blank=True)
    properties = models.JSONField(default=dict, blank=True)
    owner = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="sensors")

    class Meta:
        constraints = [
            models.CheckConstraint(name="hub_sensor_has_a_name", condition=~Q(name="")),
        ]

    def __str__(self) -> str:
        return self.name

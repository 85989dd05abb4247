"""Where things are."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from stadtwabe.hub.models.area import Area
from stadtwabe.hub.rules import GEOJSON
from stadtwabe.people.models import Party


class Location(Area):
    """A Location of SensorThings; ``location`` is a GeoJSON geometry or Feature (RFC 7946)."""

    name = models.CharField(_("Name"), max_length=200)
    description = models.TextField(_("Beschreibung"), blank=True)
    encoding_type = models.CharField(max_length=100, default=GEOJSON)
    location = models.JSONField()
    properties = models.JSONField(default=dict, blank=True)
    owner = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="hub_locations")

    class Meta:
        constraints = [
            models.CheckConstraint(name="hub_location_has_a_name", condition=~Q(name="")),
        ]
        indexes = [models.Index(fields=["min_lon", "min_lat"], name="hub_location_area")]

    def __str__(self) -> str:
        return self.name

"""What an observation is about."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from stadtwabe.hub.models.area import Area
from stadtwabe.hub.models.location import Location
from stadtwabe.hub.rules import GEOJSON
from stadtwabe.people.models import Party


class FeatureOfInterest(Area):
    """A FeatureOfInterest of SensorThings.

    ``location`` is set when it was taken from where the thing is; there is one for each location.
    """

    name = models.CharField(_("Name"), max_length=200)
    description = models.TextField(_("Beschreibung"), blank=True)
    encoding_type = models.CharField(max_length=100, default=GEOJSON)
    feature = models.JSONField()
    properties = models.JSONField(default=dict, blank=True)
    owner = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="hub_features")
    location = models.OneToOneField(
        Location, on_delete=models.SET_NULL, null=True, related_name="derived_feature"
    )

    class Meta:
        verbose_name_plural = "features of interest"
        constraints = [
            models.CheckConstraint(name="hub_feature_has_a_name", condition=~Q(name="")),
        ]
        indexes = [models.Index(fields=["min_lon", "min_lat"], name="hub_feature_area")]

    def __str__(self) -> str:
        return self.name

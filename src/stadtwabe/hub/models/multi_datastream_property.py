"""Which properties a MultiDatastream observes, in which order."""

from django.db import models

from stadtwabe.hub.models.datastream import Datastream
from stadtwabe.hub.models.observed_property import ObservedProperty


class MultiDatastreamProperty(models.Model):
    """The property that stands at ``position`` (from 0) in the results of a MultiDatastream."""

    datastream = models.ForeignKey(
        Datastream, on_delete=models.CASCADE, related_name="ordered_properties"
    )
    observed_property = models.ForeignKey(
        ObservedProperty, on_delete=models.PROTECT, related_name="in_multi_datastreams"
    )
    position = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name_plural = "multi datastream properties"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["datastream", "position"], name="hub_multi_position_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.datastream} [{self.position}] {self.observed_property}"

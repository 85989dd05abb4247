"""Where things have been."""

from django.db import models

from stadtwabe.hub.models.location import Location
from stadtwabe.hub.models.thing import Thing


class HistoricalLocation(models.Model):
    """That a thing was at these locations from ``time`` on; written whenever it moves."""

    thing = models.ForeignKey(Thing, on_delete=models.CASCADE, related_name="historical_locations")
    time = models.DateTimeField()
    locations = models.ManyToManyField(Location, related_name="historical_locations")

    class Meta:
        indexes = [models.Index(fields=["thing", "-time"], name="hub_history_of_thing")]

    def __str__(self) -> str:
        return f"{self.thing}, {self.time:%Y-%m-%d %H:%M}"

"""Which features a datastream has observed."""

from django.db import models


class DatastreamFeature(models.Model):
    """That observations of a datastream are about a feature; kept at ingest."""

    pk = models.CompositePrimaryKey("datastream_id", "feature_id")
    datastream_id = models.IntegerField()
    feature_id = models.IntegerField()

    class Meta:
        managed = False
        db_table = "hub_datastreamfeature"

    def __str__(self) -> str:
        return f"{self.datastream_id} {self.feature_id}"

"""Former results."""

from django.db import models


class ObservationVersion(models.Model):
    """A result that another has replaced: same datastream, same phenomenon time, same id."""

    pk = models.CompositePrimaryKey("datastream_id", "phenomenon_time", "replaced_at")
    datastream_id = models.IntegerField()
    phenomenon_time = models.DateTimeField()
    replaced_at = models.DateTimeField()
    id = models.BigIntegerField()
    result = models.FloatField(null=True)
    detail = models.JSONField(null=True)

    class Meta:
        managed = False
        db_table = "hub_observationversion"

    def __str__(self) -> str:
        return f"{self.datastream_id} {self.phenomenon_time:%Y-%m-%dT%H:%M:%S} {self.result}"

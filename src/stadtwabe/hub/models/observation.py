"""A result at a time. The tables of this file are made by SQL in the migrations."""

from typing import Any

from django.db import models

from stadtwabe.hub.rules import Quality


class Observation(models.Model):
    """An Observation of SensorThings, for reading; only ``hub.ingest`` writes them.

    The table is partitioned by month of ``phenomenon_time``; unique is (datastream,
    phenomenon time). Eight columns and no more: a ninth makes every row eight bytes longer
    (measured: 108 instead of 100 bytes with its indexes). ``result`` is the number, if it is
    one. ``detail`` holds what most observations do not have::

        {"r": result that is no number, "e": end of the phenomenon time (ISO 8601, UTC),
         "p": parameters, "v": [valid from, valid until], "q": resultQuality}

    ``result_time`` is NULL when it equals the phenomenon time (its end, if it has one).
    ``datastream_id`` and ``feature_id`` are no foreign keys, so that the table can be distributed.
    """

    id = models.BigIntegerField(primary_key=True)
    phenomenon_time = models.DateTimeField()
    result = models.FloatField(null=True)
    datastream_id = models.IntegerField()
    feature_id = models.IntegerField(null=True)
    quality = models.SmallIntegerField(default=0)
    result_time = models.DateTimeField(null=True)
    detail = models.JSONField(null=True)

    class Meta:
        managed = False
        db_table = "hub_observation"

    def __str__(self) -> str:
        return f"{self.datastream_id} {self.phenomenon_time:%Y-%m-%dT%H:%M:%S} {self.value}"

    @property
    def value(self) -> Any:
        """The result as it was sent: a number, or what stands in the detail."""
        return self.result if self.result is not None else (self.detail or {}).get("r")

    @property
    def flags(self) -> Quality:
        """What looks wrong with the result."""
        return Quality(self.quality)

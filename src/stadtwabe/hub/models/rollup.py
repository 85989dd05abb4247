"""Results by hour and by day."""

from django.db import models


class Rollup(models.Model):
    """Count, sum, least, greatest and last of the numeric results of a period.

    The mean is ``sum / n``. Periods without numeric results have no row.
    """

    pk = models.CompositePrimaryKey("datastream_id", "start")
    datastream_id = models.IntegerField()
    start = models.DateTimeField()
    n = models.IntegerField()
    sum = models.FloatField()
    min = models.FloatField()
    max = models.FloatField()
    last = models.FloatField()
    last_time = models.DateTimeField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.datastream_id} {self.start:%Y-%m-%dT%H}: {self.sum / self.n:g}"


class Hour(Rollup):
    """An hour; ``start`` is its beginning (UTC and local time agree on hours)."""

    class Meta:
        managed = False
        db_table = "hub_hour"


class Day(Rollup):
    """A day of the calendar in Germany; ``start`` is midnight there (Europe/Berlin)."""

    class Meta:
        managed = False
        db_table = "hub_day"

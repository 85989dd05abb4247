"""A file of the archive."""

from django.contrib.postgres.fields import ArrayField
from django.db import models


class ArchiveMonth(models.Model):
    """The observations of a month and a bucket of datastreams that lie in a Parquet file.

    A file is part of the archive exactly while a row names it: the row comes in the transaction
    that deletes the same observations from ``hub_observation``. What is in both tables (late
    data, corrections) counts as ``hub_observation`` has it. ``streams`` are the datastreams in
    the file; a datastream lies in the bucket ``id modulo 16``.
    """

    month = models.DateField()
    bucket = models.SmallIntegerField()
    file = models.CharField(max_length=80, unique=True)
    sha256 = models.CharField(max_length=64)
    bytes = models.BigIntegerField()
    rows = models.BigIntegerField()
    first_id = models.BigIntegerField()
    last_id = models.BigIntegerField()
    streams = ArrayField(models.IntegerField())
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["month", "bucket"], name="hub_archivemonth_once"),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}/{self.bucket:02d}"

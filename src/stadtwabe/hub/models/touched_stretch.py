"""Times of a datastream whose flags of quality are to be looked at again."""

from django.db import models


class TouchedStretch(models.Model):
    """From one phenomenon time to another; written by ingest, emptied by ``review_touched``."""

    id = models.BigAutoField(primary_key=True)
    datastream_id = models.IntegerField(db_index=True)
    first_time = models.DateTimeField()
    last_time = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.datastream_id}: {self.first_time:%Y-%m-%d %H:%M} – {self.last_time:%H:%M}"

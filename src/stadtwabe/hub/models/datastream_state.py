"""What ingest knows of a datastream without counting."""

from django.db import models

from stadtwabe.hub.models.datastream import Datastream


class DatastreamState(models.Model):
    """Count, first and last of a datastream, kept in the transaction that stores observations.

    A table of its own because ingest rewrites the row with every commit: a narrow row costs a
    third of the wide one, and editing a datastream never waits for its observations.
    ``last_…`` belong to the observation with the latest phenomenon time. The box is the
    observedArea.
    """

    datastream = models.OneToOneField(
        Datastream, on_delete=models.CASCADE, primary_key=True, related_name="state"
    )
    observation_count = models.BigIntegerField(default=0)
    first_time = models.DateTimeField(null=True)
    last_time = models.DateTimeField(null=True)
    last_end = models.DateTimeField(null=True, help_text="Latest end of a phenomenon time.")
    first_result_time = models.DateTimeField(null=True)
    last_result_time = models.DateTimeField(null=True)
    last_id = models.BigIntegerField(null=True)
    last_result = models.FloatField(null=True)
    last_detail = models.JSONField(null=True)
    last_quality = models.SmallIntegerField(default=0)
    unchanged_since = models.DateTimeField(null=True, help_text="First of the equal last results.")
    last_received = models.DateTimeField(null=True, help_text="When anything last came in.")
    min_lon = models.FloatField(null=True)
    min_lat = models.FloatField(null=True)
    max_lon = models.FloatField(null=True)
    max_lat = models.FloatField(null=True)

    def __str__(self) -> str:
        return f"{self.datastream_id}: {self.observation_count}"

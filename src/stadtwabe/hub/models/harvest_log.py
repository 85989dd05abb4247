"""What one run of a harvest did."""

from django.db import models

from stadtwabe.hub.models.harvest import Harvest


class HarvestLog(models.Model):
    """One run: how many datasets were created, updated, the same, gone; what went wrong.

    ``problems`` is a list of ``{"entry", "title", "problem"}``. ``failure`` says why the source as
    a whole could not be read; then nothing counts as gone.
    """

    harvest = models.ForeignKey(Harvest, on_delete=models.CASCADE, related_name="logs")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    created = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    gone = models.PositiveIntegerField(default=0)
    problems = models.JSONField(default=list)
    failure = models.TextField(blank=True)

    class Meta:
        ordering = ["-started_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.harvest} {self.started_at:%Y-%m-%d %H:%M}"

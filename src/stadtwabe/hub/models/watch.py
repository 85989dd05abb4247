"""Since when somebody has been watching without a break."""

from django.db import models


class Watch(models.Model):
    """One row: when the watch last looked, and when its present stretch began.

    While nobody watched, devices may have been unable to send: silence is counted from ``since``.
    """

    checked_at = models.DateTimeField()
    since = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="hub_watch_is_one", condition=models.Q(pk=1)),
        ]

    def __str__(self) -> str:
        return f"{self.since:%Y-%m-%d %H:%M} – {self.checked_at:%H:%M:%S}"

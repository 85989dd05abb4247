"""Whether an address that something names still answers."""

from django.db import models


class LinkCheck(models.Model):
    """The latest look at an address. ``failing_since`` is empty while it answers."""

    address = models.URLField(max_length=800, unique=True)
    checked_at = models.DateTimeField()
    status = models.PositiveSmallIntegerField(null=True, help_text="HTTP; NULL: no answer.")
    problem = models.CharField(max_length=300, blank=True)
    failing_since = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.address}: {self.status or self.problem}"

"""How far the demo is, and what came out of it."""

from dataclasses import dataclass

from django.conf import settings
from django.core.cache import cache
from django.db.models import Sum

from stadtwabe.site.demo.models import DemoDocument
from stadtwabe.site.demo.script import script

COMPLETE = "demo_is_complete"
MINUTE_SECONDS = 60
"""So long a complete demonstration is taken to be so still."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How many of the demo documents have been worked through."""

    done: int
    total: int

    @property
    def is_complete(self) -> bool:
        """Whether nothing is left to do."""
        return self.done >= self.total


def progress() -> Progress:
    """Return how far the demo is."""
    return Progress(DemoDocument.objects.count(), len(script()))


def progress_to_show() -> Progress | None:
    """Return how far the demo is while it is being loaded; None in all other cases."""
    if not settings.DEMO or cache.get(COMPLETE):
        return None
    so_far = progress()
    if not so_far.is_complete:
        return so_far
    cache.set(COMPLETE, True, MINUTE_SECONDS)
    return None


COUNTED = (
    "found",
    "corrected",
    "added",
    "unknown_to_reading",
    "rejected",
    "values_found",
    "values_corrected",
    "values_added",
)


def totals() -> dict[str, int]:
    """Return the sums over all documents."""
    sums = DemoDocument.objects.aggregate(**{name: Sum(name, default=0) for name in COUNTED})
    return {name: int(sums[name]) for name in COUNTED}

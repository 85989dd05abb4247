"""How far the demo is, and what came out of it."""

from dataclasses import dataclass

from django.conf import settings
from django.db.models import Sum

from stadtwabe.site.demo.models import DemoDocument
from stadtwabe.site.demo.script import script


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
    if not settings.DEMO:
        return None
    so_far = progress()
    return None if so_far.is_complete else so_far


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

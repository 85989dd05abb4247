"""Which known thing a proposal may be: by its title, among things of the same kind."""

from collections.abc import Iterable
from typing import Any

from django.contrib.postgres.search import TrigramSimilarity
from rapidfuzz import fuzz

from stadtwabe.catalog.models import Card
from stadtwabe.evidence.similarity import form_of

SAME = 0.93
"""From this likeness on, merging is what is proposed first."""
ALIKE = 0.7
"""From this likeness on, a thing is offered at all."""
OFFERED = 4


def known_things(names: Iterable[tuple[str, str]]) -> dict[tuple[str, str], list[dict[str, Any]]]:
    """Return for each (kind, name) the things it may be, best first, as a suggestion keeps them."""
    found = {}
    for kind, name in dict.fromkeys(names):
        near = (
            Card.objects.filter(kind=kind, withdrawn_at__isnull=True)
            .annotate(likeness=TrigramSimilarity("title", name))
            .filter(likeness__gt=0.3)
            .order_by("-likeness")[:20]
        )
        scored = [(likeness(name, card.title), card) for card in near]
        found[kind, name] = [
            {"card": card.pk, "title": card.title, "path": card.path, "score": round(score, 3)}
            for score, card in sorted(scored, key=lambda pair: -pair[0])
            if score >= ALIKE
        ][:OFFERED]
    return found


def likeness(one: str, other: str) -> float:
    """Return how alike two names are, 0 to 1, whatever their case and punctuation.

    Not ``WRatio``: it takes a short name inside a longer one for the same.
    """
    return fuzz.ratio(form_of(one), form_of(other)) / 100

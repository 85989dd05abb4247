"""Which known thing a proposal may be: by its title and its places, among kinds that are akin."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.search import TrigramSimilarity
from django.db.models import OuterRef, Q

from stadtwabe.catalog.models import Card, CardParty
from stadtwabe.kit.names import without_legal_form
from stadtwabe.reading.generic_titles import is_generic
from stadtwabe.reading.matching import KnownThing, match
from stadtwabe.reading.matching import likeness as likeness_and_why

SAME = 0.93
"""From this likeness on, merging is what is proposed first."""
ALIKE = 0.7
"""From this likeness on, a thing is offered at all."""
OFFERED = 4
NEAR = 0.3
"""From this share of common trigrams on, a title is looked at more closely."""
LOOKED_AT = 20
TELLING = 6
"""Shorter titles are found in too many sentences."""

AKIN = {
    "project": ("project", "solution", "funding"),
    "solution": ("solution", "project"),
    "funding": ("funding", "project"),
}
"""Kinds that readers and people take for each other: what one town does, others run as well."""


@dataclass(frozen=True, slots=True)
class Sought:
    """A thing that was read: ``places`` are the official keys of those that it is told of."""

    kind: str
    name: str
    places: frozenset[str] = frozenset()


def known_things(sought: Iterable[Sought]) -> dict[Sought, list[dict[str, Any]]]:
    """Return for each the things it may be, best first, as a suggestion keeps them.

    Things of its own kind go before those of kinds that are akin.
    """
    return {each: _known(each) for each in dict.fromkeys(sought)}


def known_beside(
    sought: Sought, known: list[dict[str, Any]], changed: Iterable[Card]
) -> list[dict[str, Any]]:
    """Return ``known`` as it is now that ``changed`` cards are written, or withdrawn."""
    changed = list(changed)
    kept = [each for each in known if each["card"] not in {card.pk for card in changed}]
    rows = [
        {
            "pk": card.pk,
            "title": card.title,
            "path": card.path,
            "kind": card.kind,
            "place": card.place_id,
            "concerned": list(card.card_parties.values_list("party__place", flat=True)),
        }
        for card in changed
        if not card.is_withdrawn and card.kind in AKIN.get(sought.kind, (sought.kind,))
    ]
    return _best(sought, [*kept, *_alike(sought, rows)])


def _known(sought: Sought) -> list[dict[str, Any]]:
    return _best(sought, _alike(sought, _near(sought)))


def _alike(sought: Sought, rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    cards = {str(row["pk"]): row for row in rows}
    known = [
        KnownThing(
            key, row["title"], places=frozenset(filter(None, [row["place"], *row["concerned"]]))
        )
        for key, row in cards.items()
    ]
    return [
        {
            "card": cards[each.thing.key]["pk"],
            "title": each.thing.name,
            "path": cards[each.thing.key]["path"],
            "kind": cards[each.thing.key]["kind"],
            "score": each.score,
        }
        for each in match(sought.name, known, places=sought.places, limit=LOOKED_AT)
        if each.score >= ALIKE
    ]


def _best(sought: Sought, found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    def rank(each: dict[str, Any]) -> tuple[bool, bool, float]:
        return each["score"] < SAME, each.get("kind", sought.kind) != sought.kind, -each["score"]

    return sorted(found, key=rank)[:OFFERED]


def _near(sought: Sought) -> list[dict[str, Any]]:
    cards = Card.objects.filter(
        kind__in=AKIN.get(sought.kind, (sought.kind,)), withdrawn_at__isnull=True
    )
    if is_generic(sought.name):  # hundreds of towns have one: only those of the same towns count
        places = sorted(sought.places)
        cards = cards.filter(
            Q(place__in=places)
            | Q(pk__in=CardParty.objects.filter(party__place__in=places).values("card"))
        )
    concerned = CardParty.objects.filter(card=OuterRef("pk")).values("party__place")
    found = (
        cards.annotate(
            likeness=TrigramSimilarity("title", without_legal_form(sought.name)),
            concerned=ArraySubquery(concerned),
        )
        .filter(likeness__gt=NEAR)
        .order_by("-likeness")
        .values("pk", "title", "path", "kind", "place", "concerned")[:LOOKED_AT]
    )
    return [dict(row) for row in found]


def known_programmes() -> list[str]:
    """Return the titles of the known funding programmes that are long enough to be telling."""
    titles = Card.objects.filter(kind="funding", withdrawn_at__isnull=True).values_list(
        "title", flat=True
    )
    return [title for title in titles.order_by("pk") if len(title) >= TELLING]


def likeness(one: str, other: str) -> float:
    """Return how alike two names are, 0 to 1, whatever their case, form and punctuation."""
    return likeness_and_why(one, other)[0]

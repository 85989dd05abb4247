"""Cards with what lists show of them: facets by name, and as plain entries for other programs."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from stadtwabe.catalog.kinds import CardKind, kind_of
from stadtwabe.catalog.models import Card
from stadtwabe.catalog.queries.facets import facet_values
from stadtwabe.catalog.rules import FacetName, Precision

CHUNK = 500
MOST_PLACES_SHOWN = 3
MUNICIPALITY_KEY_LENGTH = 8

LISTED = (
    *("kind", "slug", "path", "title", "summary", "facet_ids", "is_demo", "changed_at"),
    *("starts_on", "ends_on", "precision", "longitude", "latitude", "place__name"),
)
"""The columns that lists and entries show."""

OWN_WORDS = frozenset({"art", "thema", "sdg", "phase", "format_art", "status", "groesse"})
"""Facets whose labels are words of ours, to be translated; the others are names."""


def facet_label(name: str, label: str) -> str:
    """Return the label of a facet value in the reader's language."""
    return _(label) if name in OWN_WORDS and label else label


class CardRow(NamedTuple):
    """What lists show of a card, as a plain row: thousands of them are not made into models."""

    pk: int
    kind: str
    slug: str
    path: str
    title: str
    summary: str
    place_id: str | None
    place_name: str | None
    longitude: float | None
    latitude: float | None
    starts_on: date | None
    ends_on: date | None
    precision: str
    facet_ids: Sequence[int]
    is_demo: bool
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class ListedCard:
    """A card with its facets: what one entry of a list shows."""

    card: Card | CardRow
    facets: Mapping[str, Sequence[tuple[str, str]]]

    @property
    def kind(self) -> CardKind:
        """What sort of thing it is."""
        return kind_of(self.card.kind)

    @property
    def place(self) -> str:
        """Where it is, in a few words; nothing for a place itself."""
        if self.card.place_id and self.card.slug.startswith(f"{self.card.place_id}-"):
            return ""
        places = self.facets.get(FacetName.PLACE, ())
        names = [label for key, label in places if len(key) == MUNICIPALITY_KEY_LENGTH]
        if not names:
            return self.card.place_name or ""
        shown = ", ".join(names[:MOST_PLACES_SHOWN])
        more = len(names) - MOST_PLACES_SHOWN
        return (
            _("%(names)s und %(more)s weitere") % {"names": shown, "more": more}
            if (more > 0)
            else shown
        )

    @property
    def when(self) -> str:
        """When it is or was."""
        return shown_period(self.card)

    @property
    def stage(self) -> tuple[str, str] | None:
        """How far it is: value and label."""
        stages = self.facets.get(FacetName.STAGE, ())
        return (stages[0][0], facet_label(FacetName.STAGE, stages[0][1])) if stages else None

    @property
    def avatar_key(self) -> str:
        """The key of the town that it is, for its hexagon; empty for other things."""
        is_place = self.card.place_id and self.card.slug.startswith(f"{self.card.place_id}-")
        return str(self.card.place_id) if is_place else ""


def with_facets(cards: Iterable[Card | CardRow]) -> list[ListedCard]:
    """Return ``cards`` with their facets, by one query for all at most."""
    cards = list(cards)
    if not cards:
        return []
    known = facet_values(pk for card in cards for pk in card.facet_ids)
    listed = []
    for card in cards:
        facets: dict[str, list[tuple[str, str]]] = {}
        for pk in card.facet_ids:
            facet = known.get(pk)
            if facet is None:
                continue
            if facet.name in facets:
                facets[facet.name].append(facet.pair)
            else:
                facets[facet.name] = [facet.pair]
        listed.append(ListedCard(card, facets))
    return listed


def stream(cards: QuerySet[Card]) -> Iterator[ListedCard]:
    """Yield all of ``cards`` in their order, 500 at a time."""
    columns = [each if each != "place_name" else "place__name" for each in CardRow._fields]
    rows = cards.values_list(*columns).iterator(chunk_size=CHUNK)
    while chunk := [CardRow(*row) for row in islice(rows, CHUNK)]:
        yield from with_facets(chunk)


def entry(listed: ListedCard, *, root: str) -> dict[str, object]:
    """Return a card for other programs; ``root`` is the address of the site."""
    card = listed.card
    facets = {name: [value for value, _label in found] for name, found in listed.facets.items()}
    return {
        "id": card.pk,
        "kind": card.kind,
        "title": card.title,
        "summary": card.summary,
        "url": root + card.path,
        "place": card.place_id,
        "places": sorted(facets.get(FacetName.PLACE, [])),
        "networks": facets.get(FacetName.NETWORK, []),
        "topics": facets.get(FacetName.TOPIC, []),
        "sdgs": sorted(int(value) for value in facets.get(FacetName.GOAL, [])),
        "stage": next(iter(facets.get(FacetName.STAGE, [])), None),
        "starts_on": card.starts_on,
        "ends_on": card.ends_on,
        "precision": card.precision if card.starts_on else None,
        "longitude": card.longitude,
        "latitude": card.latitude,
        "is_demo": card.is_demo,
        "changed_at": card.changed_at,
    }


FORMATS = {Precision.YEAR: "Y", Precision.MONTH: "F Y", Precision.DAY: "DATE_FORMAT"}


def shown_period(card: Card | CardRow) -> str:
    """Return when it is or was, as exactly as it is known: *Februar 2021 – Mai 2023*."""
    if card.starts_on is None:
        return ""
    pattern = FORMATS.get(Precision(card.precision or Precision.DAY), "DATE_FORMAT")
    language = get_language() or ""
    days = dict.fromkeys([card.starts_on, card.ends_on or card.starts_on])
    return " – ".join(dict.fromkeys(_shown_day(day, pattern, language) for day in days))


@lru_cache(maxsize=4096)
def _shown_day(day: date, pattern: str, _language: str) -> str:
    """Return a day in words of the language that is active."""
    return date_format(day, pattern)

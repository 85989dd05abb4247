"""From filters to a page of hits, facets with counts, and what else to offer."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db.models import F, FloatField, Func, QuerySet, Value
from django.db.models.expressions import OrderBy, RawSQL

from stadtwabe.catalog.german_order import GermanOrder
from stadtwabe.catalog.models import Card, Facet
from stadtwabe.catalog.models.card import TEXT_SEARCH
from stadtwabe.catalog.queries import visible_to
from stadtwabe.catalog.queries.entries import LISTED
from stadtwabe.catalog.rules import REGISTER_KINDS
from stadtwabe.catalog.search.counts import FacetCounts, count_facets
from stadtwabe.catalog.search.filters import Filters, Sort
from stadtwabe.catalog.search.places import places_named_in
from stadtwabe.catalog.search.suggestions import similar_words, unknown_words
from stadtwabe.catalog.search.terms import Loose, Term, parse, to_tsquery
from stadtwabe.kit.actor import Actor
from stadtwabe.kit.prepared import among, prepared

PAGE_SIZE = 20
WEIGHTS = [0.1, 0.3, 0.5, 1.0]
"""What a find counts in parts of compounds, further text, summary and title."""
EARTH_RADIUS_KM = 6371


@dataclass(frozen=True, slots=True)
class Results:
    """One page of a list."""

    filters: Filters
    cards: Sequence[Card]
    total: int
    facets: FacetCounts
    loose: Loose = Loose.STRICT
    suggestion: str = ""
    places: Sequence[Card] = field(default_factory=tuple)

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return max(1, -(-self.total // PAGE_SIZE))


def ts_query(text: str) -> SearchQuery:
    """Return a query of PostgreSQL's text search in the configuration of the catalogue."""
    return SearchQuery(text, config=TEXT_SEARCH, search_type="raw")


def search(actor: Actor, filters: Filters, *, page_size: int = PAGE_SIZE) -> Results:
    """Return a page of what ``actor`` may see of the list that ``filters`` describe."""
    groups = facet_groups(filters)
    start = (filters.page - 1) * page_size
    page = slice(start, start + page_size)
    loose, listed, counts = _counted(actor, filters, groups, page)
    ids = counts.best
    if ids is None and counts.total:
        ids = list(
            in_order(narrowed(listed, groups), filters, loose).values_list("pk", flat=True)[page]
        )
    suggestion = ""
    if filters.text and (loose or not counts.total):
        suggestion = _suggestion(actor, filters)
    return Results(
        filters=filters,
        cards=_loaded(ids or []),
        total=counts.total,
        facets=counts,
        loose=loose,
        suggestion=suggestion,
        places=_named_places(actor, filters),
    )


def matching_cards(actor: Actor, filters: Filters) -> QuerySet[Card]:
    """Return all hits in their order: what downloads and maps take."""
    for loose, listed in readings(actor, filters):
        if loose is Loose.WORDS or listed.exists():
            break
    return in_order(narrowed(listed, facet_groups(filters)), filters, loose)


def _counted(
    actor: Actor, filters: Filters, groups: dict[str, list[int]], page: slice
) -> tuple[Loose, QuerySet[Card], FacetCounts]:
    """Return the strictest reading that finds anything, leaving facets aside, with its counts."""
    for loose, listed in readings(actor, filters):
        terms = to_tsquery(_terms(filters), loose)
        by_rank = bool(terms) and filters.sort in {"", Sort.RELEVANCE}
        counts = count_facets(
            actor,
            listed.annotate(rank=_rank(terms)) if by_rank else listed,
            groups,
            filters,
            page=page if by_rank else None,
        )
        found = loose, listed, counts
        if counts.total or (groups and listed.exists()):
            break
    return found


def readings(actor: Actor, filters: Filters) -> Iterator[tuple[Loose, QuerySet[Card]]]:
    """Yield the cards of the list that match the text, before any facet: strictly, then looser.

    There is at least one reading; without words it is the whole list.
    """
    cards = visible_to(actor)
    if filters.fixed:
        cards = cards.filter(kind__in=filters.fixed)
    terms = _terms(filters)
    if all(term.excluded for term in terms):
        yield Loose.STRICT, cards
        return
    for loose in Loose:
        yield loose, cards.filter(search=ts_query(to_tsquery(terms, loose)))


def _loaded(ids: Sequence[int]) -> list[Card]:
    """Return the cards of a page: sorting thousands of whole rows would take longer."""
    found = {card.pk: card for card in _listed(list(ids))} if ids else {}
    return [found[pk] for pk in ids if pk in found]


@prepared
def _listed(ids: list[int]) -> QuerySet[Card]:
    cards = Card.objects.select_related("place").only(*LISTED)
    return cards.filter(among("catalog_card.id", ids))


def _rank(terms: str) -> SearchRank:
    """Return how well a card fits, longer texts counting less (normalization 1)."""
    return SearchRank(F("search"), ts_query(terms), weights=WEIGHTS, normalization=Value(1))


def facet_groups(filters: Filters) -> dict[str, list[int]]:
    """Return the ids of the chosen facet values by facet; a value that no card has is -1."""
    if not filters.values:
        return {}
    wanted = [(name, value) for name, values in filters.values.items() for value in values]
    rows = Facet.objects.filter(
        name__in={name for name, _value in wanted}, value__in={value for _name, value in wanted}
    ).values_list("name", "value", "pk")
    ids = {(name, value): pk for name, value, pk in rows}
    return {
        name: [ids.get((name, value), -1) for value in values]
        for name, values in filters.values.items()
    }


def narrowed(cards: QuerySet[Card], groups: dict[str, list[int]]) -> QuerySet[Card]:
    """Return those of ``cards`` that have one of the chosen values of every facet."""
    for ids in groups.values():
        cards = cards.filter(facet_ids__overlap=ids)
    return cards


def in_order(cards: QuerySet[Card], filters: Filters, loose: Loose) -> QuerySet[Card]:
    """Sort ``cards`` as the filters say; the id decides between equals."""
    terms = to_tsquery(_terms(filters), loose)
    sort = filters.sort or (Sort.RELEVANCE if terms else Sort.NEWEST)
    if sort == Sort.RELEVANCE and terms:
        return cards.annotate(rank=_rank(terms)).order_by("-rank", "-changed_at", "pk")
    if sort == Sort.DISTANCE and filters.near is not None and filters.near.longitude is not None:
        return (
            cards.exclude(longitude=None)
            .annotate(distance_km=_distance(filters.near.longitude, filters.near.latitude or 0.0))
            .order_by("distance_km", "pk")
        )
    orders: dict[str, list[OrderBy | Func | str]] = {
        Sort.DATE: [F("starts_on").desc(nulls_last=True), "-changed_at", "pk"],
        Sort.SOONEST: [F("starts_on").asc(nulls_last=True), "pk"],
        Sort.TITLE: [GermanOrder("title"), "pk"],
    }
    return cards.order_by(*orders.get(sort, ["-changed_at", "-pk"]))


def _terms(filters: Filters) -> tuple[Term, ...]:
    return parse(filters.text)


def _suggestion(actor: Actor, filters: Filters) -> str:
    """Return the text with its misspelt words set right, if that finds something for ``actor``."""
    text = filters.text
    plain = [term.text for term in parse(text) if not term.excluded and not term.phrase]
    for word in unknown_words(plain):
        near = similar_words(word)
        if near:
            text = re.sub(rf"(?i)\b{re.escape(word)}\b", near[0], text)
    if text == filters.text:
        return ""
    query = to_tsquery(parse(text), Loose.STRICT)
    return text if visible_to(actor).filter(search=ts_query(query)).exists() else ""


def _named_places(actor: Actor, filters: Filters) -> list[Card]:
    """Return the cards of places that the text names: they stand before all hits."""
    if not filters.text or filters.page > 1 or filters.fixed:
        return []
    keys = [place.key for place in places_named_in(filters.text)]
    found = visible_to(actor).filter(place__in=keys, kind__in=REGISTER_KINDS)
    by_key = {card.place_id: card for card in found.select_related("place")}
    return [by_key[key] for key in keys if key in by_key]


def _distance(longitude: float, latitude: float) -> RawSQL:
    """Return the distance in kilometres on the sphere (haversine)."""
    return RawSQL(
        "2 * %s * asin(sqrt(power(sin(radians(catalog_card.latitude - %s) / 2), 2)"
        " + cos(radians(%s)) * cos(radians(catalog_card.latitude))"
        " * power(sin(radians(catalog_card.longitude - %s) / 2), 2)))",
        (EARTH_RADIUS_KM, latitude, latitude, longitude),
        output_field=FloatField(),
    )

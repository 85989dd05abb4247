"""From filters to a page of hits, facets with counts, and what else to offer."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db.models import F, FloatField, Func, QuerySet, Value
from django.db.models.expressions import OrderBy, RawSQL

from stadtwabe.catalog.models import Card, Facet
from stadtwabe.catalog.models.card import TEXT_SEARCH
from stadtwabe.catalog.queries import german_order, visible_to
from stadtwabe.catalog.rules import REGISTER_KINDS
from stadtwabe.catalog.search.counts import FacetCounts, count_facets
from stadtwabe.catalog.search.filters import Filters, Sort
from stadtwabe.catalog.search.places import places_named_in
from stadtwabe.catalog.search.suggestions import similar_words, unknown_words
from stadtwabe.catalog.search.terms import Loose, Term, parse, to_tsquery
from stadtwabe.kit.actor import Actor

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
    listed, loose = listed_cards(actor, filters)
    groups = facet_groups(filters)
    counts = count_facets(actor, listed, groups, filters)
    cards = narrowed(listed, groups)
    start = (filters.page - 1) * page_size
    page = list(in_order(cards, filters, loose).select_related("place")[start : start + page_size])
    total = counts.total
    suggestion = ""
    if filters.text and (loose or not total):
        suggestion = _suggestion(actor, filters)
    return Results(
        filters=filters,
        cards=page,
        total=total,
        facets=counts,
        loose=loose,
        suggestion=suggestion,
        places=_named_places(actor, filters),
    )


def matching_cards(actor: Actor, filters: Filters) -> QuerySet[Card]:
    """Return all hits in their order: what downloads and maps take."""
    listed, loose = listed_cards(actor, filters)
    return in_order(narrowed(listed, facet_groups(filters)), filters, loose)


def listed_cards(actor: Actor, filters: Filters) -> tuple[QuerySet[Card], Loose]:
    """Return the cards of the list that match the text, before any facet; and how loosely."""
    cards = visible_to(actor)
    if filters.fixed:
        cards = cards.filter(kind__in=filters.fixed)
    terms = _terms(filters)
    if not any(not term.excluded for term in terms):
        return cards, Loose.STRICT
    for loose in Loose:
        found = cards.filter(search=ts_query(to_tsquery(terms, loose)))
        if loose is Loose.WORDS or found.exists():
            return found, loose
    raise AssertionError


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
        rank = SearchRank(F("search"), ts_query(terms), weights=WEIGHTS, normalization=Value(1))
        return cards.annotate(rank=rank).order_by("-rank", "-changed_at", "pk")
    if sort == Sort.DISTANCE and filters.near is not None and filters.near.longitude is not None:
        return (
            cards.exclude(longitude=None)
            .annotate(distance_km=_distance(filters.near.longitude, filters.near.latitude or 0.0))
            .order_by("distance_km", "pk")
        )
    orders: dict[str, list[OrderBy | Func | str]] = {
        Sort.DATE: [F("starts_on").desc(nulls_last=True), "-changed_at", "pk"],
        Sort.SOONEST: [F("starts_on").asc(nulls_last=True), "pk"],
        Sort.TITLE: [german_order("title"), "pk"],
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

"""How many hits each value of each facet has, were it chosen."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from heapq import heappush, heappushpop

from django.contrib.postgres.aggregates import ArrayAgg
from django.db import connection
from django.db.models import QuerySet

from stadtwabe.catalog.models import Card
from stadtwabe.catalog.queries.facets import FacetValue
from stadtwabe.catalog.rules import Audience, FacetName
from stadtwabe.catalog.search.facet_index import FacetIndex
from stadtwabe.catalog.search.filters import Filters
from stadtwabe.kit.actor import VISITOR, Actor

MOST_VALUES = 17
"""Of facets with more values those with most hits are shown, and all that are chosen."""

LONG_FACETS = (FacetName.NETWORK.value, FacetName.PARTY.value)
MOST_OF_LONG_FACETS = 10
"""The same for facets that have a value for every organisation there is."""

_index = FacetIndex()


@dataclass(frozen=True, slots=True)
class FacetCount:
    """A value with its number of hits, were it chosen."""

    value: str
    label: str
    count: int
    is_selected: bool = False


@dataclass(frozen=True, slots=True)
class FacetCounts:
    """All facets of a list, and how many hits it has."""

    total: int
    values: Mapping[str, Sequence[FacetCount]] = field(default_factory=dict)
    best: Sequence[int] | None = None
    """The ids of the page that was asked for, if the hits were ranked."""


def count_facets(
    actor: Actor,
    listed: QuerySet[Card],
    groups: Mapping[str, Sequence[int]],
    filters: Filters,
    *,
    page: slice | None = None,
) -> FacetCounts:
    """Count the hits of each facet's values, the facet's own choice left aside.

    ``listed`` are the cards before any facet, ``groups`` the ids chosen by facet. If they carry a
    ``rank``, ``page`` says which of the best to return besides: the same pass over the cards
    gives both. The database says which cards there are to count, the index in memory counts.
    """
    best = None
    public = False
    if page is not None:
        ids, best = _ranked(listed, groups, page)
    elif filters.text:
        ids = _ids(listed)
    else:
        # Whoever may see more sees all that is public besides.
        public = True
        ids = _ids(listed.exclude(audience=Audience.PUBLIC)) if actor != VISITOR else ()
    with _index.lock:
        _index.refresh()
        hits = _index.bits_of(ids)
        if public:
            hits |= _index.public & _of_kinds(filters.fixed) if filters.fixed else _index.public
        return _count(hits, groups, filters, best)


def forget() -> None:
    """Read everything anew for the next count."""
    with _index.lock:
        _index.forget()


def _ids(cards: QuerySet[Card]) -> Sequence[int]:
    found: list[int] | None = cards.order_by().aggregate(ids=ArrayAgg("pk"))["ids"]
    return found or ()


def _ranked(
    listed: QuerySet[Card], groups: Mapping[str, Sequence[int]], page: slice
) -> tuple[Sequence[int], Sequence[int]]:
    """Return the ids of all hits, and of those of the page among the ones that pass all choices."""
    columns = ("pk", "facet_ids", "changed_at", "rank")
    inner, parameters = listed.order_by().values(*columns).query.sql_with_params()
    passes = " AND ".join(["facet_ids && %s::int[]" for _name in groups]) or "TRUE"
    sql = f"""
    WITH hits AS MATERIALIZED ({inner})
    SELECT ARRAY(SELECT pk FROM hits), ARRAY(
        SELECT pk FROM hits WHERE {passes} ORDER BY rank DESC, changed_at DESC, pk
        LIMIT %s OFFSET %s
    )
    """  # noqa: S608  # every value is a parameter; the inner query is Django's own
    chosen = [list(ids) for ids in groups.values()]
    with connection.cursor() as cursor:
        cursor.execute(sql, [*parameters, *chosen, page.stop - page.start, page.start])
        ids, best = cursor.fetchone()
    return ids, best


def _of_kinds(kinds: Iterable[str]) -> int:
    wanted = set(kinds)
    found = 0
    for facet, value in _index.values(FacetName.KIND).items():
        if value.value in wanted:
            found |= _index.cards_with(facet)
    return found


def _count(
    hits: int, groups: Mapping[str, Sequence[int]], filters: Filters, best: Sequence[int] | None
) -> FacetCounts:
    chosen: dict[str, int] = {}
    for name, ids in groups.items():
        chosen[name] = 0
        for facet in ids:
            chosen[name] |= _index.cards_with(facet)
    passing = hits
    for cards in chosen.values():
        passing &= cards
    values = {}
    for name in FacetName:
        scope = passing
        if name.value in chosen:
            scope = hits
            for other, cards in chosen.items():
                if other != name.value:
                    scope &= cards
        found = _of_facet(name.value, scope, groups.get(name.value, ()), filters)
        if found:
            values[name.value] = _sorted(name.value, found)
    return FacetCounts(passing.bit_count(), values, best)


def _of_facet(name: str, scope: int, selected: Sequence[int], filters: Filters) -> list[FacetCount]:
    """Return the values of one facet with most hits, and all that are chosen."""
    if name == FacetName.PLACE:
        values = _places_to_count(filters.chosen(name))
        levels = [[each for each in values if len(each.value) == length] for length in (2, 5, 8)]
        return [found for of_one in levels for found in _most(of_one, scope, selected, MOST_VALUES)]
    most = MOST_OF_LONG_FACETS if name in LONG_FACETS else MOST_VALUES
    return _most(list(_index.values(name).values()), scope, selected, most)


def _places_to_count(chosen: Sequence[str]) -> list[FacetValue]:
    """Return the states, what lies in the chosen places or beside them, and the way down there."""
    found = list(_index.places_in(""))
    for key in chosen:
        found += _index.places_in(key[:5])
        for length in (5, 8):
            found += [v for v in _index.places_in(key[: length - 3]) if v.value == key[:length]]
    return list(dict.fromkeys(found))


def _most(
    values: Sequence[FacetValue], scope: int, selected: Sequence[int], most: int
) -> list[FacetCount]:
    """Return the ``most`` values with most hits in ``scope``, and those that are selected.

    The frequent ones come first, so most of the rare ones need no counting.
    """
    counted: list[tuple[int, str, FacetValue]] = []
    highest: list[int] = []
    for value in sorted(values, key=lambda each: -_index.most(each.pk)):
        is_selected = value.pk in selected
        if not is_selected and len(highest) == most and _index.most(value.pk) < highest[0]:
            continue
        n = (_index.cards_with(value.pk) & scope).bit_count()
        if n or is_selected:
            counted.append((-n, value.label, value))
        if len(highest) < most:
            heappush(highest, n)
        else:
            heappushpop(highest, n)
    counted.sort()
    return [
        FacetCount(value.value, value.label, -n, value.pk in selected)
        for place, (n, _label, value) in enumerate(counted)
        if place < most or value.pk in selected
    ]


def _sorted(name: str, values: list[FacetCount]) -> list[FacetCount]:
    """Sort values for reading: years newest first, goals by number, the others by hits."""
    if name == FacetName.PERIOD:
        return sorted(values, key=lambda value: value.value, reverse=True)
    if name == FacetName.GOAL:
        return sorted(values, key=lambda value: int(value.value))
    if name == FacetName.PLACE:
        return sorted(values, key=lambda value: (len(value.value), -value.count, value.label))
    return sorted(values, key=lambda value: (-value.count, value.label))

"""How many hits each value of each facet has: one query for all facets."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from django.core.cache import cache
from django.db import connection
from django.db.models import Max, QuerySet

from stadtwabe.catalog.models import Card
from stadtwabe.catalog.rules import FacetName
from stadtwabe.catalog.search.filters import Filters
from stadtwabe.kit.actor import VISITOR, Actor

MOST_VALUES = 17
"""Of facets with more values those with most hits are shown, and all that are chosen."""

LONG_FACETS = (FacetName.NETWORK.value, FacetName.PARTY.value)
MOST_OF_LONG_FACETS = 10
"""The same for facets that have a value for every organisation there is."""

CACHE_SECONDS = 600

BEST = """
    array_to_string(ARRAY(
        SELECT pk FROM hits WHERE failed = 0 ORDER BY rank DESC, changed_at DESC, pk
        LIMIT %s OFFSET %s
    ), ',')
"""


@dataclass(frozen=True, slots=True)
class FacetValue:
    """A value with its number of hits, were it chosen."""

    value: str
    label: str
    count: int
    is_selected: bool = False


@dataclass(frozen=True, slots=True)
class FacetCounts:
    """All facets of a list, and how many hits it has."""

    total: int
    values: Mapping[str, Sequence[FacetValue]] = field(default_factory=dict)
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
    gives both. What a visitor sees without a search, with one filter at most, is counted once
    until a card changes.
    """
    if filters.text or len(groups) > 1 or actor != VISITOR:
        return _count(listed, groups, filters, page)
    state = Card.objects.aggregate(changed=Max("changed_at"), last=Max("pk"))
    chosen = sorted((name, *sorted(ids)) for name, ids in groups.items())
    parts = f"{state['changed']} {state['last']} {sorted(filters.fixed)} {chosen}"
    key = f"facets:{sha256(parts.encode()).hexdigest()}"
    known = cache.get(key)
    if isinstance(known, FacetCounts):
        return known
    counted = _count(listed, groups, filters, None)
    cache.set(key, counted, CACHE_SECONDS)
    return counted


def _count(
    listed: QuerySet[Card],
    groups: Mapping[str, Sequence[int]],
    filters: Filters,
    page: slice | None,
) -> FacetCounts:
    """Count all facets by one query.

    A hit that fails exactly one choice counts for the facet of that choice alone: ``failed`` is
    its number from 1 on, 0 when the hit passes all.
    """
    names = list(groups)
    columns = ["facet_ids", *(["pk", "changed_at", "rank"] if page else [])]
    inner, inner_parameters = listed.order_by().values(*columns).query.sql_with_params()
    fails = [f"(NOT facet_ids && %s::int[])::int * {10**n}" for n in range(len(names))]
    single = ", ".join(str(10**number) for number in range(len(names)))
    own = "".join(f" WHEN %s THEN {10**number}" for number in range(len(names)))
    places = filters.chosen(FacetName.PLACE)
    sql = f"""
    WITH hits AS MATERIALIZED (
        SELECT *, {" + ".join(fails) or "0"} AS failed FROM ({inner}) AS listed
    ), counted AS (
        SELECT facet_id, failed, count(*) AS n
        FROM (
            SELECT unnest(facet_ids) AS facet_id, failed FROM hits
            {f"WHERE failed IN (0, {single})" if names else ""}
        ) AS single
        GROUP BY facet_id, failed
    ), named AS (
        SELECT name, value, label, bool_or(catalog_facet.id = ANY(%s)) AS is_selected,
            sum(n) FILTER (WHERE failed IN (0, CASE name{own or " WHEN '' THEN 0"} ELSE 0 END)) AS n
        FROM counted JOIN catalog_facet ON catalog_facet.id = facet_id
        WHERE name <> %s OR length(value) = 2 OR value LIKE ANY(%s) OR value = ANY(%s)
        GROUP BY catalog_facet.id
    ), numbered AS (
        SELECT *, row_number() OVER (
            PARTITION BY name, CASE WHEN name = %s THEN length(value) END ORDER BY n DESC, label
        ) AS place_in_row
        FROM named WHERE n > 0 OR is_selected
    )
    SELECT '', {BEST if page else "''"}, '',
        (SELECT count(*) FILTER (WHERE failed = 0) FROM hits), FALSE
    UNION ALL
    SELECT name, value, label, coalesce(n, 0)::bigint, is_selected FROM numbered
    WHERE is_selected OR place_in_row <= CASE WHEN name = ANY(%s) THEN %s ELSE %s END
    """  # noqa: S608  # every value is a parameter; what is joined are numbers made here
    parameters = [
        *(list(groups[name]) for name in names),
        *inner_parameters,
        [pk for ids in groups.values() for pk in ids],
        *names,
        FacetName.PLACE.value,
        [_children(key) for key in places],
        [key[:length] for key in places for length in (2, 5, 8)],
        FacetName.PLACE.value,
        *([page.stop - page.start, page.start] if page else []),
        list(LONG_FACETS),
        MOST_OF_LONG_FACETS,
        MOST_VALUES,
    ]
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        rows = cursor.fetchall()
    total, best = 0, ""
    values: dict[str, list[FacetValue]] = {}
    for name, value, label, n, is_selected in rows:
        if name:
            values.setdefault(name, []).append(FacetValue(value, label, n, is_selected))
        else:
            total, best = n, value
    return FacetCounts(
        total,
        {name: _sorted(name, found) for name, found in values.items()},
        [int(pk) for pk in best.split(",") if pk] if page else None,
    )


def _children(key: str) -> str:
    """Return the pattern of the keys one level below ``key``."""
    return key[:2] + "___" if len(key) == len("05") else key[:5] + "___"


def _sorted(name: str, values: list[FacetValue]) -> list[FacetValue]:
    """Sort values for reading: years newest first, goals by number, the others by hits."""
    if name == FacetName.PERIOD:
        return sorted(values, key=lambda value: value.value, reverse=True)
    if name == FacetName.GOAL:
        return sorted(values, key=lambda value: int(value.value))
    if name == FacetName.PLACE:
        return sorted(values, key=lambda value: (len(value.value), -value.count, value.label))
    return sorted(values, key=lambda value: (-value.count, value.label))

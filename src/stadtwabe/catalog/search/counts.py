"""How many hits each value of each facet has: one query for all facets."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.core.cache import cache
from django.db import connection
from django.db.models import Max, QuerySet

from stadtwabe.catalog.models import Card
from stadtwabe.catalog.rules import FacetName
from stadtwabe.catalog.search.filters import Filters
from stadtwabe.kit.actor import VISITOR, Actor

MOST_VALUES = 25
"""Of facets with many values those with most hits are shown, and all that are chosen."""

CACHE_SECONDS = 600


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


def count_facets(
    actor: Actor, listed: QuerySet[Card], groups: Mapping[str, Sequence[int]], filters: Filters
) -> FacetCounts:
    """Count the hits of each facet's values, the facet's own choice left aside.

    ``listed`` are the cards before any facet, ``groups`` the ids chosen by facet. What everybody
    sees without having asked for anything is counted once until a card changes.
    """
    if groups or filters.text or actor != VISITOR:
        return _count(listed, groups, filters)
    state = Card.objects.aggregate(changed=Max("changed_at"), last=Max("pk"))
    key = (
        f"facets:{','.join(filters.fixed)}:{state['changed']:%s.%f}:{state['last']}"
        if (state["last"])
        else ""
    )
    known = cache.get(key) if key else None
    if isinstance(known, FacetCounts):
        return known
    counted = _count(listed, groups, filters)
    if key:
        cache.set(key, counted, CACHE_SECONDS)
    return counted


def _count(
    listed: QuerySet[Card], groups: Mapping[str, Sequence[int]], filters: Filters
) -> FacetCounts:
    names = list(groups)
    inner, inner_parameters = listed.order_by().values("facet_ids").query.sql_with_params()
    flags = [f"g{number}" for number in range(len(names))]
    every = " AND ".join(flags) or "TRUE"
    others = {
        name: " AND ".join(flag for flag in flags if flag != f"g{number}") or "TRUE"
        for number, name in enumerate(names)
    }
    missed = " + ".join(f"(NOT {flag})::int" for flag in flags) or "0"
    own_counts = "".join(
        f", count(*) FILTER (WHERE {others[name]}) AS n{number}"
        for number, name in enumerate(names)
    )
    cases = "".join(f" WHEN %s THEN n{number}" for number in range(len(names)))
    count = f"CASE name{cases} ELSE n END" if names else "n"
    places = filters.chosen(FacetName.PLACE)
    sql = f"""
    WITH hits AS MATERIALIZED (
        SELECT facet_ids{"".join(f", facet_ids && %s::int[] AS {flag}" for flag in flags)}
        FROM ({inner}) AS listed
    ), counted AS (
        SELECT facet_id, count(*) FILTER (WHERE {every}) AS n{own_counts}
        FROM hits, unnest(facet_ids) AS facet_id
        WHERE {missed} <= 1
        GROUP BY facet_id
    ), named AS (
        SELECT name, value, label, {count} AS n, catalog_facet.id = ANY(%s) AS is_selected
        FROM counted JOIN catalog_facet ON catalog_facet.id = facet_id
        WHERE name <> %s OR length(value) = 2 OR value LIKE ANY(%s) OR value = ANY(%s)
    ), numbered AS (
        SELECT *, row_number() OVER (
            PARTITION BY name, CASE WHEN name = %s THEN length(value) END ORDER BY n DESC, label
        ) AS place_in_row
        FROM named WHERE n > 0 OR is_selected
    )
    SELECT '', '', '', (SELECT count(*) FILTER (WHERE {every}) FROM hits), FALSE
    UNION ALL
    SELECT name, value, label, n, is_selected FROM numbered
    WHERE place_in_row <= %s OR is_selected
    """  # noqa: S608  # every value is a parameter; what is joined are names made here
    parameters = [
        *(list(groups[name]) for name in names),
        *inner_parameters,
        *names,
        [pk for ids in groups.values() for pk in ids],
        FacetName.PLACE.value,
        [_children(key) for key in places],
        [key[:length] for key in places for length in (2, 5, 8)],
        FacetName.PLACE.value,
        MOST_VALUES,
    ]
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        rows = cursor.fetchall()
    total = 0
    values: dict[str, list[FacetValue]] = {}
    for name, value, label, n, is_selected in rows:
        if name:
            values.setdefault(name, []).append(FacetValue(value, label, n, is_selected))
        else:
            total = n
    return FacetCounts(total, {name: _sorted(name, found) for name, found in values.items()})


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

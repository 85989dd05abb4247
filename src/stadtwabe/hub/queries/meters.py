"""Meters and what was used, for those who look after them, and for nobody else."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from stadtwabe.catalog.rules import Audience
from stadtwabe.hub.database import at_one_moment
from stadtwabe.hub.ingest.times import microseconds, moment
from stadtwabe.hub.metering.consumption import (
    MOST_BETWEEN,
    Change,
    Consumption,
    MeterReading,
    consumption,
)
from stadtwabe.hub.models import Datastream, Meter
from stadtwabe.hub.queries.archive import archived_parts, archived_rows, without_newer
from stadtwabe.hub.queries.stewarding import stewarded
from stadtwabe.hub.queries.uploads import fillable
from stadtwabe.kit.actor import Actor


@dataclass(frozen=True, slots=True)
class Used:
    """What a meter has counted in a month."""

    meter: Meter
    consumption: Consumption


def meters_of(actor: Actor) -> QuerySet[Meter]:
    """Return the meters of those parties whose data ``actor`` looks after, by building and unit.

    Nobody else gets any, not even others of the same town: consumption is about people at home.
    """
    meters = Meter.objects.select_related(
        "datastream__thing", "owner__place", "owner__organisation", "owner__network"
    ).prefetch_related("changes")
    return stewarded(stewarded(meters, actor), actor, "datastream__owner")


def countable(actor: Actor) -> QuerySet[Datastream]:
    """Return the datastreams that ``actor`` may call meters: for the owner alone, and free."""
    return fillable(actor).filter(audience=Audience.OWNER, meter__isnull=True)


def used_by(meters: Iterable[Meter], start: datetime, end: datetime) -> list[Used]:
    """Return what each of ``meters`` has counted from ``start`` to ``end``: one query for all."""
    wanted = list(meters)
    readings = _readings([meter.datastream_id for meter in wanted], start, end)
    return [
        Used(
            meter,
            consumption(
                readings.get(meter.datastream_id, ()),
                start,
                end,
                changes=[
                    Change(each.at, each.last_reading, each.first_reading)
                    for each in meter.changes.all()
                ],
                digits=meter.digits,
            ),
        )
        for meter in wanted
    ]


_AROUND = """
SELECT datastream_id, phenomenon_time, result FROM (
    SELECT datastream_id, phenomenon_time, result,
        lag(result) OVER w AS result_before, lead(result) OVER w AS result_after,
        lag(phenomenon_time) OVER w AS time_before, lead(phenomenon_time) OVER w AS time_after
    FROM hub_observation
    WHERE datastream_id = ANY(%(streams)s) AND result IS NOT NULL
        AND phenomenon_time >= %(least)s AND phenomenon_time <= %(most)s
    WINDOW w AS (PARTITION BY datastream_id ORDER BY phenomenon_time)
) AS seen
WHERE result_before IS NULL OR result_after IS NULL
    OR result < result_before OR result_after < result
    OR EXISTS (
        SELECT 1 FROM unnest(%(marks)s::timestamptz[]) AS mark
        WHERE (phenomenon_time <= mark AND time_after > mark)
            OR (phenomenon_time >= mark AND time_before < mark)
    )
"""
"""The readings that decide: around both boundaries, around each change, and where one fell."""


_ALL = """
SELECT datastream_id, phenomenon_time, result FROM hub_observation
WHERE datastream_id = ANY(%(streams)s) AND result IS NOT NULL
    AND phenomenon_time >= %(least)s AND phenomenon_time <= %(most)s
"""


def _readings(
    streams: Sequence[int], start: datetime, end: datetime
) -> dict[int, list[MeterReading]]:
    least, most = start - MOST_BETWEEN, end + MOST_BETWEEN
    changed = Meter.objects.filter(
        datastream__in=streams, changes__at__gte=least, changes__at__lte=most
    )
    marks = [start, end, *changed.values_list("changes__at", flat=True)]
    rows = at_one_moment(lambda: _rows(streams, least, most, marks))
    found: dict[int, list[MeterReading]] = {}
    for stream, at, value in sorted(rows):
        found.setdefault(stream, []).append(MeterReading(at, value))
    return found


def _rows(
    streams: Sequence[int], least: datetime, most: datetime, marks: Sequence[datetime]
) -> list[tuple[int, datetime, float]]:
    """The readings that decide; where a month lies in the archive, all there are."""
    since, until = microseconds(least), microseconds(most) + 1
    parts = archived_parts(streams, since=since, until=until)
    archived = sorted(set(streams) & {pk for part in parts for pk in part.streams})
    given: dict[str, Any] = {
        "least": least,
        "most": most,
        "marks": [mark.astimezone(UTC) for mark in marks],
    }
    rows = list[tuple[int, datetime, float]]()
    with connection.cursor() as cursor:
        cursor.execute(_AROUND, {**given, "streams": [pk for pk in streams if pk not in archived]})
        rows += cursor.fetchall()
        if archived:
            cursor.execute(_ALL, {**given, "streams": archived})
            rows += cursor.fetchall()
    if archived:
        old = archived_rows(parts, streams=archived, since=since, until=until)
        rows += [
            (row.datastream_id, moment(row.time), row.result)
            for row in without_newer(old)
            if row.result is not None
        ]
    return rows

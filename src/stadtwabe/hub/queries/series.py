"""A datastream over time: values, or means by hour and day from the rollups."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import itemgetter

from django.db import connection
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from stadtwabe.hub.database import at_one_moment
from stadtwabe.hub.ingest.times import microseconds, moment
from stadtwabe.hub.models import Datastream
from stadtwabe.hub.queries.archive import archived_numbers, archived_parts, without_newer
from stadtwabe.kit.drawing.curve import Point

MOST_VALUES = 3000
"""Points that one page shows."""


class Resolution(TextChoices):
    """For how long one point stands."""

    VALUES = "werte", _("einzelne Werte")
    HOUR = "stunde", _("Stundenmittel")
    DAY = "tag", _("Tagesmittel")


@dataclass(frozen=True, slots=True)
class Series:
    """Points of a datastream between two times; ``is_cut``: there are more than are shown."""

    resolution: Resolution
    start: datetime
    end: datetime
    points: Sequence[Point]
    is_cut: bool


def resolution_for(length: timedelta) -> Resolution:
    """Return what shows a period of this length in some hundreds of points."""
    if length <= timedelta(days=2):
        return Resolution.VALUES
    return Resolution.HOUR if length <= timedelta(days=62) else Resolution.DAY


def series(
    datastream: Datastream, *, start: datetime, end: datetime, resolution: Resolution
) -> Series:
    """Return the points of ``datastream`` from ``start`` up to and including ``end``.

    The caller has seen to it that the actor may see the datastream. What is no number is left out.
    """
    rows = at_one_moment(lambda: _rows(datastream, start, end, resolution))
    points = [Point(at, value, least, most) for at, value, least, most in rows[:MOST_VALUES]]
    points.reverse()
    return Series(resolution, start, end, points, len(rows) > MOST_VALUES)


def _rows(
    datastream: Datastream, start: datetime, end: datetime, resolution: Resolution
) -> list[tuple[datetime, float, float | None, float | None]]:
    """Return one more point than are shown, the newest first."""
    with connection.cursor() as cursor:
        cursor.execute(_QUERIES[resolution], (datastream.pk, start, end, MOST_VALUES + 1))
        rows: list[tuple[datetime, float, float | None, float | None]] = cursor.fetchall()
    if resolution is not Resolution.VALUES or len(rows) > MOST_VALUES:
        return rows
    return _with_archived(rows, datastream, microseconds(start), microseconds(end) + 1)


def _with_archived(
    rows: list[tuple[datetime, float, float | None, float | None]],
    datastream: Datastream,
    since: int,
    until: int,
) -> list[tuple[datetime, float, float | None, float | None]]:
    """Return ``rows`` and what lies in the archive beside and before them."""
    wanted = MOST_VALUES + 1
    found = list(rows)
    for part in reversed(archived_parts([datastream.pk], since=since, until=until)):
        archived = archived_numbers(part, datastream.pk, since=since, until=until, most=wanted)
        found += [
            (moment(row.time), row.result, None, None)
            for row in without_newer(archived)
            if row.result is not None
        ]
        if sum(at >= moment(part.start) for at, *_rest in found) >= wanted:
            break  # what is older has no room
    return sorted(found, key=itemgetter(0), reverse=True)[:wanted]


_ROLLUP = (
    "SELECT start, sum / n, min, max FROM {} WHERE datastream_id = %s AND start >= %s"
    " AND start <= %s AND n > 0 ORDER BY start DESC LIMIT %s"
)
_QUERIES = {
    Resolution.VALUES: (
        "SELECT phenomenon_time, result, NULL, NULL FROM hub_observation WHERE datastream_id = %s"
        " AND phenomenon_time >= %s AND phenomenon_time <= %s AND result IS NOT NULL"
        " ORDER BY phenomenon_time DESC LIMIT %s"
    ),
    Resolution.HOUR: _ROLLUP.format("hub_hour"),
    Resolution.DAY: _ROLLUP.format("hub_day"),
}

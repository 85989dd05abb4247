"""A datastream over time: values, or means by hour and day from the rollups."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from stadtwabe.hub.models import Datastream
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
    with connection.cursor() as cursor:
        cursor.execute(_QUERIES[resolution], (datastream.pk, start, end, MOST_VALUES + 1))
        rows = cursor.fetchall()
    points = [Point(at, value, least, most) for at, value, least, most in rows[:MOST_VALUES]]
    points.reverse()
    return Series(resolution, start, end, points, len(rows) > MOST_VALUES)


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

"""Observations that lie in the archive. The caller has asked who may see them.

Read the files named here and ``hub_observation`` at one moment (``database.at_one_moment``):
what is in both counts as ``hub_observation`` has it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import msgspec
from django.db import connection

from stadtwabe.hub.archive import lake
from stadtwabe.hub.archive.rows import Row, bucket_of
from stadtwabe.hub.ingest.times import microseconds, moment
from stadtwabe.hub.models import ArchiveMonth, Observation


@dataclass(frozen=True, slots=True)
class Part:
    """A file of the archive: the month (its first day) and the datastreams in it."""

    month: date
    file: str
    streams: list[int]

    @property
    def start(self) -> int:
        """The beginning of the month, as in ``Row``."""
        return _start(self.month)

    @property
    def end(self) -> int:
        """The beginning of the next month."""
        return _start(next_month(self.month))


def next_month(month: date) -> date:
    """Return the first day of the next month."""
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def is_anything_archived() -> bool:
    """Whether there is an archive at all."""
    return ArchiveMonth.objects.exists()


def observation_files() -> list[str]:
    """Return the names of all files that count, for whoever keeps the archive still meanwhile."""
    return list(ArchiveMonth.objects.order_by("month", "bucket").values_list("file", flat=True))


def archived_parts(
    streams: Sequence[int] | None = None,
    *,
    since: int | None = None,
    until: int | None = None,
) -> list[Part]:
    """Return the files with observations of ``streams`` (None: any), the oldest first.

    ``since`` and ``until`` (excluded) in microseconds as in ``Row``.
    """
    found = ArchiveMonth.objects.order_by("month", "bucket")
    if streams is not None:
        found = found.filter(
            streams__overlap=list(streams), bucket__in={bucket_of(pk) for pk in streams}
        )
    if since is not None:
        found = found.filter(month__gte=moment(since).date().replace(day=1))
    if until is not None:
        found = found.filter(month__lt=moment(until))
    return [Part(*row) for row in found.values_list("month", "file", "streams")]


def archived_rows(
    parts: Sequence[Part],
    *,
    streams: Sequence[int] | None = None,
    since: int | None = None,
    until: int | None = None,
    descending: bool = False,
    most: int | None = None,
) -> list[Row]:
    """Return at most ``most`` observations by time, among them those that are newer elsewhere.

    ``without_newer`` takes the latter away. Raises GoneFromArchive.
    """
    return lake.read_rows(
        [part.file for part in parts],
        streams=streams,
        since=since,
        until=until,
        descending=descending,
        most=most,
    )


def archived_numbers(part: Part, stream: int, *, since: int, until: int, most: int) -> list[Row]:
    """Return the newest ``most`` observations of a datastream whose result is a number."""
    return lake.read_rows(
        [part.file],
        streams=[stream],
        since=since,
        until=until,
        descending=True,
        most=most,
        only_numbers=True,
    )


def without_newer(rows: Sequence[Row]) -> list[Row]:
    """Return the rows that ``hub_observation`` does not have (late data, corrections)."""
    if not rows:
        return []
    times = [row.time for row in rows]
    newer = _keys_between({row.datastream_id for row in rows}, min(times), max(times))
    return [row for row in rows if row.key not in newer]


def keys_beside(stream: int, parts: Sequence[Part]) -> set[int]:
    """Return the times in the months of ``parts`` that ``hub_observation`` has of a datastream."""
    times: set[int] = set()
    for month in sorted({(part.start, part.end) for part in parts}):
        times |= {time for _pk, time in _keys_between({stream}, month[0], month[1] - 1)}
    return times


def archived_observation(pk: int) -> Observation | None:
    """Return the observation with the id ``pk`` from the archive; it is not to be saved."""
    rows = archived_by_id(pk)
    return _observation(rows[0]) if rows else None


def archived_by_id(pk: int) -> list[Row]:
    """Return the observation with the id ``pk`` in a list, if the archive has it."""
    files = ArchiveMonth.objects.filter(first_id__lte=pk, last_id__gte=pk).order_by("month")
    for file in files.values_list("file", flat=True):
        found = without_newer(lake.read_rows([file], ids=[pk]))
        if found:
            return found
    return []


def archived_about(stream: int, feature: int) -> list[int]:
    """Return the ids of the observations of a datastream about a feature, out of the archive."""
    files = [part.file for part in archived_parts([stream])]
    return [row.id for row in without_newer(lake.read_about(files, stream, feature))]


def ends_of(stream: int) -> list[Row]:
    """Return the oldest and the newest observation of a datastream in the archive."""
    parts = archived_parts([stream])
    ends: list[Row] = []
    for ordered, descending in ((parts, False), (parts[::-1], True)):
        for part in ordered:
            found = archived_rows([part], streams=[stream], descending=descending, most=1)
            if found:
                ends += found
                break
    return without_newer(ends)


def count_archived(stream: int, *, until: int) -> int:
    """Return how many observations of a datastream before ``until`` lie only in the archive."""
    parts = archived_parts([stream], until=until)
    files = [part.file for part in parts]
    doubled = lake.count_at(files, stream, [at for at in keys_beside(stream, parts) if at < until])
    return lake.count_rows(files, streams=[stream], until=until) - doubled


def outside_archive(
    stream: int, stretches: Sequence[tuple[datetime, datetime]]
) -> list[tuple[datetime, datetime]]:
    """Return ``stretches`` without the months in which a datastream is archived."""
    months = [(moment(part.start), moment(part.end)) for part in archived_parts([stream])]
    left = list(stretches)
    for start, end in months:
        left = [
            (begin, until)
            for first, last in left
            for begin, until in (
                (first, min(last, start - EVER_SO_LITTLE)),
                (max(first, end), last),
            )
            if begin <= until
        ]
    return left


EVER_SO_LITTLE = timedelta(microseconds=1)


def as_table(rows: Sequence[Row]) -> tuple[str, list[Any]]:
    """Return SELECT with the columns of ``hub_observation`` of ``rows``, and its parameters."""
    columns = [list(column) for column in zip(*rows, strict=True)] if rows else [[]] * len(_CASTS)
    places = ", ".join(f"%s::{cast}[]" for cast in _CASTS)
    return _TABLE.format(places), columns


_CASTS = ("bigint", "bigint", "float8", "integer", "integer", "smallint", "bigint", "text")
_TABLE = """
SELECT r.id, timestamptz '2000-01-01 00:00+00' + r.at * interval '1 microsecond'
           AS phenomenon_time, r.result, r.datastream_id, r.feature_id, r.quality,
       timestamptz '2000-01-01 00:00+00' + r.given * interval '1 microsecond' AS result_time,
       r.detail::jsonb AS detail
FROM unnest({}) AS r (id, at, result, datastream_id, feature_id, quality, given, detail)
"""


def _keys_between(streams: Iterable[int], first: int, last: int) -> set[tuple[int, int]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT datastream_id, phenomenon_time FROM hub_observation"
            " WHERE datastream_id = ANY(%s) AND phenomenon_time >= %s AND phenomenon_time <= %s",
            [list(streams), moment(first), moment(last)],
        )
        return {(pk, microseconds(time)) for pk, time in cursor.fetchall()}


def _observation(row: Row) -> Observation:
    return Observation(
        id=row.id,
        phenomenon_time=moment(row.time),
        result=row.result,
        datastream_id=row.datastream_id,
        feature_id=row.feature_id,
        quality=row.quality,
        result_time=None if row.result_time is None else moment(row.result_time),
        detail=None if row.detail is None else msgspec.json.decode(row.detail),
    )


def _start(month: date) -> int:
    return microseconds(datetime.fromisoformat(f"{month:%Y-%m-01}T00:00:00+00:00"))

"""Moving observations of closed months into the archive, and taking them away there."""

import random
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any

from django.db import OperationalError, connection, transaction
from django.utils.translation import gettext as _

from stadtwabe.hub.archive import lake, writing
from stadtwabe.hub.archive.rows import BUCKETS, COLUMNS, Row, bucket_of
from stadtwabe.hub.archive.writing import Written, new_file, unfinished
from stadtwabe.hub.commands.announce import announce_change
from stadtwabe.hub.database import archive_in_reach, at_one_moment
from stadtwabe.hub.models import ArchiveMonth
from stadtwabe.hub.queries.archive import as_table, next_month
from stadtwabe.kit.actor import Actor
from stadtwabe.kit.errors import Conflict, Invalid
from stadtwabe.kit.locks import locked
from stadtwabe.people.audit import record
from stadtwabe.people.permissions import require

LOCK = "hub_archive"
"""Held by whoever writes files of the archive, moves rows, or must find all as it is (a backup)."""

TRIES = 8
PATIENCE = "10s"
"""How long a deletion waits for the lock."""

STEPS = ("exported", "drafted", "written", "deleted", "committed", "cleaned")
"""What ``at`` hears, in this order, for each file."""

_COLUMNS = ", ".join(COLUMNS)
_OF_BUCKET = (
    "datastream_id = ANY(%(streams)s)"
    " AND phenomenon_time >= %(start)s AND phenomenon_time < %(end)s"
)
_DIGEST = f"count(*), coalesce(sum(hashtextextended(ROW({_COLUMNS})::text, 0)), 0)"
"""How many rows, and a number that changes with any value of any of them."""

_THERE = f"FROM hub_observation WHERE {_OF_BUCKET}"
_DELETED = f"WITH gone AS (DELETE {_THERE} RETURNING {_COLUMNS}) SELECT {_DIGEST} FROM gone"  # noqa: S608 - our own names; values are parameters

At = Callable[[str], None]


class _Changed(Exception):
    """Somebody has changed the rows, or holds them, meanwhile: begin again."""


@dataclass(frozen=True, slots=True)
class Due:
    """A month whose observations could go into the archive."""

    month: date
    observations: int
    datastreams: int


def months_due(*, before: date) -> list[Due]:
    """Return the months that end before ``before`` and have observations outside the archive."""
    found = []
    for month in _months(before):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*), count(DISTINCT datastream_id) FROM hub_observation"
                " WHERE phenomenon_time >= %(start)s AND phenomenon_time < %(end)s",
                _bounds(month),
            )
            observations, datastreams = cursor.fetchone()
        if observations:
            found.append(Due(month, observations, datastreams))
    return found


def month_before(now: datetime, months: int) -> date:
    """Return the month from which on observations stay, if the ``months`` last ones do."""
    total = now.year * 12 + now.month - 1 - months
    return date(total // 12, total % 12 + 1, 1)


def archive_month(
    *, actor: Actor, month: date, now: datetime, at: At = lambda _step: None
) -> list[ArchiveMonth]:
    """Move what is there of a month into the archive, one bucket of datastreams after the other.

    A bucket moves at once: at every moment, and wherever the process is killed, each of its
    observations is read exactly once. What is in the archive already is joined with what came
    late. Returns the files written. Raises NotAllowed; Invalid for a month that is not over;
    Conflict when others keep changing the rows.
    """
    require(actor, "hub.archive_month")
    if next_month(month) > now.astimezone(UTC).date():
        raise Invalid("A month is archived when it is over.", field="month")
    moved = []
    for bucket in range(BUCKETS):
        file = _move_patiently(month, bucket, now, at)
        if file is not None:
            record(
                actor=actor,
                command="hub.archive_month",
                subject=file,
                now=now,
                details={"file": file.file, "observations": file.rows},
            )
            moved.append(file)
    return moved


def archive_old(*, actor: Actor, before: date, now: datetime) -> list[ArchiveMonth]:
    """Move all months before ``before``, and tidy up. Returns the files written."""
    moved: list[ArchiveMonth] = []
    for due in months_due(before=before):
        moved += archive_month(actor=actor, month=due.month, now=now)
    drop_emptied_months(actor=actor, before=before)
    return moved


def drop_emptied_months(*, actor: Actor, before: date) -> list[date]:
    """Drop the tables of months that are empty, with room that their rows have left.

    A table counts as empty when VACUUM has given back all of its pages: then no reader, however
    old its snapshot, finds a row there. Those in use are left for the next time.
    """
    require(actor, "hub.archive_month")
    dropped = []
    for month in _months(before):
        table = f"hub_observation_{month:%Y_%m}"
        try:
            with connection.cursor() as cursor:
                if not connection.in_atomic_block:
                    cursor.execute(f"VACUUM {table}")
                cursor.execute("SELECT pg_relation_size(%s::regclass)", [table])
                if cursor.fetchone() != (0,):
                    continue
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '1s'")
                cursor.execute("LOCK TABLE ONLY hub_observation IN ACCESS EXCLUSIVE MODE")
                cursor.execute("SELECT pg_relation_size(%s::regclass)", [table])
                if cursor.fetchone() == (0,):
                    cursor.execute(f"DROP TABLE {table}")
                    announce_change()
                    dropped.append(month)
        except OperationalError:  # somebody is reading: the next night will do
            continue
    return dropped


def sweep_archive(*, actor: Actor) -> list[str]:
    """Delete files that a killed process has left behind; return their names."""
    require(actor, "hub.archive_month")
    with archive_at_rest(), archive_in_reach():
        return writing.sweep(set(ArchiveMonth.objects.values_list("file", flat=True)))


def fill_bucket(*, actor: Actor) -> list[str]:
    """Move what lies in the folder into the bucket, if there is one; return the files' names.

    For files that were written, or restored, before. Raises NotAllowed, Unavailable.
    """
    require(actor, "hub.archive_month")
    with archive_at_rest(), archive_in_reach():
        files = ArchiveMonth.objects.order_by("pk").values_list("file", flat=True)
        return list(lake.move_to_bucket(list(files)))


@contextmanager
def archive_at_rest() -> Iterator[None]:
    """Let nobody else write or delete files of the archive meanwhile; waits until that is so."""
    with locked(LOCK):
        yield


def _move_patiently(month: date, bucket: int, now: datetime, at: At) -> ArchiveMonth | None:
    for number in range(TRIES):
        try:
            with archive_at_rest(), archive_in_reach():
                return _move(month, bucket, now, at)
        except _Changed:
            # Whoever has the rows may wait for the archive: it is free while we sleep.
            time.sleep(random.uniform(0.05, 0.2) * (number + 1))  # noqa: S311 - no secret
    raise Conflict(f"The month {month:%Y-%m} keeps changing.", remedy="Try again later.")


def _move(month: date, bucket: int, now: datetime, at: At) -> ArchiveMonth | None:
    parameters = {**_bounds(month), "streams": _streams_with_rows(month, bucket)}
    if not parameters["streams"]:
        return None
    _roll_up()
    former = ArchiveMonth.objects.filter(month=month, bucket=bucket).first()
    rows = unfinished(".csv")
    try:
        digest = at_one_moment(lambda: _export(parameters, rows))
        at("exported")
        file = new_file(month, bucket)
        written = writing.merge(rows, former.file if former else None, file, at=at)
    finally:
        rows.unlink(missing_ok=True)
    try:
        moved = _replace_rows(parameters, digest, written, former, month, now, at)
    except OperationalError as error:  # the rows are locked
        lake.forget(written.file)
        raise _Changed from error
    except _Changed:
        lake.forget(written.file)
        raise
    at("committed")
    if former is not None:
        lake.forget(former.file)
    at("cleaned")
    return moved


def _roll_up() -> None:
    """Count what is yet to be counted; where no web server runs, nobody else does."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT hub_roll_up(100000)")


def _export(parameters: dict[str, Any], target: Path) -> tuple[Any, ...]:
    """Write the rows as CSV in the order of ``COLUMNS``; return their digest."""
    with connection.cursor() as cursor, target.open("wb") as file:
        cursor.execute(f"SELECT {_DIGEST} {_THERE}", parameters)
        digest: tuple[Any, ...] = cursor.fetchone()
        selected = cursor.cursor.mogrify(f"SELECT {_COLUMNS} {_THERE}", parameters)
        with cursor.copy(f"COPY ({selected}) TO STDOUT (FORMAT csv)") as copy:
            for data in copy:
                file.write(data)
    return digest


@transaction.atomic
def _replace_rows(
    parameters: dict[str, Any],
    digest: tuple[Any, ...],
    written: Written,
    former: ArchiveMonth | None,
    month: date,
    now: datetime,
    at: At,
) -> ArchiveMonth:
    """Take the rows out of the table and the file into the archive. Raises ``_Changed``."""
    with connection.cursor() as cursor:
        # Shorter than the server waits before it looks for deadlocks: we give way, not others.
        cursor.execute("SET LOCAL lock_timeout = '500ms'")
        cursor.execute(
            "SELECT 1 FROM hub_datastreamstate WHERE datastream_id = ANY(%(streams)s)"
            " ORDER BY datastream_id FOR NO KEY UPDATE",
            parameters,
        )
        cursor.execute(
            "SELECT EXISTS (SELECT FROM hub_touchedhour WHERE n IS NULL"
            " AND datastream_id = ANY(%(streams)s) AND hour >= %(start)s AND hour < %(end)s)",
            parameters,
        )
        if cursor.fetchone() == (True,):
            raise _Changed  # hours that are yet to be counted from these rows
        cursor.execute(_DELETED, parameters)
        if cursor.fetchone() != digest:
            raise _Changed
    at("deleted")
    if former is not None:
        former.delete()
    return _note(written, month, now)


def _note(written: Written, month: date, now: datetime) -> ArchiveMonth:
    return ArchiveMonth.objects.create(
        month=month,
        bucket=bucket_of(written.streams[0]),
        file=written.file,
        sha256=written.sha256,
        bytes=written.bytes,
        rows=written.rows,
        first_id=written.first_id,
        last_id=written.last_id,
        streams=written.streams,
        changed_at=now,
    )


def remove_from_archive(
    *,
    streams: Sequence[int],
    now: datetime,
    ids: Sequence[int] | None = None,
    since: int | None = None,
    until: int | None = None,
) -> list[tuple[int, int]]:
    """Rewrite the files without these observations; return (datastream, time) of each.

    Part of the transaction of whoever deletes: until its commit others see the former files,
    afterwards the former files are deleted. What is left of the hours is copied back into
    ``hub_observation``, where hours are counted anew from. Raises Conflict, Unavailable.
    """
    months = ArchiveMonth.objects.filter(streams__overlap=list(streams)).order_by("pk")
    if since is not None:
        months = months.filter(month__gte=lake.day_of(since).replace(day=1))
    if until is not None:
        months = months.filter(month__lte=lake.day_of(until))
    if ids is not None:
        months = months.filter(first_id__lte=max(ids, default=0), last_id__gte=min(ids, default=0))
    if not months.exists():
        return []
    _wait_for_archive()
    gone: list[tuple[int, int]] = []
    for file in list(months):
        with archive_in_reach():
            removed = writing.remove(
                file.file,
                new_file(file.month, file.bucket),
                streams=streams,
                ids=ids,
                since=since,
                until=until,
            )
        if removed is None:
            continue
        gone += removed.times
        file.delete()
        if removed.written is not None:
            _note(removed.written, file.month, now)
        put_back(removed.beside)
        transaction.on_commit(partial(lake.forget, file.file))
    return gone


def put_back(rows: Sequence[Row]) -> None:
    """Copy observations from the archive into ``hub_observation``, unless it has them newer."""
    if not rows:
        return
    selected, parameters = as_table(rows)
    with connection.cursor() as cursor:
        times = [lake.moment_of(row.time) for row in rows]
        cursor.execute("SELECT hub_ensure_months(%s, %s)", [min(times), max(times)])
        cursor.execute(
            "INSERT INTO hub_observation (id, phenomenon_time, result, datastream_id, feature_id,"
            f" quality, result_time, detail) {selected} ON CONFLICT DO NOTHING",
            parameters,
        )


def _wait_for_archive() -> None:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = '{PATIENCE}'")
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [LOCK])
            cursor.execute("SET LOCAL lock_timeout = DEFAULT")
    except OperationalError as error:
        raise Conflict(
            _("Das Archiv wird gerade gesichert oder geschrieben."),
            remedy=_("Bitte in einigen Minuten noch einmal versuchen."),
        ) from error


def _streams_with_rows(month: date, bucket: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT d.id FROM hub_datastream d WHERE mod(d.id, %(buckets)s) = %(bucket)s"
            " AND EXISTS (SELECT FROM hub_observation o WHERE o.datastream_id = d.id"
            " AND o.phenomenon_time >= %(start)s AND o.phenomenon_time < %(end)s) ORDER BY d.id",
            {**_bounds(month), "buckets": BUCKETS, "bucket": bucket},
        )
        return [pk for (pk,) in cursor.fetchall()]


def _months(before: date) -> Iterable[date]:
    """Yield the months before ``before`` that have a table."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT to_date(right(relname, 7), 'YYYY_MM') FROM pg_inherits JOIN pg_class"
            " ON pg_class.oid = inhrelid WHERE inhparent = 'hub_observation'::regclass"
            " AND relname ~ '^hub_observation_[0-9]{4}_[0-9]{2}$' ORDER BY 1"
        )
        months = [month for (month,) in cursor.fetchall()]
    return [month for month in months if month < before]


def _bounds(month: date) -> dict[str, Any]:
    start, end = (
        datetime(day.year, day.month, 1, tzinfo=UTC) for day in (month, next_month(month))
    )
    return {"start": start, "end": end}

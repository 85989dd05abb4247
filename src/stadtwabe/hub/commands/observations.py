"""Storing (through ``hub.ingest``) and deleting observations."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from stadtwabe.hub.archive import lake
from stadtwabe.hub.commands.announce import announce_change
from stadtwabe.hub.commands.archive import put_back, remove_from_archive
from stadtwabe.hub.database import archive_in_reach, connect_parameters
from stadtwabe.hub.ingest import blocking
from stadtwabe.hub.ingest.batch import NewObservation
from stadtwabe.hub.ingest.outcome import Outcomes, Overloaded, Unavailable
from stadtwabe.hub.ingest.times import microseconds
from stadtwabe.hub.models import Datastream, DatastreamState
from stadtwabe.hub.queries import datastreams_visible_to
from stadtwabe.hub.queries.archive import Part, archived_parts, as_table, ends_of, keys_beside
from stadtwabe.hub.within import storing
from stadtwabe.hub.within.storing import MonthsMissing
from stadtwabe.kit.actor import Actor
from stadtwabe.kit.errors import Conflict, NotFound, TooMany
from stadtwabe.people.audit import record
from stadtwabe.people.permissions import require

TABLES = (
    "hub_observation",
    "hub_observationversion",
    "hub_hour",
    "hub_day",
    "hub_touchedhour",
    "hub_touchedstretch",
    "hub_datastreamfeature",
)
"""Every table that knows observations of a datastream without a foreign key to it."""


def forget_datastreams(datastreams: QuerySet[Datastream], *, now: datetime) -> None:
    """Delete all that is stored for datastreams that are about to be deleted.

    Takes their states first: whoever is storing ends before, whoever comes later finds none.
    """
    ids = list(datastreams.values_list("pk", flat=True))
    if not ids:
        return
    states = DatastreamState.objects.select_for_update().filter(pk__in=ids).order_by("pk")
    states.filter(pk__in=list(states.values_list("pk", flat=True))).delete()
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(
                f"DELETE FROM {table} WHERE datastream_id = ANY(%s)",  # noqa: S608 - our own names
                [ids],
            )
    remove_from_archive(streams=ids, now=now)


@transaction.atomic
def delete_observations(
    *,
    actor: Actor,
    datastream: Datastream,
    now: datetime,
    ids: Sequence[int] | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> int:
    """Delete observations of a datastream: those with ``ids``, or of a period (until excluded).

    Without any of them, all. Count, first and last, and the rollups follow. Returns how many.
    """
    require(actor, "hub.delete_observations", datastream)
    list(DatastreamState.objects.select_for_update().filter(pk=datastream.pk))
    parts = archived_parts([datastream.pk])
    doubled = keys_beside(datastream.pk, parts)
    deleted, beside = _delete_rows(datastream, parts, ids=ids, since=since, until=until)
    if parts:
        gone = remove_from_archive(
            streams=[datastream.pk],
            now=now,
            ids=ids,
            since=None if since is None else microseconds(since),
            until=None if until is None else microseconds(until),
        )
        deleted += sum(time not in doubled for _pk, time in gone)
        _forget_times(datastream, [time for _pk, time in gone])
        # Hours are counted anew from the table: what stays of them has to be there.
        left = [part.file for part in archived_parts([datastream.pk])]
        with archive_in_reach():
            put_back(lake.read_at(left, datastream.pk, beside))
    with archive_in_reach():
        _recount(datastream, deleted)
    announce_change()
    record(
        actor=actor,
        command="hub.delete_observations",
        subject=datastream,
        now=now,
        details={
            "deleted": deleted,
            "since": since.isoformat() if since else None,
            "until": until.isoformat() if until else None,
        },
    )
    return int(deleted)


def _delete_rows(
    datastream: Datastream,
    parts: Sequence[Part],
    *,
    ids: Sequence[int] | None,
    since: datetime | None,
    until: datetime | None,
) -> tuple[int, list[int]]:
    """Delete from the table; return how many, and the times of those in archived months."""
    conditions = ["datastream_id = %s"]
    parameters: list[Any] = [datastream.pk]
    for condition, value in (
        ("id = ANY(%s)", None if ids is None else list(ids)),
        ("phenomenon_time >= %s", since),
        ("phenomenon_time < %s", until),
    ):
        if value is not None:
            conditions.append(condition)
            parameters.append(value)
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH gone AS (DELETE FROM hub_observation WHERE "  # noqa: S608 - values are parameters
            f"{' AND '.join(conditions)} RETURNING datastream_id, phenomenon_time), touched AS ("
            " INSERT INTO hub_touchedhour (datastream_id, hour)"
            " SELECT DISTINCT datastream_id, date_trunc('hour', phenomenon_time, 'UTC') FROM gone"
            "), stretches AS (INSERT INTO hub_touchedstretch (datastream_id, first_time, last_time)"
            " SELECT datastream_id, min(phenomenon_time), max(phenomenon_time) FROM gone"
            " GROUP BY datastream_id"
            "), versions AS (DELETE FROM hub_observationversion v USING gone"
            " WHERE v.datastream_id = gone.datastream_id"
            " AND v.phenomenon_time = gone.phenomenon_time) SELECT count(*), array_agg("
            "phenomenon_time) FILTER (WHERE date_trunc('month', phenomenon_time, 'UTC')"
            " = ANY(%s::timestamptz[])) FROM gone",
            [*parameters, sorted({lake.moment_of(part.start) for part in parts})],
        )
        deleted, archived = cursor.fetchone()
    return int(deleted), [microseconds(time) for time in archived or ()]


def _forget_times(datastream: Datastream, times: Sequence[int]) -> None:
    """Delete former versions of what has gone from the archive; have its hours counted anew."""
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH gone AS MATERIALIZED (SELECT timestamptz '2000-01-01 00:00+00'"
            " + at * interval '1 microsecond' AS time FROM unnest(%s::bigint[]) AS at),"
            " versions AS (DELETE FROM hub_observationversion v USING gone"
            " WHERE v.datastream_id = %s AND v.phenomenon_time = gone.time)"
            " INSERT INTO hub_touchedhour (datastream_id, hour)"
            " SELECT DISTINCT %s, date_trunc('hour', time, 'UTC') FROM gone",
            [list(times), datastream.pk, datastream.pk],
        )


def _recount(datastream: Datastream, deleted: int) -> None:
    """Bring count, first and newest observation of a datastream up to date."""
    archived, parameters = as_table(ends_of(datastream.pk))
    with connection.cursor() as cursor:
        cursor.execute(
            _RECOUNT.format(archived=archived),
            [*parameters, datastream.pk, datastream.pk, deleted, datastream.pk],
        )


_RECOUNT = """
WITH archived AS ({archived}
), hot_ends AS (
    (SELECT id, phenomenon_time, result, quality, result_time, detail FROM hub_observation
     WHERE datastream_id = %s ORDER BY phenomenon_time LIMIT 1)
    UNION ALL
    (SELECT id, phenomenon_time, result, quality, result_time, detail FROM hub_observation
     WHERE datastream_id = %s ORDER BY phenomenon_time DESC LIMIT 1)
    UNION ALL
    SELECT id, phenomenon_time, result, quality, result_time, detail FROM archived
), oldest AS (
    SELECT phenomenon_time, coalesce(result_time, hub_end(phenomenon_time, detail)) AS result_time
    FROM hot_ends ORDER BY phenomenon_time LIMIT 1
), newest AS (
    SELECT *, hub_end(phenomenon_time, detail) AS ends FROM hot_ends
    ORDER BY phenomenon_time DESC LIMIT 1
)
UPDATE hub_datastreamstate SET
    observation_count = observation_count - %s,
    first_time = oldest.phenomenon_time,
    first_result_time = oldest.result_time,
    last_time = newest.phenomenon_time,
    last_end = newest.ends,
    last_result_time = coalesce(newest.result_time, newest.ends),
    last_id = newest.id,
    last_result = newest.result,
    last_detail = newest.detail,
    last_quality = coalesce(newest.quality, 0),
    unchanged_since = newest.phenomenon_time
FROM (VALUES (1)) AS always LEFT JOIN oldest ON true LEFT JOIN newest ON true
WHERE hub_datastreamstate.datastream_id = %s
"""


def store_observations(*, actor: Actor, observations: Sequence[NewObservation]) -> Outcomes:
    """Check and store observations, after the transaction that made their datastreams.

    For everything but the hot door ``hub.ingest.http``. Bad ones stand in ``refused`` of the
    outcomes by position; the others are stored when this returns. Raises NotAllowed (before
    anything is stored) and NotFound; TooMany or Conflict when they cannot be taken now.
    """
    _require_storing(actor, observations)
    try:
        return blocking.store(connect_parameters(), observations)
    except Overloaded as error:
        message = _("Gerade kommt mehr an, als gespeichert werden kann.")
        raise TooMany(message, remedy=_("Bitte gleich noch einmal senden.")) from error
    except Unavailable as error:
        raise _not_now() from error


def store_with_the_rest(*, actor: Actor, observations: Sequence[NewObservation]) -> Outcomes:
    """Check and store observations in the transaction of the caller, for change sets.

    If any is refused none was stored, and the caller is to roll back. So, too, when this raises:
    NotAllowed, NotFound, or MonthsMissing, after which ``make_months`` is to be called, and the
    whole begun anew. The datastreams stay locked until the commit.
    """
    _require_storing(actor, observations)
    assert connection.in_atomic_block, "the caller begins the transaction"
    connection.ensure_connection()
    # The rows go past Django's cursors: what PostgreSQL says of them is to be told all the same.
    with archive_in_reach(), connection.wrap_database_errors:
        return storing.store(connection.connection, observations)


def make_months(missing: MonthsMissing) -> None:
    """Make the partitions that ``store_with_the_rest`` has missed, outside any transaction."""
    try:
        blocking.ensure_months(connect_parameters(), missing.days)
    except Unavailable as error:
        raise _not_now() from error


def _require_storing(actor: Actor, observations: Sequence[NewObservation]) -> None:
    ids = {new.datastream_id for new in observations}
    known = {each.pk: each for each in datastreams_visible_to(actor).filter(pk__in=ids)}
    for pk in sorted(ids):
        if pk not in known:
            raise NotFound(_("Diese Messreihe gibt es nicht."), field="Datastream")
        require(actor, "hub.store_observations", known[pk])


def _not_now() -> Conflict:
    message = _("Speichern ist gerade nicht möglich.")
    return Conflict(message, remedy=_("Bitte gleich noch einmal senden."))

"""The common case in one statement: a new number for each of many datastreams.

A flush of single posts is mostly this, and what costs there is the way to the database and back:
one statement that locks, stores, keeps the states and announces, instead of five.
"""

from collections.abc import Sequence

import asyncpg

from stadtwabe.hub.ingest.announcement import PAYLOAD_STREAMS, payloads
from stadtwabe.hub.ingest.batch import Run

EXACT = 2**52
"""Microseconds up to which arithmetic with intervals is exact: 142 years from 2000."""

WORTH_IT = 0.75
"""Share of the runs that must be of the kind; otherwise all go the general way together."""

STORE = """
WITH new AS (
    SELECT datastream_id, id, result, feature_id,
           timestamptz '2000-01-01 00:00+00' + microseconds * interval '1 microsecond' AS time
    FROM unnest($1::integer[], $2::bigint[], $3::bigint[], $4::float8[], $5::integer[])
        AS n (datastream_id, id, microseconds, result, feature_id)
), kept AS (
    -- Locks, checks and keeps the state at once; a concurrent writer's commit is seen here.
    UPDATE hub_datastreamstate s SET
        observation_count = s.observation_count + 1,
        first_time = coalesce(s.first_time, new.time),
        last_time = new.time,
        last_end = greatest(s.last_end, new.time),
        first_result_time = least(s.first_result_time, new.time),
        last_result_time = greatest(s.last_result_time, new.time),
        last_id = new.id,
        last_result = new.result,
        last_detail = NULL,
        last_quality = 0,
        unchanged_since = CASE WHEN s.last_result = new.result
            THEN coalesce(s.unchanged_since, new.time) ELSE new.time END,
        last_received = now()
    FROM new
    WHERE s.datastream_id = new.datastream_id
      AND (s.last_time IS NULL OR new.time > s.last_time)
    RETURNING new.datastream_id, new.id, new.time, new.result, new.feature_id
), stored AS (
    INSERT INTO hub_observation (id, phenomenon_time, result, datastream_id, feature_id)
    SELECT id, time, result, datastream_id, feature_id FROM kept
), touched AS (
    INSERT INTO hub_touchedhour (datastream_id, n, hour, sum, min, max, last, last_time)
    SELECT datastream_id, 1, date_trunc('hour', time), result, result, result, result, time
    FROM kept
)
SELECT kept.id FROM kept CROSS JOIN (SELECT pg_notify('hub_observation', $6)) AS announced
"""


def divide(
    runs: Sequence[Run], known_features: set[tuple[int, int]]
) -> tuple[list[Run], list[Run]]:
    """Return the runs that can go by ``store``, at most one of a datastream, and the others."""
    quick: list[Run] = []
    rest: list[Run] = []
    streams: set[int] = set()
    for run in runs:
        stream = run.stream
        if (
            len(run.times) == 1
            and stream.id not in streams
            and stream.rules is None
            and run.is_plain
            and run.results[0] is not None
            and abs(run.times[0]) < EXACT
            and (stream.feature_id is None or (stream.id, stream.feature_id) in known_features)
        ):
            streams.add(stream.id)
            quick.append(run)
        else:
            rest.append(run)
    return (quick, rest) if len(quick) >= WORTH_IT * len(runs) else ([], list(runs))


async def store(connection: asyncpg.Connection, runs: Sequence[Run]) -> list[Run]:
    """Store and commit runs of one row; return those that are not newer than what is there."""
    left: list[Run] = []
    # In the order of the datastreams, in which every writer locks.
    runs = sorted(runs, key=lambda run: run.stream.id)
    for begin in range(0, len(runs), PAYLOAD_STREAMS):
        part = runs[begin : begin + PAYLOAD_STREAMS]
        streams = [run.stream.id for run in part]
        (payload,) = payloads(streams, part)
        stored = await connection.fetch(
            STORE,
            streams,
            [run.ids[0] for run in part],
            [run.times[0] for run in part],
            [run.results[0] for run in part],
            [run.stream.feature_id for run in part],
            payload,
        )
        if len(stored) < len(part):
            ids = {row[0] for row in stored}
            left += [run for run in part if run.ids[0] not in ids]
    return left

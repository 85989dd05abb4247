"""Late rows for archived months: what the archive has beside them comes back into the table.

There it is compared, replaced and counted like everything else. Readers do not notice: what is in
both places counts as the table has it. The next archiving takes it away again.
"""

import asyncio
from collections.abc import Sequence

import asyncpg

from stadtwabe.hub.archive.duck import GoneFromArchive
from stadtwabe.hub.archive.lake import read_at
from stadtwabe.hub.archive.rows import Row, bucket_of
from stadtwabe.hub.ingest.batch import Run

TRIES = 4

FILES = """
SELECT file, streams FROM hub_archivemonth
WHERE bucket = ANY($1::integer[]) AND streams && $2::integer[]
  AND month + interval '1 month' > $3::timestamptz AND month <= $4::timestamptz
"""

PUT_BACK = """
INSERT INTO hub_observation
    (id, phenomenon_time, result, datastream_id, feature_id, quality, result_time, detail)
SELECT * FROM unnest(
    $1::bigint[], $2::timestamptz[], $3::float8[], $4::integer[], $5::integer[],
    $6::smallint[], $7::timestamptz[], $8::jsonb[]
)
ON CONFLICT DO NOTHING
"""


async def thaw(connection: asyncpg.Connection, runs: Sequence[Run]) -> None:
    """Put back whole hours in which the archive has something and ``runs`` bring something.

    The states of their datastreams are locked: nobody moves their rows meanwhile.
    """
    for is_last in (False,) * (TRIES - 1) + (True,):
        try:
            rows = await _archived(connection, runs)
        except GoneFromArchive:
            # The file was rewritten for another datastream: the new one has ours as well.
            if is_last:
                raise
        else:
            break
    if rows:
        columns = [list(column) for column in zip(*rows, strict=True)]
        for number in (1, 6):
            columns[number] = [None if time is None else (time,) for time in columns[number]]
        await connection.execute(PUT_BACK, *columns)


async def _archived(connection: asyncpg.Connection, runs: Sequence[Run]) -> list[Row]:
    ids = sorted({run.stream.id for run in runs})
    first = min(min(run.times) for run in runs)
    last = max(max(run.times) for run in runs)
    buckets = sorted({bucket_of(pk) for pk in ids})
    files = await connection.fetch(FILES, buckets, ids, (first,), (last,))
    rows: list[Row] = []
    for run in runs if files else ():
        having = [file for file, streams in files if run.stream.id in streams]
        # DuckDB blocks; others go on meanwhile.
        rows += await asyncio.to_thread(read_at, having, run.stream.id, run.times)
    return rows

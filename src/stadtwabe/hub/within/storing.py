"""Storing observations inside a transaction that has begun: for change sets, all or nothing.

The writer commits what many requests bring at the same time; here one request has made things
besides, and its observations are to be there with them or not at all. So the rows take the same
way (``Flush``) through the request's own connection. That is slower for each observation, and the
states of their datastreams stay locked until the commit: whoever calls this commits at once.
"""

import asyncio
from collections.abc import Iterable, Sequence
from typing import Any

import psycopg

from stadtwabe.hub.ingest.batch import NewObservation, Run
from stadtwabe.hub.ingest.flush import Flush
from stadtwabe.hub.ingest.months import month_of
from stadtwabe.hub.ingest.outcome import Outcomes, Refusal
from stadtwabe.hub.ingest.said import Said
from stadtwabe.hub.ingest.service import checked
from stadtwabe.hub.ingest.statements import IDS, IDS_IN_BLOCK, SETTINGS, STAGING
from stadtwabe.hub.ingest.streams import Streams
from stadtwabe.hub.ingest.times import DAY
from stadtwabe.hub.ingest.writer import tell
from stadtwabe.hub.within.borrowed import Borrowed

HAS_MONTHS = """
SELECT year, month FROM unnest($1::integer[], $2::integer[]) AS m (year, month)
WHERE to_regclass(format('hub_observation_%s_%s', year, lpad(month::text, 2, '0'))) IS NULL
"""

_STALE = (psycopg.errors.UniqueViolation, psycopg.errors.CheckViolation)


class MonthsMissing(Exception):
    """Observations are of months without a partition: make those first, then begin again.

    ``days`` are counted since 2000-01-01. Making one waits for whoever writes, hence for the
    transaction that asks: it cannot be made from inside.
    """

    def __init__(self, days: Iterable[int]) -> None:
        super().__init__()
        self.days = sorted(days)


def store(
    connection: "psycopg.Connection[Any]", observations: Sequence[NewObservation]
) -> Outcomes:
    """Check and store observations in the transaction that ``connection`` is in.

    Asks no permission. If anything is refused, nothing was stored. Raises MonthsMissing; then,
    and with every other error, the transaction is to be rolled back.
    """
    return asyncio.run(_store(Borrowed(connection), observations))


async def _store(borrowed: Borrowed, observations: Sequence[NewObservation]) -> Outcomes:
    batch = await checked(observations, streams=Streams(borrowed))
    outcomes = Outcomes([0] * batch.size, refused=dict(batch.refused))
    runs = [run for run in batch.runs if len(run)]
    if outcomes.refused or not runs:
        return outcomes
    for run in runs:
        run.outcomes = outcomes
    await _ensure_months(borrowed, runs)
    await _give_ids(borrowed, runs)
    await _set(borrowed, SETTINGS)
    await borrowed.execute(STAGING.replace("TABLE late", "TABLE IF NOT EXISTS late"))
    try:
        await _flush(borrowed, runs)
    except (psycopg.DataError, psycopg.IntegrityError) as error:
        said = Said(f"Das lässt sich nicht speichern: {error}", f"This cannot be stored: {error}")
        outcomes.refused[runs[0].positions[0]] = Refusal(said)
    else:
        await _set(borrowed, dict.fromkeys(SETTINGS, "DEFAULT"))
    return outcomes


async def _flush(borrowed: Borrowed, runs: Sequence[Run]) -> None:
    """Flush; when a state was not as it should be, once more with every row looked up."""
    for all_late in (False, True):
        await borrowed.execute("DELETE FROM late")
        await borrowed.execute("SAVEPOINT hub_flush")
        try:
            done = await Flush(borrowed.as_asyncpg, runs).store(
                all_late=all_late, known_features=set()
            )
        except _STALE:
            if all_late:
                raise
            await borrowed.execute("ROLLBACK TO SAVEPOINT hub_flush")
        else:
            tell(runs, done)
            return


async def _ensure_months(borrowed: Borrowed, runs: Sequence[Run]) -> None:
    days = {time // DAY for run in runs for time in run.times}
    months = {day: month_of(day) for day in days}
    wanted = sorted({month for month in months.values() if month is not None})
    if not wanted:
        return
    years, numbers = map(list, zip(*wanted, strict=True))
    missing = {(row[0], row[1]) for row in await borrowed.fetch(HAS_MONTHS, years, numbers)}
    if missing:
        raise MonthsMissing(day for day, month in months.items() if month in missing)


async def _give_ids(borrowed: Borrowed, runs: Sequence[Run]) -> None:
    rows = sum(map(len, runs))
    blocks = await borrowed.fetch(IDS, -(-rows // IDS_IN_BLOCK))
    ids = (first + more for (first,) in blocks for more in range(IDS_IN_BLOCK))
    for run in runs:
        run.ids = [next(ids) for _row in range(len(run))]


async def _set(borrowed: Borrowed, settings: dict[str, str]) -> None:
    for name, value in settings.items():
        await borrowed.execute(f"SET LOCAL {name} TO {value}")

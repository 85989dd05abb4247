"""The one writer of observations: collects what arrives at the same time into one transaction.

A flush starts as soon as the previous one has committed, with everything that has come in the
meantime (adaptive group commit): a lonely request waits for nothing, many share the cost of a
commit. A request is answered only after its commit. Any number of writers may work on one
database; the lock on the state of a datastream puts them in order.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

import asyncpg
import numpy as np

from stadtwabe.hub.archive.bucket import ArchiveAway
from stadtwabe.hub.ingest.batch import Batch, Run
from stadtwabe.hub.ingest.connections import LOST, RETRY_SECONDS, Connections
from stadtwabe.hub.ingest.flush import Flush, Flushed
from stadtwabe.hub.ingest.hours import MANY
from stadtwabe.hub.ingest.months import Months
from stadtwabe.hub.ingest.outcome import Outcomes, Overloaded, Refusal, Unavailable
from stadtwabe.hub.ingest.quick import divide, store
from stadtwabe.hub.ingest.said import Said
from stadtwabe.hub.ingest.statements import IDS, IDS_IN_BLOCK, SETTINGS, STAGING
from stadtwabe.hub.ingest.times import DAY

MOST_WAITING = 200_000
"""Rows that may wait; a request that finds more is refused with Overloaded."""

MOST_AT_ONCE = 50_000
"""Rows in one transaction, unless one request alone has more."""

HALVED = range(33, 2000)
"""So many rows that wait are many small requests: half of them go into one transaction."""

PATIENCE_SECONDS = 10.0
"""How long requests wait for a database that is away before they are told so."""

BUSY = (asyncpg.DeadlockDetectedError, asyncpg.SerializationError, asyncpg.LockNotAvailableError)
_STALE = (asyncpg.UniqueViolationError, asyncpg.CheckViolationError)
BAD = (asyncpg.DataError, asyncpg.IntegrityConstraintViolationError)
NO_ROOM = (asyncpg.InsufficientResourcesError, asyncpg.OperatorInterventionError)

OUT_OF_REACH = Refusal(
    Said(
        "Dieser Monat liegt im Archiv, und das ist gerade nicht zu erreichen.",
        "This month is in the archive, which does not answer just now.",
    ),
    "phenomenonTime",
    503,
    Said("Bitte später noch einmal senden.", "Send it again later."),
)

logger = logging.getLogger(__name__)


@dataclass(slots=True, eq=False)
class _Waiting:
    runs: list[Run]
    rows: int
    done: "asyncio.Future[None]"


class Writer:
    """Stores batches; one for each event loop."""

    def __init__(self, connections: Connections, *, most_waiting: int = MOST_WAITING) -> None:
        self._connections = connections
        self._most_waiting = most_waiting
        self._waiting: deque[_Waiting] = deque()
        self._rows_waiting = 0
        self._arrived = asyncio.Event()
        self._connection: asyncpg.Connection | None = None
        self._months = Months()
        self._ids: deque[range] = deque()
        self._known_features: set[tuple[int, int]] = set()
        self._task: asyncio.Task[None] | None = None
        self._is_closing = False
        connections.on_change(self._forget)

    async def store(self, batch: Batch) -> Outcomes:
        """Store a batch; return what became of each row, after the commit.

        Raises Overloaded when too much is waiting, Unavailable when the database is away.
        """
        outcomes = Outcomes([0] * batch.size, refused=dict(batch.refused))
        runs = [run for run in batch.runs if len(run)]
        rows = sum(map(len, runs))
        if not rows:
            return outcomes
        if self._rows_waiting and self._rows_waiting + rows > self._most_waiting:
            raise Overloaded
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._work())
        for run in runs:
            run.outcomes = outcomes
        waiting = _Waiting(runs, rows, asyncio.get_running_loop().create_future())
        self._waiting.append(waiting)
        self._rows_waiting += rows
        self._arrived.set()
        await waiting.done
        return outcomes

    async def close(self) -> None:
        """Store what is waiting, then let go of the database."""
        self._is_closing = True
        self._arrived.set()
        if self._task is not None:
            await self._task
        await self._disconnect()

    async def _work(self) -> None:
        while True:
            await self._arrived.wait()
            self._arrived.clear()
            while self._waiting:
                await self._store_andtell(self._take())
            if self._is_closing:
                return

    async def _store_andtell(self, taken: Sequence[_Waiting]) -> None:
        failure: Exception | None = None
        try:
            await self._store(taken)
        except Unavailable as error:
            failure = error
        except Exception:  # whoever waits must hear of it
            logger.exception("A flush failed")
            await self._disconnect()
            failure = Unavailable("Speichern ist gerade nicht möglich.")
        self._rows_waiting -= sum(waiting.rows for waiting in taken)
        for waiting in taken:
            if waiting.done.done():  # its client has hung up
                continue
            if failure is None:
                waiting.done.set_result(None)
            else:
                waiting.done.set_exception(failure)

    def _take(self) -> list[_Waiting]:
        """Return the next requests to store.

        Of many small ones not all that wait: clients that send again when they are answered would
        come to go in step, and the database would wait while this process reads and answers, and
        the other way round. Of two halves one is being stored while the other is being served.
        """
        waiting = self._rows_waiting
        most = max(HALVED.start - 1, waiting // 2) if waiting in HALVED else MOST_AT_ONCE
        taken: list[_Waiting] = []
        rows = 0
        while self._waiting:
            rows += self._waiting[0].rows
            if taken and rows > most:
                break
            taken.append(self._waiting.popleft())
        return taken

    async def _store(self, taken: Sequence[_Waiting]) -> None:
        """Store what was taken, through lost connections and around rows that do not go in."""
        end = asyncio.get_running_loop().time() + PATIENCE_SECONDS
        runs = [run for waiting in taken for run in waiting.runs]
        while True:
            try:
                connection = await self._connected()
                # New ids with every try: whether a lost commit came through is not known, and
                # only rows with other ids are recognised as repeats.
                await self._give_ids(connection, runs)
                quick, rest = divide(runs, self._known_features)
                if quick:
                    rest += await self._store_quick(connection, quick)
                if rest:
                    await self._store_around_bad_rows(connection, rest)
            except LOST as error:
                await self._disconnect()
                if isinstance(error, ValueError):  # a mistake of ours, not of the database
                    raise
                if asyncio.get_running_loop().time() > end:
                    raise Unavailable("Die Datenbank ist gerade nicht erreichbar.") from error
                await asyncio.sleep(RETRY_SECONDS)
            except BUSY as error:
                if asyncio.get_running_loop().time() > end:
                    raise Unavailable("Die Datenbank ist gerade zu beschäftigt.") from error
                await asyncio.sleep(RETRY_SECONDS)
            except NO_ROOM as error:
                logger.error("The database cannot store: %s", error)
                raise Unavailable("Die Datenbank kann gerade nichts speichern.") from error
            else:
                return

    async def _store_quick(
        self, connection: asyncpg.Connection, runs: Sequence[Run]
    ) -> Sequence[Run]:
        """Store by one statement what it can; return what is left for the general way."""
        await self._months.ensure(connection, _days(runs))
        try:
            left = await store(connection, runs)
        except _STALE:
            return runs
        tell(runs if not left else [run for run in runs if run not in left], Flushed())
        return left

    async def _store_around_bad_rows(
        self, connection: asyncpg.Connection, runs: Sequence[Run]
    ) -> None:
        """Flush; what the database refuses is halved until the bad row stands alone."""
        todo: list[tuple[Sequence[Run], bool]] = [(runs, False)]
        while todo:
            part, is_second_try = todo.pop()
            try:
                await self._flush(connection, part, all_late=is_second_try)
            except (*BAD, ArchiveAway) as error:
                halves = _halves(part)
                if not is_second_try and isinstance(error, _STALE):
                    # A state or a partition is not as we thought: somebody has taken rows away.
                    self._months.forget()
                    todo.append((part, True))
                elif halves is not None:
                    todo += [(half, is_second_try) for half in reversed(halves)]
                elif isinstance(error, ArchiveAway):
                    logger.warning("The storage of the archive: %s", error)
                    _refuse(part[0], OUT_OF_REACH)
                else:
                    said = Said(
                        f"Das lässt sich nicht speichern: {error}",
                        f"This cannot be stored: {error}",
                    )
                    _refuse(part[0], Refusal(said))

    async def _flush(
        self, connection: asyncpg.Connection, runs: Sequence[Run], *, all_late: bool
    ) -> None:
        await self._months.ensure(connection, _days(runs))
        flush = Flush(connection, runs)
        async with connection.transaction():
            done = await flush.store(all_late=all_late, known_features=self._known_features)
        self._known_features |= flush.new_features
        tell(runs, done)

    async def _give_ids(self, connection: asyncpg.Connection, runs: Sequence[Run]) -> None:
        missing = sum(map(len, runs)) - sum(map(len, self._ids))
        if missing > 0:
            blocks = -(-missing // IDS_IN_BLOCK)
            for row in await connection.fetch(IDS, blocks):
                self._ids.append(range(row[0], row[0] + IDS_IN_BLOCK))
        for run in runs:
            ids: list[int] = []
            while len(ids) < len(run):
                block = self._ids.popleft()
                wanted = len(run) - len(ids)
                ids += block[:wanted]
                if len(block) > wanted:
                    self._ids.appendleft(block[wanted:])
            run.ids = ids

    async def _connected(self) -> asyncpg.Connection:
        if self._connection is None or self._connection.is_closed():
            self._connection = await self._connections.connect(**SETTINGS)
            await prepare(self._connection)
        return self._connection

    async def _disconnect(self) -> None:
        connection, self._connection = self._connection, None
        self._forget()
        if connection is not None:
            connection.terminate()

    def _forget(self) -> None:
        self._months.forget()
        self._known_features.clear()


async def prepare(connection: asyncpg.Connection) -> None:
    """Make the staging table; let times be microseconds in tuples of one."""
    await connection.set_type_codec(
        "timestamptz",
        schema="pg_catalog",
        encoder=tuple,
        decoder=tuple,
        format="tuple",
    )
    await connection.execute(STAGING)


def tell(runs: Sequence[Run], done: Flushed) -> None:
    """Write into the outcomes of each request what became of its rows."""
    for run in runs:
        outcomes = _outcomes(run)
        if len(run) == len(outcomes.ids):
            outcomes.ids = list(run.ids)
        else:
            for position, pk in zip(run.positions, run.ids, strict=True):
                outcomes.ids[position] = pk
    for run, index, pk in done.repeated:
        _outcomes(run).ids[run.positions[index]] = pk
        _outcomes(run).repeated.add(run.positions[index])
    for run, index, pk in done.versioned:
        _outcomes(run).ids[run.positions[index]] = pk
        _outcomes(run).versioned.add(run.positions[index])
    for run, index, refusal in done.refused:
        _outcomes(run).ids[run.positions[index]] = 0
        _outcomes(run).refused[run.positions[index]] = refusal


def _refuse(run: Run, refusal: Refusal) -> None:
    _outcomes(run).ids[run.positions[0]] = 0
    _outcomes(run).refused[run.positions[0]] = refusal


def _outcomes(run: Run) -> Outcomes:
    assert run.outcomes is not None, "store() sets it"
    return run.outcomes


def _halves(runs: Sequence[Run]) -> list[Sequence[Run]] | None:
    """Return two parts of ``runs``; None when it is a single row."""
    if len(runs) > 1:
        return [runs[: len(runs) // 2], runs[len(runs) // 2 :]]
    (run,) = runs
    if len(run) == 1:
        return None
    middle = len(run) // 2
    return [[run.part(range(middle))], [run.part(range(middle, len(run)))]]


def _days(runs: Sequence[Run]) -> set[int]:
    """Return the days on which something is to be stored."""
    days: set[int] = set()
    for run in runs:
        if len(run) < MANY:
            days.update(time // DAY for time in run.times)
        else:
            days.update(np.unique(np.array(run.times, np.int64) // DAY).tolist())
    return days

"""One transaction of the writer: runs of many requests, for many datastreams.

1. Lock the states of the datastreams in the order of their ids.
2. Rows newer than the last of their datastream: COPY straight into the table.
3. Late rows: COPY into a staging table, insert what is new, compare what is there already.
4. Keep the states, the touched hours and the features, and announce: one statement.
5. Note the stretches whose flags of quality must be looked at again with their neighbours.
"""

from collections.abc import AsyncIterator, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from operator import lt
from struct import Struct
from typing import Any

import asyncpg

from stadtwabe.hub.ingest.announcement import payloads
from stadtwabe.hub.ingest.batch import Run
from stadtwabe.hub.ingest.hours import Added, added_to_hours
from stadtwabe.hub.ingest.outcome import NO_STREAM, Refusal
from stadtwabe.hub.ingest.quality import flags_in_order, range_flag
from stadtwabe.hub.ingest.rows import (
    COLUMNS,
    HEADER,
    TOUCHED_COLUMNS,
    TRAILER,
    encode,
    encode_touched,
)
from stadtwabe.hub.ingest.said import Said
from stadtwabe.hub.ingest.state import State
from stadtwabe.hub.ingest.statements import (
    COMPARE,
    INSERT_LATE,
    KEEP,
    LATE_COLUMNS,
    LOCK,
    NOTE_FEATURES,
    NOTE_STRETCHES,
    REPLACE,
    REPLACE_LAST,
    THERE,
)
from stadtwabe.hub.ingest.thaw import thaw

DIFFERS = Refusal(
    Said(
        "Zu dieser Zeit gibt es schon einen anderen Messwert.",
        "There is another result at this time already.",
    ),
    "phenomenonTime",
    409,
)

TOUCHED_BY_COPY = 200
"""From so many touched hours on, COPY is faster than arrays."""


@dataclass(slots=True)
class Flushed:
    """What became of the rows that were not simply stored: their run and their place in it."""

    repeated: list[tuple[Run, int, int]] = field(default_factory=list)
    """With the id of the observation that was there; so, too, of the versioned."""
    versioned: list[tuple[Run, int, int]] = field(default_factory=list)
    refused: list[tuple[Run, int, Refusal]] = field(default_factory=list)


class Flush:
    """Stores runs in the transaction that ``connection`` has begun."""

    def __init__(self, connection: asyncpg.Connection, runs: Sequence[Run]) -> None:
        self._connection = connection
        self._runs = runs
        self._done = Flushed()
        self._states: dict[int, State] = {}
        self._touched: list[Added] = []
        self._recount: list[tuple[int, int]] = []
        self._features: set[tuple[int, int]] = set()

    async def store(self, *, all_late: bool, known_features: set[tuple[int, int]]) -> Flushed:
        """Store everything. ``all_late``: trust no state, look every row up.

        Pairs of datastream and feature not among ``known_features`` are noted; the caller adds
        them after the commit, from ``new_features``.
        """
        await self._lock()
        in_order, late = self._divide(all_late=all_late)
        if in_order:
            await self._copy(in_order)
        if late:
            await self._store_late(late)
        await self._keep(known_features)
        await self._note_stretches([run for run, _flags in in_order], late)
        return self._done

    @property
    def new_features(self) -> set[tuple[int, int]]:
        """Pairs of datastream and feature that this flush has noted."""
        return self._features

    async def _lock(self) -> None:
        ids = sorted({run.stream.id for run in self._runs})
        for row in await self._connection.fetch(LOCK, ids):
            last_time, unchanged_since = (row[place] and row[place][0] for place in (1, 3))
            self._states[row[0]] = State(last_time, row[2], unchanged_since)

    def _divide(self, *, all_late: bool) -> tuple[list[tuple[Run, list[int] | None]], list[Run]]:
        in_order: list[tuple[Run, list[int] | None]] = []
        late: list[Run] = []
        for run in self._runs:
            state = self._states.get(run.stream.id)
            if state is None:
                self._done.refused += [(run, index, NO_STREAM) for index in range(len(run))]
                continue
            newer, older = (None, run) if all_late else _split(run, state.last_time)
            if newer is not None:
                flags = None
                if run.stream.rules is not None:
                    flags = flags_in_order(
                        run.stream.rules,
                        newer.times,
                        newer.results,
                        last_time=state.last_time,
                        last_result=state.last_result,
                        unchanged_since=state.unchanged_since,
                    )
                in_order.append((newer, flags))
                self._note(newer, flags, state)
            if older is not None:
                late.append(older)
        return in_order, late

    def _note(self, run: Run, flags: Sequence[int] | None, state: State) -> None:
        state.note(run, flags)
        self._touched += added_to_hours(run.stream.id, run.times, run.results)

    async def _copy(self, runs: Sequence[tuple[Run, Sequence[int] | None]]) -> None:
        await self._connection.copy_to_table(
            "hub_observation",
            source=_framed(chunk for run, flags in runs for chunk in encode(run, flags)),
            columns=COLUMNS,
            format="binary",
        )

    async def _store_late(self, runs: Sequence[Run]) -> None:
        await thaw(self._connection, runs)
        rest = await self._fill_gaps(runs)
        if rest:
            await self._stage(rest)

    async def _stage(self, runs: Sequence[Run]) -> None:
        """Store rows at times where something may be: new, the same again, or differing."""
        places = [(run, index) for run in runs for index in range(len(run))]

        def encoded() -> Iterator[bytes]:
            done = 0
            for run in runs:
                yield from encode(run, _range_flags(run), lead=range(done, done + len(run)))
                done += len(run)

        await self._connection.copy_to_table(
            "late", source=_framed(encoded()), columns=LATE_COLUMNS, format="binary"
        )
        inserted = await self._connection.execute(INSERT_LATE)
        there: dict[int, tuple[int, bool]] = {}
        if int(inserted.rpartition(" ")[2]) < len(places):
            found = await self._connection.fetch(COMPARE)
            there = {row[0]: (row[1], row[2]) for row in found}
        self._note_late(runs, there)
        await self._settle(places, there)

    async def _fill_gaps(self, runs: Sequence[Run]) -> list[Run]:
        """Copy late rows at times where nothing is yet, like those in order; return the others.

        Backfills and what a device has kept while it was offline come like this. Nobody else can
        put anything there meanwhile: the state is locked.
        """
        rest: list[Run] = []
        spans: list[Run] = []
        until: dict[int, int] = {}
        for run in sorted(map(_in_order_of_time, runs), key=lambda run: run.times[0]):
            is_beside = until.get(run.stream.id, run.times[0] - 1) < run.times[0]
            if is_beside and all(map(lt, run.times, run.times[1:])):
                spans.append(run)
                until[run.stream.id] = run.times[-1]
            else:
                rest.append(run)
        filling: list[Run] = []
        for run, there in zip(spans, await self._times_there(spans), strict=True):
            if len(there) == _most_there(run):
                rest.append(run)
            elif there.isdisjoint(run.times):
                filling.append(run)
            else:
                taken = [index for index, time in enumerate(run.times) if time in there]
                free = [index for index, time in enumerate(run.times) if time not in there]
                rest.append(run.part(taken))
                filling += [run.part(free)] if free else []
        flagged = [(run, _range_flags(run)) for run in filling]
        if flagged:
            await self._copy(flagged)
        for run, flags in flagged:
            self._note(run, flags, self._states[run.stream.id])
        return rest

    async def _times_there(self, runs: Sequence[Run]) -> list[set[int]]:
        """Return the times at which something is, from the first to the last of each run.

        At most ``_most_there``: where there is so much more, rows are better looked up singly.
        """
        found = await self._connection.fetch(
            THERE,
            list(range(len(runs))),
            [run.stream.id for run in runs],
            [(run.times[0],) for run in runs],
            [(run.times[-1],) for run in runs],
            [_most_there(run) for run in runs],
        )
        there: list[set[int]] = [set() for _run in runs]
        for place, sent in found:
            there[place].update(value for (value,) in _big_endian(sent or b""))
        return there

    def _note_late(self, runs: Sequence[Run], there: Container[int]) -> None:
        done = 0
        for run in runs:
            fresh = [index for index in range(len(run)) if done + index not in there]
            fresh.sort(key=run.times.__getitem__)
            if fresh:
                stored = run.part(fresh)
                self._note(stored, _range_flags(stored), self._states[run.stream.id])
            done += len(run)

    async def _settle(
        self, places: Sequence[tuple[Run, int]], there: dict[int, tuple[int, bool]]
    ) -> None:
        """Say of rows whose time was taken: repeated, replaced or refused."""
        replacing: list[int] = []
        for lead, (pk, is_same) in sorted(there.items()):
            run, index = places[lead]
            if is_same:
                self._done.repeated.append((run, index, pk))
            elif run.stream.replaces_differing:
                self._done.versioned.append((run, index, pk))
                replacing.append(lead)
            else:
                self._done.refused.append((run, index, DIFFERS))
        while replacing:
            # Of several for the same time, one after the other: each leaves its version.
            keys: set[tuple[int, int]] = set()
            chosen: list[int] = []
            rest: list[int] = []
            for lead in replacing:
                run, index = places[lead]
                key = (run.stream.id, run.times[index])
                (rest if key in keys else chosen).append(lead)
                keys.add(key)
            await self._connection.execute(REPLACE, chosen)
            self._recount += sorted(keys)
            replacing = rest

    async def _keep(self, known_features: set[tuple[int, int]]) -> None:
        changed = {pk: state for pk, state in self._states.items() if state.stored}
        if self._recount:
            await self._connection.execute(
                REPLACE_LAST,
                [pk for pk, _time in self._recount],
                [(time,) for _pk, time in self._recount],
            )
        if not changed:
            return
        touched = self._touched
        if len(touched) > TOUCHED_BY_COPY:
            await self._connection.copy_to_table(
                "hub_touchedhour",
                source=_framed([encode_touched(touched)]),
                columns=TOUCHED_COLUMNS,
                format="binary",
            )
            touched = []
        await self._connection.execute(
            KEEP,
            *_state_columns(changed),
            *_touched_columns(touched),
            payloads(sorted(changed), self._runs),
        )
        await self._note_features(known_features)

    async def _note_stretches(self, in_order: Sequence[Run], late: Sequence[Run]) -> None:
        """Late rows change what their neighbours are; for outliers new ones do, too."""
        judged = [run for run in late if run.stream.rules]
        judged += [run for run in in_order if run.stream.rules and "outlier" in run.stream.rules]
        if judged:
            await self._connection.execute(
                NOTE_STRETCHES,
                [run.stream.id for run in judged],
                [(min(run.times),) for run in judged],
                [(max(run.times),) for run in judged],
            )

    async def _note_features(self, known: set[tuple[int, int]]) -> None:
        for run in self._runs:
            stream = run.stream
            used = {stream.feature_id} if run.feature_ids is None else set(run.feature_ids)
            self._features |= {
                (stream.id, feature_id)
                for feature_id in used
                if feature_id is not None and (stream.id, feature_id) not in known
            }
        if self._features:
            pairs = sorted(self._features)
            await self._connection.execute(
                NOTE_FEATURES, [pk for pk, _ in pairs], [feature_id for _, feature_id in pairs]
            )


def _most_there(run: Run) -> int:
    return 4 * len(run) + 20


def _in_order_of_time(run: Run) -> Run:
    if len(run) == 1 or all(map(lt, run.times, run.times[1:])):
        return run
    return run.part(sorted(range(len(run)), key=run.times.__getitem__))


def _range_flags(run: Run) -> list[int] | None:
    """Return the flags of late rows, None when their datastream has no rules."""
    rules = run.stream.rules
    return None if rules is None else [range_flag(rules, result) for result in run.results]


def _split(run: Run, last_time: int | None) -> tuple[Run | None, Run | None]:
    """Return what is newer than ``last_time`` and in order, and the rest."""
    times = run.times
    is_newer = last_time is None or times[0] > last_time
    if is_newer and (len(times) == 1 or all(map(lt, times, times[1:]))):
        return run, None
    newer, older = [], []
    for index, time in enumerate(times):
        if last_time is None or time > last_time:
            newer.append(index)
            last_time = time
        else:
            older.append(index)
    return (
        run.part(newer) if newer else None,
        run.part(older) if older else None,
    )


_big_endian = Struct("!q").iter_unpack


async def _framed(chunks: Iterable[bytes]) -> AsyncIterator[bytes]:
    yield HEADER
    for chunk in chunks:
        yield chunk
    yield TRAILER


def _state_columns(changed: dict[int, State]) -> list[list[Any]]:
    """Return the parameters of ``KEEP`` for the states, one list for each column."""
    rows = []
    for pk, state in changed.items():
        newest_id, result, detail, quality = state.newest or (None, None, None, 0)
        rows.append(
            (
                pk,
                state.stored,
                _stamp(state.first),
                _stamp(state.last_time) if state.newest else None,
                _stamp(state.end),
                _stamp(state.first_result_time),
                _stamp(state.last_result_time),
                newest_id,
                result,
                detail.decode() if detail is not None else None,
                quality,
                _stamp(state.unchanged_since),
            )
        )
    return [list(column) for column in zip(*rows, strict=True)]


def _touched_columns(touched: Sequence[Added]) -> list[list[Any]]:
    if not touched:
        return [[] for _name in TOUCHED_COLUMNS]
    columns: list[list[Any]] = [list(column) for column in zip(*touched, strict=True)]
    for number in (2, 7):
        columns[number] = [(time,) for time in columns[number]]
    return columns


def _stamp(time: int | None) -> tuple[int] | None:
    """Return a time as the connection takes it (see ``writer.prepare``)."""
    return None if time is None else (time,)

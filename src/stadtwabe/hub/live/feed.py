"""One connection to the database that hears of new observations, for all open pages."""

import asyncio
import contextlib
import logging
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any

import asyncpg

from stadtwabe.hub.ingest.announcement import OBSERVED, heard
from stadtwabe.hub.ingest.connections import CHANGED, LOST
from stadtwabe.hub.live.listeners import Listener

GATHER_SECONDS = 0.25
"""Values that come together are sent together."""

CHECK_SECONDS = 60.0
"""Memberships and sign-ins change without announcing it."""

RETRY_SECONDS = 2.0

NEWEST = """
SELECT d.id, d.units, d.audience, s.last_time, s.last_result, s.last_detail
FROM hub_datastream d JOIN hub_datastreamstate s ON s.datastream_id = d.id
WHERE d.id = ANY($1::int[]) AND s.last_time IS NOT NULL
"""

Check = Callable[[Mapping[str, frozenset[int]]], Awaitable[Mapping[str, frozenset[int]]]]
"""From session cookies (empty: visitors) and what they want to see, to what they may see of it."""

Connect = Callable[[], Awaitable[asyncpg.Connection]]
Shown = Callable[[Mapping[str, Any], str], dict[str, Any]]
"""From a row of ``NEWEST`` and a language to what pages in that language get."""

logger = logging.getLogger(__name__)


class Feed:
    """Connects when the first page listens, and lets go when the last one has left."""

    def __init__(self, connect: Connect, check: Check, shown: Shown) -> None:
        self._connect = connect
        self._check = check
        self._shown = shown
        self._listeners: set[Listener] = set()
        self._touched: set[int] = set()
        self._new: set[Listener] = set()
        self._must_check = False
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def __len__(self) -> int:
        """How many pages listen."""
        return len(self._listeners)

    def join(self, listener: Listener) -> None:
        """Let a page listen: it gets the newest values first, then what comes."""
        self._listeners.add(listener)
        self._new.add(listener)
        self._wake.set()
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run())

    def leave(self, listener: Listener) -> None:
        """Let a page go."""
        self._listeners.discard(listener)
        self._new.discard(listener)
        self._wake.set()

    async def close(self) -> None:
        """End all pages' listening, and let go of the database."""
        for listener in self._listeners:
            listener.close()
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def _run(self) -> None:
        while self._listeners:
            try:
                connection = await self._connect()
            except LOST as error:
                logger.warning("live: no database: %s", error)
                await asyncio.sleep(RETRY_SECONDS)
                continue
            try:
                await self._hear(connection)
            except LOST as error:
                logger.warning("live: the database has gone: %s", error)
                await asyncio.sleep(RETRY_SECONDS)
            finally:
                with contextlib.suppress(*LOST):
                    await connection.close(timeout=2)

    async def _hear(self, connection: asyncpg.Connection) -> None:
        """Pass on what the connection hears until nobody listens any more. Raises ``LOST``."""
        await connection.add_listener(OBSERVED, self._observed)
        await connection.add_listener(CHANGED, lambda *_: self._changed())
        connection.add_termination_listener(lambda _: self._wake.set())
        # What came while nobody heard is caught up with: everybody begins anew.
        self._new = set(self._listeners)
        checked = 0.0
        while self._listeners:
            if connection.is_closed():
                raise ConnectionError("live")  # one of LOST
            if self._must_check or time.monotonic() - checked > CHECK_SECONDS:
                self._must_check = False
                await self._allow(self._listeners)
                checked = time.monotonic()
            elif self._new:
                await self._allow(self._new)
            new, self._new = self._new, set()
            touched, self._touched = self._touched, set()
            await self._send(connection, touched, new)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), CHECK_SECONDS)
            self._wake.clear()
            await asyncio.sleep(GATHER_SECONDS)

    async def _allow(self, listeners: Iterable[Listener]) -> None:
        """Ask what each may see. Announcements come in the order of commits: what was narrowed
        before a value came is narrowed here before the value is sent."""
        asking = list(listeners)
        wanted: dict[str, frozenset[int]] = defaultdict(frozenset)
        for listener in asking:
            wanted[listener.session] |= listener.wanted
        allowed = await self._check(wanted)
        for listener in asking:
            listener.allow(listener.wanted & allowed[listener.session])

    async def _send(
        self, connection: asyncpg.Connection, touched: set[int], new: set[Listener]
    ) -> None:
        """Offer the newest values of ``touched`` to all, and of everything to ``new`` ones."""
        of_new = set().union(*(listener.allowed for listener in new))
        open_to_any = set().union(*(listener.allowed for listener in self._listeners))
        ids = (touched & open_to_any) | of_new
        if not ids:
            return
        for row in await connection.fetch(NEWEST, sorted(ids)):
            is_public = row["audience"] == "public"
            receivers = self._listeners if row["id"] in touched else new
            languages = {listener.language for listener in receivers}
            readings = {language: self._shown(row, language) for language in languages}
            for listener in receivers:
                if is_public or listener.session:
                    listener.offer(readings[listener.language])

    def _observed(self, _connection: Any, _pid: int, _channel: str, payload: str) -> None:
        self._touched.update(heard(payload).streams)
        self._wake.set()

    def _changed(self) -> None:
        self._must_check = True
        self._wake.set()

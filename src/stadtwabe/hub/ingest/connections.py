"""The connections of one ingest process: one that writes, one that asks, one that listens."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol

import asyncpg

from stadtwabe.hub.ingest.outcome import Unavailable

CHANGED = "hub_changed"
CONNECT_SECONDS = 10
RETRY_SECONDS = 0.2

LOST = (
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    # What asyncpg says when the server hangs up between two messages.
    asyncpg.InternalClientError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.CannotConnectNowError,
    asyncpg.TooManyConnectionsError,
    OSError,
    TimeoutError,
)
"""Errors that say that the database is not there, or no longer."""

logger = logging.getLogger(__name__)


class Asking(Protocol):
    """Whoever lends a connection for looking things up, and says when to look again."""

    def on_change(self, forget: Callable[[], None]) -> None:
        """Call ``forget`` when entities or tokens have changed, or might have."""

    def asking(self) -> AbstractAsyncContextManager[asyncpg.Connection]:
        """Lend a connection. Raises Unavailable when there is none."""


class Connections:
    """Connects when first needed, and again when a connection is lost."""

    def __init__(self, parameters: Mapping[str, Any]) -> None:
        self._parameters = parameters
        self._asking: asyncpg.Connection | None = None
        self._lock = asyncio.Lock()
        self._changed: list[Callable[[], None]] = []

    def on_change(self, forget: Callable[[], None]) -> None:
        """Call ``forget`` when entities or tokens have changed, or might have."""
        self._changed.append(forget)

    async def connect(self, **settings: str) -> asyncpg.Connection:
        """Open a connection of one's own. Raises one of ``LOST``."""
        return await asyncpg.connect(
            **self._parameters,
            timeout=CONNECT_SECONDS,
            server_settings={"application_name": "stadtwabe ingest", **settings},
        )

    @contextlib.asynccontextmanager
    async def asking(self) -> AsyncIterator[asyncpg.Connection]:
        """Lend the connection for looking things up. Raises Unavailable when there is none."""
        async with self._lock:
            try:
                if self._asking is None or self._asking.is_closed():
                    self._asking = await self._listening()
                yield self._asking
            except LOST as error:
                self._announce()
                raise Unavailable(str(error)) from error

    async def close(self) -> None:
        """Close what is open."""
        if self._asking is not None:
            with contextlib.suppress(*LOST):
                await self._asking.close(timeout=2)

    async def _listening(self) -> asyncpg.Connection:
        connection = await self.connect()
        await connection.add_listener(CHANGED, lambda *_: self._announce())
        connection.add_termination_listener(lambda _: self._announce())
        self._announce()
        return connection

    def _announce(self) -> None:
        for forget in self._changed:
            forget()

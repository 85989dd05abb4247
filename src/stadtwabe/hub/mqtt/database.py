"""Django's connection to the database, for an event loop: it belongs to one thread."""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from django.db import DatabaseError, close_old_connections, connection

T = TypeVar("T")

RETRY_SECONDS = 1.0

logger = logging.getLogger(__name__)


class DjangoThread:
    """Runs what asks Django's models, one after the other."""

    def __init__(self, name: str) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix=name)

    async def run(self, ask: Callable[[], T]) -> T:
        """Return what ``ask`` returns; while the database is away, wait for it."""
        while True:
            try:
                return await asyncio.get_running_loop().run_in_executor(
                    self._thread, _with_connection, ask
                )
            except DatabaseError:
                logger.exception("The database cannot be asked")
                await asyncio.sleep(RETRY_SECONDS)

    async def close(self) -> None:
        """Let go of the database."""
        await asyncio.get_running_loop().run_in_executor(self._thread, _disconnect)
        self._thread.shutdown()


def _disconnect() -> None:
    connection.close()  # that of the thread in which this is called


def _with_connection(ask: Callable[[], T]) -> T:
    close_old_connections()
    return ask()

"""Takes what ingest has added to hours and days, within two seconds."""

import asyncio
import contextlib
import logging

import asyncpg

from stadtwabe.hub.ingest.connections import LOST, Connections

EVERY_SECONDS = 1.5
AT_ONCE = 20_000

logger = logging.getLogger(__name__)


async def keep_rolling(connections: Connections, *, every: float = EVERY_SECONDS) -> None:
    """Roll up until cancelled. Any number of processes may: the database lets one at a time."""
    connection: asyncpg.Connection | None = None
    try:
        while True:
            try:
                if connection is None or connection.is_closed():
                    connection = await connections.connect(jit="off", enable_seqscan="off")
                taken = await connection.fetchval("SELECT hub_roll_up($1)", AT_ONCE)
            except LOST:
                connection, taken = None, 0
            except asyncpg.PostgresError:
                logger.exception("Rolling up failed")
                taken = 0
            if taken < AT_ONCE:
                await asyncio.sleep(every)
    finally:
        if connection is not None:
            with contextlib.suppress(*LOST):
                await connection.close(timeout=2)

"""The connection to the broker: held by one process of many, and by another when that one ends."""

import asyncio
import contextlib
import logging
import os
import random
import socket
from collections.abc import AsyncIterator, Mapping
from dataclasses import astuple
from typing import Any

import asyncpg

from stadtwabe.hub.commands.alerts import ANNOUNCED
from stadtwabe.hub.ingest.announcement import OBSERVED
from stadtwabe.hub.ingest.connections import LOST
from stadtwabe.hub.ingest.outcome import Unavailable
from stadtwabe.hub.ingest.service import Service
from stadtwabe.hub.mqtt import incoming, outgoing
from stadtwabe.hub.mqtt.alerts import Alerts
from stadtwabe.hub.mqtt.broker import Broker, BrokerAway, Connection
from stadtwabe.hub.mqtt.incoming import Incoming
from stadtwabe.hub.mqtt.outgoing import Outgoing
from stadtwabe.hub.mqtt.payloads import MOST_BYTES
from stadtwabe.hub.mqtt.records import Records
from stadtwabe.hub.topics import incoming_filter

LOCK = "hub_mqtt"
"""An advisory lock (``kit.locks``): whoever has it holds the connection to the broker."""

STATUS_SECONDS = 2.0
ELECTION_SECONDS = 1.0
ANSWER_SECONDS = 10.0
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0

SETTINGS = {
    # A machine that vanishes loses the lock within half a minute.
    "tcp_keepalives_idle": "10",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "4",
}

logger = logging.getLogger(__name__)


class MqttService:
    """Holds the connection whenever nobody else does, until ``run`` is cancelled.

    ``parameters`` are those of ``asyncpg.connect``; ``root`` is the address of the SensorThings
    service, for links.
    """

    def __init__(self, broker: Broker, parameters: Mapping[str, Any], *, root: str) -> None:
        self._broker = broker
        self._root = root
        self._service = Service(parameters)
        self._records = Records(self._service.connections)
        self._incoming = Incoming(self._service, self._records, prefix=broker.prefix)
        self._outgoing = Outgoing(root=root, prefix=broker.prefix)
        self._alerts = Alerts(prefix=broker.prefix)
        self._connection: Connection | None = None
        self._problem = ""

    async def run(self) -> None:
        """Hold the connection, or wait for one's turn, until cancelled."""
        try:
            while True:
                try:
                    async with self._elected() as lock:
                        await self._hold(lock)
                except (*LOST, Unavailable) as error:
                    logger.warning("The database is away: %s", error)
                except asyncpg.PostgresError:
                    logger.exception("The database does not do what it should")
                await asyncio.sleep(ELECTION_SECONDS)
        finally:
            await self._outgoing.close()
            await self._alerts.close()
            await self._service.close()

    @contextlib.asynccontextmanager
    async def _elected(self) -> AsyncIterator[asyncpg.Connection]:
        """Wait until nobody else holds the connection. Raises one of LOST."""
        lock = await self._service.connections.connect(**SETTINGS)
        try:
            while True:
                if await lock.fetchval("SELECT pg_try_advisory_lock(hashtext($1))", LOCK):
                    break
                await asyncio.sleep(ELECTION_SECONDS)
            yield lock
        finally:
            with contextlib.suppress(*LOST):
                await lock.close(timeout=2)

    async def _hold(self, lock: asyncpg.Connection) -> None:
        """Be the one, until the lock is lost."""
        lost = asyncio.Event()
        lock.add_termination_listener(lambda _: lost.set())
        await lock.add_listener(OBSERVED, lambda *call: self._outgoing.hear(call[3]))
        await lock.add_listener(ANNOUNCED, lambda *_call: self._alerts.hear())
        client_id, seen_at = await self._records.session()
        if seen_at is not None:
            await self._outgoing.catch_up(seen_at)
        tasks = [
            asyncio.create_task(work)
            for work in (lost.wait(), self._keep_connected(client_id), self._keep_telling(lock))
        ]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            results = await asyncio.gather(*tasks, return_exceptions=True)
            self._connection, self._problem = None, "Stadtwabe ist nicht in Betrieb."
            with contextlib.suppress(Unavailable):
                await self._tell()
        for result in results:
            if isinstance(result, Exception):
                raise result

    async def _keep_connected(self, client_id: str) -> None:
        pause = FIRST_PAUSE
        while True:
            connection = Connection(
                self._broker, client_id=client_id, hear=self._incoming.hear, keep=MOST_BYTES
            )
            try:
                await connection.open()
                await connection.subscribe(incoming_filter(self._broker.prefix))
                self._connection, self._problem, pause = connection, "", FIRST_PAUSE
                await self._work(connection)
            except BrokerAway as error:
                logger.warning("The broker is away: %s", error)
                self._connection, self._problem = None, str(error)
            finally:
                await connection.close()
                self._incoming.lose()
            # Not all installations at the same moment, when a broker comes back.
            await asyncio.sleep(pause * random.uniform(0.8, 1.2))  # noqa: S311 - no secret
            pause = min(2 * pause, LONGEST_PAUSE)

    async def _work(self, connection: Connection) -> None:
        """Take in and publish until the connection is lost, which is raised as BrokerAway."""
        tasks = [
            asyncio.create_task(work)
            for work in (
                connection.stay(),
                self._incoming.run(connection),
                self._incoming.tidy(),
                self._outgoing.run(connection),
                self._outgoing.run_entities(connection),
                self._alerts.run(connection),
            )
        ]
        try:
            done, _rest = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        for task in done:
            task.result()

    async def _keep_telling(self, lock: asyncpg.Connection) -> None:
        while True:
            # A connection that is dead without having said so is noticed here.
            await lock.execute("SELECT 1", timeout=ANSWER_SECONDS)
            with contextlib.suppress(Unavailable):
                await self._tell()
            await asyncio.sleep(STATUS_SECONDS)

    async def _tell(self) -> None:
        came, went = self._incoming.counts, self._outgoing.counts
        self._incoming.counts, self._outgoing.counts = incoming.Counts(), outgoing.Counts()
        problem = self._problem
        if self._connection is not None and self._connection.denied:
            problem = f"Der Broker lässt uns nicht senden: {self._connection.denied}"
        await self._records.tell(
            holder=f"{socket.gethostname()}:{os.getpid()}",
            broker=self._broker.address,
            is_connected=self._connection is not None,
            problem=problem,
            counts=[*astuple(came), *astuple(went)],
        )

"""Kill -9 of the web server and of the database under load: every acknowledged observation is
there afterwards, none twice, and what is kept of them (counts, hours) agrees.
"""

import asyncio
import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

import stadtwabe
from stadtwabe.site.postgres.server import Server
from stadtwabe.site.postgres.tests.conftest import copy_data, data_with_tables

__all__ = ["data_with_tables"]

CLIENTS = 24
ROWS_IN_BULK = 40
START = datetime(2026, 3, 1, tzinfo=UTC)
GUARDIAN_REST_SECONDS = 13
"""The guardian of the database gives up after five restarts within a minute."""

MAKE_WORLD = """
import json
import django
django.setup()
from stadtwabe.hub.tests.factories import make_datastream, make_location, make_thing
from stadtwabe.kit.actor import SYSTEM
from stadtwabe.people.commands import create_token
from stadtwabe.people.tests.factories import NOW, Cast

cast = Cast()
thing = make_thing(cast.menden, locations=[make_location(cast.menden)])
streams = [make_datastream(thing, f"Reihe {number}").pk for number in range(12)]
token = create_token(
    actor=SYSTEM, user=cast.users["steward"], label="Test", scopes=["data"], now=NOW
)[1]
print(json.dumps({"streams": streams, "token": token}))
"""


class Load(threading.Thread):
    """Clients that repeat what was not acknowledged, and note what was.

    A third posts observations one by one in order, a third from late to early, a third in bulk.
    """

    def __init__(self, port: int, world: dict[str, Any]) -> None:
        super().__init__()
        self.root = f"http://127.0.0.1:{port}/sta/v1.1/"
        self.world = world
        self.acknowledged: list[tuple[int, datetime, float]] = []
        self.is_over = threading.Event()
        self.failures = 0

    def run(self) -> None:
        asyncio.run(self._run())

    async def _run(self) -> None:
        headers = {"Authorization": f"Bearer {self.world['token']}"}
        limits = httpx.Limits(max_connections=CLIENTS)
        async with httpx.AsyncClient(headers=headers, limits=limits, timeout=60) as client:
            await asyncio.gather(*(self._post(client, number) for number in range(CLIENTS)))

    async def _post(self, client: httpx.AsyncClient, number: int) -> None:
        # Two clients share a datastream; their times never meet.
        pk = self.world["streams"][number // 2]
        step = -1 if number % 3 == 1 else 1
        begin = START + timedelta(days=100 * (number % 2) + 50)
        count = 0
        while not self.is_over.is_set():
            size = ROWS_IN_BULK if number % 3 == 2 else 1
            rows = [
                (begin + step * timedelta(seconds=30 * each), float(each))
                for each in range(count, count + size)
            ]
            if await self._is_stored(client, pk, rows):
                self.acknowledged += [(pk, time, result) for time, result in rows]
                count += size

    async def _is_stored(
        self, client: httpx.AsyncClient, pk: int, rows: list[tuple[datetime, float]]
    ) -> bool:
        stream = {"@iot.id": pk}
        data = [[time.isoformat(), result] for time, result in rows]
        try:
            if len(rows) == 1:
                ((time_text, result),) = data
                body: Any = {"phenomenonTime": time_text, "result": result, "Datastream": stream}
                answer = await client.post(f"{self.root}Observations", json=body)
            else:
                body = [
                    {
                        "Datastream": stream,
                        "components": ["phenomenonTime", "result"],
                        "dataArray": data,
                    }
                ]
                answer = await client.post(f"{self.root}CreateObservations", json=body)
        except httpx.HTTPError:
            self.failures += 1
            await asyncio.sleep(0.2)
            return False
        if answer.status_code != 201:
            assert answer.status_code in {429, 503}, answer.text
            self.failures += 1
            await asyncio.sleep(0.2)
            return False
        if len(rows) > 1:
            assert "error" not in answer.text
        return True


class Installation:
    """A database and a web server that can be killed."""

    def __init__(self, folder: Path) -> None:
        self.database = Server(folder)
        self.database.start()
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        self.environment = {
            **os.environ,
            "DATABASE_URL": self.database.url,
            "STADTWABE_DATA": str(folder),
            "STADTWABE_SECRET_KEY": "only-for-this-test",
            "DJANGO_SETTINGS_MODULE": "stadtwabe.site.settings",
            "PYTHONPATH": str(Path(stadtwabe.__file__).parent.parent),
        }
        self.web: subprocess.Popen[bytes] | None = None

    def run(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def start_web(self) -> None:
        self.web = subprocess.Popen(
            [
                sys.executable,
                "-c",
                # As the web process of ./run: models are loaded when the application is.
                "import django, uvicorn; django.setup(); uvicorn.main()",
                "stadtwabe.site.asgi:application",
                f"--port={self.port}",
                "--log-level=warning",
                "--no-access-log",
            ],
            env=self.environment,
        )
        for _ in range(600):
            with (
                contextlib.suppress(OSError),
                socket.create_connection(("127.0.0.1", self.port), 1),
            ):
                return
            time.sleep(0.1)
        pytest.fail("The web server does not answer")

    def kill_web(self) -> None:
        assert self.web is not None
        self.web.kill()
        self.web.wait()

    def kill_database(self) -> None:
        found = self.database.cluster.read_pid_file()
        assert found is not None
        os.kill(found.pid, signal.SIGKILL)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.database.url) as connection:
            return connection.execute(query).fetchall()

    def close(self) -> None:
        if self.web is not None:
            self.kill_web()
        self.database.close()


@pytest.fixture
def installation(data_with_tables: Path) -> Iterator[Installation]:
    folder = Path(tempfile.mkdtemp(prefix="stadtwabe-kill-"))
    folder.chmod(0o711)
    copy_data(data_with_tables, folder / "data")
    installation = Installation(folder / "data")
    try:
        yield installation
    finally:
        installation.close()
        shutil.rmtree(folder)


def wait_for_more(load: Load, rows: int, seconds: float = 120) -> None:
    """Waits until so many more rows have been acknowledged."""
    wanted = len(load.acknowledged) + rows
    end = time.monotonic() + seconds
    while len(load.acknowledged) < wanted:
        assert load.is_alive(), "the clients have given up"
        assert time.monotonic() < end, "nothing is acknowledged any more"
        time.sleep(0.1)


def kill_both(installation: Installation, *, times: int) -> None:
    world = json.loads(installation.run("-c", MAKE_WORLD))
    installation.start_web()
    load = Load(installation.port, world)
    load.start()
    try:
        for round_number in range(times):
            wait_for_more(load, 300)
            installation.kill_web()
            installation.start_web()
            wait_for_more(load, 300)
            installation.kill_database()
            wait_for_more(load, 300)
            if round_number + 1 < times:
                time.sleep(GUARDIAN_REST_SECONDS)
    finally:
        load.is_over.set()
        load.join(90)
    assert load.failures, "the kills hit nobody"
    check(installation, load)


def check(installation: Installation, load: Load) -> None:
    stored = installation.rows("SELECT datastream_id, phenomenon_time, result FROM hub_observation")
    assert len(set(load.acknowledged)) == len(load.acknowledged)
    assert set(load.acknowledged) <= set(stored), "an acknowledged observation is lost"
    assert len({row[:2] for row in stored}) == len(stored), "an observation is there twice"
    assert not installation.rows("SELECT 1 FROM hub_observationversion")
    check_kept(installation)


def check_kept(installation: Installation) -> None:
    """Counts, first and last, and hours agree with the observations."""
    counted = "SELECT datastream_id, count(*), min(phenomenon_time), max(phenomenon_time)"
    kept = "SELECT datastream_id, observation_count, first_time, last_time"
    assert set(installation.rows(f"{counted} FROM hub_observation GROUP BY 1")) == set(
        installation.rows(f"{kept} FROM hub_datastreamstate")
    )
    while installation.rows("SELECT hub_roll_up(20000)")[0][0]:
        time.sleep(0.1)
    by_hour = (
        "SELECT datastream_id, date_trunc('hour', phenomenon_time, 'UTC'), count(*), sum(result),"
        " min(result), max(result) FROM hub_observation GROUP BY 1, 2"
    )
    rolled = "SELECT datastream_id, start, n, sum, min, max FROM hub_hour"
    assert set(installation.rows(by_hour)) == set(installation.rows(rolled))


def test_a_kill_of_each_loses_nothing_and_doubles_nothing(installation: Installation) -> None:
    kill_both(installation, times=1)


@pytest.mark.soak
def test_ten_kills_of_each_lose_nothing_and_double_nothing(installation: Installation) -> None:
    kill_both(installation, times=10)

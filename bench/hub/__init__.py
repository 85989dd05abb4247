"""The hub at its own limits: single posts, bulk, bytes, memory.

A PostgreSQL of its own, durable as in operation. Yardsticks of the same run: a bare group commit
behind the same web server, and a bare COPY into monthly partitions with one index.
"""

import asyncio
import contextlib
import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from struct import Struct

import asyncpg

from bench.hub.archived import archived
from bench.hub.reads import fill, hours_of_many, reads
from bench.hub.shares import measure_shares
from bench.row import Row
from stadtwabe.site.postgres.server import Server

PROJECT = Path(__file__).resolve().parent.parent.parent
STREAMS = 500
MOST_STREAMS = 1000
CLIENTS = 64
SECONDS = 6
ROUNDS = 3
BULK_ROWS = 500_000
ROWS_PER_REQUEST = 10_000
BULK_CONNECTIONS = 4
START = datetime(2026, 1, 1, tzinfo=UTC)
EVERY = timedelta(minutes=5)
POSTGRES_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


def measure() -> Iterator[Row]:
    """Yield the rows of the table."""
    with world_of(MOST_STREAMS) as (world, environment, url):
        asyncio.run(fill(url, world["streams"]))
        with serving("stadtwabe.site.asgi:application", environment) as (port, _process):
            yield from reads(world, port)
        yield asyncio.run(hours_of_many(url, world["streams"]))
    with world_of(STREAMS) as (world, environment, url):
        yield from single_posts(world, environment)
        yield from bulk(world, environment, url)
        yield from archived(world, environment)


@contextlib.contextmanager
def world_of(streams: int) -> Iterator[tuple[dict, dict[str, str], str]]:
    """Lend a town with so many datastreams, on a database server of its own."""
    folder = Path(tempfile.mkdtemp(prefix="stadtwabe-bench-"))
    folder.chmod(0o711)
    server = Server(folder)
    try:
        server.start()
        environment = {
            **os.environ,
            "DATABASE_URL": server.url,
            "DJANGO_SETTINGS_MODULE": "stadtwabe.site.settings",
            "STADTWABE_DATA": str(folder),
            "STADTWABE_SECRET_KEY": secrets.token_urlsafe(50),
            "PYTHONPATH": f"{PROJECT / 'src'}{os.pathsep}{PROJECT}",
        }
        run([sys.executable, "-m", "django", "migrate", "-v0"], environment)
        made = run([sys.executable, "-m", "bench.hub.world", str(streams)], environment)
        yield json.loads(made), environment, server.url
    finally:
        server.close()
        shutil.rmtree(folder, ignore_errors=True)


def single_posts(world: dict, environment: dict[str, str]) -> Iterator[Row]:
    """64 clients, an observation a request, each answered after its commit."""
    bare, ours, waits = [], [], []
    with (
        serving("bench.hub.bare:application", environment) as (bare_port, _bare_process),
        serving("stadtwabe.site.asgi:application", environment) as (port, process),
    ):
        for _round in range(ROUNDS):
            found = post_single(world, bare_port, f"/{'x' * 20}")
            bare.append(found["statuses"]["201"] / found["seconds"])
            found = post_single(world, port, "/sta/v1.1/Observations")
            refused = {status: n for status, n in found["statuses"].items() if status != "201"}
            assert not refused, refused
            ours.append(found["statuses"]["201"] / found["seconds"])
            waits.append(found["p99"] * 1000)
        memory = resident_megabytes(process.pid)
    yield Row(
        f"single posts, {CLIENTS} clients, authorised, durable",
        median(ours),
        "/s",
        goal=0.5,
        goal_is_ratio=True,
        better="higher",
        yardstick=median(bare),
        yardstick_is="bare group commit",
    )
    yield Row("the slowest of 100 of them waits", median(waits), "ms", goal=100)
    yield Row("memory of the web process after it", memory, "MB", goal=300)


def bulk(world: dict, environment: dict[str, str], url: str) -> Iterator[Row]:
    """CreateObservations with 10,000 rows a request over 4 connections."""
    bare, in_order, late, bare_then, between = [], [], [], [], []
    with serving("stadtwabe.site.asgi:application", environment) as (port, process):
        for number in range(ROUNDS):
            year = START + timedelta(days=400 * (2 * number + 1))
            bare.append(asyncio.run(bare_copy(url)))
            in_order.append(post_bulk(world, port, year + timedelta(days=400)))
            late.append(post_bulk(world, port, year))
        used = bytes_per_observation(url)
        for number in range(ROUNDS):
            bare_then.append(asyncio.run(bare_copy(url)))
            between.append(post_bulk(world, port, START + timedelta(days=400, minutes=number + 1)))
        memory = resident_megabytes(process.pid)
    for what, rates, yardstick, goal in (
        ("in order", in_order, bare, 0.4),
        ("late, where nothing is yet", late, bare, 0.25),
        ("late, between others", between, bare_then, 0.25),
    ):
        yield Row(
            f"bulk by CreateObservations, {what}",
            median(rates),
            "rows/s",
            goal=goal,
            goal_is_ratio=True,
            better="higher",
            yardstick=median(yardstick),
            yardstick_is="bare COPY",
        )
    yield Row("bytes per observation with indexes", used, "B", goal=100)
    yield Row("memory of the web process after bulk", memory, "MB", goal=300)
    for name, shares in asyncio.run(measure_shares(world, environment)).items():
        text = ", ".join(f"{stage} {share:.0%}" for stage, share in shares.items())
        print(f"shares of bulk {name}: {text}", file=sys.stderr)


def post_single(world: dict, port: int, path: str) -> dict:
    """Every connection posts to datastreams of its own, later and later."""
    connections = []
    streams = world["streams"]
    for client in range(CLIENTS):
        own = streams[client * 7 : client * 7 + 7]
        connections.append([post(path, world, one(pk)) for pk in own])
    return load({"port": port, "connections": connections, "seconds": SECONDS})


def one(pk: int) -> str:
    return json.dumps(
        {"phenomenonTime": "@@TIME@@Z", "result": 21.5, "Datastream": {"@iot.id": pk}}
    )


def post_bulk(world: dict, port: int, start: datetime) -> float:
    """Post a million rows, each request one datastream; return rows per second."""
    connections: list[list[str]] = [[] for _ in range(BULK_CONNECTIONS)]
    for number in range(BULK_ROWS // ROWS_PER_REQUEST):
        pk = world["streams"][number % STREAMS]
        data = [
            [(start + EVERY * row).isoformat(), 20 + row % 100 / 10]
            for row in range(ROWS_PER_REQUEST)
        ]
        body = json.dumps(
            [
                {
                    "Datastream": {"@iot.id": pk},
                    "components": ["phenomenonTime", "result"],
                    "dataArray": data,
                }
            ]
        )
        request = post("/sta/v1.1/CreateObservations", world, body)
        connections[number % BULK_CONNECTIONS].append(request)
    found = load({"port": port, "connections": connections})
    assert set(found["statuses"]) == {"201"}, found
    return BULK_ROWS / found["seconds"]


async def bare_copy(url: str) -> float:
    """COPY of rows encoded before, 100,000 a commit, into months with one index; rows/s."""
    connection = await asyncpg.connect(url)
    await connection.execute(
        "CREATE TABLE bare_copy (datastream_id integer, feature_id integer,"
        " phenomenon_time timestamptz, result float8) PARTITION BY RANGE (phenomenon_time);"
        "CREATE INDEX ON bare_copy (datastream_id, phenomenon_time)"
    )
    for month in range(1, 13):
        until = f"2026-{month + 1:02}-01" if month < 12 else "2027-01-01"
        await connection.execute(
            f"CREATE TABLE bare_copy_{month} PARTITION OF bare_copy"
            f" FOR VALUES FROM ('2026-{month:02}-01') TO ('{until}')"
        )
    pack = Struct("!hiiiiiqid").pack
    first = (START - POSTGRES_EPOCH) // timedelta(microseconds=1)
    step = EVERY // timedelta(microseconds=1)
    chunks = []
    for number in range(BULK_ROWS // 100_000):
        rows = [
            pack(4, 4, stream, 4, stream, 8, first + step * at, 8, 20.5)
            for stream in range(number * 10, number * 10 + 10)
            for at in range(10_000)
        ]
        chunks.append(b"PGCOPY\n\xff\r\n\0" + bytes(8) + b"".join(rows) + b"\xff\xff")
    begun = time.monotonic()
    for chunk in chunks:
        await connection.copy_to_table("bare_copy", source=_source(chunk), format="binary")
    seconds = time.monotonic() - begun
    await connection.execute("DROP TABLE bare_copy")
    await connection.close()
    return BULK_ROWS / seconds


async def _source(chunk: bytes):
    yield chunk


def bytes_per_observation(url: str) -> float:
    """Everything the observations take with their indexes; half of them came late."""

    async def ask() -> tuple[int, int]:
        connection = await asyncpg.connect(url)
        await connection.execute("ANALYZE hub_observation")
        used = await connection.fetchval(
            "SELECT sum(pg_total_relation_size(relid)) FROM pg_partition_tree('hub_observation')"
            " WHERE isleaf"
        )
        count = await connection.fetchval("SELECT sum(observation_count) FROM hub_datastreamstate")
        real = await connection.fetchval("SELECT count(*) FROM hub_observation")
        assert count == real, (count, real)
        await connection.close()
        return int(used), int(count)

    used, count = asyncio.run(ask())
    return used / count


def post(path: str, world: dict, body: str) -> str:
    mark = len("@@TIME@@")
    length = len(body) + body.count("@@TIME@@") * (23 - mark)
    return (
        f"POST {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {world['token']}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
    )


def load(plan: dict) -> dict:
    found = subprocess.run(
        [sys.executable, "-m", "bench.hub.load"],
        input=json.dumps({"host": "127.0.0.1", **plan}),
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
    )
    answer: dict = json.loads(found.stdout)
    return answer


@contextlib.contextmanager
def serving(
    application: str, environment: dict[str, str]
) -> Iterator[tuple[int, "subprocess.Popen[bytes]"]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import django, uvicorn; django.setup(); uvicorn.main()",
            application,
            "--port",
            str(port),
            "--log-level=warning",
            "--no-access-log",
        ],
        cwd=PROJECT,
        env=environment,
    )
    try:
        for _ in range(600):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
                break
            time.sleep(0.1)
        wait_until_idle(process.pid)
        yield port, process
    finally:
        process.terminate()
        process.wait(20)


def wait_until_idle(pid: int) -> None:
    """Wait while the server still loads what searches need, in a thread beside the requests."""
    before = cpu_seconds(pid)
    for _second in range(120):
        time.sleep(1)
        now = cpu_seconds(pid)
        if now - before < 0.04:
            return
        before = now


def cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def resident_megabytes(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


def run(command: list[str], environment: dict[str, str]) -> str:
    done = subprocess.run(
        command, cwd=PROJECT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout

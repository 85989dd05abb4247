"""The archive: bytes an observation, how fast a month moves, and a page out of it.

A month of 64 datastreams, a value every five minutes: temperatures (one decimal), CO2 (whole
numbers), humidity (two decimals) and meters (three decimals, growing). Once as a clock gives the
times, once each up to two seconds off, to the millisecond, as radio and networks make them.

`python -m bench.hub.archived` alone measures it in the database of DATABASE_URL, which it fills.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import asyncpg

from bench.row import Row

PROJECT = Path(__file__).resolve().parent.parent.parent
STREAMS = 64
MONTHS = {"2025-01": 0, "2025-02": 4000}
"""Month, and by how many milliseconds its times are spread."""

FILL = """
WITH placed AS (
    SELECT stream, place, n,
           ($2 || '-01Z')::timestamptz + n * interval '5 minutes' + place * interval '3 seconds'
           + floor(random() * $3) * interval '1 millisecond' AS time
    FROM unnest($1::integer[]) WITH ORDINALITY AS s (stream, place)
    CROSS JOIN generate_series(0, 28 * 288 - 1) AS n
)
INSERT INTO hub_observation (id, phenomenon_time, result, datastream_id, feature_id)
SELECT $4 + row_number() OVER (ORDER BY time), time, (CASE place % 4
    WHEN 0 THEN round((15 + 8 * sin(n / 45.8) + random())::numeric, 1)
    WHEN 1 THEN round((450 + 200 * abs(sin(n / 45.8)) + 30 * random())::numeric)
    WHEN 2 THEN round((60 + 10 * sin(n / 45.8) + 2 * random())::numeric, 2)
    ELSE round((1000 + n * 0.02 + 0.04 * random())::numeric, 3) END)::float8, stream, place
FROM placed
"""
STATES = """
UPDATE hub_datastreamstate s SET observation_count = f.n, first_time = f.first, last_time = f.last
FROM (SELECT datastream_id, count(*) AS n, min(phenomenon_time) AS first,
             max(phenomenon_time) AS last FROM hub_observation GROUP BY 1) f
WHERE f.datastream_id = s.datastream_id
"""


def measure_archive(streams: list[int]) -> dict[str, list[float]]:
    """Move the months; return bytes an observation, rows a second, and times of pages in ms."""
    import django

    django.setup()
    from datetime import date

    from stadtwabe.hub.commands.archive import archive_month
    from stadtwabe.hub.sta.answers import Call
    from stadtwabe.hub.sta.dispatch import Dispatcher
    from stadtwabe.kit.actor import SYSTEM
    from stadtwabe.kit.clock import now

    path = f"Datastreams({streams[0]})/Observations"
    asked: dict[str, tuple[str, tuple[tuple[str, str], ...]]] = {
        "page of 100": (path, (("$top", "100"),)),
        "page of 10,000": (path, (("$top", "10000"),)),
    }

    def ask(name: str) -> float:
        address, options = asked[name]
        begun = time.perf_counter()
        answer = Dispatcher(SYSTEM, now(), "http://localhost/sta/v1.1").answer(
            Call("GET", address, options)
        )
        took = (time.perf_counter() - begun) * 1000
        assert answer.status == 200, answer.body
        return took

    found: dict[str, list[float]] = {"bytes": [], "rate": []}
    for name in asked:
        found[f"{name} before"] = [median(ask(name) for _time in range(9))]
    for month in MONTHS:
        begun = time.monotonic()
        files = archive_month(actor=SYSTEM, month=date.fromisoformat(f"{month}-01"), now=now())
        rows = sum(file.rows for file in files)
        found["rate"].append(rows / (time.monotonic() - begun))
        found["bytes"].append(sum(file.bytes for file in files) / rows)
    for name in asked:
        found[name] = [median(ask(name) for _time in range(9))]
    return found


async def fill(url: str, streams: list[int]) -> None:
    """Put in two months."""
    connection = await asyncpg.connect(url)
    await connection.execute("SELECT hub_ensure_months('2025-01-01Z', '2025-02-28Z')")
    for number, (month, spread) in enumerate(MONTHS.items()):
        await connection.execute(FILL, streams, month, spread, 20_000_000_000 + number * 10**9)
    await connection.execute(STATES)
    await connection.execute("VACUUM ANALYZE hub_observation")
    await connection.close()


def archived(world: dict, environment: dict[str, str]) -> Iterator[Row]:
    """Yield the rows of the table."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.hub.archived", *map(str, world["streams"][:STREAMS])],
        cwd=PROJECT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    yield Row("bytes per archived observation, times by the clock", found["bytes"][0], "B", goal=6)
    yield Row(
        "bytes per archived observation, each time some milliseconds off",
        found["bytes"][1],
        "B",
        goal=8,
    )
    yield Row(
        "observations moved into the archive",
        median(found["rate"]),
        "/s",
        goal=50_000,
        better="higher",
    )
    for name, goal in (("page of 100", 50), ("page of 10,000", 400)):
        yield Row(
            f"{name} out of the archive",
            found[name][0],
            "ms",
            goal=goal,
            yardstick=found[f"{name} before"][0],
            yardstick_is="from the table",
        )


if __name__ == "__main__":
    import asyncio

    numbers = [int(each) for each in sys.argv[1:]]
    asyncio.run(fill(os.environ["DATABASE_URL"], numbers))
    print(json.dumps(measure_archive(numbers)))

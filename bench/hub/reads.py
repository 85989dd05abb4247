"""What is asked of the SensorThings API most: latest values, big pages, counts, rollups.

Filled by SQL as ingest would leave it: a million observations of a thousand datastreams, one of
which has 100,000, and a year of hourly rollups of 500. Each figure is the median of warm requests
over one keep-alive connection, from sending to the last byte.
"""

import http.client
import json
import time
from collections.abc import Iterator
from statistics import median
from typing import Any

import asyncpg

from bench.row import Row

MANY, FEW = 100_000, 900
TIMES = 15

FILL = """
SELECT hub_ensure_months('2024-01-01Z', '2025-12-31Z');
INSERT INTO hub_observation (id, phenomenon_time, result, datastream_id, feature_id)
SELECT 10000000000 + row_number() OVER (), time, 20 + (n % 100) / 10.0, stream, 1
FROM (
    SELECT stream, n, timestamptz '2024-01-01Z' + n * interval '5 minutes' AS time
    FROM unnest($1::integer[]) WITH ORDINALITY AS s (stream, place)
    CROSS JOIN LATERAL generate_series(0, CASE WHEN place = 1 THEN 99999 ELSE 899 END) AS n
    ORDER BY time, stream
) rows;
"""
STATES = """
UPDATE hub_datastreamstate s SET
    observation_count = found.n, first_time = found.first, last_time = found.last,
    last_id = 1, last_result = 20, last_received = now()
FROM (
    SELECT datastream_id, count(*) AS n, min(phenomenon_time) AS first,
           max(phenomenon_time) AS last
    FROM hub_observation GROUP BY 1
) found
WHERE found.datastream_id = s.datastream_id
"""
HOURS = """
INSERT INTO hub_hour (datastream_id, n, start, sum, min, max, last, last_time)
SELECT stream, 12, start, 240 + n % 24, 19, 21 + n % 24, 20, start + interval '55 minutes'
FROM generate_series(0, 8783) AS n
CROSS JOIN LATERAL (SELECT timestamptz '2024-01-01Z' + n * interval '1 hour' AS start) hour
CROSS JOIN unnest($1::integer[]) AS stream
"""


async def fill(url: str, streams: list[int]) -> None:
    """Put in what is read."""
    connection = await asyncpg.connect(url)
    first, rest = FILL.split(";", 1)
    await connection.execute(first)
    await connection.execute(rest.rstrip().rstrip(";"), streams)
    await connection.execute(STATES)
    await connection.execute(HOURS, streams[:500])
    await connection.execute("VACUUM ANALYZE")
    await connection.close()


def reads(world: dict[str, Any], port: int) -> Iterator[Row]:
    """Yield the rows of the table; the server is running, the data are there."""
    client = http.client.HTTPConnection("127.0.0.1", port)
    first = world["streams"][0]
    newest = "$expand=Observations($orderby=phenomenonTime%20desc;$top=1)&$top=1000"
    found = timed(client, f"/sta/v1.1/Datastreams?{newest}")
    assert len(found[1]["value"]) == 1000, found[1]
    yield Row("latest value of 1,000 datastreams", found[0], "ms", goal=30)
    page = f"/sta/v1.1/Datastreams({first})/Observations?$top=10000"
    took, body = timed(client, page)
    assert len(body["value"]) == 10_000
    yield Row("page of 10,000 observations of one datastream", took, "ms", goal=30)
    for _page in range(8):
        body = timed(client, body["@iot.nextLink"], times=1)[1]
    far, body = timed(client, body["@iot.nextLink"])
    assert len(body["value"]) == 10_000
    yield Row(
        "page of 10,000 after 90,000 others (nextLink)",
        far,
        "ms",
        goal=1.2,
        goal_is_ratio=True,
        yardstick=took,
        yardstick_is="first page",
    )
    took, body = timed(client, "/sta/v1.1/Observations?$top=10000")
    assert len(body["value"]) == 10_000
    yield Row("page of 10,000 observations of all datastreams", took, "ms", goal=30)
    took, body = timed(client, "/sta/v1.1/Observations?$count=true&$top=0")
    assert body["@iot.count"] >= 999 * FEW + MANY, body
    yield Row("$count of a million observations", took, "ms", goal=5)
    hours = f"/sta/v1.1/Datastreams({first})/Observations?aggregate=hour&$top=10000"
    took, body = timed(client, hours + "&$select=phenomenonTime,mean")
    assert len(body["value"]) == 8784
    yield Row("hourly means of a year of one datastream", took, "ms", goal=10)
    took, body = timed(client, hours)
    yield Row("the same with count, sum, least, greatest and last", took, "ms", goal=20)


async def hours_of_many(url: str, streams: list[int]) -> Row:
    """Return what the database needs to read a year of hourly means of 500 datastreams.

    The 4.4 million of them are read, not sent: no client of ours takes so many at once.
    """
    connection = await asyncpg.connect(url)
    waits = []
    for _time in range(5):
        begun = time.perf_counter()
        count = await connection.fetchval(
            "SELECT count(mean) FROM (SELECT sum / n AS mean FROM hub_hour"
            " WHERE datastream_id = ANY($1) AND start >= '2024-01-01Z'"
            " AND start < '2025-01-01Z') means",
            streams[:500],
        )
        waits.append(time.perf_counter() - begun)
        assert count == 500 * 8784, count
    await connection.close()
    return Row(
        "hourly means of a year of 500 datastreams, read in the database",
        median(waits) * 1000,
        "ms",
        goal=500,
    )


def timed(
    client: http.client.HTTPConnection, address: str, *, times: int = TIMES
) -> tuple[float, Any]:
    """Return the median of some requests in ms, and the answer."""
    path = address.partition("://")[2].partition("/")[2] if "://" in address else address[1:]
    waits = []
    for _time in range(times):
        begun = time.perf_counter()
        client.request("GET", "/" + path)
        data = client.getresponse().read()
        waits.append(time.perf_counter() - begun)
    return median(waits) * 1000, json.loads(data)

"""Where the time of bulk goes: the stages of one process, one request after the other."""

import json
import time
from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from stadtwabe.hub.ingest import http, requests, service
from stadtwabe.hub.ingest.flush import Flush
from stadtwabe.hub.ingest.times import microseconds
from stadtwabe.site.settings import database_from_url

STAGES = {
    "lock": (Flush, "_lock"),
    "divide": (Flush, "_divide"),
    "copy": (Flush, "_copy"),
    "look for what is there": (Flush, "_times_there"),
    "stage": (Flush, "_stage"),
    "keep": (Flush, "_keep"),
}
REQUESTS = 20
ROWS = 10_000


async def measure_shares(
    world: dict[str, Any], environment: dict[str, str]
) -> dict[str, dict[str, float]]:
    """Return the share of each stage, in order and late."""
    found = database_from_url(environment["DATABASE_URL"])
    parameters = {
        name: found[key]
        for name, key in (
            ("host", "HOST"),
            ("port", "PORT"),
            ("user", "USER"),
            ("password", "PASSWORD"),
        )
        if found[key]
    } | {"database": found["NAME"]}
    spent: dict[str, float] = defaultdict(float)
    former = {name: getattr(owner, method) for name, (owner, method) in STAGES.items()}
    for name, (owner, method) in STAGES.items():
        setattr(owner, method, _timed(former[name], name, spent))
    made = service.Service(parameters)
    try:
        start = datetime(2050, 1, 1, tzinfo=UTC)
        return {
            "in order": await _run(made, world, start, spent),
            "late": await _run(made, world, start - timedelta(days=400), spent),
            "late between others": await _run(
                made, world, start - timedelta(days=400, seconds=1), spent
            ),
        }
    finally:
        for name, (owner, method) in STAGES.items():
            setattr(owner, method, former[name])
        await made.close()


async def _run(
    made: service.Service, world: dict[str, Any], start: datetime, spent: dict[str, float]
) -> dict[str, float]:
    spent.clear()
    key = await made.keys.get(f"Bearer {world['token']}".encode())
    assert key is not None
    bodies = [
        json.dumps(
            [
                {
                    "Datastream": {"@iot.id": world["streams"][number]},
                    "components": ["phenomenonTime", "result"],
                    "dataArray": [
                        [(start + timedelta(minutes=5 * row)).isoformat(), row / 10]
                        for row in range(ROWS)
                    ],
                }
            ]
        ).encode()
        for number in range(REQUESTS)
    ]
    begun = time.perf_counter()
    for body in bodies:
        at = time.perf_counter()
        batch = await requests.create_observations(
            body, key=key, streams=made.streams, now=microseconds(start)
        )
        spent["decode"] += time.perf_counter() - at
        outcomes = await made.writer.store(batch)
        at = time.perf_counter()
        http._links(outcomes, "http://localhost/", is_minimal=False)
        spent["answer"] += time.perf_counter() - at
    whole = time.perf_counter() - begun
    print(f"{REQUESTS * ROWS / whole:.0f} rows/s")
    shares = {name: seconds / whole for name, seconds in spent.items()}
    shares["commit and rest"] = 1 - sum(shares.values())
    return dict(sorted(shares.items(), key=lambda share: -share[1]))


def _timed(method: Callable[..., Any], name: str, spent: dict[str, float]) -> Callable[..., Any]:
    def timed(self: Any, *arguments: Any, **named: Any) -> Any:
        at = time.perf_counter()
        result = method(self, *arguments, **named)
        if not hasattr(result, "__await__"):
            spent[name] += time.perf_counter() - at
            return result

        async def awaited() -> Any:
            try:
                return await result
            finally:
                spent[name] += time.perf_counter() - at

        return awaited()

    return timed

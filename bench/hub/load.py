"""`python -m bench.hub.load`: posts to a server over keep-alive connections, counts answers.

Reads one JSON object from standard input: host, port, seconds, and for each connection a list of
requests as text, repeated in a circle; `counted` replaces every `@@TIME@@` by a time of its own.
Prints the answers by status, the seconds, and percentiles of the waiting time.
"""

import asyncio
import json
import sys
import time
from collections import Counter
from datetime import UTC, datetime, timedelta

import uvloop

START = datetime.now(tz=UTC)
MARK = b"@@TIME@@"


class Client(asyncio.Protocol):
    """One connection: sends a request, waits for its answer, sends the next."""

    def __init__(self, requests: list[bytes], number: int, end: float, once: bool) -> None:
        self.requests = requests
        self.number = number
        self.end = end
        self.once = once
        self.sent = 0
        self.statuses: Counter[int] = Counter()
        self.waits: list[float] = []
        self.buffer = b""
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport) -> None:
        self.transport = transport
        self.next()

    def next(self) -> None:
        over = self.sent >= len(self.requests) if self.once else time.monotonic() > self.end
        if over:
            self.transport.close()
            self.done.set_result(None)
            return
        request = self.requests[self.sent % len(self.requests)]
        if MARK in request:
            at = START + timedelta(milliseconds=self.sent)  # no two runs begin at the same time
            request = request.replace(MARK, at.isoformat(timespec="milliseconds")[:23].encode())
        self.sent += 1
        self.begun = time.perf_counter()
        self.transport.write(request)

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        head, separator, body = self.buffer.partition(b"\r\n\r\n")
        if not separator:
            return
        at = head.lower().find(b"content-length: ")
        length = int(head[at + 16 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
        if len(body) < length:
            return
        self.waits.append(time.perf_counter() - self.begun)
        self.statuses[int(head[9:12])] += 1
        self.buffer = b""
        self.next()

    def connection_lost(self, error) -> None:
        if not self.done.done():
            self.done.set_result(None)


async def run(plan: dict) -> dict:
    loop = asyncio.get_running_loop()
    begun = time.monotonic()
    clients = []
    for number, requests in enumerate(plan["connections"]):
        _transport, client = await loop.create_connection(
            lambda requests=requests, number=number: Client(
                [request.encode() for request in requests],
                number,
                begun + plan.get("seconds", 0),
                "seconds" not in plan,
            ),
            plan["host"],
            plan["port"],
        )
        clients.append(client)
    await asyncio.gather(*(client.done for client in clients))
    seconds = time.monotonic() - begun
    waits = sorted(wait for client in clients for wait in client.waits)
    statuses = sum((client.statuses for client in clients), Counter())
    return {
        "statuses": statuses,
        "seconds": seconds,
        "p50": waits[len(waits) // 2],
        "p99": waits[int(len(waits) * 0.99)],
    }


if __name__ == "__main__":
    print(json.dumps(uvloop.run(run(json.load(sys.stdin)))))

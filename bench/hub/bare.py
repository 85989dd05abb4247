"""The yardstick of single posts: the bare minimum of a durable group commit.

An ASGI callable that decodes one JSON object, collects what arrives while the last commit is
under way into one binary COPY, and answers 201 after the commit: no datastreams, no
authorisation, no answer about repeats.
"""

import asyncio
import os
from struct import Struct

import asyncpg
import msgspec

HEADER, TRAILER = b"PGCOPY\n\xff\r\n\0" + bytes(8), b"\xff\xff"
pack = Struct("!hiiiqid").pack

MAKE = """
CREATE TABLE IF NOT EXISTS bare (
    datastream_id integer NOT NULL, phenomenon_time timestamptz NOT NULL, result float8
);
CREATE INDEX IF NOT EXISTS bare_by_time ON bare (datastream_id, phenomenon_time)
"""


class Reference(msgspec.Struct, rename={"id": "@iot.id"}):
    id: int


class Sent(msgspec.Struct):
    result: float
    Datastream: Reference


decode = msgspec.json.Decoder(Sent).decode


class Bare:
    def __init__(self) -> None:
        self.waiting: list[tuple[bytes, asyncio.Future[None]]] = []
        self.arrived = asyncio.Event()
        self.clock = 0
        self.task: asyncio.Task[None] | None = None

    async def work(self) -> None:
        connection = await asyncpg.connect(os.environ["DATABASE_URL"])
        await connection.execute(MAKE)
        while True:
            await self.arrived.wait()
            self.arrived.clear()
            while self.waiting:
                taken, self.waiting = self.waiting, []
                await connection.copy_to_table(
                    "bare", source=_source(row for row, _done in taken), format="binary"
                )
                for _row, done in taken:
                    done.set_result(None)

    async def __call__(self, scope, receive, send) -> None:
        if scope["type"] != "http":
            return
        if self.task is None:
            self.task = asyncio.create_task(self.work())
        message = await receive()
        sent = decode(message["body"])
        self.clock += 1
        row = pack(3, 4, sent.Datastream.id, 8, self.clock, 8, sent.result)
        done = asyncio.get_running_loop().create_future()
        self.waiting.append((row, done))
        self.arrived.set()
        await done
        await send(
            {
                "type": "http.response.start",
                "status": 201,
                "headers": [(b"content-length", b"0")],
            }
        )
        await send({"type": "http.response.body", "body": b""})


async def _source(rows):
    yield HEADER + b"".join(rows) + TRAILER


application = Bare()

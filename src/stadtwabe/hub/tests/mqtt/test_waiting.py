"""Messages that wait to be stored take no more memory than they may."""

import asyncio
from typing import Any, cast

from stadtwabe.hub.mqtt import incoming
from stadtwabe.hub.mqtt.broker import Message
from stadtwabe.hub.mqtt.incoming import Incoming


def message(size: int, *, qos: int = 0) -> Message:
    return Message("in/swd1/v1.1/Observations", b"1" * size, size, 1, qos, False, False)


def test_unpromised_messages_are_bounded_by_their_bytes() -> None:
    async def fill() -> Incoming:
        waiting = Incoming(cast("Any", None), cast("Any", None), prefix="")
        for _ in range(2_000):
            waiting.hear(message(60_000))
        waiting.hear(message(60_000, qos=1))
        return waiting

    filled = asyncio.run(fill())
    most = incoming.BYTES_WITHOUT_PROMISE // 60_000
    assert filled.counts.lost >= 2_000 - most
    kept = [each for each in filled._waiting if not each.qos]
    assert sum(len(each.payload) for each in kept) <= incoming.BYTES_WITHOUT_PROMISE
    assert len(filled._waiting) == len(kept) + 1, "what is promised waits in any case"

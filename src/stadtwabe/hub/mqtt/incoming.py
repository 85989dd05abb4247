"""From messages to observations: stored in groups, acknowledged to the broker after the commit."""

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from stadtwabe.hub.ingest.authorise import Key
from stadtwabe.hub.ingest.batch import NewObservation
from stadtwabe.hub.ingest.outcome import Overloaded, Unavailable
from stadtwabe.hub.ingest.requests import (
    BadRequest,
    NeedsEntities,
    datastream_of,
    observation_of,
)
from stadtwabe.hub.ingest.said import Said
from stadtwabe.hub.ingest.service import Service
from stadtwabe.hub.mqtt.broker import Connection, Message
from stadtwabe.hub.mqtt.payloads import MOST_BYTES, TOO_LARGE, read_payload
from stadtwabe.hub.mqtt.records import Records
from stadtwabe.hub.topics import Unreadable, destination_of, sender_of

MOST_AT_ONCE = 500
MOST_WITHOUT_PROMISE = 10_000
BYTES_WITHOUT_PROMISE = 32 * 1024 * 1024
"""Messages of QoS 0 that may wait, and their size; of QoS 1 at most ``MOST_IN_FLIGHT`` wait here,
the others with the broker."""

FIRST_PAUSE, LONGEST_PAUSE = 0.2, 5.0

SURE_SECONDS = 60.0
"""The broker has read an acknowledgement that was sent so long ago, if the connection still lives:
more than twice the time in which each side hears of the other (``KEEP_ALIVE_SECONDS``)."""

NEVER = float("inf")

NO_TOPIC = Said(
    "Dieses Topic gibt es nicht; möglich ist …/Datastreams(ID)/Observations.",
    "There is no such topic; possible is …/Datastreams(ID)/Observations.",
)
NO_ACCOUNT = Said(
    "Diesen Zugang gibt es nicht, oder er ist widerrufen.",
    "There is no such account, or it is revoked.",
)
ONLY_BY_HTTP = Said(
    "Neue Gegenstände der Messung nimmt nur die HTTP-Schnittstelle an.",
    "New features of interest are taken by HTTP only.",
)
FAILED = Said("Die Nachricht ließ sich nicht verarbeiten.", "The message could not be processed.")

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class Counts:
    """What happened since somebody last looked."""

    stored: int = 0
    repeated: int = 0
    refused: int = 0
    lost: int = 0


class Incoming:
    """Stores what comes in. A message is never dropped for want of room: it waits."""

    def __init__(self, service: Service, records: Records, *, prefix: str) -> None:
        self._service = service
        self._records = records
        self._prefix = prefix
        self._waiting: deque[Message] = deque()
        self._bytes = 0
        self._arrived = asyncio.Event()
        self._may_come_again: dict[int, float] = {}
        self.counts = Counts()

    def hear(self, message: Message) -> None:
        """Take a message; called in the loop."""
        if not message.qos:
            is_full = self._bytes + message.kept_bytes > BYTES_WITHOUT_PROMISE
            if is_full or len(self._waiting) >= MOST_WITHOUT_PROMISE:
                self.counts.lost += 1
                return
            self._bytes += message.kept_bytes
        self._waiting.append(message)
        self._arrived.set()

    async def run(self, connection: Connection) -> None:
        """Store and acknowledge until cancelled.

        What is not acknowledged by then comes again and is recognised.
        """
        while True:
            await self._arrived.wait()
            self._arrived.clear()
            while self._waiting:
                count = min(len(self._waiting), MOST_AT_ONCE)
                taken = [self._waiting.popleft() for _ in range(count)]
                self._bytes -= sum(message.kept_bytes for message in taken if not message.qos)
                await self._take_in(taken, connection)

    async def tidy(self, *, every: float = SURE_SECONDS) -> None:
        """Forget, while a connection lives, the times of messages that cannot come again.

        The broker sends again at once when we connect; an acknowledgement may have been lost with
        the connection. So what was acknowledged a while ago on this one, or has not come again on
        it, is settled.
        """
        while True:
            await asyncio.sleep(every)
            now = asyncio.get_running_loop().time()
            self._may_come_again = {
                packet_id: until for packet_id, until in self._may_come_again.items() if until > now
            }
            before = datetime.now(tz=UTC) - timedelta(seconds=every)
            with contextlib.suppress(Unavailable):
                await self._records.forget_times(before=before, but=list(self._may_come_again))

    def lose(self) -> None:
        """Drop what waits of a lost connection: the broker sends it again."""
        self._waiting = deque(message for message in self._waiting if not message.qos)
        self._may_come_again.clear()

    async def _take_in(self, messages: list[Message], connection: Connection) -> None:
        pause = FIRST_PAUSE
        while True:
            try:
                untimed = await self._store(messages)
                break
            except (Overloaded, Unavailable) as error:
                logger.warning("Messages wait with the broker: %s", error)
                await asyncio.sleep(pause)
                pause = min(2 * pause, LONGEST_PAUSE)
        settled = asyncio.get_running_loop().time() + SURE_SECONDS
        for message in messages:
            connection.acknowledge(message)
        self._may_come_again.update((message.packet_id, settled) for message in untimed)

    async def _store(self, messages: list[Message]) -> list[Message]:
        """Store what can be stored and note what cannot; return those noted with their time."""
        refused: dict[Message, Said] = {}
        read: list[tuple[Message, NewObservation]] = []
        names = {sender_of(message.topic, self._prefix) for message in messages}
        keys = await self._records.senders(names)
        for message in messages:
            if message.is_retained:  # from before we listened: not a new value
                continue
            try:
                read.append((message, await self._read(message, keys)))
            except (Overloaded, Unavailable):
                raise
            except _Refused as error:
                refused[message] = error.said
            except Exception:  # ours, and the message would come again for ever
                logger.exception("A message could not be read: %s", message.topic)
                refused[message] = FAILED
        read, untimed = await self._timed(read)
        if read:
            outcomes = await self._service.store([new for _message, new in read])
            for position, (message, _new) in enumerate(read):
                if position in outcomes.refused:
                    refused[message] = outcomes.refused[position].said
            self.counts.repeated += len(outcomes.repeated)
            self.counts.stored += len(outcomes) - len(outcomes.refused) - len(outcomes.repeated)
        if refused:
            await self._records.note_refusals(
                [
                    (sender_of(message.topic, self._prefix), message, said)
                    for message, said in refused.items()
                ]
            )
            self.counts.refused += len(refused)
            for message, said in refused.items():
                logger.warning("Refused: %s (%s)", said.english, message.topic[:200])
        return untimed

    async def _timed(
        self, read: list[tuple[Message, NewObservation]]
    ) -> tuple[list[tuple[Message, NewObservation]], list[Message]]:
        """Give a time to what has none, the same one when it comes again."""
        bare = [number for number, (_message, new) in enumerate(read) if not new.phenomenon_time]
        if not bare:
            return read, []
        now = datetime.now(tz=UTC)
        # Each its own, so that two values of one datastream do not meet.
        moments = [now + timedelta(microseconds=number) for number in range(len(bare))]
        messages = [read[number][0] for number in bare]
        self._may_come_again.update((message.packet_id, NEVER) for message in messages)
        times = await self._records.times_of(messages, moments)
        timed = list(read)
        for number, time in zip(bare, times, strict=True):
            message, new = read[number]
            timed[number] = message, replace(new, phenomenon_time=time)
        return timed, [message for message in messages if message.qos]

    async def _read(self, message: Message, keys: Mapping[str, Key]) -> NewObservation:
        """Understand one message. Raises _Refused and Unavailable."""
        try:
            to = destination_of(message.topic, self._prefix)
            if message.size > MOST_BYTES:
                raise _Refused(TOO_LARGE)
            sent = read_payload(message.payload)
            pk = datastream_of(sent, to.datastream_id)
            new = observation_of(sent, pk)
        except Unreadable:
            raise _Refused(NO_TOPIC) from None
        except BadRequest as error:
            raise _Refused(error.refusal.said) from None
        except NeedsEntities:
            raise _Refused(ONLY_BY_HTTP) from None
        key = keys.get(to.username)
        if key is None:
            raise _Refused(NO_ACCOUNT)
        stream = self._service.streams.known(pk) or (await self._service.streams.get([pk])).get(pk)
        if stream is None or not key.reaches(stream):
            raise _Refused(key.refusal(stream).said)
        return new


class _Refused(Exception):
    def __init__(self, said: Said) -> None:
        super().__init__(said.german)
        self.said = said

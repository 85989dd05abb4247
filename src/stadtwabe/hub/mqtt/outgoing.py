"""From commits to messages: what is public of new observations is published.

The database tells which rows are new; whether they are public is asked when they are read, right
before they are published. So what became private meanwhile is not published, however long it had
to wait.
"""

import asyncio
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

import msgspec

from stadtwabe.hub.ingest.announcement import SECOND, Announcement, heard
from stadtwabe.hub.ingest.times import microseconds
from stadtwabe.hub.models import DatastreamState
from stadtwabe.hub.mqtt.broker import Connection
from stadtwabe.hub.mqtt.database import DjangoThread
from stadtwabe.hub.sta.news import new_observations
from stadtwabe.hub.sta.reading import Reader
from stadtwabe.hub.sta.schema.entities import DATASTREAM, MULTI_DATASTREAM
from stadtwabe.hub.topics import VERSION
from stadtwabe.kit.actor import VISITOR
from stadtwabe.kit.clock import now

MOST_AT_ONCE = 1_000
"""Observations that are read, then published, before it is asked again what is public."""

MOST_WAITING = 100_000
"""Observations; when more wait, the oldest are left out: what is live goes first."""

ENTITY_SECONDS = 1.0
"""A datastream itself is published at most that often."""

MISSED_AT_MOST = timedelta(hours=1)
MARGIN = timedelta(seconds=10)

FOLLOWING = ("phenomenonTime", "resultTime", "observedArea")
"""Properties of a datastream that change with its observations."""

_encode = msgspec.json.Encoder().encode


@dataclass(slots=True)
class Counts:
    """What happened since somebody last looked."""

    published: int = 0
    skipped: int = 0


class Outgoing:
    """Publishes; ``root`` is the address of the SensorThings service, for links."""

    def __init__(self, *, root: str, prefix: str) -> None:
        self._root = root
        self._base = f"{prefix}{VERSION}/"
        self._waiting: deque[Announcement] = deque()
        self._count = 0
        self._arrived = asyncio.Event()
        self._touched: set[int] = set()
        self._database = DjangoThread("mqtt")
        self.counts = Counts()

    def hear(self, payload: str | bytes) -> None:
        """Take what the database told; called in the loop."""
        announcement = heard(payload)
        for ids in _portions(announcement.ids, MOST_AT_ONCE):
            part = Announcement(announcement.streams, ids, announcement.spans)
            self._waiting.append(part)
            self._count += len(part)
        while self._count > MOST_WAITING:
            left_out = len(self._waiting.popleft())
            self._count -= left_out
            self.counts.skipped += left_out
        self._arrived.set()

    async def catch_up(self, since: datetime) -> None:
        """Publish the newest observation of what got some while nobody listened.

        Those between are not published; whoever wants all of them asks by HTTP.
        """
        for payload in await self._database.run(
            partial(_missed, max(since, now() - MISSED_AT_MOST))
        ):
            self.hear(payload)

    async def run(self, connection: Connection) -> None:
        """Publish observations until cancelled. Raises BrokerAway."""
        while True:
            await self._arrived.wait()
            self._arrived.clear()
            while self._waiting:
                taken = self._take()
                try:
                    messages = await self._database.run(partial(self._observations, taken))
                    await connection.publish(messages)
                except BaseException:
                    # Later again, from the start: a message twice is better than none.
                    self._waiting.extendleft(reversed(taken))
                    self._count += sum(map(len, taken))
                    self._arrived.set()
                    raise
                self.counts.published += len(messages) // 2

    async def run_entities(self, connection: Connection) -> None:
        """Publish datastreams that got observations until cancelled. Raises BrokerAway."""
        while True:
            await asyncio.sleep(ENTITY_SECONDS)
            touched, self._touched = self._touched, set()
            if touched:
                await connection.publish(await self._database.run(partial(self._entities, touched)))

    async def close(self) -> None:
        """Let go of the database."""
        await self._database.close()

    def _take(self) -> list[Announcement]:
        """Return what can be read together; the same streams come in one query."""
        taken = [self._waiting.popleft()]
        count = len(taken[0])
        while self._waiting and count + len(self._waiting[0]) <= MOST_AT_ONCE:
            taken.append(self._waiting.popleft())
            count += len(taken[-1])
        self._count -= count
        return taken

    def _observations(self, announcements: Sequence[Announcement]) -> list[tuple[str, bytes]]:
        spans: dict[int, tuple[int, int]] = {}
        for each in announcements:
            for stream, (first, after) in zip(each.streams, each.spans, strict=True):
                known = spans.get(stream, (first, after))
                spans[stream] = min(first, known[0]), max(after, known[1])
        ranges = [pair for each in announcements for pair in each.ids]
        messages: list[tuple[str, bytes]] = []
        for found in new_observations(VISITOR, spans, ranges, root=self._root):
            kind = MULTI_DATASTREAM if found.is_multi else DATASTREAM
            of_stream = f"{self._base}{kind.collection}({found.stream})/Observations"
            messages += [(f"{self._base}Observations", found.body), (of_stream, found.body)]
            self._touched.add(found.stream)
        return messages

    def _entities(self, pks: set[int]) -> list[tuple[str, bytes]]:
        reader = Reader(actor=VISITOR, now=now(), root=self._root)
        messages: list[tuple[str, bytes]] = []
        for kind in (DATASTREAM, MULTI_DATASTREAM):
            topic = f"{self._base}{kind.collection}"
            for entity in reader.some(kind, sorted(pks)):
                whole = _encode(entity)
                one = f"{topic}({entity['@iot.id']})"
                messages += [(topic, whole), (one, whole)]
                messages += [
                    (f"{one}/{name}", _encode({name: entity[name]}))
                    for name in FOLLOWING
                    if name in entity
                ]
        return messages


def _missed(since: datetime) -> list[bytes]:
    states = DatastreamState.objects.filter(
        last_received__gte=since - MARGIN, last_id__isnull=False, last_time__isnull=False
    )
    payloads = []
    for state in states:
        assert state.last_time is not None, "asked for"
        assert state.last_id is not None, "asked for"
        second = microseconds(state.last_time) // SECOND
        told = Announcement(
            [state.datastream_id], [(state.last_id, state.last_id)], [(second, second + 1)]
        )
        payloads.append(_encode(told))
    return payloads


def _portions(ids: Sequence[tuple[int, int]], most: int) -> list[list[tuple[int, int]]]:
    """Return the ranges in parts of at most ``most`` ids, cutting long ones."""
    portions: list[list[tuple[int, int]]] = [[]]
    room = most
    for first, last in ids:
        begin = first
        while begin <= last:
            end = min(last, begin + room - 1)
            portions[-1].append((begin, end))
            room -= end - begin + 1
            begin = end + 1
            if not room:
                portions.append([])
                room = most
    return [portion for portion in portions if portion]

"""All of ingest for one event loop: connections, keys, datastreams, writer."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from stadtwabe.hub.ingest.authorise import Keys
from stadtwabe.hub.ingest.batch import Batch, NewObservation
from stadtwabe.hub.ingest.connections import Connections
from stadtwabe.hub.ingest.months import Months
from stadtwabe.hub.ingest.outcome import NO_STREAM, Outcomes
from stadtwabe.hub.ingest.requests import add
from stadtwabe.hub.ingest.streams import Streams
from stadtwabe.hub.ingest.times import microseconds
from stadtwabe.hub.ingest.writer import Writer


class Service:
    """Makes what ingest needs; ``parameters`` are those of ``asyncpg.connect``."""

    def __init__(self, parameters: Mapping[str, Any]) -> None:
        self.connections = Connections(parameters)
        self.keys = Keys(self.connections)
        self.streams = Streams(self.connections)
        self.writer = Writer(self.connections)

    async def store(self, observations: Sequence[NewObservation]) -> Outcomes:
        """Check and store observations, of whatever datastreams, in their order.

        Asks no permission. Raises Overloaded and Unavailable.
        """
        return await self.writer.store(await checked(observations, streams=self.streams))

    async def ensure_months(self, days: Iterable[int]) -> None:
        """Make the monthly partitions of ``days`` since 2000-01-01. Raises Unavailable."""
        async with self.connections.asking() as connection:
            await Months().ensure(connection, days)

    async def close(self) -> None:
        """Store what waits, and let go of the database."""
        await self.writer.close()
        await self.connections.close()


async def checked(observations: Sequence[NewObservation], *, streams: Streams) -> Batch:
    """Return observations of whatever datastreams as a batch, those that are wrong refused."""
    places: dict[int, list[int]] = {}
    for position, new in enumerate(observations):
        places.setdefault(new.datastream_id, []).append(position)
    known = await streams.get(places)
    batch = Batch(len(observations))
    now = microseconds(datetime.now(tz=UTC))
    for pk, positions in places.items():
        stream = known.get(pk)
        if stream is None:
            batch.refused.update(dict.fromkeys(positions, NO_STREAM))
        else:
            await add(
                batch,
                stream,
                [observations[position] for position in positions],
                streams=streams,
                now=now,
                positions=positions,
            )
    return batch

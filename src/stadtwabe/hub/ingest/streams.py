"""What ingest must know of a datastream before it stores anything for it."""

import asyncio
import time
from collections.abc import Iterable
from typing import Any, NamedTuple

import asyncpg
import msgspec

from stadtwabe.hub.ingest.connections import Asking

KEPT_SECONDS = 60.0
"""Changes are announced; this only bounds the harm of one that was not."""

MOST_KNOWN = 200_000

LOAD = """
SELECT d.id, d.thing_id, d.is_multi, d.observation_type, d.multi_types, d.owner_id, d.audience,
       d.on_differing, d.quality_rules, f.id AS feature_id, l.location_id
FROM hub_datastream d
LEFT JOIN LATERAL (
    SELECT location_id FROM hub_thing_locations t WHERE t.thing_id = d.thing_id
    ORDER BY location_id LIMIT 1
) l ON true
LEFT JOIN hub_featureofinterest f ON f.location_id = l.location_id
WHERE d.id = ANY($1)
"""

DERIVE = """
INSERT INTO hub_featureofinterest
    (name, description, encoding_type, feature, properties, owner_id, location_id,
     min_lon, min_lat, max_lon, max_lat)
SELECT l.name, l.description, l.encoding_type, l.location, '{}', l.owner_id, l.id,
       l.min_lon, l.min_lat, l.max_lon, l.max_lat
FROM hub_location l WHERE l.id = ANY($1) ORDER BY l.id
ON CONFLICT (location_id) DO NOTHING
"""

USABLE_FEATURE = """
SELECT f.id FROM hub_featureofinterest f WHERE f.id = $1 AND (
    f.owner_id = $2 OR EXISTS (
        SELECT FROM hub_datastreamfeature df JOIN hub_datastream d ON d.id = df.datastream_id
        WHERE df.feature_id = f.id AND d.audience = 'public'
    )
)
"""


class Stream(NamedTuple):
    """A datastream: what its results are, whose it is, what its observations are about.

    ``rules`` are its quality rules, None without any. ``feature_id`` is the feature taken from
    where the thing is, None when it is nowhere.
    """

    id: int
    thing_id: int
    owner_id: int
    audience: str
    is_multi: bool
    types: tuple[str, ...]
    replaces_differing: bool
    rules: dict[str, Any] | None
    feature_id: int | None


class Streams:
    """Datastreams by id, kept until something changes.

    Then all that were known are looked up at once, before the next is used: many requests that
    come at the same time wait for one query.
    """

    def __init__(self, connections: Asking) -> None:
        self._connections = connections
        self._known: dict[int, Stream | None] = {}
        self._features: dict[tuple[int, int], bool] = {}
        self._until = 0.0
        self._lock = asyncio.Lock()
        connections.on_change(self.forget)

    def forget(self) -> None:
        """Look everything up again before it is next used."""
        self._until = 0.0

    def known(self, pk: int) -> Stream | None:
        """Return the datastream if it is known, without asking the database."""
        return self._known.get(pk) if time.monotonic() < self._until else None

    async def get(self, pks: Iterable[int]) -> dict[int, Stream]:
        """Return the datastreams that exist, by id. Raises Unavailable."""
        wanted = {pk for pk in pks if 0 < pk < 2**31}
        while time.monotonic() >= self._until or not wanted <= self._known.keys():
            await self._look_up(wanted)
        return {pk: stream for pk in wanted if (stream := self._known[pk]) is not None}

    async def _look_up(self, wanted: set[int]) -> None:
        async with self._lock:
            missing = wanted - self._known.keys()
            if time.monotonic() >= self._until:
                # Set before asking: a change while the answer is under way counts.
                self._until = time.monotonic() + KEPT_SECONDS
                missing = wanted | {pk for pk, each in self._known.items() if each is not None}
                self._known, self._features = {}, {}
            if len(self._known) > MOST_KNOWN:
                self._known, missing = {}, wanted
            try:
                loaded = await self._load(sorted(missing)) if missing else {}
            except BaseException:
                self.forget()
                raise
            self._known.update({pk: loaded.get(pk) for pk in missing})

    async def may_use_feature(self, stream: Stream, feature_id: int) -> bool:
        """Whether observations of ``stream`` may be about a feature: its owner's, or a public one.

        Otherwise a foreign private feature would be seen through the datastream.
        """
        if feature_id == stream.feature_id:
            return True
        if not 0 < feature_id < 2**31:
            return False
        key = (feature_id, stream.owner_id)
        if key not in self._features:
            async with self._connections.asking() as connection:
                row = await connection.fetchrow(USABLE_FEATURE, *key)
            self._features[key] = row is not None
        return self._features[key]

    async def _load(self, pks: list[int]) -> dict[int, Stream]:
        async with self._connections.asking() as connection:
            rows = await connection.fetch(LOAD, pks)
            bare = [
                row["location_id"]
                for row in rows
                if row["location_id"] is not None and row["feature_id"] is None
            ]
            if bare:
                await connection.execute(DERIVE, sorted(set(bare)))
                rows = await connection.fetch(LOAD, pks)
        return {row["id"]: _stream(row) for row in rows}


def _stream(row: asyncpg.Record) -> Stream:
    types = (
        msgspec.json.decode(row["multi_types"]) if row["is_multi"] else [row["observation_type"]]
    )
    rules = msgspec.json.decode(row["quality_rules"])
    return Stream(
        id=row["id"],
        thing_id=row["thing_id"],
        owner_id=row["owner_id"],
        audience=row["audience"],
        is_multi=row["is_multi"],
        types=tuple(kind.rpartition("/")[2] for kind in types),
        replaces_differing=row["on_differing"] == "version",
        rules=rules or None,
        feature_id=row["feature_id"],
    )

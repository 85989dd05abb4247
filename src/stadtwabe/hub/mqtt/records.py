"""What the connection to the broker keeps in the database, and the SQL for it."""

import hashlib
from collections.abc import Collection, Sequence
from datetime import datetime

from stadtwabe.hub.ingest.authorise import Key
from stadtwabe.hub.ingest.connections import Connections
from stadtwabe.hub.ingest.said import Said
from stadtwabe.hub.mqtt.broker import Message
from stadtwabe.hub.topics import USERNAME

REFUSALS_OF_ONE = 100
"""Different ones that are kept of each account; unknown accounts share one such list."""

LONGEST_TOPIC = 200
LONGEST_TEXT = 300

SENDERS = """
WITH used AS (
    UPDATE hub_devicetoken SET last_used = now()
    WHERE id = ANY($1) AND (last_used IS NULL OR last_used < now() - interval '10 minutes')
)
SELECT id, owner_id, datastream_id, thing_id FROM hub_devicetoken
WHERE id = ANY($1) AND revoked_at IS NULL AND broker_hash <> ''
"""

KNOWN_RECEIPTS = (
    "SELECT packet_id, digest, received_at FROM hub_mqttreceipt WHERE packet_id = ANY($1)"
)

# Flushed to disk with the observations, which commit later: no need to wait for it here.
LATER = "SET LOCAL synchronous_commit = off"

NOTE_RECEIPTS = """
INSERT INTO hub_mqttreceipt (packet_id, digest, received_at)
SELECT * FROM unnest($1::integer[], $2::bytea[], $3::timestamptz[])
ON CONFLICT (packet_id) DO UPDATE
SET digest = excluded.digest, received_at = excluded.received_at
"""

FORGET_RECEIPTS = """
DELETE FROM hub_mqttreceipt WHERE received_at < $1 AND packet_id <> ALL($2)
"""

NOTE_REFUSAL = """
INSERT INTO hub_mqttrefusal AS r
    (token_id, username, topic, reason, reason_english, payload, count, first_at, last_at)
VALUES ((SELECT id FROM hub_devicetoken WHERE id = $1), $2, $3, $4, $5, $6, 1, now(), now())
ON CONFLICT (username, topic, reason) DO UPDATE
SET payload = excluded.payload, count = r.count + 1, last_at = excluded.last_at
"""

FORGET_REFUSALS = """
DELETE FROM hub_mqttrefusal WHERE id IN (
    SELECT id FROM hub_mqttrefusal WHERE token_id IS NOT DISTINCT FROM
        (SELECT id FROM hub_devicetoken WHERE id = $1)
    ORDER BY last_at DESC, id DESC OFFSET $2
)
"""

SESSION = """
INSERT INTO hub_mqttsession (id, client_id, holder, broker, is_connected, problem,
    stored, repeated, refused, lost, published, skipped)
VALUES (1, 'stadtwabe-' || replace(gen_random_uuid()::text, '-', ''), '', '', false, '',
    0, 0, 0, 0, 0, 0)
ON CONFLICT (id) DO UPDATE SET is_connected = false, connected_since = NULL
RETURNING client_id, seen_at
"""

TELL = """
UPDATE hub_mqttsession SET seen_at = now(), holder = $1, broker = $2, is_connected = $3,
    connected_since = CASE WHEN NOT $3 THEN NULL ELSE coalesce(connected_since, now()) END,
    problem = $4, stored = stored + $5, repeated = repeated + $6, refused = refused + $7,
    lost = lost + $8, published = published + $9, skipped = skipped + $10
WHERE id = 1
"""


class Records:
    """Asks and writes; everything raises Unavailable when the database is away."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    async def session(self) -> tuple[str, datetime | None]:
        """Return our name with the broker, and when somebody last held the connection."""
        async with self._connections.asking() as connection:
            row = await connection.fetchrow(SESSION)
        return row["client_id"], row["seen_at"]

    async def tell(
        self,
        *,
        holder: str,
        broker: str,
        is_connected: bool,
        problem: str,
        counts: Sequence[int],
    ) -> None:
        """Say how the connection is; ``counts`` are added: stored, repeated, refused, …."""
        problem = problem[:LONGEST_TEXT]
        async with self._connections.asking() as connection:
            await connection.execute(TELL, holder, broker, is_connected, problem, *counts)

    async def senders(self, usernames: Collection[str]) -> dict[str, Key]:
        """Return what accounts may send to; those that are unknown or revoked are left out."""
        ids = {int(named[1]): name for name in usernames if (named := USERNAME.fullmatch(name))}
        async with self._connections.asking() as connection:
            rows = await connection.fetch(SENDERS, sorted(ids))
        return {
            ids[row["id"]]: Key(
                owners=frozenset({row["owner_id"]}),
                thing_id=row["thing_id"],
                datastream_id=row["datastream_id"],
            )
            for row in rows
        }

    async def times_of(
        self, messages: Sequence[Message], now: Sequence[datetime]
    ) -> list[datetime]:
        """Return when messages came in first: ``now``, unless they were noted before.

        Messages of QoS 0 never come again and are not noted.
        """
        times = list(now)
        digests = [_digest(message) for message in messages]
        again = [message.packet_id for message in messages if message.qos and message.is_again]
        async with self._connections.asking() as connection, connection.transaction():
            await connection.execute(LATER)
            rows = await connection.fetch(KNOWN_RECEIPTS, again) if again else []
            known = {row["packet_id"]: row for row in rows}
            fresh = []
            for number, message in enumerate(messages):
                row = known.get(message.packet_id) if message.qos and message.is_again else None
                if row is not None and row["digest"] == digests[number]:
                    times[number] = row["received_at"]
                elif message.qos:
                    fresh.append((message.packet_id, digests[number], times[number]))
            if fresh:
                await connection.execute(NOTE_RECEIPTS, *map(list, zip(*fresh, strict=True)))
        return times

    async def forget_times(self, *, before: datetime, but: Sequence[int]) -> None:
        """Forget when messages came in, but for those with these packet identifiers."""
        async with self._connections.asking() as connection:
            await connection.execute(FORGET_RECEIPTS, before, list(but))

    async def note_refusals(self, refused: Sequence[tuple[str, Message, Said]]) -> None:
        """Keep what was refused for people to see: the account, the message and why."""
        async with self._connections.asking() as connection, connection.transaction():
            for username, message, said in refused:
                named = USERNAME.fullmatch(username)
                token_id = int(named[1]) if named is not None else None
                text = message.payload[:LONGEST_TEXT].decode(errors="replace").replace("\0", "")
                await connection.execute(
                    NOTE_REFUSAL,
                    token_id,
                    username[:60],
                    message.topic[:LONGEST_TOPIC],
                    said.german[:LONGEST_TEXT],
                    said.english[:LONGEST_TEXT],
                    text,
                )
                await connection.execute(FORGET_REFUSALS, token_id, REFUSALS_OF_ONE)


def _digest(message: Message) -> bytes:
    return hashlib.sha256(message.topic.encode() + b"\0" + message.payload).digest()

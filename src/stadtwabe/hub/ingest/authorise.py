"""Whose key it is, and for which datastreams it may send observations."""

import asyncio
import base64
import hashlib
import time
from dataclasses import dataclass

from stadtwabe.hub.ingest.connections import Connections
from stadtwabe.hub.ingest.outcome import NO_STREAM, Refusal
from stadtwabe.hub.ingest.said import Said
from stadtwabe.hub.ingest.streams import Stream

KEPT_SECONDS = 5.0
"""Nobody announces a change to people's tokens and roles."""

DEVICE_PREFIX = "swd_"
MOST_KNOWN = 100_000

DEVICE = """
SELECT owner_id, datastream_id, thing_id FROM hub_devicetoken
WHERE digest = $1 AND revoked_at IS NULL
"""

DEVICE_USED = """
UPDATE hub_devicetoken SET last_used = now()
WHERE digest = $1 AND (last_used IS NULL OR last_used < now() - interval '10 minutes')
"""

PERSON = """
SELECT u.is_operator, ARRAY(
    SELECT m.party_id FROM people_membership m
    WHERE m.user_id = u.id AND m.role = 'steward' AND m.since <= current_date
      AND (m.until IS NULL OR m.until >= current_date)
) AS parties
FROM people_apitoken t JOIN people_user u ON u.id = t.user_id
WHERE t.digest = $1 AND t.revoked_at IS NULL AND (t.expires_at IS NULL OR t.expires_at > now())
  AND 'data' = ANY(t.scopes) AND u.is_active
"""

PERSON_USED = """
UPDATE people_apitoken SET last_used_at = now()
WHERE digest = $1 AND (last_used_at IS NULL OR last_used_at < now() - interval '10 minutes')
"""


@dataclass(frozen=True, slots=True)
class Key:
    """What a key reaches: all of its owners, or of that one thing or datastream, or everything."""

    owners: frozenset[int] = frozenset()
    thing_id: int | None = None
    datastream_id: int | None = None
    is_operator: bool = False

    def reaches(self, stream: Stream) -> bool:
        """Whether observations of ``stream`` may be sent with it."""
        if self.is_operator:
            return True
        return (
            stream.owner_id in self.owners
            and self.thing_id in {None, stream.thing_id}
            and self.datastream_id in {None, stream.id}
        )

    def refusal(self, stream: Stream | None) -> Refusal:
        """Return why not; who may not know that a datastream exists learns nothing."""
        if stream is None or stream.audience != "public":
            return NO_STREAM
        return Refusal(
            Said(
                "Dieser Schlüssel gilt nicht für diese Messreihe.",
                "This key is not for this datastream.",
            ),
            "Datastream",
            403,
        )


class Keys:
    """Keys by the header that brings them, looked up at most every five seconds.

    A revoked device key is worthless at once (the command announces it), a person's token within
    five seconds.
    """

    def __init__(self, connections: Connections) -> None:
        self._connections = connections
        self._known: dict[bytes, Key | None] = {}
        self._until = 0.0
        self._lock = asyncio.Lock()
        connections.on_change(self._forget)

    def known(self, header: bytes) -> Key | None:
        """Return the key of ``header`` (``Bearer …``) if it was looked up a moment ago."""
        if time.monotonic() > self._until or len(self._known) > MOST_KNOWN:
            self._forget()
            self._until = time.monotonic() + KEPT_SECONDS
        return self._known.get(header)

    async def get(self, header: bytes) -> Key | None:
        """Return the key of ``header``, None when it is none, or revoked. Raises Unavailable."""
        key = self.known(header)
        if key is not None or header in self._known:
            return key
        secret = secret_of(header.decode("latin-1"))
        if not secret:
            return None
        async with self._lock:
            known = self._known
            if header not in known:
                known[header] = await self._load(secret)
            return known[header]

    async def _load(self, secret: str) -> Key | None:
        digest = hashlib.sha256(secret.encode()).hexdigest()
        async with self._connections.asking() as connection:
            if secret.startswith(DEVICE_PREFIX):
                row = await connection.fetchrow(DEVICE, digest)
                if row is None:
                    return None
                await connection.execute(DEVICE_USED, digest)
                return Key(
                    owners=frozenset({row["owner_id"]}),
                    thing_id=row["thing_id"],
                    datastream_id=row["datastream_id"],
                )
            row = await connection.fetchrow(PERSON, digest)
            if row is None:
                return None
            await connection.execute(PERSON_USED, digest)
            return Key(owners=frozenset(row["parties"]), is_operator=row["is_operator"])

    def _forget(self) -> None:
        self._known = {}


def secret_of(header: str) -> str:
    """Return the key in ``Bearer …``, or in ``Basic …`` as the password (RFC 7617).

    As ``people.api_access`` does, which ingest may not import; a test gives both the same headers.
    """
    scheme, _space, rest = header.partition(" ")
    if scheme.lower() == "bearer":
        return rest.strip()
    if scheme.lower() != "basic":
        return ""
    try:
        return base64.b64decode(rest.strip(), validate=True).decode().partition(":")[2]
    except ValueError:
        return ""

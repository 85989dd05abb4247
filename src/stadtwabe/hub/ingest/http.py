"""The hot door: posts of observations, answered before Django is asked (ASGI 3).

Takes ``POST`` with a Bearer token to ``/sta/v1.1/Observations``, ``…/Datastreams(ID)/Observations``
(``MultiDatastreams`` too) and ``…/CreateObservations``; everything else, and requests that create
entities besides, go on to the next callable. 201 only after the commit.
"""

import re
from collections.abc import Awaitable, Callable, MutableMapping
from datetime import UTC, datetime
from typing import Any

import msgspec

from stadtwabe.hub.ingest.outcome import Outcomes, Overloaded, Refusal, Unavailable
from stadtwabe.hub.ingest.problem import problem
from stadtwabe.hub.ingest.requests import BadRequest, NeedsEntities, create_observations, single
from stadtwabe.hub.ingest.said import Said
from stadtwabe.hub.ingest.service import Service
from stadtwabe.hub.ingest.times import microseconds

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

ROOT = "/sta/v1.1/"
ONE = ROOT + "Observations"
MANY = ROOT + "CreateObservations"
NESTED = re.compile(re.escape(ROOT) + r"(?:Multi)?Datastreams\((\d{1,10})\)/Observations")

PREFER_MINIMAL = b"return=minimal"
"""RFC 7240: of a bulk only what was refused is listed."""

TOO_MUCH = "More arrives just now than can be stored."
UNAVAILABLE = "Nothing can be stored just now; send it again."
IN_PARTS = Said("Senden Sie es in mehreren Teilen.", "Send it in several parts.")
NO_KEY = Refusal(
    Said("Dafür fehlt ein gültiger Schlüssel.", "There is no valid key with it."),
    "Authorization",
    401,
    Said("Senden Sie einen: Authorization: Bearer …", "Send one: Authorization: Bearer …"),
)
NO_JSON = Refusal(
    Said("Was gesendet wurde, heißt nicht JSON.", "The body does not call itself JSON."),
    "Content-Type",
    415,
    Said("Senden Sie Content-Type: application/json.", "Send Content-Type: application/json."),
)
NOT_JSON = (b"multipart/", b"application/xml", b"text/xml", b"text/csv", b"text/html", b"image/")
"""Types that are certainly something else; a few clients send JSON under no or a wrong name."""

JSON = (b"content-type", b"application/json")
NO_STORE = (b"cache-control", b"no-store")
NO_SNIFF = (b"x-content-type-options", b"nosniff")

_encode = msgspec.json.Encoder().encode


class _TooLarge(Exception):
    pass


class _Gone(Exception):
    """The client has hung up in the middle of the body."""


class Door:
    """Answers posts of observations; ``otherwise`` gets the rest."""

    def __init__(self, service: Service, otherwise: App, *, most_bytes: int) -> None:
        self._service = service
        self._otherwise = otherwise
        self._most_bytes = most_bytes

    def takes(self, scope: Scope) -> bool:
        """Whether the request is ours, as far as its address tells."""
        path: str = scope["path"]
        if scope["method"] != "POST" or not path.startswith(ROOT):
            return False
        return path in {ONE, MANY} or NESTED.fullmatch(path) is not None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        headers = dict(scope["headers"])
        authorization = headers.get(b"authorization")
        if authorization is None:
            await self._otherwise(scope, receive, send)
            return
        try:
            if headers.get(b"content-type", b"").lower().startswith(NOT_JSON):
                raise BadRequest(NO_JSON)
            body = await _read(receive, self._most_bytes)
            await self._answer(scope, headers, authorization, body, send)
        except NeedsEntities:
            await self._otherwise(scope, _again(body, receive), send)
        except BadRequest as error:
            await refuse(send, error.refusal)
        except Overloaded as error:
            refusal = Refusal(Said(str(error), TOO_MUCH), status=429)
            await refuse(send, refusal, (b"retry-after", str(error.retry_after).encode()))
        except Unavailable as error:
            refusal = Refusal(Said(str(error), UNAVAILABLE), status=503)
            await refuse(send, refusal, (b"retry-after", b"5"))
        except _TooLarge:
            most = self._most_bytes // 1024**2
            said = Said(f"Mehr als {most} MB auf einmal.", f"The body is larger than {most} MB.")
            await refuse(send, Refusal(said, status=413, remedy=IN_PARTS))
        except _Gone:
            return

    async def _answer(
        self,
        scope: Scope,
        headers: dict[bytes, bytes],
        authorization: bytes,
        body: bytes,
        send: Send,
    ) -> None:
        keys = self._service.keys
        key = keys.known(authorization) or await keys.get(authorization)
        if key is None:
            await refuse(send, NO_KEY, (b"www-authenticate", b"Bearer"))
            return
        path, streams = scope["path"], self._service.streams
        now = microseconds(datetime.now(tz=UTC))
        root = _root(scope, headers)
        if path == MANY:
            batch = await create_observations(body, key=key, streams=streams, now=now)
            outcomes = await self._service.writer.store(batch)
            is_minimal = PREFER_MINIMAL in headers.get(b"prefer", b"")
            await _send(send, 201, _links(outcomes, root, is_minimal=is_minimal), JSON)
            return
        nested = None if path == ONE else NESTED.fullmatch(path)
        path_id = int(nested[1]) if nested is not None else None
        batch = await single(body, key=key, streams=streams, path_id=path_id, now=now)
        outcomes = await self._service.writer.store(batch)
        if outcomes.refused:
            await refuse(send, outcomes.refused[0])
        else:
            location = f"{root}Observations({outcomes.ids[0]})".encode()
            await _send(send, 201, b"", (b"location", location))


def _links(outcomes: Outcomes, root: str, *, is_minimal: bool) -> bytes:
    """Return the answer to a bulk: a link for each row, or ``error`` and why (18-088, 13.2.3)."""
    if is_minimal:
        refused = [
            _problem(refusal, position) for position, refusal in sorted(outcomes.refused.items())
        ]
        return _encode({"stored": len(outcomes) - len(refused), "refused": refused})
    start, end = f'"{root}Observations(', ')"'
    if not outcomes.refused:
        return f"[{start}{f'{end},{start}'.join(map(str, outcomes.ids))}{end}]".encode()
    return _encode(
        [
            f"error: {refusal.said.english}"
            if (refusal := outcomes.refused.get(position)) is not None
            else f"{root}Observations({pk})"
            for position, pk in enumerate(outcomes.ids)
        ]
    )


def _root(scope: Scope, headers: dict[bytes, bytes]) -> str:
    host = headers.get(b"host", b"localhost").decode("latin-1")
    return f"{scope.get('scheme', 'http')}://{host}{ROOT}"


async def _read(receive: Receive, most: int) -> bytes:
    message = await receive()
    body: bytes = message.get("body", b"")
    if not message.get("more_body", False) and message["type"] == "http.request":
        if len(body) > most:
            raise _TooLarge
        return body
    parts, size = [body], len(body)
    while message.get("more_body", False):
        message = await receive()
        if message["type"] == "http.disconnect":
            raise _Gone
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > most:
            raise _TooLarge
    if message["type"] == "http.disconnect":
        raise _Gone
    return b"".join(parts)


def _again(body: bytes, receive: Receive) -> Receive:
    """Return a ``receive`` that brings ``body`` once more."""
    messages = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> Message:
        return messages.pop() if messages else await receive()

    return again


async def refuse(send: Send, refusal: Refusal, *headers: tuple[bytes, bytes]) -> None:
    """Answer with an error."""
    body = _encode(_problem(refusal))
    await _send(send, refusal.status, body, JSON, *headers)


def _problem(refusal: Refusal, position: int | None = None) -> dict[str, Any]:
    return problem(
        refusal.status,
        refusal.said.english,
        field=refusal.field,
        position=position,
        remedy="" if refusal.remedy is None else refusal.remedy.english,
    )


async def _send(send: Send, status: int, body: bytes, *headers: tuple[bytes, bytes]) -> None:
    length = (b"content-length", str(len(body)).encode())
    await send(
        {
            "type": "http.response.start",
            "status": status,
            "headers": [length, NO_STORE, NO_SNIFF, *headers],
        }
    )
    await send({"type": "http.response.body", "body": body})

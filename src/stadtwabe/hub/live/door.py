"""``GET /daten/live/…``: server-sent events (WHATWG HTML, 9.2), answered before Django (ASGI 3)."""

import asyncio
import json
import random
from collections import Counter
from collections.abc import Awaitable, Callable, MutableMapping
from http.cookies import CookieError, SimpleCookie
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any

from stadtwabe.hub.live.feed import Feed
from stadtwabe.hub.live.listeners import Listener
from stadtwabe.hub.live.topics import PATH, topic_at

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

HEARTBEAT_SECONDS = 20.0
"""Proxies close what is silent for a minute; a comment is no event."""

MOST_OF_ADDRESS = 60
"""A school or town hall goes out by one address."""

IPV6_PREFIX = 64
FULL = b"Zu viele Seiten schauen gerade zu.\n"

HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
]


class LiveDoor:
    """Lets at most ``most`` pages listen to ``feed``; ``cookie`` is the name of the session's."""

    def __init__(self, feed: Feed, *, most: int, cookie: str) -> None:
        self._feed = feed
        self._most = most
        self._cookie = cookie
        self._of_address: Counter[str] = Counter()

    def takes(self, scope: Scope) -> bool:
        """Whether the request is ours."""
        path: str = scope["path"]
        return path.startswith(PATH) and scope["method"] == "GET"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one page for as long as it is open."""
        topic = topic_at(scope["path"])
        if topic is None:
            # 204 tells the browser not to come back (9.2.3).
            await _answer(send, 204, b"")
            return
        address = _address(scope)
        if len(self._feed) >= self._most or self._of_address[address] >= MOST_OF_ADDRESS:
            await _answer(send, 503, FULL, (b"retry-after", b"60"))
            return
        session = _cookie(scope, self._cookie)
        listener = Listener(session, wanted=topic.streams, language=topic.language)
        self._of_address[address] += 1
        self._feed.join(listener)
        leaving = asyncio.create_task(_left(receive, listener))
        try:
            await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
            # Pages that lost the same server do not all come back in the same moment.
            await _say(send, f"retry: {random.randint(3000, 9000)}\n\n")  # noqa: S311 - no secret
            await _tell(send, listener)
        except OSError:
            pass  # the page has gone in the middle of a value
        finally:
            leaving.cancel()
            self._feed.leave(listener)
            self._of_address -= Counter({address: 1})


async def _tell(send: Send, listener: Listener) -> None:
    """Send what comes, and a sign of life when nothing does."""
    while not listener.is_closed:
        try:
            await asyncio.wait_for(listener.wake.wait(), HEARTBEAT_SECONDS)
        except TimeoutError:
            await _say(send, ":\n\n")
            continue
        readings, gone = listener.take()
        if readings:
            await _say(send, f"event: readings\ndata: {json.dumps(readings)}\n\n")
        if gone:
            await _say(send, f"event: gone\ndata: {json.dumps(gone)}\n\n")
    await send({"type": "http.response.body", "body": b""})


async def _left(receive: Receive, listener: Listener) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    listener.close()


async def _say(send: Send, text: str) -> None:
    await send({"type": "http.response.body", "body": text.encode(), "more_body": True})


async def _answer(send: Send, status: int, body: bytes, *headers: tuple[bytes, bytes]) -> None:
    plain = [(b"content-type", b"text/plain; charset=utf-8"), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": status, "headers": [*plain, *headers]})
    await send({"type": "http.response.body", "body": body})


def _address(scope: Scope) -> str:
    """Return whose connection it is; of IPv6 the part that one connection has to itself."""
    client = scope.get("client")
    host = str(client[0]) if client else ""
    try:
        known = ip_address(host)
    except ValueError:
        return host
    if isinstance(known, IPv6Address):
        return str(ip_network((known, IPV6_PREFIX), strict=False))
    return host


def _cookie(scope: Scope, name: str) -> str:
    header = b"; ".join(value for key, value in scope["headers"] if key == b"cookie")
    try:
        found = SimpleCookie(header.decode("latin-1")).get(name)
    except CookieError:
        return ""
    # Between quotes a cookie may hold any character (RFC 2109); the database takes no NUL.
    return found.value if found is not None and found.value.isprintable() else ""

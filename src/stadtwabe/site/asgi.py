"""The one entrance from the network: a small ASGI router with Django as WSGI behind it.

Django's own ASGI handler costs 1.6 times the processor time of its WSGI handler, so pages run
as WSGI in two threads, and files of whole lists in a third. What is too hot for that (the ingest
of observations) or stays open (live values) gets its own callable in `application`, before Django.
"""

# ruff: noqa: E402 - the rooms have models, which need Django to be set up first
import asyncio
import contextlib
import gc
import os
import threading
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, cast

from a2wsgi import WSGIMiddleware
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stadtwabe.site.settings")
# Any: a2wsgi and Django describe the same protocols by types of their own.
_wsgi: Any = get_wsgi_application()

from stadtwabe.catalog.search.warm_up import warm_up
from stadtwabe.hub.database import connect_parameters
from stadtwabe.hub.ingest.http import ROOT, Door, refuse
from stadtwabe.hub.ingest.outcome import Refusal
from stadtwabe.hub.ingest.rollups import keep_rolling
from stadtwabe.hub.ingest.said import Said
from stadtwabe.hub.ingest.service import Service
from stadtwabe.hub.live.service import live_door
from stadtwabe.site.process_tree.agreement import HEALTH

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

DJANGO_THREADS = 2
YOUNG_OBJECTS = 10_000
"""After how many more of them garbage is looked for: Python's 700 are those of a dozen requests."""
FILES = (b"format=json", b"format=csv", b"format=geojson", b"format=ics")
"""In the query string of lists as files: fetching all of them must not keep others waiting."""

NOT_ENCODED = Refusal(
    Said(
        "Die Adresse enthält Zeichen, die kodiert sein müssen.",
        "The address has characters that must be percent-encoded.",
    )
)

if settings.SECRET_KEY == "unset":  # noqa: S105 - the mark that settings.py leaves
    message = "There is no secret key: start with `./run serve`, or set STADTWABE_SECRET_KEY."
    raise ImproperlyConfigured(message)

django: Any = WSGIMiddleware(cast("Any", _wsgi), workers=DJANGO_THREADS)
files: Any = WSGIMiddleware(cast("Any", _wsgi), workers=1)
ingest = Service(connect_parameters())
door = Door(ingest, django, most_bytes=settings.UPLOAD_LIMIT_BYTES)
live, feed = live_door(connect_parameters())


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer one connection (ASGI 3)."""
    if scope["type"] == "http":
        if scope["path"] == HEALTH:
            await _answer(send, 200, "ok\n")
            return
        if not scope["query_string"].isascii():
            if scope["path"].startswith(ROOT):
                await refuse(send, NOT_ENCODED)
            else:
                await _answer(send, 400, f"{NOT_ENCODED.reason}\n")
            return
        # WSGI turns "-" into "_": X_Forwarded_Proto must not pass for X-Forwarded-Proto.
        scope["headers"] = [header for header in scope["headers"] if b"_" not in header[0]]
        if door.takes(scope):
            await door(scope, receive, send)
            return
        if live.takes(scope):
            await live(scope, receive, send)
            return
        is_file = any(each in scope["query_string"] for each in FILES)
        await (files if is_file else django)(scope, receive, send)
    elif scope["type"] == "lifespan":
        await _live(receive, send)
    else:
        await send({"type": "websocket.close", "code": 1000})


async def let_go() -> None:
    """End what stays open for as long as a page does, which a stopping server would wait for."""
    await feed.close()


async def _answer(send: Send, status: int, text: str) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": text.encode()})


async def _settle(warming: threading.Thread) -> None:
    """Spare what is loaded from the search for garbage: that would stop everybody for 0.1 s."""
    gc.set_threshold(YOUNG_OBJECTS)
    while warming.is_alive():  # noqa: ASYNC110 - a thread of its own, that ends with the process
        await asyncio.sleep(1)
    gc.freeze()


async def _live(receive: Receive, send: Send) -> None:
    tasks: list[asyncio.Task[None]] = []
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            tasks = [
                asyncio.create_task(_settle(warm_up())),
                asyncio.create_task(keep_rolling(ingest.connections)),
            ]
        if message["type"] == "lifespan.shutdown":
            for task in tasks:
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await task
            await ingest.close()
            gc.unfreeze()  # what ends with the process is let go in order
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return

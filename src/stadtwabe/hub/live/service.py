"""Live values for one event loop: what ties the feed to Django's words of who may see what."""

import asyncio
import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from typing import Any

import asyncpg
from django.conf import settings
from django.contrib.auth import get_user
from django.db import DatabaseError, close_old_connections
from django.http import HttpRequest
from django.utils import translation

from stadtwabe.hub.ingest.connections import Connections
from stadtwabe.hub.live.door import LiveDoor
from stadtwabe.hub.live.feed import Feed
from stadtwabe.hub.queries.readings import result_of, shown_value
from stadtwabe.hub.queries.visible import datastreams_visible_to
from stadtwabe.kit.actor import VISITOR, Actor
from stadtwabe.people.actors import actor_of


def live_door(parameters: Mapping[str, Any]) -> tuple[LiveDoor, Feed]:
    """Make the door and its feed; ``parameters`` are those of ``asyncpg.connect``."""
    connections = Connections(parameters)
    thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="live")

    async def connect() -> asyncpg.Connection:
        return await connections.connect(application_name="stadtwabe live")

    async def check(wanted: Mapping[str, frozenset[int]]) -> Mapping[str, frozenset[int]]:
        try:
            return await asyncio.get_running_loop().run_in_executor(thread, visible_streams, wanted)
        except DatabaseError as error:  # the feed knows what to do when the database is away
            raise ConnectionError(str(error)) from error

    feed = Feed(connect, check, shown_reading)
    cookie = settings.SESSION_COOKIE_NAME
    return LiveDoor(feed, most=settings.LIVE_CONNECTIONS, cookie=cookie), feed


def visible_streams(wanted: Mapping[str, frozenset[int]]) -> dict[str, frozenset[int]]:
    """Return what of ``wanted`` each session (empty: a visitor) may see now. Called in a thread."""
    close_old_connections()
    try:
        return {session: _visible(session, ids) for session, ids in wanted.items()}
    finally:
        close_old_connections()


def _visible(session: str, ids: frozenset[int]) -> frozenset[int]:
    actor = _actor_of(session) if session else VISITOR
    return frozenset(datastreams_visible_to(actor).filter(pk__in=ids).values_list("pk", flat=True))


def _actor_of(session: str) -> Actor:
    """Return who is signed in with that session; a visitor once they have signed out."""
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(session)
    request.user = get_user(request)
    return actor_of(request)


def shown_reading(row: Mapping[str, Any], language: str) -> dict[str, Any]:
    """Return a reading as pages get it: id, value in words, unit, time (ISO 8601)."""
    units = json.loads(row["units"])
    detail = json.loads(row["last_detail"]) if row["last_detail"] else None
    with translation.override(language):
        value = shown_value(result_of(row["last_result"], detail))
    return {
        "id": row["id"],
        "value": value,
        "unit": units[0].get("symbol", "") if len(units) == 1 else "",
        "time": row["last_time"].isoformat(),
    }

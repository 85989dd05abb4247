"""A datastream over three months, of which two go into the archive."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from django.db import connection

from stadtwabe.hub.commands.archive import archive_month
from stadtwabe.hub.models import ArchiveMonth, Datastream
from stadtwabe.hub.sta.answers import Call
from stadtwabe.hub.sta.dispatch import Dispatcher
from stadtwabe.hub.tests.factories import put_observations
from stadtwabe.kit.actor import SYSTEM, Actor

MONTHS = (date(2026, 3, 1), date(2026, 4, 1))
START = datetime(2026, 3, 1, tzinfo=UTC)
NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
EVERY = timedelta(hours=3, minutes=7)
"""So that hours, days and months are cut in odd places."""

ROOT = "http://testserver/sta/v1.1"


def fill_stream(stream: Datastream, *, first: float = 0.0, count: int = 700) -> list[int]:
    """Three months of results: ``first``, ``first`` + 1 …"""
    results = [first + number for number in range(count)]
    return put_observations(stream, *results, start=START, every=EVERY)


def archive(*months: date) -> list[ArchiveMonth]:
    return [
        file
        for month in months or MONTHS
        for file in archive_month(actor=SYSTEM, month=month, now=NOW)
    ]


def ask(actor: Actor, path: str, **options: Any) -> dict[str, Any]:
    pairs = tuple(
        (name if name in {"aggregate", "unit"} else f"${name}", str(value))
        for name, value in options.items()
    )
    answer = Dispatcher(actor, NOW, ROOT).answer(Call("GET", path, pairs))
    found: dict[str, Any] = json.loads(answer.body)
    return found


def follow(actor: Actor, path: str, **options: Any) -> list[dict[str, Any]]:
    """All pages of a collection."""
    dispatcher = Dispatcher(actor, NOW, ROOT)
    pairs = tuple((f"${name}", str(value)) for name, value in options.items())
    found: list[dict[str, Any]] = []
    while True:
        answer = json.loads(dispatcher.answer(Call("GET", path, pairs)).body)
        found += answer["value"]
        link = answer.get("@iot.nextLink")
        if link is None:
            return found
        pairs = tuple(parse_link(link))


def parse_link(link: str) -> Iterator[tuple[str, str]]:
    yield from parse_qsl(urlsplit(link).query)


def rows(sql: str, *parameters: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return list(cursor.fetchall()) if cursor.description else []


def hot_rows(stream: Datastream) -> int:
    ((count,),) = rows("SELECT count(*) FROM hub_observation WHERE datastream_id = %s", stream.pk)
    return int(count)

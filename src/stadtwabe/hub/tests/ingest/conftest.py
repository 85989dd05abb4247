"""Ingest against the test database: it has connections of its own, so data are committed."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import pytest
from django.db import connection

from stadtwabe.hub.database import connect_parameters
from stadtwabe.hub.ingest.batch import NewObservation
from stadtwabe.hub.ingest.outcome import Outcomes
from stadtwabe.hub.ingest.service import Service
from stadtwabe.hub.models import Datastream, DatastreamState
from stadtwabe.hub.tests.factories import HubWorld
from stadtwabe.kit.actor import SYSTEM
from stadtwabe.people.commands import create_token
from stadtwabe.people.tests.factories import NOW

T = TypeVar("T")
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def world(transactional_db: None) -> HubWorld:
    """Two towns with datastreams."""
    world = HubWorld()
    world.streams  # noqa: B018 - made on first use
    return world


def with_service(use: Callable[[Service], Awaitable[T]]) -> T:
    """Runs ``use`` with a service of its own, and closes it."""

    async def run() -> T:
        service = Service(connect_parameters())
        try:
            return await use(service)
        finally:
            await service.close()

    return asyncio.run(run())


def rows(sql: str, *parameters: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return list(cursor.fetchall())


def seen(stream: Datastream, minute: float, result: object, **more: Any) -> NewObservation:
    """An observation so many minutes after noon."""
    time = NOON + timedelta(minutes=minute)
    return NewObservation(datastream_id=stream.pk, phenomenon_time=time, result=result, **more)


def store(*observations: NewObservation) -> Outcomes:
    return with_service(lambda service: service.store(observations))


@pytest.fixture
def stream(world: HubWorld) -> Datastream:
    return world.streams["menden", "public"]


def state(stream: Datastream) -> DatastreamState:
    return DatastreamState.objects.get(pk=stream.pk)


def fates(outcomes: Outcomes) -> list[str]:
    return [outcome.fate.value for outcome in outcomes]


def token(world: HubWorld, name: str, *scopes: str) -> str:
    user = world.cast.users[name]
    return create_token(actor=SYSTEM, user=user, label="Test", scopes=scopes or ["data"], now=NOW)[
        1
    ]


@pytest.fixture
def secret(world: HubWorld) -> str:
    return token(world, "steward")

"""Ingest against the test database: it has connections of its own, so data are committed."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from typing import Any, TypeVar

import pytest
from django.db import connection

from stadtwabe.hub.database import connect_parameters
from stadtwabe.hub.ingest import blocking
from stadtwabe.hub.ingest.service import Service
from stadtwabe.hub.tests.factories import HubWorld

T = TypeVar("T")

TABLES = (
    "hub_observation",
    "hub_observationversion",
    "hub_hour",
    "hub_day",
    "hub_touchedhour",
    "hub_datastreamfeature",
)


@pytest.fixture
def world(transactional_db: None) -> Iterator[HubWorld]:
    """Two towns with datastreams; what Django does not empty is emptied here."""
    world = HubWorld()
    world.streams  # noqa: B018 - made on first use
    yield world
    blocking.close()
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {', '.join(TABLES)}")


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

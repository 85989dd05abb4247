"""Ingest against the test database: it has connections of its own, so data are committed."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import pytest
from django.db import connection

from stadtwabe.hub.database import connect_parameters
from stadtwabe.hub.ingest.service import Service
from stadtwabe.hub.tests.factories import HubWorld

T = TypeVar("T")


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

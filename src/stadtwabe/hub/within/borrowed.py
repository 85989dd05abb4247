"""A transaction that somebody else has begun with psycopg, in the words of asyncpg.

What the writer's modules say to a connection of theirs they can so say inside a transaction of
Django's: the same statements, the same COPY, the same times in microseconds.
"""

import contextlib
from collections.abc import AsyncIterable, AsyncIterator, Callable, Sequence
from struct import Struct
from typing import Any, cast

import asyncpg
import psycopg
from psycopg import sql
from psycopg.abc import Buffer
from psycopg.adapt import Loader
from psycopg.pq import Format

from stadtwabe.hub.ingest.times import moment

_stamp = Struct("!q")


class Borrowed:
    """The connection; nothing is committed or rolled back through it.

    Its methods are coroutines, but block: use it in an event loop of one's own.
    """

    def __init__(self, connection: "psycopg.Connection[Any]") -> None:
        self._connection = connection

    def on_change(self, forget: Callable[[], None]) -> None:
        """Nothing is kept longer than the transaction."""

    @contextlib.asynccontextmanager
    async def asking(self) -> AsyncIterator[asyncpg.Connection]:
        """Lend itself for looking things up: so what the transaction has made is found."""
        yield self.as_asyncpg

    @property
    def as_asyncpg(self) -> asyncpg.Connection:
        """Itself, under the name by which the writer's modules know connections."""
        return cast("asyncpg.Connection", self)

    async def fetch(self, query: str, *values: Any) -> list["_Row"]:
        """Return all rows of a query whose parameters are called $1, $2, …"""
        with self._cursor() as cursor:
            names = _names(cursor.execute(query.encode(), _sendable(values), binary=True))
            return [_Row(row, names) for row in cursor.fetchall()]

    async def fetchrow(self, query: str, *values: Any) -> "_Row | None":
        """Return the first row of a query, None if there is none."""
        rows = await self.fetch(query, *values)
        return rows[0] if rows else None

    async def execute(self, query: str, *values: Any) -> str:
        """Execute a statement; return the command's tag, such as ``INSERT 0 5``."""
        with self._cursor() as cursor:
            cursor.execute(query.encode(), _sendable(values) if values else None)
            return cursor.statusmessage or ""

    async def copy_to_table(
        self,
        table: str,
        *,
        source: AsyncIterable[bytes],
        columns: Sequence[str],
        format: str,  # noqa: A002 - asyncpg says so
    ) -> None:
        """COPY what ``source`` yields into the columns of a table."""
        statement = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT {})").format(
            sql.Identifier(table),
            sql.SQL(", ").join(map(sql.Identifier, columns)),
            sql.SQL(format),
        )
        with self._cursor() as cursor, cursor.copy(statement) as copy:
            async for chunk in source:
                copy.write(chunk)

    def _cursor(self) -> "psycopg.RawCursor[Any]":
        cursor = psycopg.RawCursor(self._connection)
        cursor.adapters.register_loader("timestamptz", _StampLoader)
        cursor.adapters.register_loader("jsonb", _JsonbLoader)
        return cursor


class _Row(tuple[Any, ...]):
    """A row whose columns have places and names."""

    _names: Sequence[str]

    def __new__(cls, values: Sequence[Any], names: Sequence[str]) -> "_Row":
        row = super().__new__(cls, values)
        row._names = names
        return row

    def __getitem__(self, key: Any) -> Any:
        if isinstance(key, str):
            key = self._names.index(key)
        return super().__getitem__(key)


class _StampLoader(Loader):
    format = Format.BINARY

    def load(self, data: Buffer) -> tuple[int]:
        return cast("tuple[int]", _stamp.unpack(data))


class _JsonbLoader(Loader):
    """JSON as its text; the first byte is the version of the format."""

    format = Format.BINARY

    def load(self, data: Buffer) -> str:
        return bytes(data)[1:].decode()


def _names(cursor: "psycopg.RawCursor[Any]") -> list[str]:
    return [column.name for column in cursor.description or ()]


def _sendable(values: Sequence[Any]) -> list[Any]:
    return [
        _of_one_type([_single(each) for each in value])
        if isinstance(value, list)
        else _single(value)
        for value in values
    ]


def _single(value: Any) -> Any:
    """A tuple of one is a time, as on the writer's connection: microseconds since 2000."""
    return moment(value[0]) if isinstance(value, tuple) else value


def _of_one_type(values: list[Any]) -> list[Any]:
    """Numbers of an array are all whole or all broken; the statement casts them."""
    if any(type(value) is float for value in values):
        return [float(value) if type(value) is int else value for value in values]
    return values

"""A page of values by the hour or day in JSON, made column by column: a year has 8,784 hours."""

from collections.abc import Sequence
from typing import Any

import msgspec
import numpy as np

from stadtwabe.hub.sta.json_rows import Texts, array, moments, numbers, within
from stadtwabe.hub.sta.observations import Whole
from stadtwabe.hub.sta.query.options import Options, ResultFormat
from stadtwabe.hub.sta.schema.entity import EntityType, Field, Kind
from stadtwabe.hub.sta.selection import shown_of
from stadtwabe.hub.sta.sql.fragment import Sql, fill, join, param

PAGE = """
SELECT count(*), {} FROM (SELECT {} FROM {} WHERE {} ORDER BY {} LIMIT {} OFFSET {}) page
"""
STREAM = Field("Datastream@iot.navigationLink", Kind.NUMBER, "{a}.datastream_id")
WHOLE_NUMBERS = {"n", STREAM.name}


def is_by_column(entity: EntityType, options: Options) -> bool:
    """Whether the page can be made here: as JSON, with nothing inside."""
    return not entity.has_ids and not options.expand and options.result_format is ResultFormat.JSON


def _fields(entity: EntityType, options: Options) -> tuple[Field, ...]:
    fields = shown_of(entity, options).fields
    return fields if options.select else (*fields, STREAM)


def page_sql(
    entity: EntityType,
    options: Options,
    where: Sql,
    order: Sequence[Sql],
    directions: Sql,
    *,
    top: int,
) -> Sql:
    """Return the query of which ``page_of`` takes the only row."""
    columns: list[str] = []
    shown: list[Sql] = []
    for field in _fields(entity, options):
        for sql in (field.sql, field.end):
            if not sql:
                continue
            column = f"c{len(columns)}"
            columns.append(f"{sql.format(a='a')} AS {column}")
            shown.append(Sql(f"string_agg({_send(field)}({column}), '')"))
    last = (
        fill(f"(array_agg(k{number}))[{{}}]", param(top, "integer")) for number in range(len(order))
    )
    keys = (key + f" AS k{number}" for number, key in enumerate(order))
    return fill(
        PAGE,
        join(", ", [*shown, *last]),
        join(", ", [*map(Sql, columns), *keys]),
        Sql(entity.source.format(a="a")),
        where,
        directions,
        param(top + 1, "bigint"),
        param(options.skip, "bigint"),
    )


def page_of(
    row: Sequence[Any], entity: EntityType, options: Options, root: str, *, top: int
) -> Whole:
    """Return the page that the row of ``page_sql`` holds; ``root`` is that of the service."""
    there, rest = row[0], iter(row[1:])
    count = min(there, top)
    if not count:
        return Whole([b"[]"], None)
    pieces: list[bytes | Texts] = [b"{"]
    for number, field in enumerate(_fields(entity, options)):
        pieces.append((b"," if number else b"") + msgspec.json.encode(field.name) + b":")
        columns = [
            np.frombuffer(next(rest), WIRE[_send(field)])[:top]
            for sql in (field.sql, field.end)
            if sql
        ]
        if field is STREAM:
            pieces += [b'"' + within(f"{root}/Datastreams("), numbers(columns[0]), b')"']
        elif field.kind is Kind.NUMBER:
            pieces.append(numbers(columns[0]))
        else:
            for begin, column in zip((b'"', b"/"), columns, strict=False):
                pieces += [begin, *moments(column), b"Z"]
            pieces.append(b'"')
    value = array(count, [*pieces, b"}"])
    return Whole(value, tuple(rest) if there > top else None)


def _send(field: Field) -> str:
    """Return the function by which PostgreSQL sends a value of the field."""
    if field.kind is not Kind.NUMBER:
        return "timestamptz_send"
    return "int4send" if field.name in WHOLE_NUMBERS else "float8send"


WIRE = {"timestamptz_send": ">i8", "int4send": ">i4", "float8send": ">f8"}

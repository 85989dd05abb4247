"""A page of values by the hour or day in JSON, made column by column: a year has 8,784 hours."""

from collections.abc import Sequence
from itertools import chain
from struct import unpack
from typing import Any

import msgspec

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
            if field.kind is not Kind.NUMBER:
                shown.append(Sql(f"string_agg({column}::text, ',')"))
            elif field.name in WHOLE_NUMBERS:
                shown.append(Sql(f"string_agg(int4send({column}), '')"))
            else:
                shown.append(Sql(f"string_agg(float8send({column}), '')"))
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
    columns: list[list[bytes]] = []
    members: list[bytes] = []
    for field in _fields(entity, options):
        if field.kind is Kind.NUMBER:
            sign = "i" if field.name in WHOLE_NUMBERS else "d"
            numbers = unpack(f"!{there}{sign}", next(rest) or b"")
            columns.append(msgspec.json.encode(numbers)[1:-1].split(b","))
            value = b"%b"
            if field is STREAM:
                value = b'"' + _escaped(f"{root}/Datastreams(") + b'%b)"'
        else:
            times = [next(rest) or "" for end in (field.sql, field.end) if end]
            columns += [
                text.replace(" ", "T").replace("+00", "Z").encode().split(b",") for text in times
            ]
            value = b'"' + b"/".join([b"%b"] * len(times)) + b'"'
        members.append(msgspec.json.encode(field.name) + b":" + value)
    if not count:
        return Whole(msgspec.Raw(b"[]"), None)
    template = b"{" + b",".join(members) + b"}"
    values = tuple(chain.from_iterable(zip(*(column[:count] for column in columns), strict=True)))
    text = b",".join([template] * count) % values
    return Whole(msgspec.Raw(b"[" + text + b"]"), tuple(rest) if there > top else None)


def _escaped(text: str) -> bytes:
    return msgspec.json.encode(text)[1:-1].replace(b"%", b"%%")

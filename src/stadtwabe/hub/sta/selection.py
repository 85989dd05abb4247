"""What to select of an entity type: columns, order, and where the next page begins."""

import base64
import binascii
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

import msgspec

from stadtwabe.hub.sta.query.errors import QueryError
from stadtwabe.hub.sta.query.options import Options
from stadtwabe.hub.sta.schema.entities import OBSERVATION
from stadtwabe.hub.sta.schema.entity import EntityType, Field, Kind, Relation
from stadtwabe.hub.sta.schema.rollups import ROLLUPS
from stadtwabe.hub.sta.sql.compiler import Compiler
from stadtwabe.hub.sta.sql.fragment import FALSE, Sql, fill, join, param

NEVER_NULL = re.compile(r"\w+\.(id|phenomenon_time|datastream_id|time|start)$")


@dataclass(frozen=True, slots=True)
class SortColumn:
    """One key of the order, with its direction."""

    sql: Sql
    kind: Kind
    descending: bool

    @property
    def text(self) -> Sql:
        """As it stands in ORDER BY."""
        return self.sql + (" DESC" if self.descending else "")


def order_of(
    entity: EntityType, options: Options, compiler: Compiler, alias: str, *, fixed: str = ""
) -> tuple[SortColumn, ...]:
    """Return a total order: what was asked for, then what the entity type adds.

    ``fixed`` is a column that is the same in all rows.
    """
    keys = []
    for key in options.orderby:
        value = compiler.sort_key(key.expression, entity, alias)
        keys.append(SortColumn(value.sql, value.kind, key.descending))
    last = keys[-1].descending if keys else False
    known = {key.sql.text for key in keys}
    for template in entity.order:
        text = template.format(a=alias)
        if text not in known and text != f"{alias}.{fixed}":
            kind = Kind.TIME if text.endswith(("time", "start")) else Kind.NUMBER
            keys.append(SortColumn(Sql(text), kind, last))
    return tuple(keys)


def after(token: str, order: Sequence[SortColumn]) -> Sql:
    """Return the condition that a row comes after the one that ``token`` stands for.

    Rows without a value come last, in descending order first, as PostgreSQL sorts them.
    """
    values = values_of(token, len(order))
    if _is_one_comparison(order, values):
        sign = "<" if order[0].descending else ">"
        left = join(", ", (key.sql for key in order))
        return fill(f"(({{}}) {sign} ({{}}))", left, join(", ", map(_typed, order, values)))
    ways: list[Sql] = []
    same: list[Sql] = []
    for key, value in zip(order, values, strict=True):
        ways.append(join(" AND ", [*same, _beyond(key, value)]).bracketed())
        equal = (
            fill("{} IS NULL", key.sql)
            if value is None
            else fill("{} = {}", key.sql, _typed(key, value))
        )
        same.append(equal)
    return join(" OR ", ways).bracketed()


def _is_one_comparison(order: Sequence[SortColumn], values: Sequence[Any]) -> bool:
    return (
        len({key.descending for key in order}) == 1
        and None not in values
        and all(NEVER_NULL.match(key.sql.text) for key in order)
    )


def _beyond(key: SortColumn, value: Any) -> Sql:
    if key.descending:
        if value is None:
            return fill("{} IS NOT NULL", key.sql)
        return fill("{} < {}", key.sql, _typed(key, value))
    if value is None:
        return FALSE
    return fill("({} > {} OR {} IS NULL)", key.sql, _typed(key, value), key.sql)


_CASTS = {
    Kind.TEXT: "text",
    Kind.BOOL: "boolean",
    Kind.TIME: "timestamptz",
    Kind.PERIOD: "timestamptz",
    Kind.DAY: "date",
    Kind.CLOCK: "time",
    Kind.DURATION: "interval",
    Kind.JSON: "jsonb",
}


def _typed(key: SortColumn, value: Any) -> Sql:
    """Whole numbers as such, so that an index on ids still serves."""
    match value:
        case bool():
            return param(value, "boolean")
        case int():
            return param(value, "bigint")
        case float():
            return param(value, "float8")
        case _:
            return param(value, _CASTS.get(key.kind, "numeric"))


def token_of(values: Sequence[Any]) -> str:
    """Return where a page ended, to be handed back in ``$skiptoken``."""
    plain = [one if isinstance(one, int | float | None) else str(one) for one in values]
    return base64.urlsafe_b64encode(msgspec.json.encode(plain)).decode().rstrip("=")


def values_of(token: str, wanted: int) -> list[Any]:
    """Return the sort keys at which a page ended. Raises QueryError for no token of ours."""
    try:
        text = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
        values = msgspec.json.decode(text, type=list[int | float | bool | str | None])
    except (ValueError, binascii.Error) as problem:
        message = "This is no $skiptoken of ours; follow @iot.nextLink as it is."
        raise QueryError(message, option="$skiptoken") from problem
    if len(values) != wanted:
        message = "This $skiptoken belongs to another $orderby."
        raise QueryError(message, option="$skiptoken")
    return values


@dataclass(frozen=True, slots=True)
class Shown:
    """What of an entity is shown: its properties, and its relations as links."""

    fields: tuple[Field, ...]
    links: tuple[Relation, ...]
    with_id: bool


def aggregated(entity: EntityType, options: Options, relation: Relation | None) -> EntityType:
    """Return what a collection shows: its entities, or their values by the hour or day.

    ``relation`` is that by which one comes there. Raises QueryError where there are none.
    """
    if options.aggregate is None:
        return entity
    if entity is not OBSERVATION or (relation is not None and not relation.covered):
        message = "Only Observations are aggregated, all of them or those of a Datastream."
        raise QueryError(message, option="aggregate", position=0)
    return ROLLUPS[options.aggregate]


def shown_of(entity: EntityType, options: Options) -> Shown:
    """Return what ``$select`` leaves of an entity. Raises QueryError for unknown names."""
    if not options.select:
        links = entity.relations if entity.has_ids else ()
        return Shown(entity.fields[1:], links, with_id=entity.has_ids)
    names = dict.fromkeys("id" if name == "@iot.id" else name for name in options.select)
    for name in names:
        if name not in entity.names:
            message = f"{entity.name} has no {name}. It has: {', '.join(entity.names)}."
            raise QueryError(message, option="$select", position=0)
    fields = tuple(field for field in entity.fields[1:] if field.name in names)
    links = tuple(relation for relation in entity.relations if relation.name in names)
    return Shown(fields, links, with_id="id" in names and entity.has_ids)


def next_link(address: str, options: Options, token: str, top: int | None = None) -> str:
    """Return the address of the next page."""
    pairs = {name: value for name, value in options.written.items() if name != "$skip"}
    if top is not None:
        pairs.setdefault("$top", str(top))
    pairs["$skiptoken"] = token
    return f"{address}?{urlencode(pairs, quote_via=quote, safe=SAFE)}"


SAFE = "$(),/;:'="
"""Signs that need no escaping in a query string, so that links stay readable."""

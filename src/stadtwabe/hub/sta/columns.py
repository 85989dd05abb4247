"""Which columns a query of entities selects, and where in a row which value stands."""

from collections.abc import Sequence
from dataclasses import dataclass

from stadtwabe.hub.sta.query.options import Options
from stadtwabe.hub.sta.rendering import Renderer, renderer
from stadtwabe.hub.sta.schema.entity import EntityType
from stadtwabe.hub.sta.selection import Shown, SortColumn, shown_of
from stadtwabe.hub.sta.sql.fragment import Sql, join

OF_STREAM = "{a}.datastream_id"
"""First in the order of what belongs to datastreams."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Where in a row which value stands: the id, the properties, the keys of others, the order."""

    entity: EntityType
    shown: Shown
    sql: Sql
    properties: tuple[tuple[str, Renderer | None, tuple[int, ...]], ...]
    keys: dict[str, int]
    order: slice


def columns_of(
    entity: EntityType, options: Options, order: Sequence[SortColumn], alias: str
) -> Columns:
    """Return what to select of the rows ``alias``."""
    shown_fields = shown_of(entity, options)
    select: dict[str, int] = {f"{alias}.id": 0}
    properties: list[tuple[str, Renderer | None, tuple[int, ...]]] = []
    for field in shown_fields.fields:
        templates = [template.format(a=alias) for template in field.shown_from]
        at = tuple(select.setdefault(template, len(select)) for template in templates)
        properties.append((field.name, renderer(entity, field), at))
    keys: dict[str, int] = {}
    wanted = [expand.name for expand in options.expand]
    if entity.order[0] == OF_STREAM:
        wanted.append("Datastream")
    for name in wanted:
        relation = entity.relation(name)
        if relation is not None and relation.key:
            keys[relation.name] = select.setdefault(f"{alias}.{relation.key}", len(select))
    first = len(select)
    columns = [*(Sql(text) for text in select), *(key.sql for key in order)]
    named = (part + f" AS c{number}" for number, part in enumerate(columns))
    ordered = slice(first, len(columns))
    return Columns(entity, shown_fields, join(", ", named), tuple(properties), keys, ordered)

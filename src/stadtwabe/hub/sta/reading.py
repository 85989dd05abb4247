"""Reading entities: collections, single ones, and what is expanded inside them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import connection

from stadtwabe.hub.sta.query.errors import QueryError
from stadtwabe.hub.sta.query.options import Expand, Options
from stadtwabe.hub.sta.rendering import Renderer, renderer, shown
from stadtwabe.hub.sta.schema.entities import ENTITY_TYPES
from stadtwabe.hub.sta.schema.entity import EntityType, Relation
from stadtwabe.hub.sta.selection import Shown, SortColumn, after, order_of, shown_of, token_of
from stadtwabe.hub.sta.sql.compiler import Compiler, visible
from stadtwabe.hub.sta.sql.fragment import TRUE, Sql, all_of, fill, join, param
from stadtwabe.kit.actor import Actor

DEFAULT_TOP = 100
DEFAULT_TOP_INSIDE = 20
HIGHEST_TOP = 10_000
MOST_INSIDE = 100_000
"""Entities that one response may expand at one place."""

Entity = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Page:
    """Part of a collection. ``ends_at`` is the token of the next page, "" at the end."""

    entity: EntityType
    entities: list[Entity]
    count: int | None
    ends_at: str


@dataclass(frozen=True, slots=True)
class _Columns:
    """Where in a row which value stands: the id, the properties, the keys of others, the order."""

    entity: EntityType
    shown: Shown
    sql: Sql
    properties: tuple[tuple[str, Renderer | None, int, int], ...]
    keys: dict[str, int]
    order: slice


class Reader:
    """Answers for one actor at one moment; ``root`` is the address of the service root."""

    def __init__(self, *, actor: Actor, now: datetime, root: str) -> None:
        self._actor = actor
        self._compiler = Compiler(actor, now)
        self._root = root

    def page(
        self, entity: EntityType, options: Options, *, where: Sql = TRUE, seen: bool = False
    ) -> Page:
        """Return a page of a collection; ``where`` is on the alias ``a``.

        ``seen``: the actor is known to see all that ``where`` leaves. Raises QueryError.
        """
        order = order_of(entity, options, self._compiler, "a")
        columns = _columns(entity, options, order, "a")
        conditions = self._conditions(entity, options, where, "a", seen=seen)
        count = self._count(entity, options, where, conditions, seen) if options.count else None
        if options.after:
            conditions = [*conditions, after(options.after, order)]
        top = min(DEFAULT_TOP if options.top is None else options.top, HIGHEST_TOP)
        rows = _rows(
            fill(
                "SELECT {} FROM {} WHERE {} ORDER BY {} LIMIT {} OFFSET {}",
                columns.sql,
                Sql(entity.source.format(a="a")),
                all_of(conditions),
                join(", ", (key.text for key in order)),
                param(top + 1, "bigint"),
                param(options.skip, "bigint"),
            )
        )
        more = len(rows) > top
        rows = rows[:top]
        entities = self._entities(columns, rows)
        self._expand(entity, options, columns, rows, entities)
        ends_at = token_of(rows[-1][columns.order]) if more and rows else ""
        return Page(entity, entities, count, ends_at)

    def one(self, entity: EntityType, options: Options, *, where: Sql) -> Entity | None:
        """Return the one entity for which ``where`` holds, if the actor may see it."""
        page = self.page(entity, replace(options, top=1, count=False), where=where)
        return page.entities[0] if page.entities else None

    def id_of(self, entity: EntityType, where: Sql) -> int | None:
        """Return the id of the one entity for which ``where`` holds, if the actor may see it."""
        conditions = self._conditions(entity, Options(), where, "a", seen=False)
        source = Sql(entity.source.format(a="a"))
        rows = _rows(fill("SELECT a.id FROM {} WHERE {} LIMIT 1", source, all_of(conditions)))
        return rows[0][0] if rows else None

    def count(self, entity: EntityType, options: Options, where: Sql, *, seen: bool) -> int:
        """Return how many entities there are. Raises QueryError."""
        conditions = self._conditions(entity, options, where, "a", seen=seen)
        return self._count(entity, options, where, conditions, seen)

    def _count(
        self, entity: EntityType, options: Options, where: Sql, conditions: list[Sql], seen: bool
    ) -> int:
        if entity.name == "Observation" and options.filter is None:
            # Kept at ingest for each datastream: nothing is scanned.
            streams = _of_streams(where) if seen or where == TRUE else None
            if streams is not None:
                if where == TRUE:
                    streams = visible(self._actor, ENTITY_TYPES["Datastream"], "d")
                state = (
                    "SELECT coalesce(sum(s.observation_count), 0)::bigint FROM hub_datastreamstate s"
                    " JOIN hub_datastream d ON d.id = s.datastream_id WHERE {}"
                )
                return int(_rows(fill(state, streams))[0][0])
        source = Sql(entity.source.format(a="a"))
        rows = _rows(fill("SELECT count(*) FROM {} WHERE {}", source, all_of(conditions)))
        return int(rows[0][0])

    def _conditions(
        self, entity: EntityType, options: Options, where: Sql, alias: str, *, seen: bool
    ) -> list[Sql]:
        conditions = [where]
        if entity.base:
            conditions.append(Sql(entity.base.format(a=alias)))
        if not seen:
            conditions.append(visible(self._actor, entity, alias))
        if options.filter is not None:
            try:
                conditions.append(self._compiler.predicate(options.filter, entity, alias))
            except QueryError as error:
                raise error.within("$filter") from None
        return conditions

    def address(self, entity: EntityType, key: int) -> str:
        """Return the selfLink of an entity."""
        return f"{self._root}/{entity.collection}({key})"

    def _entities(self, columns: _Columns, rows: Iterable[Sequence[Any]]) -> list[Entity]:
        entity, links = columns.entity, columns.shown.links
        base = f"{self._root}/{entity.collection}("
        link_names = [(f"{link.name}@iot.navigationLink", f")/{link.name}") for link in links]
        found: list[Entity] = []
        for row in rows:
            key = row[0]
            made: Entity = {}
            if columns.shown.with_id:
                made["@iot.id"] = key
                made["@iot.selfLink"] = f"{base}{key})"
            for name, render, start, end in columns.properties:
                value = shown(render, row[start:end])
                if value is not None or name not in OPTIONAL:
                    made[name] = value
            for name, tail in link_names:
                made[name] = f"{base}{key}{tail}"
            found.append(made)
        return found

    def _expand(
        self,
        entity: EntityType,
        options: Options,
        columns: _Columns,
        rows: Sequence[Sequence[Any]],
        entities: list[Entity],
    ) -> None:
        for expand in options.expand:
            relation = entity.relation(expand.name)
            if relation is None:
                names = ", ".join(known.name for known in entity.relations)
                message = f"{entity.name} is related to {names}, not to {expand.name}."
                raise QueryError(message, position=expand.position, option="$expand")
            if relation.to_many:
                self._expand_many(entity, relation, expand, rows, entities)
            else:
                keys = [row[columns.keys[relation.name]] for row in rows]
                self._expand_one(relation, expand, keys, entities)

    def _expand_one(
        self,
        relation: Relation,
        expand: Expand,
        keys: Sequence[int | None],
        entities: list[Entity],
    ) -> None:
        target = ENTITY_TYPES[relation.target]
        wanted = sorted({key for key in keys if key is not None})
        among = fill("a.id = ANY({})", param(wanted, "bigint[]"))
        options = expand.options
        order = order_of(target, Options(), self._compiler, "a")
        columns = _columns(target, options, order, "a")
        conditions = self._conditions(target, options, among, "a", seen=relation.covered)
        source = Sql(target.source.format(a="a"))
        rows = _rows(fill("SELECT {} FROM {} WHERE {}", columns.sql, source, all_of(conditions)))
        found = self._entities(columns, rows)
        self._expand(target, options, columns, rows, found)
        by_id = {row[0]: one for row, one in zip(rows, found, strict=True)}
        for made, key in zip(entities, keys, strict=True):
            made.pop(f"{relation.name}@iot.navigationLink", None)
            inner = by_id.get(key) if key is not None else None
            if inner is not None:
                made[relation.name] = inner

    def _expand_many(
        self,
        entity: EntityType,
        relation: Relation,
        expand: Expand,
        rows: Sequence[Sequence[Any]],
        entities: list[Entity],
    ) -> None:
        target, options = ENTITY_TYPES[relation.target], expand.options
        order = order_of(target, options, self._compiler, "a")
        columns = _columns(target, options, order, "a")
        between = Sql(relation.condition.format(p="p.id", c="a"))
        conditions = self._conditions(target, options, between, "a", seen=relation.covered)
        top = DEFAULT_TOP_INSIDE if options.top is None else options.top
        if top * len(rows) > MOST_INSIDE:
            message = f"This would expand more than {MOST_INSIDE} entities; lower $top."
            raise QueryError(message, position=expand.position, option="$expand")
        source = Sql(target.source.format(a="a"))
        parents = param([row[0] for row in rows], "bigint[]")
        inside = _rows(
            fill(
                "SELECT p.id, r.* FROM unnest({}) AS p(id) CROSS JOIN LATERAL"
                " (SELECT {} FROM {} WHERE {} ORDER BY {} LIMIT {} OFFSET {}) AS r",
                parents,
                columns.sql,
                source,
                all_of(conditions),
                join(", ", (key.text for key in order)),
                param(top + 1, "bigint"),
                param(options.skip, "bigint"),
            )
        )
        by_parent: dict[int, list[Sequence[Any]]] = defaultdict(list)
        for row in inside:
            by_parent[row[0]].append(row[1:])
        counts = self._counts(parents, source, conditions) if options.count else {}
        kept = [row for found in by_parent.values() for row in found[:top]]
        made = self._entities(columns, kept)
        self._expand(target, options, columns, kept, made)
        position = 0
        inner: dict[int, list[Entity]] = {}
        for key, found in by_parent.items():
            inner[key] = made[position : position + len(found[:top])]
            position += len(found[:top])
        for row, outer in zip(rows, entities, strict=True):
            key = row[0]
            outer.pop(f"{relation.name}@iot.navigationLink", None)
            if options.count:
                outer[f"{relation.name}@iot.count"] = counts.get(key, 0)
            outer[relation.name] = inner.get(key, [])
            if len(by_parent.get(key, ())) > top > 0:
                token = token_of(by_parent[key][top - 1][columns.order])
                address = f"{self.address(entity, key)}/{relation.name}"
                outer[f"{relation.name}@iot.nextLink"] = next_link(address, options, token, top)

    def _counts(self, parents: Sql, source: Sql, conditions: list[Sql]) -> dict[int, int]:
        counted = "SELECT p.id, (SELECT count(*) FROM {} WHERE {}) FROM unnest({}) AS p(id)"
        return dict(_rows(fill(counted, source, all_of(conditions), parents)))  # type: ignore[arg-type]  # rows of two


OPTIONAL = frozenset(
    {"properties", "resultQuality", "validTime", "parameters", "observedArea", "phenomenonTime"}
)
"""Properties that are left out when there is nothing to say."""

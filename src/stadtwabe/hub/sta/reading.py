"""Reading entities: collections, single ones, and what is expanded inside them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode

import msgspec
from django.db import connection

from stadtwabe.hub.sta.observations import LATEST, encoded, is_latest, is_whole
from stadtwabe.hub.sta.query.errors import QueryError
from stadtwabe.hub.sta.query.options import Expand, Options, ResultFormat
from stadtwabe.hub.sta.rendering import Renderer, renderer
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
    streams: list[int]
    """Of observations: the datastream of each."""
    encoded: list[msgspec.Raw]
    """Whole observations that are wanted in JSON, instead of ``entities``."""


@dataclass(frozen=True, slots=True)
class _Columns:
    """Where in a row which value stands: the id, the properties, the keys of others, the order."""

    entity: EntityType
    shown: Shown
    sql: Sql
    properties: tuple[tuple[str, Renderer | None, tuple[int, ...]], ...]
    keys: dict[str, int]
    order: slice


@dataclass(frozen=True, slots=True)
class Parent:
    """An entity that the actor may see, and the relation that leads from it to a collection."""

    entity: EntityType
    key: int
    relation: Relation

    @property
    def children(self) -> Sql:
        """The condition on the alias ``a``."""
        return fill(self.relation.condition.format(p="{}", c="a"), param(self.key, "bigint"))


class Reader:
    """Answers for one actor at one moment; ``root`` is the address of the service root."""

    def __init__(self, *, actor: Actor, now: datetime, root: str) -> None:
        self._actor = actor
        self._compiler = Compiler(actor, now)
        self.root = root

    def page(self, entity: EntityType, options: Options, parent: Parent | None = None) -> Page:
        """Return a page of a collection, of all or of those of ``parent``. Raises QueryError."""
        where = TRUE if parent is None else parent.children
        seen = parent is not None and parent.relation.covered
        order = order_of(entity, options, self._compiler, "a")
        columns = _columns(entity, options, order, "a")
        conditions = self._conditions(entity, options, where, seen=seen)
        count = self.count(entity, options, parent) if options.count else None
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
        entities: list[Entity] = []
        whole: list[msgspec.Raw] = []
        if is_whole(entity, options) and options.result_format is ResultFormat.JSON:
            whole = encoded(rows, self.root)
        else:
            entities = self._entities(columns, rows)
            self._expand(entity, options, columns, rows, entities)
        ends_at = token_of(rows[-1][columns.order]) if more and rows else ""
        stream = columns.keys.get("Datastream", 0) if entity.name == "Observation" else 0
        streams = [row[stream] for row in rows] if stream else []
        return Page(entity, entities, count, ends_at, streams, whole)

    def one(self, entity: EntityType, options: Options, key: int) -> Entity | None:
        """Return the entity with the id ``key``, if the actor may see it. Raises QueryError."""
        columns = _columns(entity, options, (), "a")
        conditions = self._conditions(entity, Options(), _is(key), seen=False)
        source = Sql(entity.source.format(a="a"))
        rows = _rows(fill("SELECT {} FROM {} WHERE {}", columns.sql, source, all_of(conditions)))
        entities = self._entities(columns, rows)
        self._expand(entity, options, columns, rows, entities)
        return entities[0] if entities else None

    def has(self, entity: EntityType, key: int, parent: Parent | None = None) -> bool:
        """Whether there is such an entity, below ``parent`` if given, that the actor may see."""
        where = all_of([_is(key)] if parent is None else [_is(key), parent.children])
        conditions = self._conditions(entity, Options(), where, seen=False)
        source = Sql(entity.source.format(a="a"))
        return bool(_rows(fill("SELECT a.id FROM {} WHERE {}", source, all_of(conditions))))

    def other(self, entity: EntityType, key: int, relation: Relation) -> int | None:
        """Return the id of the single entity that ``entity`` number ``key`` is related to."""
        select = fill(
            "SELECT {} FROM {} WHERE {}",
            Sql(f"a.{relation.key}"),
            Sql(entity.source.format(a="a")),
            _is(key),
        )
        rows = _rows(select)
        other = rows[0][0] if rows else None
        return other if other and self.has(ENTITY_TYPES[relation.target], other) else None

    def count(self, entity: EntityType, options: Options, parent: Parent | None) -> int:
        """Return how many entities there are. Raises QueryError."""
        if entity.name == "Observation" and options.filter is None:
            # Kept at ingest for each datastream: nothing is scanned.
            if parent is None:
                return _observations_of(visible(self._actor, ENTITY_TYPES["Datastream"], "d"))
            if parent.relation.covered:
                return _observations_of(fill("d.id = {}", param(parent.key, "bigint")))
        where = TRUE if parent is None else parent.children
        seen = parent is not None and parent.relation.covered
        conditions = self._conditions(entity, options, where, seen=seen)
        source = Sql(entity.source.format(a="a"))
        rows = _rows(fill("SELECT count(*) FROM {} WHERE {}", source, all_of(conditions)))
        return int(rows[0][0])

    def _conditions(
        self, entity: EntityType, options: Options, where: Sql, *, seen: bool
    ) -> list[Sql]:
        """On the alias ``a``; ``seen``: the actor is known to see all that ``where`` leaves."""
        conditions = [where]
        if entity.base:
            conditions.append(Sql(entity.base.format(a="a")))
        if not seen:
            conditions.append(visible(self._actor, entity, "a"))
        if options.filter is not None:
            try:
                conditions.append(self._compiler.predicate(options.filter, entity, "a"))
            except QueryError as error:
                raise error.within("$filter") from None
        return conditions

    def address(self, entity: EntityType, key: int) -> str:
        """Return the selfLink of an entity."""
        return f"{self.root}/{entity.collection}({key})"

    def _entities(self, columns: _Columns, rows: Iterable[Sequence[Any]]) -> list[Entity]:
        entity, links = columns.entity, columns.shown.links
        base = f"{self.root}/{entity.collection}("
        link_names = [(f"{link.name}@iot.navigationLink", f")/{link.name}") for link in links]
        found: list[Entity] = []
        properties = columns.properties
        for row in rows:
            key = row[0]
            made: Entity = {}
            if columns.shown.with_id:
                made["@iot.id"] = key
                made["@iot.selfLink"] = f"{base}{key})"
            for name, render, at in properties:
                value = row[at[0]] if render is None else render(*[row[each] for each in at])
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
        columns = _columns(target, options, (), "a")
        conditions = self._conditions(target, options, among, seen=relation.covered)
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
        conditions = self._conditions(target, options, between, seen=relation.covered)
        top = DEFAULT_TOP_INSIDE if options.top is None else options.top
        if top * len(rows) > MOST_INSIDE:
            message = f"This would expand more than {MOST_INSIDE} entities; lower $top."
            raise QueryError(message, position=expand.position, option="$expand")
        is_newest = entity.name.endswith("Datastream") and is_latest(target, options)
        source = Sql(LATEST if is_newest else target.source.format(a="a"))
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
        kept = [each for rows_of_one in by_parent.values() for each in rows_of_one[:top]]
        made = self._entities(columns, kept)
        self._expand(target, options, columns, kept, made)
        position = 0
        inner: dict[int, list[Entity]] = {}
        for key, rows_of_one in by_parent.items():
            length = min(len(rows_of_one), top)
            inner[key] = made[position : position + length]
            position += length
        for parent, outer in zip(rows, entities, strict=True):
            key = parent[0]
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
        rows = _rows(fill(counted, source, all_of(conditions), parents))
        return {key: count for key, count in rows}  # noqa: C416 - tells mypy that rows have two


OPTIONAL = frozenset(
    {"properties", "resultQuality", "validTime", "parameters", "observedArea", "phenomenonTime"}
)
"""Properties that are left out when there is nothing to say."""


def _is(key: int) -> Sql:
    return fill("a.id = {}", param(key, "bigint"))


def _observations_of(streams: Sql) -> int:
    state = (
        "SELECT coalesce(sum(s.observation_count), 0)::bigint FROM hub_datastreamstate s"
        " JOIN hub_datastream d ON d.id = s.datastream_id WHERE {}"
    )
    return int(_rows(fill(state, streams))[0][0])


def _rows(sql: Sql) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql.text, sql.params)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


def _columns(
    entity: EntityType, options: Options, order: Sequence[SortColumn], alias: str
) -> _Columns:
    shown_fields = shown_of(entity, options)
    select: dict[str, int] = {f"{alias}.id": 0}
    properties: list[tuple[str, Renderer | None, tuple[int, ...]]] = []
    for field in shown_fields.fields:
        templates = [template.format(a=alias) for template in field.shown_from]
        at = tuple(select.setdefault(template, len(select)) for template in templates)
        properties.append((field.name, renderer(entity, field), at))
    keys: dict[str, int] = {}
    wanted = [expand.name for expand in options.expand]
    if entity.name == "Observation":
        wanted.append("Datastream")
    for name in wanted:
        relation = entity.relation(name)
        if relation is not None and relation.key:
            keys[relation.name] = select.setdefault(f"{alias}.{relation.key}", len(select))
    first = len(select)
    columns = [*(Sql(text) for text in select), *(key.sql for key in order)]
    named = (part + f" AS c{number}" for number, part in enumerate(columns))
    ordered = slice(first, len(columns))
    return _Columns(entity, shown_fields, join(", ", named), tuple(properties), keys, ordered)


def next_link(address: str, options: Options, token: str, top: int | None = None) -> str:
    """Return the address of the next page."""
    pairs = {name: value for name, value in options.written.items() if name != "$skip"}
    if top is not None:
        pairs.setdefault("$top", str(top))
    pairs["$skiptoken"] = token
    return f"{address}?{urlencode(pairs, quote_via=quote, safe=SAFE)}"


SAFE = "$(),/;:'="
"""Signs that need no escaping in a query string, so that links stay readable."""

"""Reading entities: collections, single ones, and what is expanded inside them."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from stadtwabe.hub.sta.archived import Archived, may_be_archived
from stadtwabe.hub.sta.by_column import PageOf
from stadtwabe.hub.sta.columns import OF_STREAM, Columns, columns_of
from stadtwabe.hub.sta.conversion import TWELVE_DIGITS, converted
from stadtwabe.hub.sta.observations import LATEST, is_latest
from stadtwabe.hub.sta.page import Entity, Page, Parent
from stadtwabe.hub.sta.query.errors import QueryError
from stadtwabe.hub.sta.query.options import Expand, Options
from stadtwabe.hub.sta.question import Question
from stadtwabe.hub.sta.schema.entities import ENTITY_TYPES, OBSERVATION
from stadtwabe.hub.sta.schema.entity import EntityType, Relation
from stadtwabe.hub.sta.selection import (
    SortColumn,
    after,
    aggregated,
    next_link,
    order_of,
    token_of,
)
from stadtwabe.hub.sta.sql.compiler import Compiler, visible
from stadtwabe.hub.sta.sql.fragment import TRUE, Sql, all_of, fill, param
from stadtwabe.hub.units import conversion
from stadtwabe.kit.actor import Actor

DEFAULT_TOP = 100
DEFAULT_TOP_INSIDE = 20
HIGHEST_TOP = 10_000
MOST_INSIDE = 100_000
"""Entities that one response may expand at one place."""

ONE_UNIT = "unit is for the Observations of one Datastream."


class Reader:
    """Answers for one actor at one moment; ``root`` is the address of the service root."""

    def __init__(self, *, actor: Actor, now: datetime, root: str) -> None:
        self._actor = actor
        self._compiler = Compiler(actor, now)
        self._archived = Archived(self._seen)
        self.root = root

    def page(self, entity: EntityType, options: Options, parent: Parent | None = None) -> Page:
        """Return a page of a collection, of all or of those of ``parent``. Raises QueryError."""
        entity = aggregated(entity, options, None if parent is None else parent.relation)
        if options.unit:
            entity = self._converted(entity, options, parent)
        where = TRUE if parent is None else parent.children
        seen = parent is not None and parent.relation.covered
        fixed = "" if parent is None else parent.relation.fixed
        order = order_of(entity, options, self._compiler, "a", fixed=fixed)
        conditions = self._conditions(entity, options, where, seen=seen)
        count = self.count(entity, options, parent) if options.count else None
        if options.after:
            conditions = [*conditions, after(options.after, order)]
        top = min(DEFAULT_TOP if options.top is None else options.top, HIGHEST_TOP)
        streams_below, archived = None, []
        if top and entity.name == OBSERVATION.name:
            streams_below = self._streams_below(parent)
            archived = self._archived.parts(options, streams_below, order)
        found = None
        if top:
            page = PageOf(entity, options, conditions, order, top, self.root, _rows)
            found = page.from_archive(archived, streams_below) if archived else page.from_table()
        if found is not None:
            token = "" if found.ends_at is None else token_of(found.ends_at)
            return Page(entity, [], count, token, [], found.value)
        columns = columns_of(entity, options, order, "a")
        question = Question(_rows, columns.sql, conditions, order)
        rows: list[tuple[Any, ...]] = []
        if top and archived:
            rows = self._archived.page(
                question,
                options,
                archived,
                streams=streams_below,
                most=top + 1,
                skip=options.skip,
            )
        elif top:
            source = Sql(entity.source.format(a="a"))
            rows = question.rows(source, more=(), most=top + 1, skip=options.skip)
        more = len(rows) > top
        rows = rows[:top]
        entities = self._entities(columns, rows)
        self._expand(entity, options, columns, rows, entities)
        ends_at = token_of(rows[-1][columns.order]) if more else ""
        stream = columns.keys["Datastream"] if entity.order[0] == OF_STREAM else 0
        streams = [row[stream] for row in rows] if stream else []
        if not (entity.has_ids or options.select):
            self._link_streams(streams, entities)
        return Page(entity, entities, count, ends_at, streams)

    def _converted(self, entity: EntityType, options: Options, parent: Parent | None) -> EntityType:
        if parent is None or parent.entity.name != "Datastream" or entity.order[0] != OF_STREAM:
            raise QueryError(ONE_UNIT, option="unit", position=0)
        query = "SELECT units -> 0 ->> 'definition' FROM hub_datastream WHERE id = {}"
        ((definition,),) = _rows(fill(query, param(parent.key, "integer")))
        found = conversion(definition or "", options.unit)
        with connection.cursor() as cursor:
            cursor.execute(TWELVE_DIGITS)
        return converted(entity, found)

    def _link_streams(self, streams: Sequence[int], entities: Sequence[Entity]) -> None:
        """Say of values that have no address of their own whose they are."""
        for stream, made in zip(streams, entities, strict=True):
            if "Datastream" not in made and "MultiDatastream" not in made:
                made["Datastream@iot.navigationLink"] = f"{self.root}/Datastreams({stream})"

    def one(self, entity: EntityType, options: Options, key: int) -> Entity | None:
        """Return the entity with the id ``key``, if the actor may see it. Raises QueryError."""
        columns = columns_of(entity, options, (), "a")
        conditions = self._conditions(entity, Options(), _is(key), seen=False)
        rows = self._single(entity, Question(_rows, columns.sql, conditions), key)
        entities = self._entities(columns, rows)
        self._expand(entity, options, columns, rows, entities)
        return entities[0] if entities else None

    def some(self, entity: EntityType, keys: Sequence[int]) -> list[Entity]:
        """Return those of the entities with these ids that the actor may see."""
        columns = columns_of(entity, Options(), (), "a")
        among = fill("a.id = ANY({})", param(list(keys), "bigint[]"))
        conditions = self._conditions(entity, Options(), among, seen=False)
        source = Sql(entity.source.format(a="a"))
        rows = _rows(fill("SELECT {} FROM {} WHERE {}", columns.sql, source, all_of(conditions)))
        return self._entities(columns, rows)

    def has(self, entity: EntityType, key: int, parent: Parent | None = None) -> bool:
        """Whether there is such an entity, below ``parent`` if given, that the actor may see."""
        where = all_of([_is(key)] if parent is None else [_is(key), parent.children])
        conditions = self._conditions(entity, Options(), where, seen=False)
        return bool(self._single(entity, Question(_rows, Sql("a.id"), conditions), key))

    def other(self, entity: EntityType, key: int, relation: Relation) -> int | None:
        """Return the id of the single entity that ``entity`` number ``key`` is related to."""
        question = Question(_rows, Sql(f"a.{relation.key}"), [_is(key)])
        rows = self._single(entity, question, key)
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
        question = Question(_rows, Sql("a.id"), conditions)
        if entity.name == OBSERVATION.name:
            return self._archived.count(question, options, streams=self._streams_below(parent))
        return question.count(Sql(entity.source.format(a="a")), more=())

    def _single(self, entity: EntityType, question: Question, key: int) -> list[tuple[Any, ...]]:
        """Return what is asked of one entity, in a list, or none."""
        if entity.name == OBSERVATION.name:
            return self._archived.one(question, key)
        return question.unordered(Sql(entity.source.format(a="a")))

    def _streams_below(self, parent: Parent | None) -> list[int] | None:
        """Return the datastreams whose observations are below ``parent``; None: any."""
        if parent is None:
            return None
        if parent.relation.covered:
            return [parent.key]
        of_feature = "SELECT datastream_id FROM hub_datastreamfeature WHERE feature_id = {}"
        return [pk for (pk,) in _rows(fill(of_feature, param(parent.key, "integer")))]

    def _seen(self, streams: Sequence[int]) -> list[int]:
        """Return which of ``streams`` the actor may see."""
        among = fill("d.id = ANY({})", param(list(streams), "integer[]"))
        seen = visible(self._actor, ENTITY_TYPES["Datastream"], "d")
        select = fill("SELECT d.id FROM hub_datastream d WHERE {}", all_of([among, seen]))
        return [pk for (pk,) in _rows(select)]

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

    def _entities(self, columns: Columns, rows: Sequence[Sequence[Any]]) -> list[Entity]:
        """Return entities, made column by column: half the time of row by row."""
        if not rows:
            return []
        entity, shown = columns.entity, columns.shown
        base = f"{self.root}/{entity.collection}("
        read = list(zip(*rows, strict=True))
        made: dict[str, Sequence[Any]] = {}
        if shown.with_id:
            made["@iot.id"] = read[0]
            made["@iot.selfLink"] = [f"{base}{key})" for key in read[0]]
        for name, render, at in columns.properties:
            made[name] = read[at[0]]
            if render is not None:
                made[name] = list(map(render, *(read[each] for each in at)))
        for link in shown.links:
            tail = f")/{link.name}"
            made[f"{link.name}@iot.navigationLink"] = [f"{base}{key}{tail}" for key in read[0]]
        if not made:
            return [{} for _row in rows]
        names = tuple(made)
        found = [dict(zip(names, row, strict=True)) for row in zip(*made.values(), strict=True)]
        for name in OPTIONAL & made.keys():
            for one, value in zip(found, made[name], strict=True):
                if value is None:
                    del one[name]
        return found

    def _expand(
        self,
        entity: EntityType,
        options: Options,
        columns: Columns,
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
        columns = columns_of(target, options, (), "a")
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
        options = expand.options
        if options.unit:
            raise QueryError(ONE_UNIT, position=expand.position, option="$expand")
        target = aggregated(ENTITY_TYPES[relation.target], options, relation)
        order = order_of(target, options, self._compiler, "a", fixed=relation.fixed)
        columns = columns_of(target, options, order, "a")
        between = Sql(relation.condition.format(p="p.id", c="a"))
        conditions = self._conditions(target, options, between, seen=relation.covered)
        top = DEFAULT_TOP_INSIDE if options.top is None else options.top
        if top * len(rows) > MOST_INSIDE:
            message = f"This would expand more than {MOST_INSIDE} entities; lower $top."
            raise QueryError(message, position=expand.position, option="$expand")
        is_newest = entity.name.endswith("Datastream") and is_latest(target, options)
        keys = [row[0] for row in rows]
        by_parent: dict[int, list[Sequence[Any]]] = defaultdict(list)
        counts: dict[int, int] = {}
        if is_newest:
            # One of each at most: nothing to sort, and nothing after it.
            columns = columns_of(target, options, (), "a")
            among = fill("a.datastream_id = ANY({})", param(keys, "integer[]"))
            where = all_of(self._conditions(target, options, among, seen=relation.covered))
            select = "SELECT a.datastream_id, {} FROM {} WHERE {}"
            for row in _rows(fill(select, columns.sql, Sql(LATEST), where)):
                by_parent[row[0]].append(row[1:])
        elif target is OBSERVATION and may_be_archived(relation, keys):
            for key in keys:
                below = Parent(entity, key, relation)
                by_parent[key] = self._observations_below(below, options, columns, order, top)
                counts[key] = self.count(target, options, below) if options.count else 0
        else:
            source = Sql(target.source.format(a="a"))
            parents = param(keys, "bigint[]")
            question = Question(_rows, columns.sql, conditions, order)
            for row in question.rows_below(parents, source, most=top + 1, skip=options.skip):
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

    def _observations_below(
        self,
        parent: Parent,
        options: Options,
        columns: Columns,
        order: Sequence[SortColumn],
        top: int,
    ) -> list[Sequence[Any]]:
        """Return one more than ``top`` observations, wherever they lie."""
        seen = parent.relation.covered
        conditions = self._conditions(OBSERVATION, options, parent.children, seen=seen)
        streams = self._streams_below(parent)
        return self._archived.page(
            Question(_rows, columns.sql, conditions, order),
            options,
            self._archived.parts(options, streams, order),
            streams=streams,
            most=top + 1,
            skip=options.skip,
        )

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

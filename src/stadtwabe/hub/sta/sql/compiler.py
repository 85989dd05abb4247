"""Trees of ``$filter`` and ``$orderby`` to SQL conditions and sort keys.

A path through related entities (``Datastreams/Sensor/name eq 'x'``) asks whether there is one,
among those that the actor may see, for which the comparison holds.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from stadtwabe.hub.queries.archive import is_anything_archived
from stadtwabe.hub.sta.query.errors import QueryError
from stadtwabe.hub.sta.query.expressions import (
    COMPARISONS,
    Call,
    Expression,
    Literal,
    Operation,
    Operator,
    Property,
)
from stadtwabe.hub.sta.schema.entities import ENTITY_TYPES
from stadtwabe.hub.sta.schema.entity import EntityType, Field, Kind, Relation
from stadtwabe.hub.sta.sql import functions, geometry
from stadtwabe.hub.sta.sql.comparison import compare
from stadtwabe.hub.sta.sql.fragment import TRUE, Sql, all_of, fill, join, param
from stadtwabe.hub.sta.sql.value import GeometryColumn, Value, needs, of_literal
from stadtwabe.kit.actor import Actor

ARITHMETIC = {Operator.ADD: "+", Operator.SUB: "-", Operator.MUL: "*"}


def visible(actor: Actor, entity: EntityType, alias: str) -> Sql:
    """Return the condition that ``actor`` may see the row ``alias`` of ``entity``."""
    if actor.is_operator:
        return TRUE
    text, params = entity.visible(actor).order_by().values("pk").query.sql_with_params()
    return Sql(f"{entity.seen_as.format(a=alias)} IN ({text})", tuple(params))


@dataclass(frozen=True, slots=True)
class _Joined:
    entity: EntityType
    alias: str
    condition: Sql


@dataclass(slots=True)
class _Scope:
    """The row that an expression is about, and the rows that its paths lead to."""

    entity: EntityType
    alias: str
    joined: dict[tuple[str, ...], _Joined] = field(default_factory=dict)


class Compiler:
    """Compiles the expressions of one request, made by ``actor`` at ``now``."""

    def __init__(self, actor: Actor, now: datetime) -> None:
        self._actor = actor
        self._now = now
        self._aliases: Iterator[str] = (f"j{number}" for number in range(10_000))

    def predicate(self, tree: Expression, entity: EntityType, alias: str) -> Sql:
        """Return a ``$filter`` as a condition on the row ``alias``. Raises QueryError."""
        if isinstance(tree, Operation):
            if tree.operator in {Operator.AND, Operator.OR}:
                sides = [self.predicate(side, entity, alias) for side in tree.operands]
                return join(f" {tree.operator.upper()} ", (side.bracketed() for side in sides))
            if tree.operator is Operator.NOT:
                inner = self.predicate(tree.operands[0], entity, alias)
                return fill("NOT coalesce(({}), FALSE)", inner)
        scope = _Scope(entity, alias)
        value = self._value(tree, scope)
        condition = needs(value, Kind.BOOL).sql
        return self._there_is(scope, condition) if scope.joined else condition

    def sort_key(self, tree: Expression, entity: EntityType, alias: str) -> Value:
        """Return what to sort the rows ``alias`` by. Raises QueryError."""
        scope = _Scope(entity, alias)
        value = self._value(tree, scope)
        if value.kind in {Kind.GEOMETRY, Kind.NULL}:
            message = "This gives no order."
            raise QueryError(message, position=value.position, option="$orderby")
        if not scope.joined:
            return value
        self._only_to_one(tree, entity)
        single = fill("(SELECT {} FROM {} WHERE {} LIMIT 1)", value.sql, *self._rows(scope))
        return Value(value.kind, single, value.position)

    def _only_to_one(self, tree: Expression, entity: EntityType) -> None:
        for path, position in _paths(tree):
            at: EntityType = entity
            for name in path:
                relation = at.relation(name)
                if relation is None:
                    break
                if relation.to_many:
                    message = f"There are several {name}; sort by what there is one of."
                    raise QueryError(message, position=position, option="$orderby")
                at = ENTITY_TYPES[relation.target]

    def _there_is(self, scope: _Scope, condition: Sql) -> Sql:
        return fill("EXISTS (SELECT 1 FROM {} WHERE {} AND {})", *self._rows(scope), condition)

    def _rows(self, scope: _Scope) -> tuple[Sql, Sql]:
        found = list(scope.joined.values())
        source = ", ".join(one.entity.source.format(a=one.alias) for one in found)
        return Sql(source), all_of(one.condition for one in found)

    def _join(self, scope: _Scope, path: tuple[str, ...], relation: Relation) -> _Joined:
        known = scope.joined.get(path)
        if known is not None:
            return known
        parent = scope.joined[path[:-1]].alias if len(path) > 1 else scope.alias
        entity = ENTITY_TYPES[relation.target]
        alias = next(self._aliases)
        conditions = [Sql(relation.between(parent, alias))]
        if entity.base:
            conditions.append(Sql(entity.base.format(a=alias)))
        if not relation.covered:
            conditions.append(visible(self._actor, entity, alias))
        scope.joined[path] = _Joined(entity, alias, all_of(conditions))
        return scope.joined[path]

    def _value(self, tree: Expression, scope: _Scope) -> Value:
        match tree:
            case Literal():
                return of_literal(tree)
            case Property():
                return self._property(tree, scope)
            case Call(name, arguments, position):
                values = tuple(self._value(argument, scope) for argument in arguments)
                if name in geometry.FUNCTIONS:
                    return geometry.call(name, values, position)
                return functions.call(name, values, position, self._now)
            case Operation():
                return self._operation(tree, scope)

    def _operation(self, tree: Operation, scope: _Scope) -> Value:
        values = [self._value(side, scope) for side in tree.operands]
        operator, position = tree.operator, tree.position
        if operator in COMPARISONS:
            return Value(Kind.BOOL, compare(operator, *values).bracketed(), position)
        if operator in {Operator.AND, Operator.OR}:
            sides = (needs(value, Kind.BOOL).sql for value in values)
            return Value(Kind.BOOL, join(f" {operator.upper()} ", sides).bracketed(), position)
        if operator is Operator.NOT:
            sql = fill("(NOT coalesce({}, FALSE))", needs(values[0], Kind.BOOL).sql)
            return Value(Kind.BOOL, sql, position)
        if operator is Operator.NEGATE:
            return Value(Kind.NUMBER, fill("(- {})", needs(values[0], Kind.NUMBER).sql), position)
        return _calculated(operator, values[0], values[1], position)

    def _property(self, tree: Property, scope: _Scope) -> Value:
        entity, alias = scope.entity, scope.alias
        for depth, name in enumerate(tree.path):
            known = entity.field(name)
            if known is not None:
                return _column(entity, alias, known, tree.path[depth + 1 :], tree.position)
            relation = entity.relation(name)
            if relation is None:
                raise QueryError(_unknown(entity, name), position=tree.position)
            if relation.target == "Observation":
                _refuse_search(tree.position)
            joined = self._join(scope, tree.path[: depth + 1], relation)
            entity, alias = joined.entity, joined.alias
        message = f"{'/'.join(tree.path)} is an entity; a property of it is needed, such as id."
        raise QueryError(message, position=tree.position)


def _refuse_search(position: int) -> None:
    """Raise QueryError when entities would be searched by observations that are archived."""
    if is_anything_archived():
        message = (
            "Older observations lie in the archive, where entities are not searched by their"
            " observations. Ask Datastreams(id)/Observations."
        )
        raise QueryError(message, position=position)


def _unknown(entity: EntityType, name: str) -> str:
    return f"{entity.name} has no {name}. It has: {', '.join(entity.names)}."


def _paths(tree: Expression) -> Iterator[tuple[tuple[str, ...], int]]:
    match tree:
        case Property(path, position):
            yield path, position
        case Call(_, parts, _) | Operation(_, parts, _):
            for part in parts:
                yield from _paths(part)


def _column(
    entity: EntityType, alias: str, known: Field, rest: tuple[str, ...], position: int
) -> Value:
    sql = Sql(known.sql.format(a=alias))
    other = Sql(f"({alias}.detail -> 'r')") if known.kind is Kind.RESULT else None
    if rest:
        inside = other or sql
        if known.kind not in {Kind.JSON, Kind.GEOMETRY, Kind.RESULT}:
            message = f"{known.name} has nothing inside."
            raise QueryError(message, position=position)
        return Value(Kind.JSON, fill("({} #> {})", inside, param(list(rest), "text[]")), position)
    end = Sql(known.end.format(a=alias)) if known.end else None
    column = GeometryColumn(entity, alias, known.sql) if known.kind is Kind.GEOMETRY else None
    return Value(known.kind, sql, position, end=end, other=other, geometry=column)


def _calculated(operator: Operator, left: Value, right: Value, position: int) -> Value:
    times = {left.kind, right.kind} & {Kind.TIME, Kind.PERIOD, Kind.DURATION, Kind.DAY}
    if times:
        return _time_calculated(operator, left, right, position)
    first, second = needs(left, Kind.NUMBER).sql, needs(right, Kind.NUMBER).sql
    if operator is Operator.DIV:
        sql = fill("({}::float8 / nullif({}::float8, 0))", first, second)
    elif operator is Operator.MOD:
        sql = fill("mod({}::numeric, nullif({}::numeric, 0))", first, second)
    else:
        # Whole numbers overflow quietly nowhere: numeric has room.
        sql = fill(f"({{}}::numeric {ARITHMETIC[operator]} {{}}::numeric)", first, second)
    return Value(Kind.NUMBER, sql, position)


def _time_calculated(operator: Operator, left: Value, right: Value, position: int) -> Value:
    if operator in {Operator.ADD, Operator.SUB}:
        sign = ARITHMETIC[operator]
        if right.kind is Kind.DURATION:
            kind = Kind.DURATION if left.kind is Kind.DURATION else Kind.TIME
            first = left if kind is Kind.DURATION else needs(left, Kind.TIME)
            return Value(kind, fill(f"({{}} {sign} {{}})", first.sql, right.sql), position)
        if operator is Operator.SUB:
            both = needs(left, Kind.TIME).sql, needs(right, Kind.TIME).sql
            return Value(Kind.DURATION, fill("({} - {})", *both), position)
    message = "Times add and subtract with durations, and subtract from times; nothing else."
    raise QueryError(message, position=position)

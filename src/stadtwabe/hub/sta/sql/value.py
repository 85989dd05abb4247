"""A value of an expression in SQL, with what it is."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from stadtwabe.hub.sta.query.errors import QueryError
from stadtwabe.hub.sta.query.expressions import Geometry, Interval, Literal, LiteralValue
from stadtwabe.hub.sta.schema.entity import EntityType, Kind
from stadtwabe.hub.sta.sql.fragment import Sql, fill, param


@dataclass(frozen=True, slots=True)
class GeometryColumn:
    """A column with geometries, to be compared outside of SQL."""

    entity: EntityType
    alias: str
    template: str


@dataclass(frozen=True, slots=True)
class Value:
    """``sql`` of ``kind``. A PERIOD has its ``end``; a RESULT what is no number in ``other``."""

    kind: Kind
    sql: Sql
    position: int
    end: Sql | None = None
    other: Sql | None = None
    geometry: Geometry | GeometryColumn | None = None

    @property
    def last(self) -> Sql:
        """The end of a PERIOD, the value itself for others."""
        return self.end or self.sql


NULL_SQL = Sql("NULL")
BIGGEST = 2**63 - 1


def of_literal(literal: Literal) -> Value:
    """Return what is written in a query as a parameter."""
    value, position = literal.value, literal.position
    match value:
        case None:
            return Value(Kind.NULL, NULL_SQL, position)
        case Interval(start, end):
            first, last = param(start, "timestamptz"), param(end, "timestamptz")
            return Value(Kind.PERIOD, first, position, end=last)
        case Geometry():
            return Value(Kind.GEOMETRY, NULL_SQL, position, geometry=value)
    kind, cast = _scalar(value)
    return Value(kind, param(value, cast), position)


def _scalar(value: LiteralValue) -> tuple[Kind, str]:
    match value:
        case bool():
            return Kind.BOOL, "boolean"
        case int():
            return Kind.NUMBER, "bigint" if value <= BIGGEST else "numeric"
        case float():
            return Kind.NUMBER, "float8"
        case datetime():
            return Kind.TIME, "timestamptz"
        case date():
            return Kind.DAY, "date"
        case time():
            return Kind.CLOCK, "time"
        case timedelta():
            return Kind.DURATION, "interval"
        case _:
            return Kind.TEXT, "text"


def needs(value: Value, *kinds: Kind) -> Value:
    """Return ``value`` as one of ``kinds`` (the first wins). Raises QueryError."""
    if value.kind in kinds:
        return value
    for kind in kinds:
        converted = _converted(value, kind)
        if converted is not None:
            return Value(kind, converted, value.position)
    wanted = " or ".join(kind.name.lower() for kind in kinds)
    message = f"A {wanted} is needed here, not a {value.kind.name.lower()}."
    raise QueryError(message, position=value.position)


def _converted(value: Value, kind: Kind) -> Sql | None:
    json = value.other if value.kind is Kind.RESULT else value.sql
    match value.kind, kind:
        case Kind.NULL, _:
            return NULL_SQL
        case Kind.RESULT, Kind.NUMBER:
            return value.sql
        case (Kind.JSON | Kind.RESULT, Kind.NUMBER) if json:
            return fill("(CASE jsonb_typeof({}) WHEN 'number' THEN {}::float8 END)", json, json)
        case (Kind.JSON | Kind.RESULT, Kind.BOOL) if json:
            return fill("(CASE jsonb_typeof({}) WHEN 'boolean' THEN {}::boolean END)", json, json)
        case (Kind.JSON | Kind.RESULT, Kind.TEXT) if json:
            text = fill("({} #>> '{{}}')", json)
            return fill("(CASE jsonb_typeof({}) WHEN 'string' THEN {} END)", json, text)
        case Kind.PERIOD, Kind.TIME:
            return value.sql
        case Kind.DAY, Kind.TIME:
            return fill("({}::timestamp AT TIME ZONE 'UTC')", value.sql)
        case _:
            return None

"""The tree of an expression: what ``$filter`` and ``$orderby`` say, each node with its position."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import TypeAlias


class Operator(StrEnum):
    """Operators of OData 4, from the weakest to the strongest binding."""

    OR = "or"
    AND = "and"
    EQ = "eq"
    NE = "ne"
    GT = "gt"
    GE = "ge"
    LT = "lt"
    LE = "le"
    ADD = "add"
    SUB = "sub"
    MUL = "mul"
    DIV = "div"
    MOD = "mod"
    NOT = "not"
    NEGATE = "-"


COMPARISONS = frozenset(
    {Operator.EQ, Operator.NE, Operator.GT, Operator.GE, Operator.LT, Operator.LE}
)


@dataclass(frozen=True, slots=True)
class Interval:
    """A period of time, ``start/end`` (ISO 8601); contains its start, not its end."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Geometry:
    """A geometry in Well-Known Text, WGS 84, longitude first."""

    text: str


LiteralValue: TypeAlias = (
    str | int | float | bool | datetime | date | time | timedelta | Interval | Geometry | None
)


@dataclass(frozen=True, slots=True)
class Literal:
    """A value written in the query."""

    value: LiteralValue
    position: int


@dataclass(frozen=True, slots=True)
class Property:
    """A path to a value, ``Thing/properties/colour``."""

    path: tuple[str, ...]
    position: int


@dataclass(frozen=True, slots=True)
class Call:
    """A function applied to its arguments."""

    name: str
    arguments: tuple["Expression", ...]
    position: int


@dataclass(frozen=True, slots=True)
class Operation:
    """An operator applied to one or two operands."""

    operator: Operator
    operands: tuple["Expression", ...]
    position: int


Expression: TypeAlias = Literal | Property | Call | Operation

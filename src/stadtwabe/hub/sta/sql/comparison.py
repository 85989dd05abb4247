"""``eq`` and its like between values of all kinds."""

from stadtwabe.hub.sta.query.errors import QueryError
from stadtwabe.hub.sta.query.expressions import Operator
from stadtwabe.hub.sta.schema.entity import Kind
from stadtwabe.hub.sta.sql.fragment import Sql, fill
from stadtwabe.hub.sta.sql.value import Value, needs

SIGNS = {
    Operator.EQ: "=",
    Operator.NE: "IS DISTINCT FROM",
    Operator.GT: ">",
    Operator.GE: ">=",
    Operator.LT: "<",
    Operator.LE: "<=",
}
COMPARABLE = (Kind.NUMBER, Kind.TEXT, Kind.BOOL, Kind.DAY, Kind.CLOCK, Kind.DURATION)
TIMES = frozenset({Kind.TIME, Kind.PERIOD, Kind.DAY})


def compare(operator: Operator, left: Value, right: Value) -> Sql:
    """Return the comparison of two values. Raises QueryError when they do not compare."""
    if Kind.NULL in {left.kind, right.kind}:
        return _with_null(operator, left if right.kind is Kind.NULL else right)
    kinds = {left.kind, right.kind}
    if kinds <= TIMES and kinds != {Kind.DAY}:
        return _times(operator, left, right)
    sign = SIGNS[operator]
    if left.kind is right.kind is Kind.JSON and operator in {Operator.EQ, Operator.NE}:
        return fill(f"{{}} {sign} {{}}", left.sql, right.sql)
    for kind in COMPARABLE:
        if kind in kinds:
            return fill(f"{{}} {sign} {{}}", needs(left, kind).sql, needs(right, kind).sql)
    if kinds <= {Kind.JSON, Kind.RESULT}:
        both = needs(left, Kind.NUMBER).sql, needs(right, Kind.NUMBER).sql
        return fill(f"{{}} {sign} {{}}", *both)
    names = f"{left.kind.name.lower()} and {right.kind.name.lower()}"
    message = f"These two do not compare: {names}."
    raise QueryError(message, position=right.position)


def _with_null(operator: Operator, value: Value) -> Sql:
    if operator not in {Operator.EQ, Operator.NE}:
        message = "With null only eq and ne make sense."
        raise QueryError(message, position=value.position)
    missing = fill("{} IS NULL", value.sql)
    if value.kind is Kind.JSON:
        missing = fill("({} IS NULL OR {} = 'null'::jsonb)", value.sql, value.sql)
    elif value.kind is Kind.RESULT and value.other:
        missing = fill("({} IS NULL AND {} IS NULL)", value.sql, value.other)
    elif value.kind is Kind.NULL:
        missing = Sql("TRUE")
    return missing if operator is Operator.EQ else fill("NOT ({})", missing)


def _times(operator: Operator, left: Value, right: Value) -> Sql:
    """Points and periods (OGC 18-088, 9.3.3.5.1): a period is before what begins at its end.

    The first term always compares the start of ``left`` alone, where an index can help.
    """
    left = left if left.kind is Kind.PERIOD else needs(left, Kind.TIME)
    right = right if right.kind is Kind.PERIOD else needs(right, Kind.TIME)
    if Kind.PERIOD not in {left.kind, right.kind}:
        return fill(f"{{}} {SIGNS[operator]} {{}}", left.sql, right.sql)
    match operator:
        case Operator.LT:
            return fill("({} < {} AND {} <= {})", left.sql, right.sql, left.last, right.sql)
        case Operator.GT if right.kind is Kind.PERIOD:
            return fill("{} >= {}", left.sql, right.last)
        case Operator.GT:
            return fill("{} > {}", left.sql, right.sql)
        case Operator.LE:
            return fill("({} <= {} AND {} <= {})", left.sql, right.sql, left.last, right.last)
        case Operator.GE:
            return fill("({} >= {} AND {} >= {})", left.sql, right.sql, left.last, right.last)
        case Operator.EQ:
            return fill("({} = {} AND {} = {})", left.sql, right.sql, left.last, right.last)
        case _:
            return fill(
                "({} IS DISTINCT FROM {} OR {} IS DISTINCT FROM {})",
                left.sql,
                right.sql,
                left.last,
                right.last,
            )

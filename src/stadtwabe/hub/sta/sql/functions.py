"""The functions of ``$filter``, except those on geometries."""

import re
from datetime import datetime

from stadtwabe.hub.sta.schema.entity import Kind
from stadtwabe.hub.sta.sql.fragment import Sql, fill, join, param
from stadtwabe.hub.sta.sql.value import Value, needs

TEXT, NUMBER, TIME, BOOL = Kind.TEXT, Kind.NUMBER, Kind.TIME, Kind.BOOL

# name: (kinds of the arguments, kind of the result, template)
_PLAIN: dict[str, tuple[tuple[Kind, ...], Kind, str]] = {
    "substringof": ((TEXT, TEXT), BOOL, "strpos({1}, {0}) > 0"),
    "contains": ((TEXT, TEXT), BOOL, "strpos({0}, {1}) > 0"),
    "startswith": ((TEXT, TEXT), BOOL, "starts_with({0}, {1})"),
    "endswith": ((TEXT, TEXT), BOOL, "right({0}, length({1})) = {1}"),
    "length": ((TEXT,), NUMBER, "length({0})"),
    "indexof": ((TEXT, TEXT), NUMBER, "(strpos({0}, {1}) - 1)"),
    "tolower": ((TEXT,), TEXT, "lower({0})"),
    "toupper": ((TEXT,), TEXT, "upper({0})"),
    "trim": ((TEXT,), TEXT, "btrim({0})"),
    "concat": ((TEXT, TEXT), TEXT, "({0} || {1})"),
    "round": ((NUMBER,), NUMBER, "floor({0} + 0.5)"),
    "floor": ((NUMBER,), NUMBER, "floor({0})"),
    "ceiling": ((NUMBER,), NUMBER, "ceil({0})"),
    "date": ((TIME,), Kind.DAY, "({0} AT TIME ZONE 'UTC')::date"),
    "time": ((TIME,), Kind.CLOCK, "({0} AT TIME ZONE 'UTC')::time"),
    "mindatetime": ((), TIME, "'0001-01-01 00:00+00'::timestamptz"),
    "maxdatetime": ((), TIME, "'9999-12-31 23:59:59.999+00'::timestamptz"),
    "fractionalseconds": ((TIME,), NUMBER, "mod(extract(second FROM {0}), 1)"),
    # Times are kept and answered in UTC.
    "totaloffsetminutes": ((TIME,), NUMBER, "({0} IS NOT NULL)::int * 0"),
    **{
        part: ((TIME,), NUMBER, f"extract({part} FROM {{0}} AT TIME ZONE 'UTC')")
        for part in ("year", "month", "day", "hour", "minute")
    },
    "second": ((TIME,), NUMBER, "floor(extract(second FROM {0}))"),
}

# Between the periods {0}/{1} and {2}/{3}; a point in time is a period without length.
_PERIODS = {
    "before": "{1} <= {2} AND {0} < {2}",
    "after": "{0} >= {3} AND {0} > {2}",
    "meets": "({1} = {2} OR {0} = {3})",
    "during": "{0} >= {2} AND {1} <= {3}",
    "overlaps": "{0} < {3} AND {1} > {2}",
    "starts": "{0} = {2}",
    "finishes": "{1} = {3}",
}


def call(name: str, arguments: tuple[Value, ...], position: int, now: datetime) -> Value:
    """Return the result of a function. Raises QueryError for arguments of a wrong kind."""
    if name == "now":
        return Value(TIME, param(now, "timestamptz"), position)
    if name == "substring":
        return _substring(arguments, position)
    if name in _PERIODS:
        return Value(BOOL, _periods(_PERIODS[name], arguments), position)
    kinds, result, template = _PLAIN[name]
    texts = [needs(value, kind).sql for value, kind in zip(arguments, kinds, strict=True)]
    return Value(result, _numbered(template, texts), position)


def _numbered(template: str, parts: list[Sql]) -> Sql:
    """Fill a template whose places are numbered, so that a part may stand twice."""
    places = re.split(r"\{(\d)\}", template)
    pieces = [Sql(places[0])]
    for number, text in zip(places[1::2], places[2::2], strict=True):
        pieces += [parts[int(number)], Sql(text)]
    return join("", pieces)


def _substring(arguments: tuple[Value, ...], position: int) -> Value:
    text, start = needs(arguments[0], TEXT).sql, needs(arguments[1], NUMBER).sql
    if len(arguments) == 2:
        sql = fill("substr({}, ({})::int + 1)", text, start)
    else:
        length = needs(arguments[2], NUMBER).sql
        sql = fill("substr({}, ({})::int + 1, greatest(({})::int, 0))", text, start, length)
    return Value(TEXT, sql, position)


def _periods(template: str, arguments: tuple[Value, ...]) -> Sql:
    ends: list[Sql] = []
    for value in arguments:
        known = value if value.kind is Kind.PERIOD else needs(value, TIME)
        ends += [known.sql, known.last]
    return _numbered(template, ends).bracketed()

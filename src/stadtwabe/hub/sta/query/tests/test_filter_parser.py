"""What filters mean, and where they are wrong."""

import contextlib
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stadtwabe.hub.sta.query.errors import QueryError
from stadtwabe.hub.sta.query.expressions import (
    Call,
    Expression,
    Geometry,
    Interval,
    Literal,
    LiteralValue,
    Operation,
    Operator,
    Property,
)
from stadtwabe.hub.sta.query.filter_parser import DEEPEST, parse_filter, parse_orderby


def shown(tree: Expression) -> str:
    """The tree with every bracket written."""
    match tree:
        case Literal(value):
            return written(value)
        case Property(path):
            return "/".join(path)
        case Call(name, arguments):
            return f"{name}({','.join(map(shown, arguments))})"
        case Operation(Operator.NOT, (inner,)):
            return f"(not {shown(inner)})"
        case Operation(Operator.NEGATE, (inner,)):
            return f"(-{shown(inner)})"
        case Operation(operator, (left, right)):
            return f"({shown(left)} {operator} {shown(right)})"
    raise AssertionError(tree)


def written(value: LiteralValue) -> str:
    match value:
        case bool() | None:
            return {True: "true", False: "false", None: "null"}[value]
        case str():
            return "'" + value.replace("'", "''") + "'"
        case datetime():
            return value.isoformat()
        case Interval(start, end):
            return f"{start.isoformat()}/{end.isoformat()}"
        case Geometry(text):
            return f"geography'{text}'"
        case timedelta():
            return f"duration'P{value.days}DT{value.seconds}S'"
        case _:
            return str(value)


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("result gt 5 and id lt 3 or id eq 9", "(((result gt 5) and (id lt 3)) or (id eq 9))"),
        ("result add 1 mul 2 eq 3", "((result add (1 mul 2)) eq 3)"),
        ("result sub 1 sub 2 eq 0", "(((result sub 1) sub 2) eq 0)"),
        ("not result eq 3 and id eq 1", "((not (result eq 3)) and (id eq 1))"),
        ("result lt -5", "(result lt (-5))"),
        ("(id eq 1 or id eq 2) and id ne 3", "(((id eq 1) or (id eq 2)) and (id ne 3))"),
        ("substringof('a',tolower(name))", "substringof('a',tolower(name))"),
        ("Thing/properties/my-key eq 'x'", "(Thing/properties/my-key eq 'x')"),
        ("@iot.id eq 4", "(@iot.id eq 4)"),
        ("name eq 'O''Hara, (or) so; eq'", "(name eq 'O''Hara, (or) so; eq')"),
    ],
)
def test_what_binds_tighter(text: str, meaning: str) -> None:
    assert shown(parse_filter(text)) == meaning


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2026-11-22T10:00:00Z", datetime(2026, 11, 22, 10, tzinfo=UTC)),
        ("2026-11-22T10:00:00.5+02:00", datetime(2026, 11, 22, 8, 0, 0, 500_000, tzinfo=UTC)),
        ("2026-11-22T10:00:00 02:00", datetime(2026, 11, 22, 8, tzinfo=UTC)),
        ("2026-11-22", date(2026, 11, 22)),
        ("duration'P1DT2H'", timedelta(days=1, hours=2)),
        ("duration'-PT30M'", -timedelta(minutes=30)),
        (
            "2026-11-22T10:00:00Z/2026-11-23T10:00:00Z",
            Interval(
                datetime(2026, 11, 22, 10, tzinfo=UTC), datetime(2026, 11, 23, 10, tzinfo=UTC)
            ),
        ),
        ("geography'POINT (7.5 51.4)'", Geometry("POINT (7.5 51.4)")),
        ("1.5e3", 1500.0),
        ("7", 7),
        ("true", True),
        ("null", None),
    ],
)
def test_values(text: str, value: LiteralValue) -> None:
    tree = parse_filter(f"result eq {text}")
    assert isinstance(tree, Operation)
    literal = tree.operands[1]
    assert isinstance(literal, Literal)
    assert (literal.value, type(literal.value)) == (value, type(value))


@pytest.mark.parametrize(
    ("text", "position", "says"),
    [
        ("", 0, "the end"),
        ("result gt", 9, "the end"),
        ("result gt 5 5", 12, "an operator"),
        ("name eq 'x", 8, "not closed"),
        ("(id eq 1", 8, "')' is expected"),
        ("nofunction(id)", 0, "no function nofunction"),
        ("substring(name) eq 'a'", 0, "2 or 3 arguments, not 1"),
        ("phenomenonTime gt 2026-02-30T00:00:00Z", 18, "not a valid point in time"),
        ("phenomenonTime gt duration'1H'", 18, "P1DT12H30M5S"),
        ("phenomenonTime gt 2026-01-02T00:00:00Z/2026-01-01T00:00:00Z", 18, "ends before"),
        ("result eq 1e999", 10, "too large"),
        ("id eq 1; drop table", 7, "';'"),
        ("Thing/(1) eq 1", 6, "name of a property"),
    ],
)
def test_where_it_is_wrong(text: str, position: int, says: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse_filter(text)
    assert (caught.value.option, caught.value.position) == ("$filter", position)
    assert says in caught.value.message


def test_nobody_overflows_the_stack() -> None:
    assert parse_filter("(" * (DEEPEST - 1) + "id" + ")" * (DEEPEST - 1))
    for bomb in ("(" * 5000, "not " * 5000, "-" * 5000 + "1", "a/" * 9000):
        with pytest.raises(QueryError):
            parse_filter(bomb)


def test_order() -> None:
    keys = parse_orderby("phenomenonTime desc, result mul 2 asc,id")
    assert [(shown(key.expression), key.descending) for key in keys] == [
        ("phenomenonTime", True),
        ("(result mul 2)", False),
        ("id", False),
    ]
    with pytest.raises(QueryError) as caught:
        parse_orderby("id downwards")
    assert (caught.value.option, caught.value.position) == ("$orderby", 3)


moments = st.integers(min_value=-(2**31), max_value=2**32).map(
    lambda seconds: datetime.fromtimestamp(seconds, tz=UTC)
)
values = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(min_value=0, max_value=10**12),
    st.floats(min_value=0, allow_nan=False, allow_infinity=False),
    st.text(),
    moments,
    st.tuples(moments, moments).map(lambda pair: Interval(min(pair), max(pair))),
    st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=999)).map(
        lambda length: timedelta(days=length.days, seconds=length.seconds)
    ),
)
names = st.sampled_from(["result", "name", "Thing/properties/größe", "@iot.id"])
leaves = st.one_of(
    values.map(lambda value: Literal(value, 0)),
    names.map(lambda name: Property(tuple(name.split("/")), 0)),
)
binary = st.sampled_from([one for one in Operator if one not in {Operator.NOT, Operator.NEGATE}])
trees = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.tuples(binary, inner, inner).map(lambda t: Operation(t[0], (t[1], t[2]), 0)),
        inner.map(lambda one: Operation(Operator.NOT, (one,), 0)),
        inner.map(lambda one: Call("length", (one,), 0)),
        st.tuples(inner, inner).map(lambda pair: Call("concat", pair, 0)),
    ),
    max_leaves=12,
)


@given(trees)
def test_a_written_tree_reads_as_itself(tree: Expression) -> None:
    text = shown(tree)
    assert shown(parse_filter(text)) == text


@contextlib.contextmanager
def places_it_in(text: str) -> Iterator[None]:
    """An error that comes out of here has a position within ``text``."""
    try:
        yield
    except QueryError as error:
        place = error.position
        if place is None or not 0 <= place <= len(text):
            pytest.fail(f"{error.message} at {place}")
        raise


@given(st.text())
def test_any_text_is_understood_or_refused_with_a_place(text: str) -> None:
    with contextlib.suppress(QueryError), places_it_in(text):
        parse_filter(text)

"""What a ``$filter`` says about the phenomenon time: outside of that nothing is to be read."""

from dataclasses import dataclass
from datetime import datetime

from stadtwabe.hub.ingest.times import BadTime, microseconds
from stadtwabe.hub.sta.query.expressions import (
    Call,
    Expression,
    Interval,
    Literal,
    Operation,
    Operator,
    Property,
)

TIME = ("phenomenonTime",)
STREAM = {(name, key) for name in ("Datastream", "MultiDatastream") for key in ("id", "@iot.id")}
_FLIPPED = {
    Operator.GT: Operator.LT,
    Operator.GE: Operator.LE,
    Operator.LT: Operator.GT,
    Operator.LE: Operator.GE,
    Operator.EQ: Operator.EQ,
}


@dataclass(frozen=True, slots=True)
class Span:
    """From ``since`` up to ``until`` (excluded), in microseconds since 2000; None: open."""

    since: int | None = None
    until: int | None = None

    def __and__(self, other: "Span") -> "Span":
        starts = [each for each in (self.since, other.since) if each is not None]
        ends = [each for each in (self.until, other.until) if each is not None]
        return Span(max(starts, default=None), min(ends, default=None))


def span_of(tree: Expression | None) -> Span:
    """Return a span outside of which no observation begins for which ``tree`` holds.

    It may be wider than necessary: the condition itself is always asked besides.
    """
    match tree:
        case Operation(Operator.AND, (left, right), _):
            return span_of(left) & span_of(right)
        case Operation(operator, (Property(path, _), Literal(value, _)), _) if path == TIME:
            return _compared(operator, value)
        case Operation(operator, (Literal(value, _), Property(path, _)), _) if path == TIME:
            return _compared(_FLIPPED.get(operator, Operator.NE), value)
        case Call("during", (Property(path, _), Literal(Interval(start, end), _)), _) if (
            path == TIME
        ):
            return Span(_time(start), _after(end))
    return Span()


def streams_of(tree: Expression | None) -> list[int] | None:
    """Return the only datastreams for whose observations ``tree`` may hold; None: any."""
    match tree:
        case Operation(Operator.AND, (left, right), _):
            both = [each for each in (streams_of(left), streams_of(right)) if each is not None]
            return both[0] if both else None
        case Operation(Operator.EQ, (Property(path, _), Literal(int(pk), _)), _) if path in STREAM:
            return [pk]
    return None


def _compared(operator: Operator, value: object) -> Span:
    start = value.start if isinstance(value, Interval) else value
    end = value.end if isinstance(value, Interval) else value
    if not isinstance(start, datetime) or not isinstance(end, datetime):
        return Span()
    match operator:
        case Operator.GT | Operator.GE:
            return Span(since=_time(start))
        case Operator.LT | Operator.LE:
            return Span(until=_after(end))
        case Operator.EQ:
            return Span(_time(start), _after(end))
    return Span()


def _time(value: datetime) -> int | None:
    try:
        return microseconds(value)
    except BadTime:  # without a time zone: the database decides what it means
        return None


def _after(value: datetime) -> int | None:
    time = _time(value)
    return None if time is None else time + 1

"""The course of an alert: from values in the order of their times to when it begins and ends.

Pure: the same values give the same alerts, whether they come one by one or all at once.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from stadtwabe.hub.rules import AlertKind

Value = tuple[datetime, float]


@dataclass(frozen=True, slots=True)
class Limits:
    """What a rule says, but for silence; see ``AlertRule``."""

    kind: AlertKind
    threshold: float
    clear_at: float
    minimum: timedelta = timedelta(0)
    period: timedelta = timedelta(0)

    @property
    def sign(self) -> int:
        """1 when more is worse, -1 when less is."""
        return -1 if self.kind == AlertKind.BELOW else 1

    @property
    def is_of_change(self) -> bool:
        """Whether it is about changes, not about values."""
        return self.kind in {AlertKind.RISE, AlertKind.FALL}


@dataclass(slots=True)
class Course:
    """Where a rule stands: ``since`` it is exceeded; the extreme and the last while it is open."""

    since: datetime | None = None
    is_open: bool = False
    extreme: float | None = None
    last: float | None = None


@dataclass(frozen=True, slots=True)
class Began:
    """An alert begins: since when, noticed with which value."""

    since: datetime
    value: float


@dataclass(frozen=True, slots=True)
class Ended:
    """It ends with a value that is clear again."""

    at: datetime
    value: float
    extreme: float


def follow(
    limits: Limits, course: Course, values: Iterable[Value], *, before: Iterable[Value] = ()
) -> Iterator[Began | Ended]:
    """Yield what happens; ``course`` is kept up to date.

    ``before``: what has been judged already and lies within the period of the first of ``values``.
    """
    measures = _changes(limits, before, values) if limits.is_of_change else values
    for at, measure in measures:
        course.last = measure
        if course.is_open:
            course.extreme = _worse(limits, course.extreme, measure)
            if limits.sign * (measure - limits.clear_at) <= 0:
                yield Ended(at, measure, course.extreme)
                course.is_open, course.extreme, course.since = False, None, None
        elif limits.sign * (measure - limits.threshold) > 0:
            course.since = course.since or at
            course.extreme = _worse(limits, course.extreme, measure)
            if at - course.since >= limits.minimum:
                course.is_open = True
                yield Began(course.since, measure)
        else:
            course.since = course.extreme = None


def _worse(limits: Limits, one: float | None, other: float) -> float:
    return other if one is None or limits.sign * (other - one) > 0 else one


def _changes(limits: Limits, before: Iterable[Value], values: Iterable[Value]) -> Iterator[Value]:
    """Yield how far each value lies above the least (below the greatest) of the period up to it."""
    sign = 1 if limits.kind == AlertKind.RISE else -1
    # Only those can be the least that nothing later has undercut.
    rising: deque[Value] = deque()

    def push(at: datetime, value: float) -> None:
        while rising and rising[-1][1] >= value:
            rising.pop()
        rising.append((at, value))
        while rising[0][0] < at - limits.period:
            rising.popleft()

    for at, value in before:
        push(at, sign * value)
    for at, value in values:
        push(at, sign * value)
        yield at, sign * value - rising[0][1]

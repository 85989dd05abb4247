"""The timeline: spans over years, one lane each; the list beneath says the same in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from stadtwabe.kit.drawing.numbers import svg_number

WIDTH = 1000.0
LANE = 20.0
TOP = 30.0
SMALLEST = 6.0


@dataclass(frozen=True, slots=True)
class Span:
    """One thing with a beginning; without ``ends_on`` it is open. ``shown``: its dates."""

    label: str
    starts_on: date
    ends_on: date | None = None
    href: str = ""
    shown: str = ""


@dataclass(frozen=True, slots=True)
class DrawnSpan:
    """A span ready for the template."""

    span: Span
    x: str
    y: str
    width: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class Tick:
    """A year on the axis."""

    year: str
    x: str


@dataclass(frozen=True, slots=True)
class Timeline:
    """The whole drawing."""

    view_box: str
    height: str
    spans: tuple[DrawnSpan, ...]
    ticks: tuple[Tick, ...]


def draw(spans: Iterable[Span], *, today: date) -> Timeline:
    """Lay out ``spans`` by their beginning; open ones reach to ``today`` and are drawn lighter."""
    rows = sorted(spans, key=lambda span: (span.starts_on, span.label))
    if not rows:
        return Timeline("0 0 1000 0", "0", (), ())
    first_year = rows[0].starts_on.year
    last_day = max(max(span.ends_on or today, span.starts_on) for span in rows)
    begin, end = date(first_year, 1, 1), date(last_day.year + 1, 1, 1)

    def x_of(day: date) -> float:
        return WIDTH * (day - begin).days / (end - begin).days

    drawn = []
    for lane, span in enumerate(rows):
        until = max(span.ends_on or today, span.starts_on) + timedelta(days=1)
        x = x_of(span.starts_on)
        drawn.append(
            DrawnSpan(
                span,
                svg_number(x),
                svg_number(TOP + lane * LANE + 4),
                svg_number(max(SMALLEST, x_of(until) - x)),
                span.ends_on is None,
            )
        )
    years = end.year - first_year
    every = 1 if years <= 12 else 2 if years <= 24 else 5
    ticks = tuple(
        Tick(str(year), svg_number(x_of(date(year, 1, 1))))
        for year in range(first_year, end.year, every)
    )
    height = TOP + len(rows) * LANE + 6
    return Timeline(
        f"0 0 {svg_number(WIDTH)} {svg_number(height)}", svg_number(height), tuple(drawn), ticks
    )

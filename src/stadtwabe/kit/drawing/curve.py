"""A curve over time with its axes, drawn as SVG; the table beside it says the same in words."""

import math
from collections.abc import Container, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from stadtwabe.kit.drawing.numbers import svg_number

WIDTH, HEIGHT = 1000.0, 340.0
LEFT, RIGHT, TOP, BOTTOM = 64.0, 12.0, 12.0, 34.0
STEPS = (
    timedelta(minutes=10),
    timedelta(minutes=30),
    timedelta(hours=1),
    timedelta(hours=3),
    timedelta(hours=6),
    timedelta(hours=12),
    timedelta(days=1),
    timedelta(days=2),
    timedelta(days=7),
    timedelta(days=14),
    timedelta(days=30),
    timedelta(days=91),
    timedelta(days=365),
    timedelta(days=730),
    timedelta(days=1826),
    timedelta(days=3652),
)
MOST_TICKS = 7
GAP = 3.0
"""The line breaks where this many times the usual distance lies between two points."""


@dataclass(frozen=True, slots=True)
class Point:
    """A value at a time; ``least`` and ``most`` if it stands for several."""

    at: datetime
    value: float
    least: float | None = None
    most: float | None = None


@dataclass(frozen=True, slots=True)
class Tick:
    """A line of the grid with its label."""

    place: str
    label: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A point to be noticed."""

    x: str
    y: str


@dataclass(frozen=True, slots=True)
class Curve:
    """The drawing: paths, ticks and marks in the coordinates of ``view_box``.

    ``more`` are further lines.
    """

    view_box: str
    line: str
    band: str
    more: tuple[str, ...]
    times: tuple[Tick, ...]
    values: tuple[Tick, ...]
    left: str
    right: str
    top: str
    bottom: str
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class _Scale:
    """From times and values to the coordinates of the drawing."""

    start: datetime
    seconds: float
    low: float
    high: float

    def x(self, at: datetime) -> str:
        share = (at - self.start).total_seconds() / self.seconds
        return svg_number(LEFT + share * (WIDTH - LEFT - RIGHT))

    def y(self, value: float) -> str:
        share = (value - self.low) / (self.high - self.low)
        return svg_number(HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM))

    def line(self, points: Sequence[Point]) -> str:
        """Return the path of a line, broken where points are missing."""
        parts = []
        for run in _runs(points):
            parts.append("M" + "L".join(f"{self.x(one.at)} {self.y(one.value)}" for one in run))
            if len(run) == 1:
                parts[-1] += "h0.01"  # a point alone: its round cap is the dot
        return "".join(parts)

    def band(self, points: Sequence[Point]) -> str:
        """Return the path around least and most, where the points have both."""
        parts = []
        for run in _runs(points):
            if all(one.least is not None and one.most is not None for one in run):
                above = [f"{self.x(one.at)} {self.y(one.most or 0.0)}" for one in run]
                below = [f"{self.x(one.at)} {self.y(one.least or 0.0)}" for one in reversed(run)]
                parts.append("M" + "L".join([*above, *below]) + "Z")
        return "".join(parts)


def draw(
    points: Sequence[Point],
    *more: Sequence[Point],
    start: datetime,
    end: datetime,
    marked: Container[datetime] = (),
    decimal_separator: str = ",",
) -> Curve:
    """Lay out ``points``, sorted by time, between ``start`` and ``end`` (aware, in local time).

    ``more`` are further lines on the same axes. With them no band is drawn: bands that lie over
    each other tell nothing. Of ``points`` those at times that are ``marked`` are to be noticed.
    """
    every = [point for line in (points, *more) for point in line]
    lows = [point.value if more or point.least is None else point.least for point in every]
    highs = [point.value if more or point.most is None else point.most for point in every]
    ticks = _round_ticks(min(lows, default=0.0), max(highs, default=1.0))
    scale = _Scale(start, max((end - start).total_seconds(), 1.0), ticks[0], ticks[-1])
    return Curve(
        f"0 0 {svg_number(WIDTH)} {svg_number(HEIGHT)}",
        scale.line(points),
        "" if more else scale.band(points),
        tuple(scale.line(line) for line in more),
        tuple(Tick(scale.x(at), label) for at, label in _time_ticks(start, end)),
        tuple(Tick(scale.y(value), _shown(value, ticks, decimal_separator)) for value in ticks),
        svg_number(LEFT),
        svg_number(WIDTH - RIGHT),
        svg_number(TOP),
        svg_number(HEIGHT - BOTTOM),
        tuple(Mark(scale.x(one.at), scale.y(one.value)) for one in points if one.at in marked),
    )


def _runs(points: Sequence[Point]) -> list[list[Point]]:
    """Split the points where some are missing."""
    if not points:
        return []
    steps = sorted((later.at - earlier.at).total_seconds() for earlier, later in pairwise(points))
    usual = steps[len(steps) // 2] if steps else 0.0
    runs = [[points[0]]]
    for earlier, later in pairwise(points):
        if (later.at - earlier.at).total_seconds() > GAP * usual:
            runs.append([])
        runs[-1].append(later)
    return runs


def _round_ticks(low: float, high: float) -> list[float]:
    """Return four to seven round numbers that enclose ``low`` and ``high``."""
    if high - low < 1e-9 * max(abs(low), abs(high), 1.0):
        low, high = low - 0.5, high + 0.5
    rough = (high - low) / 4
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * each for each in (1, 2, 2.5, 5, 10) if power * each >= rough)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [step * number for number in range(first, last + 1)]


def _shown(value: float, ticks: Sequence[float], decimal_separator: str) -> str:
    """Return ``value`` with as few decimals as tell all ticks exactly."""
    near = 1e-6 * (ticks[1] - ticks[0])
    decimals = next(
        (each for each in range(12) if all(abs(round(one, each) - one) < near for one in ticks)), 12
    )
    text = f"{round(value, decimals) + 0.0:,.{decimals}f}"
    return text.replace(",", "\u202f").replace(".", decimal_separator)


def _time_ticks(start: datetime, end: datetime) -> list[tuple[datetime, str]]:
    step = next((each for each in STEPS if (end - start) / each <= MOST_TICKS), STEPS[-1])
    midnight = start.replace(hour=0, minute=0, second=0, microsecond=0)
    at = midnight
    while at < start:
        at += step
    form = "%H:%M" if step < timedelta(days=1) else "%d.%m." if step.days < 91 else "%m/%Y"
    found = []
    while at <= end:
        label = at.strftime("%d.%m." if step < timedelta(days=1) and at.hour == 0 else form)
        found.append((at, label))
        at += step
    return found

"""A curve over time with its axes, drawn as SVG; the table beside it says the same in words."""

import math
from collections.abc import Sequence
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
class Curve:
    """The drawing: paths and ticks in the coordinates of ``view_box``."""

    view_box: str
    line: str
    band: str
    times: tuple[Tick, ...]
    values: tuple[Tick, ...]
    left: str
    right: str
    top: str
    bottom: str


def draw(points: Sequence[Point], *, start: datetime, end: datetime) -> Curve:
    """Lay out ``points``, sorted by time, between ``start`` and ``end`` (aware, in local time)."""
    lows = [point.value if point.least is None else point.least for point in points]
    highs = [point.value if point.most is None else point.most for point in points]
    ticks = _round_ticks(min(lows, default=0.0), max(highs, default=1.0))
    low, high = ticks[0], ticks[-1]
    seconds = max((end - start).total_seconds(), 1.0)

    def x(at: datetime) -> str:
        share = (at - start).total_seconds() / seconds
        return svg_number(LEFT + share * (WIDTH - LEFT - RIGHT))

    def y(value: float) -> str:
        return svg_number(HEIGHT - BOTTOM - (value - low) / (high - low) * (HEIGHT - TOP - BOTTOM))

    lines, bands = [], []
    for run in _runs(points):
        lines.append("M" + "L".join(f"{x(point.at)} {y(point.value)}" for point in run))
        if len(run) == 1:
            lines[-1] += "h0.01"  # a point alone: its round cap is the dot
        if all(point.least is not None and point.most is not None for point in run):
            above = [f"{x(point.at)} {y(point.most or 0.0)}" for point in run]
            below = [f"{x(point.at)} {y(point.least or 0.0)}" for point in reversed(run)]
            bands.append("M" + "L".join([*above, *below]) + "Z")
    return Curve(
        f"0 0 {svg_number(WIDTH)} {svg_number(HEIGHT)}",
        "".join(lines),
        "".join(bands),
        tuple(Tick(x(at), label) for at, label in _time_ticks(start, end)),
        tuple(Tick(y(value), _shown(value, ticks)) for value in ticks),
        svg_number(LEFT),
        svg_number(WIDTH - RIGHT),
        svg_number(TOP),
        svg_number(HEIGHT - BOTTOM),
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


def _shown(value: float, ticks: Sequence[float]) -> str:
    """Return ``value`` with as few decimals as tell all ticks exactly."""
    near = 1e-6 * (ticks[1] - ticks[0])
    decimals = next(
        (each for each in range(12) if all(abs(round(one, each) - one) < near for one in ticks)), 12
    )
    text = f"{round(value, decimals) + 0.0:,.{decimals}f}"
    return text.replace(",", "\u202f").replace(".", ",")


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

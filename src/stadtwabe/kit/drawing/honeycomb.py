"""The honeycomb: places as hexagons, each beside its neighbours, filled by what is known there."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from stadtwabe.kit.drawing.hexagon import hexagon_path
from stadtwabe.kit.drawing.numbers import svg_number

RADIUS = 20.0
STEPS = 5
"""Classes above zero; class 0 is "nothing known"."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One place in the comb. Odd rows are shifted half a cell to the right."""

    key: str
    name: str
    column: int
    row: int
    value: int = 0
    href: str = ""
    text: str = ""
    """Written into the cell where there is room for it, such as the letters of a state."""


@dataclass(frozen=True, slots=True)
class DrawnCell:
    """A cell ready for the template."""

    cell: Cell
    x: str
    y: str
    step: int

    @property
    def title(self) -> str:
        """What the pointer shows: the name and the number."""
        return f"{self.cell.name}: {self.cell.value}"


@dataclass(frozen=True, slots=True)
class Class:
    """One entry of the legend: values from ``first`` to ``last``, and how many cells have them."""

    step: int
    first: int
    last: int
    count: int


@dataclass(frozen=True, slots=True)
class Honeycomb:
    """The whole drawing."""

    view_box: str
    cells: tuple[DrawnCell, ...]
    legend: tuple[Class, ...]
    shape: str
    """The hexagon around (0, 0) that all cells are drawn from."""

    @property
    def shape_id(self) -> str:
        """The name of the shape, one per number of cells: a page may hold several combs."""
        return f"comb-{len(self.cells)}"


def class_bounds(values: Sequence[int]) -> tuple[int, ...]:
    """Return the upper bounds of at most five classes above zero, by quantiles of the values.

    Equal values are never split: with few different values there are fewer classes.
    """
    known = sorted(value for value in values if value > 0)
    bounds: list[int] = []
    for step in range(1, STEPS + 1):
        if not known:
            break
        bound = known[math.ceil(step * len(known) / STEPS) - 1]
        if not bounds or bound > bounds[-1]:
            bounds.append(bound)
    return tuple(bounds)


def _step(value: int, bounds: tuple[int, ...]) -> int:
    if value <= 0 or not bounds:
        return 0
    position = next(index for index, bound in enumerate(bounds) if value <= bound)
    # Few classes are spread over the scale, so that the highest is always the darkest.
    return STEPS if len(bounds) == 1 else 1 + round(position * (STEPS - 1) / (len(bounds) - 1))


def draw(cells: Sequence[Cell]) -> Honeycomb:
    """Lay out ``cells`` and class their values."""
    width = RADIUS * math.sqrt(3)
    bounds = class_bounds([cell.value for cell in cells])
    drawn: list[DrawnCell] = []
    right = bottom = 0.0
    left = top = math.inf
    for cell in cells:
        x = width * (cell.column + (0.5 if cell.row % 2 else 0.0))
        y = RADIUS * 1.5 * cell.row
        left, top = min(left, x - width / 2), min(top, y - RADIUS)
        right, bottom = max(right, x + width / 2), max(bottom, y + RADIUS)
        drawn.append(
            DrawnCell(
                cell,
                svg_number(x),
                svg_number(y),
                _step(cell.value, bounds),
            )
        )
    if not drawn:
        left = top = 0.0
    box = " ".join(svg_number(number) for number in (left, top, right - left, bottom - top))
    shape = hexagon_path(0, 0, RADIUS)
    return Honeycomb(box, tuple(drawn), _legend(cells, bounds), shape)


def _legend(cells: Sequence[Cell], bounds: tuple[int, ...]) -> tuple[Class, ...]:
    classes = []
    empty = sum(1 for cell in cells if cell.value <= 0)
    if empty:
        classes.append(Class(0, 0, 0, empty))
    first = 1
    for bound in bounds:
        count = sum(1 for cell in cells if first <= cell.value <= bound)
        lowest = min(cell.value for cell in cells if first <= cell.value <= bound)
        classes.append(Class(_step(bound, bounds), lowest, bound, count))
        first = bound + 1
    return tuple(classes)

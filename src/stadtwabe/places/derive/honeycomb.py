"""Lay the districts out as a honeycomb: one hexagon each, as near as can be to where they lie.

The comb covers the country: hexagons that hold the centre of a municipality. Then districts are
assigned to hexagons so that the sum of squared distances is smallest (Hungarian method, Kuhn 1955
in the O(n³) form with potentials). The states are laid out by hand.
"""

import csv
import json
import math
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

STATES = {
    # key: column, row, letters (ISO 3166-2:DE); odd rows are shifted half a cell to the right
    "01": (2, 0, "SH"),
    "02": (2, 1, "HH"),
    "03": (2, 2, "NI"),
    "04": (1, 1, "HB"),
    "05": (1, 3, "NW"),
    "06": (2, 4, "HE"),
    "07": (1, 4, "RP"),
    "08": (1, 5, "BW"),
    "09": (2, 5, "BY"),
    "10": (0, 5, "SL"),
    "11": (4, 3, "BE"),
    "12": (4, 2, "BB"),
    "13": (3, 1, "MV"),
    "14": (3, 3, "SN"),
    "15": (3, 2, "ST"),
    "16": (2, 3, "TH"),
}
_MIDDLE_LATITUDE = 51.2
Point = tuple[float, float]
Cell = tuple[int, int]


def build(register: Path) -> str:
    """Return the JSON of ``honeycomb.json`` from the register; the same input, the same comb."""
    with register.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if not row["valid_until"]]
    districts = {row["key"]: _plane(row) for row in rows if row["level"] == "district"}
    centres = [_plane(row) for row in rows if row["level"] == "municipality"]
    west, north = min(x for x, _y in centres), min(y for _x, y in centres)
    cells, radius = _comb([(x - west, y - north) for x, y in centres], len(districts))
    keys = sorted(districts)
    costs = [
        [(x - cx) ** 2 + (y - cy) ** 2 for cx, cy in (_centre(cell, radius) for cell in cells)]
        for x, y in ((districts[key][0] - west, districts[key][1] - north) for key in keys)
    ]
    chosen = assign(costs)
    comb = {key: list(cells[column]) for key, column in zip(keys, chosen, strict=True)}
    lines = ",\n".join(f'  "{key}": {json.dumps(comb[key])}' for key in keys)
    states = ",\n".join(f'  "{key}": {json.dumps(list(STATES[key]))}' for key in sorted(STATES))
    return f'{{"states": {{\n{states}\n}}, "districts": {{\n{lines}\n}}}}\n'


def _plane(row: dict[str, str]) -> Point:
    """Degrees to a plane where a degree is as long in both directions; y grows southward."""
    longitude, latitude = float(row["longitude"]), float(row["latitude"])
    return longitude * math.cos(math.radians(_MIDDLE_LATITUDE)), -latitude


def _centre(cell: Cell, radius: float) -> Point:
    column, row = cell
    return radius * math.sqrt(3) * (column + (0.5 if row % 2 else 0.0)), radius * 1.5 * row


def _cell_of(point: Point, radius: float) -> Cell:
    """Return the hexagon that ``point`` lies in: the nearest of the centres around it."""
    near_row = round(point[1] / (radius * 1.5))
    near_column = round(point[0] / (radius * math.sqrt(3)))
    around = [(near_column + column, near_row + row) for row in (-1, 0, 1) for column in (-1, 0, 1)]
    return min(around, key=lambda cell: math.dist(_centre(cell, radius), point))


def _comb(centres: Sequence[Point], wanted: int) -> tuple[list[Cell], float]:
    """Find the largest hexagons of which at least ``wanted`` hold the centre of a municipality."""
    low, high = 0.05, 1.0
    for _step in range(40):
        middle = (low + high) / 2
        if len({_cell_of(point, middle) for point in centres}) >= wanted:
            low = middle
        else:
            high = middle
    # The busiest hexagons: those at the edge that hold a village or two are left out.
    count = Counter(_cell_of(point, low) for point in centres)
    busiest = sorted(count, key=lambda cell: (-count[cell], cell))[:wanted]
    return sorted(busiest), low


def assign(costs: Sequence[Sequence[float]]) -> list[int]:
    """Return for every row its column, such that the sum of the costs is smallest.

    ``costs`` has at least as many columns as rows.
    """
    rows, columns = len(costs), len(costs[0])
    row_potential = [0.0] * (rows + 1)
    column_potential = [0.0] * (columns + 1)
    row_of = [0] * (columns + 1)  # 0: free; rows and columns are counted from 1 here
    for row in range(1, rows + 1):
        row_of[0] = row
        column = 0
        least = [math.inf] * (columns + 1)
        before = [0] * (columns + 1)
        used = [False] * (columns + 1)
        while row_of[column]:
            used[column] = True
            here, delta, following = row_of[column], math.inf, 0
            row_costs, potential = costs[here - 1], row_potential[here]
            for other in range(1, columns + 1):
                if used[other]:
                    continue
                reduced = row_costs[other - 1] - potential - column_potential[other]
                if reduced < least[other]:
                    least[other], before[other] = reduced, column
                if least[other] < delta:
                    delta, following = least[other], other
            for other in range(columns + 1):
                if used[other]:
                    row_potential[row_of[other]] += delta
                    column_potential[other] -= delta
                else:
                    least[other] -= delta
            column = following
        while column:
            row_of[column] = row_of[before[column]]
            column = before[column]
    result = [0] * rows
    for column in range(1, columns + 1):
        if row_of[column]:
            result[row_of[column] - 1] = column - 1
    return result

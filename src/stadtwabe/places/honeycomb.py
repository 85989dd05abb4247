"""Where states and districts stand in the honeycomb (``data/honeycomb.json``)."""

import json
from dataclasses import dataclass
from functools import cache
from typing import Any

from stadtwabe.places.register import DATA


@dataclass(frozen=True, slots=True)
class Position:
    """Column and row of a hexagon; odd rows are shifted half a cell. States have ``letters``."""

    column: int
    row: int
    letters: str = ""


@cache
def _file() -> dict[str, Any]:
    content: dict[str, Any] = json.loads((DATA / "honeycomb.json").read_text(encoding="utf-8"))
    return content


@cache
def state_positions() -> dict[str, Position]:
    """Return the sixteen states by their key."""
    return {key: Position(*values) for key, values in _file()["states"].items()}


@cache
def district_positions() -> dict[str, Position]:
    """Return the districts in force by their key."""
    return {key: Position(*values) for key, values in _file()["districts"].items()}

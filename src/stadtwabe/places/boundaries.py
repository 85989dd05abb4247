"""Boundaries of places, from the derived files; simplified, of the edition they name."""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from stadtwabe.places.rules import Level, level_of_key

FOLDER = Path(__file__).resolve().parent / "data" / "boundaries"

Bounds = tuple[float, float, float, float]
"""West, south, east, north, in degrees (WGS 84)."""


def boundary_of(key: str) -> dict[str, Any] | None:
    """Return the boundary of a place as a GeoJSON feature with its ``key``, ``name``, ``edition``.

    None for places that the edition of the boundaries does not know.
    """
    return _features(_file_of(key)).get(key)


@lru_cache(maxsize=4096)
def bounds_of(key: str) -> Bounds | None:
    """Return the box around a place, None where its boundary is not known."""
    feature = boundary_of(key)
    if feature is None:
        return None
    corners = list(_corners(feature["geometry"]["coordinates"]))
    easts, norths = [east for east, _north in corners], [north for _east, north in corners]
    return min(easts), min(norths), max(easts), max(norths)


def _file_of(key: str) -> Path:
    names = {
        Level.STATE: "states.geojson",
        Level.DISTRICT: "districts.geojson",
        Level.MUNICIPALITY: f"municipalities/{key[:5]}.geojson",
    }
    return FOLDER / names[level_of_key(key)]


@lru_cache(maxsize=16)
def _features(path: Path) -> dict[str, dict[str, Any]]:
    if not path.exists():
        return {}
    collection = json.loads(path.read_text(encoding="utf-8"))
    return {feature["properties"]["key"]: feature for feature in collection["features"]}


def _corners(coordinates: list[Any]) -> list[tuple[float, float]]:
    """Return all corners of a polygon or of several."""
    if isinstance(coordinates[0], int | float):
        return [(coordinates[0], coordinates[1])]
    return [corner for part in coordinates for corner in _corners(part)]

"""GeoJSON (RFC 7946) as far as the database must know it: is it one, and where does it lie."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from stadtwabe.hub.rules import GEOJSON
from stadtwabe.kit.errors import Invalid

Box = tuple[float, float, float, float]
"""Least longitude, least latitude, greatest longitude, greatest latitude; degrees, WGS 84."""

GEOJSON_NAMES = frozenset({GEOJSON, "application/vnd.geo+json", "application/geo"})
"""The name of RFC 7946, and what SensorThings 1.0 called it."""

_DEPTH = {
    "Point": 0,
    "MultiPoint": 1,
    "LineString": 1,
    "MultiLineString": 2,
    "Polygon": 2,
    "MultiPolygon": 3,
}
"""How many lists stand around the positions of each kind of geometry."""


def box_of(value: Any, encoding_type: str, *, field: str) -> Box | None:
    """Return the box around ``value``; None when its encoding is not GeoJSON.

    Raises Invalid, naming ``field``, when it should be GeoJSON and is not.
    """
    if encoding_type not in GEOJSON_NAMES:
        return None
    positions = list(_positions(value, field))
    if not positions:
        raise _no_geojson(field)
    longitudes = [longitude for longitude, _latitude in positions]
    latitudes = [latitude for _longitude, latitude in positions]
    return min(longitudes), min(latitudes), max(longitudes), max(latitudes)


def _positions(value: Any, field: str) -> Iterator[tuple[float, float]]:
    if not isinstance(value, dict):
        raise _no_geojson(field)
    kind = value.get("type")
    if kind == "Feature":
        yield from _positions(value.get("geometry"), field)
    elif kind in {"FeatureCollection", "GeometryCollection"}:
        parts = value.get("features" if kind == "FeatureCollection" else "geometries")
        if not isinstance(parts, list):
            raise _no_geojson(field)
        for part in parts:
            yield from _positions(part, field)
    elif kind in _DEPTH:
        yield from _coordinates(value.get("coordinates"), _DEPTH[kind], field)
    else:
        raise _no_geojson(field)


def _coordinates(value: Any, depth: int, field: str) -> Iterator[tuple[float, float]]:
    if not isinstance(value, list):
        raise _no_geojson(field)
    if depth:
        for part in value:
            yield from _coordinates(part, depth - 1, field)
        return
    numbers = [part for part in value if type(part) in {int, float}]
    if len(numbers) != len(value) or not 2 <= len(numbers) <= 4:
        raise _no_geojson(field)
    longitude, latitude = numbers[:2]
    if not (-180 <= longitude <= 180 and -90 <= latitude <= 90):
        raise Invalid(
            _("Eine Position liegt nicht auf der Erde: %(longitude)s, %(latitude)s.")
            % {"longitude": longitude, "latitude": latitude},
            field=field,
            remedy=_("Zuerst die Länge (−180 bis 180), dann die Breite (−90 bis 90), in Grad."),
        )
    yield float(longitude), float(latitude)


def _no_geojson(field: str) -> Invalid:
    return Invalid(
        _("Das ist kein GeoJSON."),
        field=field,
        remedy=_('Zum Beispiel: {"type": "Point", "coordinates": [7.8, 51.44]}.'),
    )

"""Area, centroid and "lies within" for polygons in degrees (WGS 84), without a GIS library."""

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

Ring = Sequence[Sequence[float]]
Polygon = Sequence[Ring]

# WGS 84: first eccentricity, and the radius of the sphere with the ellipsoid's surface (km).
_E2 = 0.00669437999014
_E = math.sqrt(_E2)
_AUTHALIC_RADIUS_KM = 6371.0071809


def _authalic_sine(latitude: float) -> float:
    """Sine of the authalic latitude (Snyder 1987, formulas 3-11 and 3-12): keeps areas exact."""

    def q(sine: float) -> float:
        return (1 - _E2) * (
            sine / (1 - _E2 * sine * sine) - math.log((1 - _E * sine) / (1 + _E * sine)) / (2 * _E)
        )

    return q(math.sin(math.radians(latitude))) / q(1.0)


def polygons(geometry: dict[str, Any]) -> Iterator[Polygon]:
    """Yield the polygons (outer ring first, then holes) of a Polygon or MultiPolygon."""
    if geometry["type"] == "Polygon":
        yield geometry["coordinates"]
    elif geometry["type"] == "MultiPolygon":
        yield from geometry["coordinates"]
    else:
        raise ValueError(f"no area: {geometry['type']}")


@dataclass(frozen=True)
class Shape:
    """Size and middle of an area: km² on the ellipsoid, centroid in degrees."""

    area_km2: float
    longitude: float
    latitude: float


def measure(geometry: dict[str, Any]) -> Shape:
    """Measure an area in the cylindrical equal-area projection (exact up to straight edges)."""
    total = sum_x = sum_latitude = 0.0
    for polygon in polygons(geometry):
        for number, ring in enumerate(polygon):
            signed, x, latitude = _ring(ring)
            sign = 1 if (signed > 0) == (number == 0) else -1
            total += sign * signed
            sum_x += sign * signed * x
            sum_latitude += sign * signed * latitude
    radius2 = _AUTHALIC_RADIUS_KM**2
    return Shape(abs(total) * radius2, sum_x / total, sum_latitude / total)


def _ring(ring: Ring) -> tuple[float, float, float]:
    """Signed area (steradians), centroid longitude and latitude of a closed ring."""
    # Coordinates relative to the first point keep the sums of tiny rings precise.
    lon0, lat0 = ring[0][0], ring[0][1]
    sine0 = _authalic_sine(lat0)
    points = [
        (math.radians(p[0] - lon0), _authalic_sine(p[1]) - sine0, p[0] - lon0, p[1] - lat0)
        for p in ring
    ]
    area = lon = lat = 0.0
    for (x1, y1, lon1, lat1), (x2, y2, lon2, lat2) in itertools.pairwise(points):
        cross = x1 * y2 - x2 * y1
        area += cross
        lon += cross * (lon1 + lon2)
        lat += cross * (lat1 + lat2)
    if area == 0:
        return 0.0, lon0, lat0
    return area / 2, lon0 + lon / (3 * area), lat0 + lat / (3 * area)


def contains(geometry: dict[str, Any], longitude: float, latitude: float) -> bool:
    """Say whether the point lies in the area (even-odd rule, holes respected)."""
    inside = False
    for polygon in polygons(geometry):
        for ring in polygon:
            for p, q in itertools.pairwise(ring):
                if (p[1] > latitude) != (q[1] > latitude) and longitude < p[0] + (
                    latitude - p[1]
                ) * (q[0] - p[0]) / (q[1] - p[1]):
                    inside = not inside
    return inside

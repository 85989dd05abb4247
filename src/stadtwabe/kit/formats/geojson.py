"""GeoJSON (RFC 7946): WGS 84, longitude first, seven decimals."""

import json
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from stadtwabe.kit.formats.json_text import dump

MEDIA_TYPE = "application/geo+json; charset=utf-8"
DECIMALS = 7


@dataclass(frozen=True, slots=True)
class Feature:
    """A thing with a place: either a position or any GeoJSON ``geometry``, or neither (unknown)."""

    identifier: str
    properties: Mapping[str, object]
    longitude: float | None = None
    latitude: float | None = None
    geometry: Mapping[str, object] | None = field(default=None)


def position(longitude: float, latitude: float) -> list[float]:
    """Return a position; ValueError unless on Earth."""
    if not (math.isfinite(longitude) and math.isfinite(latitude)):
        message = "A position needs two finite numbers."
        raise ValueError(message)
    if not (-180 <= longitude <= 180 and -90 <= latitude <= 90):
        message = f"Not on Earth: longitude {longitude}, latitude {latitude}"
        raise ValueError(message)
    return [round(longitude, DECIMALS), round(latitude, DECIMALS)]


def feature(item: Feature) -> dict[str, object]:
    """Return ``item`` as a GeoJSON Feature."""
    geometry: Mapping[str, object] | None = item.geometry
    if geometry is None and item.longitude is not None and item.latitude is not None:
        geometry = {"type": "Point", "coordinates": position(item.longitude, item.latitude)}
    return {
        "type": "Feature",
        "id": item.identifier,
        "geometry": geometry,
        "properties": dict(item.properties),
    }


def write_geojson(
    items: Iterable[Feature], *, about: Mapping[str, object] | None = None
) -> Iterator[str]:
    """Yield a FeatureCollection, a feature at a time; ``about`` holds foreign members (licence)."""
    head = "".join(f", {json.dumps(name)}: {dump(value)}" for name, value in (about or {}).items())
    yield '{"type": "FeatureCollection"' + head + ', "features": ['
    separator = "\n"
    for item in items:
        yield separator + dump(feature(item))
        separator = ",\n"
    yield "\n]}\n"

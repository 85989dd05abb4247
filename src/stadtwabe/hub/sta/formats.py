"""A page of a collection as JSON, data array, CSV or GeoJSON."""

import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any

import msgspec

from stadtwabe.hub.sta.page import Entity, Page
from stadtwabe.hub.sta.reading import Reader
from stadtwabe.kit.formats import csv_text

GEOMETRY_AT = {
    "Location": ("location",),
    "FeatureOfInterest": ("feature",),
    "Datastream": ("observedArea",),
    "MultiDatastream": ("observedArea",),
    "Thing": ("Locations", "0", "location"),
    "Observation": ("FeatureOfInterest", "feature"),
    "HistoricalLocation": ("Locations", "0", "location"),
}
"""Where the geometry of an entity stands; of the last three in what they expand."""


def collection(page: Page, next_link: str) -> bytes:
    """Return ``{"@iot.count", "value", "@iot.nextLink"}`` in JSON."""
    if not page.encoded:
        return msgspec.json.encode(_framed(page, next_link, {"value": page.entities}))
    # Megabytes: put together once, not encoded again.
    head = msgspec.json.encode(_framed(page, "", {}))[:-1]
    comma = b"" if page.count is None else b","
    tail = b""
    if next_link:
        tail = b',"@iot.nextLink":' + msgspec.json.encode(next_link)
    return b"".join((head, comma, b'"value":', *page.encoded, tail, b"}"))


def references(page: Page, next_link: str) -> dict[str, Any]:
    """Return only the addresses (``$ref``)."""
    links = [{"@iot.selfLink": one["@iot.selfLink"]} for one in page.entities]
    return _framed(page, next_link, {"value": links})


def data_array(page: Page, next_link: str, reader: Reader) -> dict[str, Any]:
    """Return rows of values under ``components``; observations grouped by datastream.

    OGC 18-088, 12.2: what repeats in every observation stands once.
    """
    names = [name for name in _names(page.entities) if "@iot." not in name or name == "@iot.id"]
    shown = ["id" if name == "@iot.id" else name for name in names]

    def block(entities: Iterable[Entity]) -> dict[str, Any]:
        rows = [[one.get(name) for name in names] for one in entities]
        return {"components": shown, "dataArray@iot.count": len(rows), "dataArray": rows}

    if not page.streams:
        return _framed(page, next_link, {"value": [block(page.entities)]})
    pairs = zip(page.streams, page.entities, strict=True)
    blocks = []
    for stream, group in groupby(pairs, key=lambda pair: pair[0]):
        link = {"Datastream@iot.navigationLink": f"{reader.root}/Datastreams({stream})"}
        blocks.append(link | block(one for _stream, one in group))
    return _framed(page, next_link, {"value": blocks})


def csv(page: Page) -> Iterator[str]:
    """Yield a line for each entity; what is inside of others has columns ``Thing/name``."""
    rows = [dict(_flat(one, "")) for one in page.entities]
    names = _names(rows)
    return csv_text.write_csv(names, ([row.get(name) for name in names] for row in rows))


def geojson(page: Page, next_link: str) -> dict[str, Any]:
    """Return a FeatureCollection (RFC 7946); without a known place the geometry is null."""
    features = [
        {
            "type": "Feature",
            "id": one.get("@iot.id"),
            "geometry": _geometry(one, page.entity.name),
            "properties": dict(_flat(one, "")),
        }
        for one in page.entities
    ]
    return _framed(page, next_link, {"type": "FeatureCollection", "features": features})


def _framed(page: Page, next_link: str, body: dict[str, Any]) -> dict[str, Any]:
    framed = body if page.count is None else {"@iot.count": page.count, **body}
    return {**framed, "@iot.nextLink": next_link} if next_link else framed


def _names(rows: Iterable[Mapping[str, Any]]) -> list[str]:
    return list(dict.fromkeys(name for row in rows for name in row))


def _flat(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    """Yield the values inside of entities; links are left out, geometries stay whole."""
    if isinstance(value, msgspec.Raw):
        read = json.loads(bytes(value))
        if isinstance(read, dict) and "coordinates" not in read and "geometry" not in read:
            yield from _flat(read, path)
        else:
            yield path, read if isinstance(read, str) else bytes(value).decode()
    elif isinstance(value, dict):
        for name, inner in value.items():
            if name == "@iot.id":
                yield f"{path}/id".lstrip("/"), inner
            elif "@iot." not in name:
                yield from _flat(inner, f"{path}/{name}".lstrip("/"))
    elif isinstance(value, list) and value and isinstance(value[0], dict):
        for number, inner in enumerate(value):
            yield from _flat(inner, f"{path}/{number}")
    else:
        yield path, json.dumps(value) if isinstance(value, list) else value


def _geometry(entity: Entity, name: str) -> Any:
    at: Any = entity
    for step in GEOMETRY_AT.get(name, ("",)):
        if isinstance(at, list):
            at = at[int(step)] if at else None
        else:
            at = at.get(step) if isinstance(at, dict) else None
    if isinstance(at, msgspec.Raw):
        at = json.loads(bytes(at))
    if isinstance(at, dict) and at.get("type") == "Feature":
        return at.get("geometry")
    return at if isinstance(at, dict) else None

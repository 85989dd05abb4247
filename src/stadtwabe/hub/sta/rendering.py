"""Values from the database as SensorThings writes them in JSON."""

import json
from collections.abc import Callable
from typing import Any

import msgspec

from stadtwabe.hub.sta.schema.entity import EntityType, Field, Kind

Renderer = Callable[..., Any]


def moment(text: str | None) -> str | None:
    """Return a time that comes as JSON text from the database, with ``Z`` for UTC."""
    return None if text is None else text[1:-7] + "Z"


def period(start: str | None, end: str | None) -> str | None:
    """Return ``start/end``, or the one point where both are the same."""
    if start is None or end is None:
        return moment(start)
    return moment(start) if start == end else f"{moment(start)}/{moment(end)}"


def raw(value: str | None) -> msgspec.Raw | None:
    """Return JSON that comes as text from the database without reading it."""
    return None if value is None else msgspec.Raw(value.encode())


def _detail(text: str | None) -> dict[str, Any]:
    return json.loads(text) if text else {}


def phenomenon_time(start: str, detail: str | None) -> str | None:
    """Return a point in time or a period."""
    end = _detail(detail).get("e")
    return moment(start) if end is None else f"{moment(start)}/{end}"


def result(number: float | None, detail: str | None) -> Any:
    """Return a result of any kind."""
    return number if number is not None else _detail(detail).get("r")


def result_time(given: str | None, start: str, detail: str | None) -> str | None:
    """Return the given time, or the end of the phenomenon time."""
    if given is not None:
        return moment(given)
    end = _detail(detail).get("e")
    return moment(start) if end is None else str(end)


def quality(flags: int, detail: str | None) -> Any:
    """What was sent as resultQuality, with our flags beside it, if there are any."""
    sent = _detail(detail).get("q")
    if not flags:
        return sent
    names = [name for bit, name in FLAGS if flags & bit]
    return {"flags": names} if sent is None else {"flags": names, "sent": sent}


FLAGS = ((1, "range"), (2, "rate"), (4, "stuck"), (8, "gapBefore"), (16, "outlier"))


def valid_time(detail: str | None) -> str | None:
    """Return the period in which a result holds, if it was sent."""
    ends = _detail(detail).get("v")
    return None if ends is None else "/".join(ends)


def parameters(detail: str | None) -> Any:
    """Return the parameters, if there are any."""
    return _detail(detail).get("p")


_OF_OBSERVATIONS: dict[str, Renderer] = {
    "phenomenonTime": phenomenon_time,
    "result": result,
    "resultTime": result_time,
    "resultQuality": quality,
    "validTime": valid_time,
    "parameters": parameters,
}
_OF_KINDS: dict[Kind, Renderer] = {
    Kind.TIME: moment,
    Kind.PERIOD: period,
    Kind.JSON: raw,
    Kind.GEOMETRY: raw,
}


def renderer(entity: EntityType, field: Field) -> Renderer | None:
    """Return what makes the JSON value from the field's columns; None: it is shown as it is."""
    if entity.name == "Observation" and field.name in _OF_OBSERVATIONS:
        return _OF_OBSERVATIONS[field.name]
    return _OF_KINDS.get(field.kind)

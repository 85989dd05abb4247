"""Values from the database as SensorThings writes them in JSON."""

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec

from stadtwabe.hub.sta.schema.entity import EntityType, Field, Kind

Renderer = Callable[..., Any]


def moment(value: datetime | None) -> str | None:
    """Return a time in UTC (ISO 8601), to the millisecond or microsecond if it has them."""
    if value is None:
        return None
    text = value.astimezone(UTC).isoformat()
    head, _, fraction = text[:-6].partition(".")
    if not fraction:
        return head + "Z"
    return f"{head}.{fraction.rstrip('0').ljust(3, '0')}Z"


def period(start: datetime | None, end: datetime | None) -> str | None:
    """Return ``start/end``, or the one point where both are the same."""
    if start is None or end is None:
        return moment(start)
    return moment(start) if start == end else f"{moment(start)}/{moment(end)}"


def raw(value: str | None) -> msgspec.Raw | None:
    """Return JSON that comes as text from the database without reading it."""
    return None if value is None else msgspec.Raw(value.encode())


def _detail(text: str | None) -> dict[str, Any]:
    return json.loads(text) if text else {}


def _phenomenon_time(start: datetime, detail: str | None) -> str | None:
    end = _detail(detail).get("e")
    return moment(start) if end is None else f"{moment(start)}/{moment(_moment_of(end))}"


def _moment_of(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _result(number: float | None, detail: str | None) -> Any:
    return number if number is not None else _detail(detail).get("r")


def _result_time(given: datetime | None, start: datetime, detail: str | None) -> str | None:
    if given is not None:
        return moment(given)
    end = _detail(detail).get("e")
    return moment(start if end is None else _moment_of(end))


def _quality(flags: int, detail: str | None) -> Any:
    """What was sent as resultQuality, with our flags beside it, if there are any."""
    sent = _detail(detail).get("q")
    if not flags:
        return sent
    names = [name for bit, name in FLAGS if flags & bit]
    return {"flags": names} if sent is None else {"flags": names, "sent": sent}


FLAGS = ((1, "range"), (2, "rate"), (4, "stuck"), (8, "gapBefore"), (16, "outlier"))


def _valid_time(detail: str | None) -> str | None:
    ends = _detail(detail).get("v")
    return None if ends is None else period(*(_moment_of(end) for end in ends))


def _parameters(detail: str | None) -> Any:
    return _detail(detail).get("p")


_OF_OBSERVATIONS: dict[str, Renderer] = {
    "phenomenonTime": _phenomenon_time,
    "result": _result,
    "resultTime": _result_time,
    "resultQuality": _quality,
    "validTime": _valid_time,
    "parameters": _parameters,
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


def shown(render: Renderer | None, values: Sequence[Any]) -> Any:
    """Return one property."""
    return values[0] if render is None else render(*values)

"""The path of a request below the service root: ``Things(1)/Datastreams/$ref``."""

import re
from dataclasses import dataclass

from stadtwabe.hub.sta.query.errors import QueryError
from stadtwabe.kit.numbers import whole_number

LONGEST_PATH = 12
_SEGMENT = re.compile(r"(?P<name>[A-Za-z_][\w.-]*|\d+)(?:\((?P<id>[^()]*)\))?$")


@dataclass(frozen=True, slots=True)
class Segment:
    """One step: a collection, one entity of it (``id``), a related entity or a property."""

    name: str
    id: int | None
    position: int


@dataclass(frozen=True, slots=True)
class ResourcePath:
    """The steps, and whether only references (``$ref``) or a bare value (``$value``) is wanted."""

    segments: tuple[Segment, ...]
    only_references: bool = False
    bare_value: bool = False


def parse_path(text: str) -> ResourcePath:
    """Return the steps of a decoded path. Raises QueryError with the position in ``text``."""
    segments: list[Segment] = []
    position = 0
    parts = text.strip("/").split("/")
    last = parts[-1]
    for part in parts[:-1] if last in {"$ref", "$value"} else parts:
        match = _SEGMENT.match(part)
        if match is None:
            message = f"{part!r} is not a collection, an entity or a property."
            raise QueryError(message, position=position)
        segments.append(Segment(match["name"], _id(match, position), position))
        position += len(part) + 1
    if not segments or len(segments) > LONGEST_PATH:
        message = f"A path has one to {LONGEST_PATH} steps."
        raise QueryError(message, position=0)
    return ResourcePath(tuple(segments), last == "$ref", last == "$value")


def _id(match: "re.Match[str]", position: int) -> int | None:
    text = match["id"]
    if text is None:
        return None
    number = whole_number(text)
    if number is None:
        message = f"({text}) is not an id: ids are numbers here."
        raise QueryError(message, position=position + len(match["name"]))
    return number

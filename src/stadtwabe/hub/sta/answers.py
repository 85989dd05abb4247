"""An answer of the API before it is HTTP: a request of its own and one in a batch look alike."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from stadtwabe.hub.sta.query.errors import QueryError
from stadtwabe.kit.errors import Conflict, DomainError, NotAllowed, NotFound

JSON = "application/json"
GEOJSON = "application/geo+json"
TEXT = "text/plain; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Call:
    """A request: ``path`` below the service root, ``options`` decoded."""

    method: str
    path: str
    options: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    """Names in lower case."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, body and headers."""

    status: int
    body: bytes = b""
    media_type: str = JSON
    headers: Mapping[str, str] = field(default_factory=dict)


def json(
    body: Any,
    *,
    status: int = 200,
    media_type: str = JSON,
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """Return an answer in JSON."""
    return Answer(status, msgspec.json.encode(body), media_type, headers or {})


def refused(
    status: int, message: str, *, option: str = "", position: int | None = None, remedy: str = ""
) -> Answer:
    """Return an error in the one shape that all have: code, type, message, and where it is."""
    body: dict[str, Any] = {"code": status, "type": "error", "message": message}
    if option:
        body["option"] = option
    if position is not None:
        body["position"] = position
    if remedy:
        body["remedy"] = remedy
    return json(body, status=status)


def refused_query(error: QueryError) -> Answer:
    """Return what is wrong with a query."""
    return refused(400, error.message, option=error.option, position=error.position)


_STATUS: tuple[tuple[type[DomainError], int], ...] = (
    (NotAllowed, 403),
    (NotFound, 404),
    (Conflict, 409),
)


def refused_by_domain(error: DomainError) -> Answer:
    """Return what a command refused."""
    status = next((code for kind, code in _STATUS if isinstance(error, kind)), 400)
    return refused(status, str(error), option=error.field or "", remedy=str(error.remedy))

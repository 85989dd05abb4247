"""An answer of the API before it is HTTP: a request of its own and one in a batch look alike."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from stadtwabe.hub.ingest.outcome import Outcome
from stadtwabe.hub.ingest.problem import problem
from stadtwabe.hub.ingest.said import Said
from stadtwabe.hub.sta.query.errors import QueryError
from stadtwabe.kit.errors import DomainError, Invalid

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
    status: int,
    message: str,
    *,
    field: str | None = None,
    position: int | None = None,
    remedy: str = "",
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """Return an error in the shape that it has at every door (``ingest.problem``)."""
    body = problem(status, message, field=field, position=position, remedy=remedy)
    return json(body, status=status, headers=headers)


def refused_query(error: QueryError) -> Answer:
    """Return what is wrong with a query."""
    return refused(error.status, error.message, field=error.option, position=error.position)


def refused_by_domain(error: DomainError) -> Answer:
    """Return what a command refused. What makes no sense is 400 here: the standard has no 422."""
    status = 400 if isinstance(error, Invalid) else error.status
    return refused(status, str(error.message), field=error.field, remedy=str(error.remedy))


def refused_outcome(outcome: Outcome, *, position: int | None = None) -> dict[str, Any]:
    """Return the body of an error: why ingest refused an observation."""
    said = outcome.said or Said("", "")
    remedy = outcome.remedy or Said("", "")
    return problem(
        outcome.status or 400,
        said.english,
        field=outcome.field,
        position=position,
        remedy=remedy.english,
    )

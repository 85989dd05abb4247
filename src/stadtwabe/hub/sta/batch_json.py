"""A batch as JSON (OData JSON Format 4.01, section 19)."""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from stadtwabe.hub.sta import answers
from stadtwabe.hub.sta.answers import Answer
from stadtwabe.hub.sta.batch_parts import Group, Part, Unit, call_of
from stadtwabe.hub.sta.change_set import Failed, Made
from stadtwabe.hub.sta.writing.body import decode
from stadtwabe.kit.errors import Invalid


def read(body: bytes) -> list[Unit]:
    """Return the calls and groups of a batch. Raises Invalid."""
    given = decode(body)
    requests = given.get("requests") if isinstance(given, dict) else None
    if not isinstance(requests, list):
        raise Invalid("A batch is an object with a list of requests.", field="requests")
    units: list[Unit] = []
    closed: set[str] = set()
    for number, one in enumerate(requests):
        part, name = _part(one, number)
        last = units[-1] if units else None
        if name is None:
            units.append(part)
        elif isinstance(last, Group) and last.id == name:
            last.parts.append(part)
        elif name in closed:
            raise Invalid(
                f"The requests of the group {name} do not stand together.",
                field=f"requests/{number}",
            )
        else:
            closed.add(name)
            units.append(Group(name, [part]))
    return units


def _part(one: Any, number: int) -> tuple[Part, str | None]:
    field = f"requests/{number}"
    if not isinstance(one, dict) or not isinstance(one.get("url"), str):
        raise Invalid("A request has an id, a method and a url.", field=field)
    inner, headers = one.get("body"), one.get("headers") or {}
    needs, group = one.get("dependsOn") or [], one.get("atomicityGroup")
    if not isinstance(headers, dict):
        raise Invalid("headers is an object.", field=f"{field}/headers")
    if not isinstance(needs, list) or not all(isinstance(name, str) for name in needs):
        raise Invalid("dependsOn is a list of ids.", field=f"{field}/dependsOn")
    if group is not None and (not isinstance(group, str) or not group):
        raise Invalid("atomicityGroup is a name.", field=f"{field}/atomicityGroup")
    call = call_of(
        str(one.get("method", "GET")),
        one["url"],
        b"" if inner is None else msgspec.json.encode(inner),
        {str(name).lower(): str(value) for name, value in headers.items()},
    )
    return Part(str(one.get("id", number)), call, needs), group


def write(
    results: Iterable[tuple[Unit, Answer | Made | Failed]], headers: Mapping[str, str]
) -> Answer:
    """Return the answer to a batch: an entry for each call that was looked at."""
    responses: list[dict[str, Any]] = []
    for unit, result in results:
        if isinstance(unit, Part):
            assert isinstance(result, Answer), "a call has one answer"
            responses.append(_response(unit.id, result))
            continue
        for number, part in enumerate(unit.parts):
            if isinstance(result, Made):
                given = result.answers[number]
            else:
                assert isinstance(result, Failed), "a group is made or has failed"
                given = result.answer if part is result.part else _taken_back(result.part)
            responses.append(_response(part.id, given, group=unit.id))
    return answers.json({"responses": responses}, headers=headers)


def _taken_back(part: Part) -> Answer:
    return answers.refused(
        424, f"Not done: {part.id} of the same group has failed.", field="atomicityGroup"
    )


def _response(name: str, given: Answer, *, group: str = "") -> dict[str, Any]:
    response: dict[str, Any] = {"id": name, "status": given.status}
    if group:
        response["atomicityGroup"] = group
    if given.headers:
        response["headers"] = dict(given.headers)
    if given.body:
        is_json = "json" in given.media_type
        response["body"] = msgspec.Raw(given.body) if is_json else given.body.decode()
    return response

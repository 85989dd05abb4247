"""What a batch is made of, before it is done: calls, and groups of calls that are one."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import parse_qsl, unquote, urlsplit

from stadtwabe.hub.sta import answers
from stadtwabe.hub.sta.answers import Answer, Call

_REFERENCE = re.compile(r"^\$([^/]+)")


@dataclass(frozen=True, slots=True)
class Part:
    """One call of a batch, under the name by which later ones may speak of what it made."""

    id: str
    call: Call
    needs: Sequence[str] = ()
    """Names of calls or groups without which it is not to be done."""


@dataclass(frozen=True, slots=True)
class Group:
    """Calls of which all are done or none: a change set, or an atomicityGroup."""

    id: str
    parts: list[Part] = field(default_factory=list)


Unit = Part | Group


def call_of(method: str, url: str, body: bytes, headers: dict[str, str]) -> Call:
    """Return the call that a request inside a batch makes; ``url`` is whole, or from the root."""
    parts = urlsplit(url)
    path = unquote(parts.path)
    path = path.partition("/v1.1/")[2] if "/v1.1/" in path else path
    options = tuple(parse_qsl(parts.query, keep_blank_values=True))
    return Call(method.upper(), path.strip("/"), options, body, headers)


def resolved(call: Call, made: Mapping[str, str]) -> Call | Answer:
    """Return the call with addresses and ids in place of names of calls before it.

    ``made`` has the addresses below the root; the error is the answer when one is not there.
    """
    path = call.path
    found = _REFERENCE.match(path)
    if found:
        if found[1] not in made:
            return answers.refused(
                400,
                f"${found[1]} names nothing that a call before this one has made.",
                field="url",
                remedy="Name a call that creates an entity other than an observation.",
            )
        path = made[found[1]] + path[found.end() :]
    body = call.body
    for name, address in made.items():
        body = body.replace(f'"${name}"'.encode(), _id_in(address).encode())
    return replace(call, path=path, body=body)


def _id_in(address: str) -> str:
    return address.rpartition("(")[2].rstrip(")")

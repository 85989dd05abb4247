"""``$batch``: many calls in one request, as JSON or as multipart (OData 4.01, 11.7).

Each call is a transaction of its own; a later one may name the address of an earlier one that
created something: ``$1`` stands for what the call with the id ``1`` made.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from secrets import token_hex
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import msgspec

from stadtwabe.hub.sta import answers
from stadtwabe.hub.sta.answers import Answer, Call
from stadtwabe.hub.sta.dispatch import Dispatcher
from stadtwabe.hub.sta.writing.body import decode
from stadtwabe.kit.errors import Invalid

MOST_CALLS = 1000
_REFERENCE = re.compile(r"^\$([\w-]+)")


@dataclass(frozen=True, slots=True)
class _Part:
    id: str
    call: Call


def answer(dispatcher: Dispatcher, body: bytes, media_type: str) -> Answer:
    """Answer all calls of a batch, in their order."""
    try:
        if media_type.startswith("multipart/"):
            return _multipart(dispatcher, list(_parts_of_mail(body, media_type)))
        return _json(dispatcher, list(_parts_of_json(body)))
    except Invalid as error:
        return answers.refused_by_domain(error)


def _answers(dispatcher: Dispatcher, parts: list[_Part]) -> Iterator[tuple[str, Answer]]:
    if len(parts) > MOST_CALLS:
        raise Invalid(f"A batch has at most {MOST_CALLS} calls.")
    made: dict[str, str] = {}
    for part in parts:
        found = _REFERENCE.match(part.call.path)
        path = part.call.path
        if found and found[1] in made:
            path = made[found[1]] + path[found.end() :]
        body = part.call.body
        for name, address in made.items():
            body = body.replace(f'"${name}"'.encode(), _id_in(address).encode())
        call = Call(part.call.method, path, part.call.options, body, part.call.headers)
        given = dispatcher.answer(call)
        location = given.headers.get("Location", "")
        if location:
            made[part.id] = location.removeprefix(f"{dispatcher.root}/")
        yield part.id, given


def _id_in(address: str) -> str:
    return address.rpartition("(")[2].rstrip(")")


def _call(method: str, url: str, body: bytes, headers: dict[str, str]) -> Call:
    parts = urlsplit(url)
    path = unquote(parts.path)
    path = path.partition("/v1.1/")[2] if "/v1.1/" in path else path
    options = tuple(parse_qsl(parts.query, keep_blank_values=True))
    return Call(method.upper(), path.strip("/"), options, body, headers)


def _parts_of_json(body: bytes) -> Iterator[_Part]:
    given = decode(body)
    requests = given.get("requests") if isinstance(given, dict) else None
    if not isinstance(requests, list):
        raise Invalid("A batch is an object with a list of requests.", field="requests")
    for number, one in enumerate(requests):
        if not isinstance(one, dict) or not isinstance(one.get("url"), str):
            raise Invalid("A request has an id, a method and a url.", field=f"requests/{number}")
        inner = one.get("body")
        data = b"" if inner is None else msgspec.json.encode(inner)
        headers = {
            str(name).lower(): str(value) for name, value in (one.get("headers") or {}).items()
        }
        call = _call(str(one.get("method", "GET")), one["url"], data, headers)
        yield _Part(str(one.get("id", number)), call)


def _json(dispatcher: Dispatcher, parts: list[_Part]) -> Answer:
    responses: list[dict[str, Any]] = []
    for name, given in _answers(dispatcher, parts):
        response: dict[str, Any] = {"id": name, "status": given.status}
        if given.headers:
            response["headers"] = dict(given.headers)
        if given.body:
            is_json = "json" in given.media_type
            response["body"] = msgspec.Raw(given.body) if is_json else given.body.decode()
        responses.append(response)
    return answers.json({"responses": responses})


def _parts_of_mail(body: bytes, media_type: str) -> Iterator[_Part]:
    head = f"Content-Type: {media_type}\r\nMIME-Version: 1.0\r\n\r\n".encode()
    message = BytesParser(policy=policy.HTTP).parsebytes(head + body)
    number = 0
    for part in message.walk():
        if part.get_content_type() == "application/http" and isinstance(part, EmailMessage):
            number += 1
            yield _part_of_http(part, number)
    if not number:
        raise Invalid("The batch has no part of the type application/http.")


def _part_of_http(part: EmailMessage, number: int) -> _Part:
    data = part.get_payload(decode=True)
    raw = data if isinstance(data, bytes) else b""
    line, _, rest = raw.lstrip().replace(b"\r\n", b"\n").partition(b"\n")
    head, _, body = rest.partition(b"\n\n")
    words = line.decode("utf-8", "replace").split(" ")
    if len(words) < 2:
        raise Invalid("A part begins with a line such as: GET Things HTTP/1.1.", field=str(number))
    lines = (entry.partition(":") for entry in head.decode("utf-8", "replace").splitlines())
    headers = {name.strip().lower(): value.strip() for name, _colon, value in lines}
    name = str(part.get("Content-ID", number))
    return _Part(name, _call(words[0], words[1], body.strip(), headers))


def _multipart(dispatcher: Dispatcher, parts: list[_Part]) -> Answer:
    boundary = f"batch_{token_hex(8)}"
    pieces: list[bytes] = []
    for name, given in _answers(dispatcher, parts):
        lines = [
            f"--{boundary}",
            "Content-Type: application/http",
            f"Content-ID: {name}",
            "",
            f"HTTP/1.1 {given.status}",
            *(f"{header}: {value}" for header, value in given.headers.items()),
            f"Content-Type: {given.media_type}",
            "",
        ]
        pieces.append("\r\n".join(lines).encode() + b"\r\n" + given.body + b"\r\n")
    pieces.append(f"--{boundary}--\r\n".encode())
    return Answer(200, b"".join(pieces), f"multipart/mixed; boundary={boundary}")

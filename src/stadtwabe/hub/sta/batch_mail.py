"""A batch as multipart/mixed (OData 4.0, part 1, 11.7.1 to 11.7.4)."""

from collections.abc import Iterable, Mapping
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from http import HTTPStatus
from secrets import token_hex

from stadtwabe.hub.sta.answers import Answer
from stadtwabe.hub.sta.batch_parts import Group, Part, Unit, call_of
from stadtwabe.hub.sta.change_set import Failed, Made
from stadtwabe.kit.errors import Invalid

HTTP = "application/http"


def read(body: bytes, media_type: str) -> list[Unit]:
    """Return the calls and change sets of a batch. Raises Invalid."""
    head = f"Content-Type: {media_type}\r\nMIME-Version: 1.0\r\n\r\n".encode()
    message = BytesParser(policy=policy.HTTP).parsebytes(head + body)
    units: list[Unit] = []
    count = 0
    for number, section in enumerate(_sections(message), start=1):
        if section.get_content_type() == HTTP:
            count += 1
            units.append(_part(section, count))
            continue
        group = Group(f"change set {number}")
        for inner in _sections(section):
            if inner.get_content_type() != HTTP:
                raise Invalid(f"A change set has parts of the type {HTTP}.", field=group.id)
            count += 1
            group.parts.append(_part(inner, count))
        if not group.parts:
            raise Invalid("A change set has no part.", field=group.id)
        units.append(group)
    if not units:
        raise Invalid(f"The batch has no part of the type {HTTP}.")
    return units


def _sections(message: EmailMessage) -> list[EmailMessage]:
    if not message.is_multipart():
        return []
    return [part for part in message.iter_parts() if isinstance(part, EmailMessage)]


def _part(section: EmailMessage, number: int) -> Part:
    data = section.get_payload(decode=True)
    raw = data if isinstance(data, bytes) else b""
    line, _, rest = raw.lstrip().replace(b"\r\n", b"\n").partition(b"\n")
    head, _, body = rest.partition(b"\n\n")
    words = line.decode("utf-8", "replace").split(" ")
    if len(words) < 2:
        raise Invalid("A part begins with a line such as: GET Things HTTP/1.1.", field=str(number))
    lines = (entry.partition(":") for entry in head.decode("utf-8", "replace").splitlines())
    headers = {name.strip().lower(): value.strip() for name, _colon, value in lines}
    # Some clients put the name among the headers of the request inside.
    name = section.get("Content-ID") or headers.get("content-id") or f"part {number}"
    return Part(str(name).strip("<>"), call_of(words[0], words[1], body.strip(), headers))


def write(
    results: Iterable[tuple[Unit, Answer | Made | Failed]], headers: Mapping[str, str]
) -> Answer:
    """Return the answer to a batch. A change set that failed has one answer instead of many."""
    sections: list[bytes] = []
    for unit, result in results:
        match result:
            case Answer():
                sections.append(_section(unit.id, result))
            case Failed(part, given):
                sections.append(_section(part.id, given))
            case Made(given_all):
                assert isinstance(unit, Group), "only groups are made"
                inner = [
                    _section(part.id, given)
                    for part, given in zip(unit.parts, given_all, strict=True)
                ]
                boundary, data = _mixed("changeset", inner)
                head = f"Content-Type: multipart/mixed; boundary={boundary}\r\n\r\n"
                sections.append(head.encode() + data)
    boundary, data = _mixed("batch", sections)
    return Answer(200, data, f"multipart/mixed; boundary={boundary}", headers)


def _mixed(name: str, sections: Iterable[bytes]) -> tuple[str, bytes]:
    boundary = f"{name}_{token_hex(8)}"
    start = f"--{boundary}\r\n".encode()
    whole = b"".join(start + section + b"\r\n" for section in sections)
    return boundary, whole + f"--{boundary}--\r\n".encode()


def _section(name: str, given: Answer) -> bytes:
    lines = [
        f"Content-Type: {HTTP}",
        "Content-Transfer-Encoding: binary",
        f"Content-ID: {name}",
        "",
        f"HTTP/1.1 {given.status} {HTTPStatus(given.status).phrase}",
        *(f"{header}: {value}" for header, value in given.headers.items()),
        f"Content-Type: {given.media_type}",
        f"Content-Length: {len(given.body)}",
        "",
    ]
    return "\r\n".join(lines).encode() + b"\r\n" + given.body

"""Asking the address of a pull: through the guard against addresses inside, with limits."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import msgspec
from django.utils.translation import gettext as _

from stadtwabe.kit.fetch import Fetched, Unfetchable, fetch

MOST_BYTES = 2 * 1024 * 1024
SECONDS = 20.0
TYPES = frozenset(
    {
        "application/json",
        "text/json",
        "text/plain",
        "application/geo+json",
        "application/ld+json",
        "application/hal+json",
        "application/vnd.api+json",
        "application/problem+json",
        "application/octet-stream",
    }
)

Get = Callable[[str, Mapping[str, str]], Fetched]
"""Fetches an address with headers; raises Unfetchable."""


class NoAnswer(Exception):
    """An address gives nothing that can be used; the message says why."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came: ``data`` as bytes, or nothing new."""

    data: bytes
    etag: str = ""
    last_modified: str = ""
    is_unchanged: bool = False


def get_json(address: str, headers: Mapping[str, str]) -> Fetched:
    """Fetch an address that somebody has named as one for programs."""
    return fetch(
        address,
        limit_bytes=MOST_BYTES,
        types=TYPES,
        seconds=SECONDS,
        accept="application/json",
        is_interface=True,
        headers=headers,
    )


def ask(
    address: str,
    *,
    secret: tuple[str, str] | None = None,
    etag: str = "",
    last_modified: str = "",
    get: Get = get_json,
) -> Answer:
    """Return what ``address`` says now. Raises NoAnswer.

    ``secret`` is a header with its value; the other two make the question conditional.
    """
    headers = {}
    if etag:
        headers["If-None-Match"] = etag
    if last_modified:
        headers["If-Modified-Since"] = last_modified
    if secret is not None and secret[0]:
        headers[secret[0]] = secret[1]
    try:
        found = get(address, headers)
    except Unfetchable as error:
        raise NoAnswer(_reason(error)) from error
    return Answer(found.data, found.etag[:300], found.last_modified[:100], found.is_unchanged)


def read_json(data: bytes) -> object:
    """Return what the bytes say. Raises NoAnswer, naming the position."""
    try:
        return msgspec.json.decode(data)
    except msgspec.DecodeError as error:
        raise NoAnswer(_("Die Antwort ist kein JSON: %s") % error) from error
    except RecursionError as error:
        raise NoAnswer(_("Die Antwort ist zu tief verschachtelt.")) from error


def _reason(error: Unfetchable) -> str:
    if error.code == "type":
        return _("Die Adresse liefert kein JSON. Gibt es eine andere für Programme?")
    if error.code == "too_large":
        return _("Die Antwort ist größer als 2 MB. Fragen Sie nach weniger auf einmal.")
    return error.message

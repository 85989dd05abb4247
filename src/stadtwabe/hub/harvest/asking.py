"""Asking another server: through the guard against addresses inside, with limits."""

import json
from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from stadtwabe.kit.fetch import Fetched, Unfetchable, fetch

PAGE_BYTES = 32 * 1024 * 1024
SECONDS = 60.0
MOST_PAGES = 1000

RDF = frozenset(
    {
        "text/turtle",
        "application/x-turtle",
        "application/n-triples",
        "application/ld+json",
        "application/json",
        "application/rdf+xml",
        "application/xml",
        "text/xml",
        "text/plain",
        "application/octet-stream",
    }
)
JSON = frozenset({"application/json", "text/json", "application/ld+json", "text/plain"})

Get = Callable[[str, frozenset[str], str], Fetched]
"""Fetches an address, with the media types that may come, and the Accept header."""


class SourceFailed(Exception):
    """A source could not be read as a whole; the message says why."""


def get_interface(address: str, types: frozenset[str], accept: str) -> Fetched:
    """Fetch one page of an interface. Raises SourceFailed."""
    try:
        return fetch(
            address,
            limit_bytes=PAGE_BYTES,
            types=types,
            seconds=SECONDS,
            accept=accept,
            is_interface=True,
        )
    except Unfetchable as error:
        raise SourceFailed(error.message) from error


def ask_json(get: Get, address: str) -> Any:
    """Return the JSON at ``address``. Raises SourceFailed."""
    fetched = get(address, JSON, "application/json")
    try:
        return json.loads(fetched.data)
    except (ValueError, RecursionError) as error:
        about = {"address": address, "error": error}
        raise SourceFailed((_("%(address)s liefert kein JSON: %(error)s") % about)[:300]) from error

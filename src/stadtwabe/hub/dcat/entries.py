"""One dataset as catalogues exchange it: made from ours to publish, from others' to take over."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One way to get at the data (dcat:Distribution).

    ``licence`` is a value of ``vocabularies.DataLicence`` or, where that list has none, the
    address that the source states. ``file_type`` is a code of the EU list, ``byte_size`` in bytes,
    ``sha256`` in hexadecimal digits. ``service`` is the address of an interface it comes from.
    """

    access_url: str
    download_url: str = ""
    title: str = ""
    description: str = ""
    file_type: str = ""
    media_type: str = ""
    licence: str = ""
    byte_size: int | None = None
    sha256: str = ""
    service: str = ""
    key: str = field(default="", compare=False)
    """Names it within its dataset; means nothing elsewhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A dataset with all its offers (dcat:Dataset).

    ``address`` names it in its own catalogue and is what it is known by there. Themes and
    frequency are codes of the EU lists, ``place_key`` an official key of 2, 5 or 8 digits.
    """

    address: str
    title: str
    description: str = ""
    identifier: str = ""
    publisher: str = ""
    publisher_page: str = ""
    publisher_type: str = ""
    contact_name: str = ""
    contact_email: str = ""
    contact_page: str = ""
    themes: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    starts_on: date | None = None
    ends_on: date | None = None
    place_key: str = ""
    frequency: str = ""
    contributor: str = ""
    page: str = ""
    issued: datetime | None = None
    modified: datetime | None = None
    is_public: bool = True
    offers: tuple[Offer, ...] = ()

    @property
    def fingerprint(self) -> str:
        """SHA-256 of all that it says; the same as long as nothing changed."""
        return digest_of([self])


def digest_of(entries: Iterable[Entry]) -> str:
    """Return the SHA-256 of what all of ``entries`` say, in hexadecimal digits."""
    text = json.dumps([asdict(entry) for entry in entries], default=str, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def web_address(text: object) -> str:
    """Return ``text`` when it is an http(s) address that can stand in a link, else empty.

    What other catalogues state is shown as a link: nothing but the web gets through.
    """
    address = str(text or "").strip()
    if len(address) > LONGEST_ADDRESS or any(
        character in address for character in ' <>"{}|\\^`\n\r\t\x00'
    ):
        return ""
    try:
        parts = urlsplit(address)
        fine = parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        return ""
    return address if fine else ""


LONGEST_ADDRESS = 1000

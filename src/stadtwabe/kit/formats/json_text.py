"""JSON lists: an envelope with what the list is, and the entries, streamed."""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

MEDIA_TYPE = "application/json; charset=utf-8"


def plain(value: object) -> object:
    """Turn dates into ISO 8601, decimals into numbers, lazy texts and the rest into text."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, set | frozenset):
        return sorted(value)
    return str(value)


def dump(value: object) -> str:
    """Return one value as JSON. NaN and infinity, which JSON does not know, are ValueErrors."""
    return _ENCODER.encode(value)


_ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False, default=plain)


def data_block(data: Mapping[str, object]) -> SafeString:
    """Return ``data`` as a block of JSON-LD for the head of a page.

    Characters that could end the block or begin markup are escaped as JSON allows.
    """
    text = dump(dict(data))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    # What could be markup is escaped above; quotes have to stay for the block to be JSON.
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(text))  # noqa: S308


def write_json(
    entries: Iterable[Mapping[str, object]],
    *,
    about: Mapping[str, object] | None = None,
    name: str = "results",
) -> Iterator[str]:
    """Yield ``{…about, "results": [entries]}``, an entry at a time."""
    head = dump(dict(about or {}))[1:-1]
    yield "{" + (f"{head}, " if head else "") + f"{json.dumps(name)}: ["
    separator = "\n"
    for entry in entries:
        yield separator + dump(entry if isinstance(entry, dict) else dict(entry))
        separator = ",\n"
    yield "\n]}\n"

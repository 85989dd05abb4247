"""iCalendar (RFC 5545): events for people's own calendars."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

MEDIA_TYPE = "text/calendar; charset=utf-8"
PRODUCT = "-//Stadtwabe//Stadtwabe//DE"
LINE_BYTES = 75
STATUSES = frozenset({"", "TENTATIVE", "CONFIRMED", "CANCELLED"})


@dataclass(frozen=True, slots=True)
class CalendarEvent:
    """One event. Dates are whole days (``ends`` is the last day), datetimes carry a time zone."""

    uid: str
    title: str
    starts: date | datetime
    changed_at: datetime
    ends: date | datetime | None = None
    place: str = ""
    summary: str = ""
    url: str = ""
    status: str = ""
    categories: tuple[str, ...] = ()


def escape_text(value: str) -> str:
    """Escape a TEXT value (RFC 5545, 3.3.11); control characters other than line ends go."""
    value = value.replace("\r\n", "\n").replace("\r", "\n")
    value = value.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")
    return "".join(character for character in value if character >= " " and character != "\x7f")


def fold(line: str) -> str:
    """Fold a content line at 75 bytes of UTF-8, never inside a character, and end it (CRLF)."""
    pieces: list[str] = []
    piece, size, limit = "", 0, LINE_BYTES
    for character in line:
        length = len(character.encode())
        if size + length > limit:
            pieces.append(piece)
            piece, size, limit = "", 0, LINE_BYTES - 1
        piece += character
        size += length
    pieces.append(piece)
    return "\r\n ".join(pieces) + "\r\n"


def _utc(value: datetime) -> str:
    if value.tzinfo is None:
        message = "A calendar needs times with a time zone."
        raise ValueError(message)
    return value.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _when(name: str, value: date | datetime, *, extra_days: int = 0) -> str:
    if isinstance(value, datetime):
        return f"{name}:{_utc(value)}"
    return f"{name};VALUE=DATE:{value + timedelta(days=extra_days):%Y%m%d}"


def _lines(event: CalendarEvent) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{escape_text(event.uid)}"
    yield f"DTSTAMP:{_utc(event.changed_at)}"
    yield f"LAST-MODIFIED:{_utc(event.changed_at)}"
    yield _when("DTSTART", event.starts)
    if event.ends is not None:
        # DTEND is exclusive: the day after the last one.
        yield _when("DTEND", event.ends, extra_days=1)
    yield f"SUMMARY:{escape_text(event.title)}"
    if event.summary:
        yield f"DESCRIPTION:{escape_text(event.summary)}"
    if event.place:
        yield f"LOCATION:{escape_text(event.place)}"
    if event.url:
        # A URI is not escaped; a line end in it would begin another property.
        yield f"URL:{''.join(event.url.split())}"
    if event.status:
        yield f"STATUS:{event.status}"
    if event.categories:
        yield f"CATEGORIES:{','.join(escape_text(word) for word in event.categories)}"
    yield "END:VEVENT"


def write_icalendar(events: Iterable[CalendarEvent], *, title: str) -> Iterator[str]:
    """Yield the calendar, an event at a time.

    Raises ValueError for times without zone, an unknown status, or an end of another sort or
    before the start.
    """
    head = ("BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODUCT}", "CALSCALE:GREGORIAN")
    for line in (*head, "METHOD:PUBLISH", f"X-WR-CALNAME:{escape_text(title)}"):
        yield fold(line)
    for event in events:
        _check(event)
        yield "".join(fold(line) for line in _lines(event))
    yield fold("END:VCALENDAR")


def _check(event: CalendarEvent) -> None:
    if event.status not in STATUSES:
        message = f"Unknown status of an event: {event.status!r}"
        raise ValueError(message)
    if event.ends is None:
        return
    if isinstance(event.starts, datetime) != isinstance(event.ends, datetime):
        message = f"Start and end of {event.title!r} must both be days or both be times."
        raise ValueError(message)
    if event.ends < event.starts:
        message = f"{event.title!r} ends before it starts."
        raise ValueError(message)

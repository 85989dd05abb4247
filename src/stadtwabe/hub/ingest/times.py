"""Times as PostgreSQL counts them: microseconds since 2000-01-01 UTC."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import numpy as np

from stadtwabe.hub.ingest.said import BadValue

EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
HOUR = 3_600_000_000
DAY = 24 * HOUR
EARLIEST = (datetime(1, 1, 1, tzinfo=UTC) - EPOCH) // MICROSECOND
LATEST = (datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC) - EPOCH) // MICROSECOND


UNIX_OFFSET = (EPOCH - datetime(1970, 1, 1, tzinfo=UTC)) // MICROSECOND
FORM = b"0000-00-00T00:00:00.000000"
LENGTHS = frozenset((19, *range(21, 27)))


class BadTime(BadValue):
    """A text is no time that can be stored."""


def microseconds(moment: datetime) -> int:
    """Return ``moment``, which must be aware, in microseconds. Raises BadTime."""
    try:
        return (moment - EPOCH) // MICROSECOND
    except TypeError:
        raise BadTime(
            "Der Zeit fehlt die Zeitzone (zum Beispiel ein Z am Ende für UTC).",
            "The time has no time zone (such as a Z at the end for UTC).",
        ) from None


def parse_many(texts: Sequence[str]) -> list[int] | None:
    """Return the times that texts of one form say, at half the cost of one at a time.

    The form is ``2026-11-22T10:00:00``, with as many digits of a second in each, and ``Z`` or
    ``+00:00``. None when one of them has another form, or means nothing.
    """
    if not texts:
        return None
    try:
        raw = np.array(texts, dtype="S")
    except UnicodeEncodeError:
        return None
    size = raw.dtype.itemsize
    table = raw.view(np.uint8).reshape(len(texts), size)
    zone = b"Z" if table[0, -1] == ord("Z") else b"+00:00"
    length = size - len(zone)
    form = FORM[:length]
    is_sign = np.frombuffer(form, np.uint8) != ord("0")
    if length not in LENGTHS or not (table[:, length:] == np.frombuffer(zone, np.uint8)).all():
        return None
    shown = table[:, :length]
    signs = np.frombuffer(form, np.uint8)[is_sign]
    digits = shown[:, ~is_sign] - ord("0")  # what lies below wraps around, and is too large
    if not (shown[:, is_sign] == signs).all() or digits.max() > 9:
        return None
    try:
        moments = np.ascontiguousarray(shown).view(f"S{length}").ravel().astype("M8[us]")
    except ValueError:
        return None
    found: list[int] = (moments.astype(np.int64) - UNIX_OFFSET).tolist()
    return found


def moment(microseconds: int) -> datetime:
    """Return the moment in UTC."""
    return EPOCH + timedelta(microseconds=microseconds)


def iso(microseconds: int) -> str:
    """Return the time as ISO 8601 in UTC."""
    return moment(microseconds).isoformat().replace("+00:00", "Z")


def parse_instant(text: object) -> int:
    """Return the time that ``text`` (ISO 8601 with a time zone) says. Raises BadTime."""
    if not isinstance(text, str):
        raise BadTime("Eine Zeit ist ein Text nach ISO 8601.", "A time is a text (ISO 8601).")
    try:
        found = microseconds(datetime.fromisoformat(text))
    except BadTime:
        raise
    except ValueError:
        if text.startswith("0000"):
            raise BadTime(
                "Ein Jahr 0 gibt es nicht; möglich sind die Jahre 1 bis 9999.",
                "There is no year 0; possible are the years 1 to 9999.",
            ) from None
        raise BadTime(
            f"Keine Zeit nach ISO 8601: {text[:40]!r}.", f"No time of ISO 8601: {text[:40]!r}."
        ) from None
    if not EARLIEST <= found <= LATEST:
        raise BadTime(
            "Möglich sind die Jahre 1 bis 9999 (UTC).", "Possible are the years 1 to 9999 (UTC)."
        )
    return found


def parse_time(text: object) -> tuple[int, int | None]:
    """Return beginning and end of an interval (``begin/end``), or an instant and None.

    Raises BadTime, also when the end comes before the beginning.
    """
    if not isinstance(text, str) or "/" not in text:
        return parse_instant(text), None
    begin, _slash, end = text.partition("/")
    first, last = parse_instant(begin), parse_instant(end)
    if last < first:
        raise BadTime("Das Ende liegt vor dem Beginn.", "The end lies before the beginning.")
    return first, last

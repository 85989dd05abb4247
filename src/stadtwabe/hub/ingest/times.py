"""Times as PostgreSQL counts them: microseconds since 2000-01-01 UTC."""

from datetime import UTC, datetime, timedelta

EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
HOUR = 3_600_000_000
DAY = 24 * HOUR
EARLIEST = (datetime(1, 1, 1, tzinfo=UTC) - EPOCH) // MICROSECOND
LATEST = (datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC) - EPOCH) // MICROSECOND


class BadTime(ValueError):
    """A text is no time that can be stored; the message says why."""


def microseconds(moment: datetime) -> int:
    """Return ``moment``, which must be aware, in microseconds. Raises BadTime."""
    try:
        return (moment - EPOCH) // MICROSECOND
    except TypeError:
        raise BadTime("Der Zeit fehlt die Zeitzone (zum Beispiel ein Z am Ende für UTC).") from None


def moment(microseconds: int) -> datetime:
    """Return the moment in UTC."""
    return EPOCH + timedelta(microseconds=microseconds)


def iso(microseconds: int) -> str:
    """Return the time as ISO 8601 in UTC."""
    return moment(microseconds).isoformat().replace("+00:00", "Z")


def parse_instant(text: object) -> int:
    """Return the time that ``text`` (ISO 8601 with a time zone) says. Raises BadTime."""
    if not isinstance(text, str):
        raise BadTime("Eine Zeit ist ein Text nach ISO 8601.")
    try:
        found = microseconds(datetime.fromisoformat(text))
    except BadTime:
        raise
    except ValueError:
        if text.startswith("0000"):
            raise BadTime("Ein Jahr 0 gibt es nicht; möglich sind die Jahre 1 bis 9999.") from None
        raise BadTime(f"Keine Zeit nach ISO 8601: {text[:40]!r}.") from None
    if not EARLIEST <= found <= LATEST:
        raise BadTime("Möglich sind die Jahre 1 bis 9999 (UTC).")
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
        raise BadTime("Das Ende liegt vor dem Beginn.")
    return first, last

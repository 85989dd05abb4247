"""Quiet hours: times of the clock in Germany, also over midnight and when the clock changes."""

from datetime import UTC, date, datetime, time, timedelta

from stadtwabe.kit.clock import GERMANY


def told_at(now: datetime, quiet_from: time | None, quiet_until: time | None) -> datetime:
    """Return ``now``, or the end of the quiet hours that it lies in.

    A time that the clock skips or shows twice is read as RFC 5545 (3.3.5) says: with the offset
    before the change, so of two the first. The same time as beginning and end means no quiet.
    """
    if quiet_from is None or quiet_until is None or quiet_from == quiet_until:
        return now
    today = now.astimezone(GERMANY).date()
    for day in (today - timedelta(days=1), today):
        begin = _moment(day, quiet_from)
        last = day if quiet_until > quiet_from else day + timedelta(days=1)
        end = _moment(last, quiet_until)
        if begin <= now < end:
            return end
    return now


def _moment(day: date, at: time) -> datetime:
    # Compared and returned in UTC: Python compares times of one zone by the clock's face.
    return datetime.combine(day, at, GERMANY).astimezone(UTC)

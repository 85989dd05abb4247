"""The one place where the time of day is read. Commands take ``now`` as an argument."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

GERMANY = ZoneInfo("Europe/Berlin")


def now() -> datetime:
    """Return the current time, aware, in UTC."""
    return datetime.now(tz=UTC)


def day_of(moment: datetime) -> date:
    """Return the day that calendars in Germany show at ``moment``."""
    return moment.astimezone(GERMANY).date()

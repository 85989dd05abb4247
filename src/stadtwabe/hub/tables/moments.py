"""When it was: dates and times out of cells, and the hour that local time has twice."""

import re
from datetime import UTC, date, datetime, time, timedelta, timezone
from enum import StrEnum
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from stadtwabe.hub.tables.cells import BadCell, Cell, is_blank, plain

ZONES = ("Europe/Berlin", "UTC", "Etc/GMT-1")
"""German local time; UTC; Central European time the whole year, as many loggers keep it."""

EARLIEST, LATEST = 1900, 2100


class DateOrder(StrEnum):
    """What 3/4/2026 means."""

    NONE = ""
    DAY_FIRST = "day"
    MONTH_FIRST = "month"


_CLOCK = (
    r"(?P<h>\d{1,2}):(?P<min>\d{2})(?::(?P<s>\d{2})(?:[.,](?P<f>\d{1,9}))?)?"
    r"(?:\s*Uhr)?\s*(?P<zone>Z|UTC|GMT|MEZ|MESZ|CET|CEST|[+-]\d{2}:?\d{2})?"
)
_AFTER = rf"(?:(?:\s*T\s*|\s*,\s*|\s+){_CLOCK})?"
_ISO = re.compile(rf"(?P<y>\d{{4}})-(?P<m>\d{{1,2}})-(?P<d>\d{{1,2}}){_AFTER}")
_GERMAN = re.compile(rf"(?P<d>\d{{1,2}})\.\s?(?P<m>\d{{1,2}})\.\s?(?P<y>\d{{4}}|\d{{2}}){_AFTER}")
_SLASHES = re.compile(rf"(?P<a>\d{{1,2}})/(?P<b>\d{{1,2}})/(?P<y>\d{{4}}|\d{{2}}){_AFTER}")
_TIME = re.compile(_CLOCK)
_UNIX = re.compile(r"\d{10}(\d{3})?")
_NAMED = {
    "Z": UTC,
    "UTC": UTC,
    "GMT": UTC,
    "MEZ": timezone(timedelta(hours=1)),
    "CET": timezone(timedelta(hours=1)),
    "MESZ": timezone(timedelta(hours=2)),
    "CEST": timezone(timedelta(hours=2)),
}


def read_moment(cell: Cell, order: str = DateOrder.NONE, clock: Cell = None) -> datetime:
    """Return the time that ``cell`` says, with a zone only if it names one. Raises BadCell.

    Understood: 22.11.2026 14:30[:05], 2026-11-22 14:30, ISO 8601 with zone, MEZ and MESZ, 24:00
    as the end of a day, seconds and milliseconds since 1970, dates of Excel; with an ``order``
    also 22/11/2026. ``clock`` is a cell with the time of day, if that stands in one of its own.
    """
    if is_blank(cell):
        raise BadCell(_("Die Zeit fehlt. Verbundene Zellen gelten nur für ihre erste Zeile."))
    found = _of_cell(cell, order)
    if not is_blank(clock):
        found = datetime.combine(found.date(), time(), found.tzinfo) + _of_clock(clock)
    if not EARLIEST <= found.year < LATEST:
        raise BadCell(
            _("Das Jahr %(year)d liegt nicht zwischen %(first)d und %(last)d.")
            % {"year": found.year, "first": EARLIEST, "last": LATEST}
        )
    return found


def _of_cell(cell: Cell, order: str) -> datetime:
    if isinstance(cell, datetime):
        return cell
    if isinstance(cell, date):
        return datetime.combine(cell, time())
    if not isinstance(cell, str):
        raise BadCell(_("Das ist eine Zahl, kein Datum. Formatieren Sie die Spalte als Datum."))
    text = plain(cell)
    if _UNIX.fullmatch(text):
        return datetime.fromtimestamp(int(text) / (1000 if len(text) == 13 else 1), UTC)
    for pattern in (_ISO, _GERMAN, _SLASHES):
        if parts := pattern.fullmatch(text):
            return _of_parts(parts.groupdict(), order)
    raise BadCell(_("Das ist keine Zeit. Schreiben Sie 22.11.2026 14:30 oder 2026-11-22 14:30."))


def _of_parts(parts: dict[str, str | None], order: str) -> datetime:
    if parts.get("a"):
        if not order:
            raise BadCell(_("Tag oder Monat zuerst? Wählen Sie es unter „Erkannt“."))
        first, second = parts["a"], parts["b"]
        parts["d"], parts["m"] = (
            (first, second) if order == DateOrder.DAY_FIRST else (second, first)
        )
    year = int(parts["y"] or 0)
    if len(parts["y"] or "") == 2:
        year += 2000 if year < 70 else 1900
    if year == 0:
        raise BadCell(_("Ein Jahr 0 gibt es nicht."))
    try:
        day = datetime(year, int(parts["m"] or 0), int(parts["d"] or 0))  # noqa: DTZ001 - local
    except ValueError:
        raise BadCell(_("Diesen Tag gibt es nicht.")) from None
    if parts["h"] is None:
        return day
    zone = parts["zone"]
    try:
        found = day + _length(parts)
    except OverflowError:
        raise BadCell(_("Diesen Tag gibt es nicht.")) from None
    return found.replace(tzinfo=_zone(zone)) if zone else found


def _of_clock(cell: Cell) -> timedelta:
    if isinstance(cell, datetime):
        cell = cell.time()
    if isinstance(cell, time):
        return timedelta(hours=cell.hour, minutes=cell.minute, seconds=cell.second)
    parts = _TIME.fullmatch(plain(cell)) if isinstance(cell, str) else None
    if parts is None or parts["zone"]:
        raise BadCell(_("Das ist keine Uhrzeit. Schreiben Sie 14:30 oder 14:30:05."))
    return _length(parts.groupdict())


def _length(parts: dict[str, str | None]) -> timedelta:
    hour, minute, second = (int(parts[name] or 0) for name in ("h", "min", "s"))
    if hour > 24 or minute > 59 or second > 59 or (hour == 24 and (minute or second)):
        raise BadCell(_("Diese Uhrzeit gibt es nicht."))
    fraction = int((parts["f"] or "0").ljust(6, "0")[:6])
    return timedelta(hours=hour, minutes=minute, seconds=second, microseconds=fraction)


def _zone(name: str) -> timezone:
    if name in _NAMED:
        return _NAMED[name]
    hours, minutes = int(name[1:3]), int(name[-2:])
    if hours > 14 or minutes > 59:
        raise BadCell(_("Diese Zeitzone gibt es nicht."))
    length = timedelta(hours=hours, minutes=minutes)
    return timezone(-length if name[0] == "-" else length)


class LocalClock:
    """Gives local times their offset, in the order in which they stand in a file.

    When summer time ends, the hour from 2 to 3 comes twice. Which one is meant tells the order:
    where the times of a series (``key``) step back, the second begins; in files that have the
    newest first, the other way round. ``doubled`` holds the days on which that had to be told.
    """

    def __init__(self, zone: str) -> None:
        self._zone = ZoneInfo(zone)
        self._last: dict[object, datetime] = {}
        self._falls: dict[object, bool] = {}
        self._fold: dict[object, tuple[date, int]] = {}
        self.doubled: set[date] = set()

    def resolve(self, moment: datetime, key: object = None) -> datetime:
        """Return ``moment`` in UTC. Raises BadCell for an hour that local time leaps over."""
        if moment.tzinfo is not None:
            return moment.astimezone(UTC)
        summer = moment.replace(tzinfo=self._zone, fold=0)
        winter = moment.replace(tzinfo=self._zone, fold=1)
        before = self._last.get(key)
        offset, other = summer.utcoffset(), winter.utcoffset()
        assert offset is not None
        assert other is not None
        if offset < other:
            raise BadCell(_("Diese Uhrzeit gab es nicht: Die Uhr wurde auf Sommerzeit gestellt."))
        if offset == other:
            self._last[key] = moment
            return summer.astimezone(UTC)
        day, fold = self._fold.get(key, (None, 0))
        if day != moment.date() or before is None:
            self._falls[key] = before is not None and moment < before
            fold = int(self._falls[key])
        elif self._falls[key] and moment >= before:
            fold = 0
        elif not self._falls[key] and moment <= before:
            fold = 1
        self._fold[key], self._last[key] = (moment.date(), fold), moment
        self.doubled.add(moment.date())
        return (winter if fold else summer).astimezone(UTC)

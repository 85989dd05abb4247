"""Days as they are written: single ones, ranges and lists, still without their year.

``22./24.10.2019``, ``3., 10. und 17. Mai``, ``von Dienstag, 3., bis Donnerstag, 5. Juni 2025``.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from stadtwabe.reading.mentions.span import Spans

MONTHS = {
    "jan": 1, "jän": 1, "feb": 2, "mär": 3, "mrz": 3, "maer": 3, "apr": 4, "mai": 5, "jun": 6,
    "jul": 7, "aug": 8, "sep": 9, "okt": 10, "nov": 11, "dez": 12,
}  # fmt: skip
MONTH_NAME = (
    r"(?:Januar|Jänner|Februar|Feber|März|Maerz|April|Mai|Juni|Juli|August|September|Oktober|"
    r"November|Dezember|JANUAR|FEBRUAR|MÄRZ|APRIL|MAI|JUNI|JULI|AUGUST|SEPTEMBER|OKTOBER|"
    r"NOVEMBER|DEZEMBER|(?:Jan|Feb|Mär|Mrz|Apr|Jun|Jul|Aug|Sept|Sep|Okt|Nov|Dez)\b\.?)(?![a-zäöü])"
)
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_ITEM = re.compile(
    rf"(?<![\d,:§])(?<!\d\.)(?<!\d [.])(?P<day>{_DAY})(?:\."
    rf"(?: ?(?P<month>0[1-9]|1[0-2]|[1-9])\.(?: ?(?P<year>(?:19|20)\d\d)|(?P<short>\d\d))?(?!\d)"
    rf"| {{0,2}}(?P<name>{MONTH_NAME})(?:,? ?(?P<nyear>(?:19|20)\d\d)(?!\d))?)?"
    rf"| (?P<name2>{MONTH_NAME}) (?P<nyear2>(?:19|20)\d\d)(?!\d))"
)
_ISO = re.compile(r"(?<![\d-])((?:19|20)\d\d)-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])(?!\d)")
_WEEKDAYS = ("mo", "di", "mi", "do", "fr", "sa", "so")
_DAYS = "Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonnabend Sonntag Mo Di Mi Do Fr Sa So"
_WEEKDAY = f"(?:{'|'.join(_DAYS.split())})"
_JOIN = re.compile(
    rf" ?(?P<how>,|/|-|–|—|&|und|sowie|oder|auf|bis(?: zum| einschließlich)?)"
    rf" ?(?:(?:am|vom|zum|den|dem) )?(?:{_WEEKDAY}\.?,? )?(?:(?:den|dem) )?"
)
_AFTER_TIME = re.compile(r",? ?\d{1,2}[.:]?\d{0,2} Uhr ")
_WEEKDAY_BEFORE = re.compile(rf"({_WEEKDAY})s?\.?,?(?: ?\(| (?:den|dem|der)|,)? ?$")
_CUE = re.compile(
    rf"(?:\b(?:am|vom|bis|zum|ab|den|dem|seit|der|spätestens|nach|vor|Stichtag|Termin|Termine)|"
    rf"{_WEEKDAY}\.?,?)[ :]*$|[(–-] ?$|"
    r"\b(?!(?:Kapitel|Abschnitt|Nummer|Ziffer|Punkt|Raum|Version|Absatz|Tabelle|Abbildung|Teil|"
    r"Anlage)\b)[A-ZÄÖÜ][a-zäöüß]{3,}: $"
)
_NUMBER_OF = re.compile(
    r"(?:Kapitel|Abschnitt|Nr\.?|Nummer|Ziffer|Ziff\.|Punkt|Raum|Version|Absatz|Abs\.|§|Tabelle|"
    r"Abbildung|Abb\.|Teil|Anlage|Lfd\.) ?$"
)
_RANGE_WORDS = ("-", "–", "—", "bis", "auf")
_BULLET = re.compile(r"(?:^|\n) *[+*>•·–-] +$")
_LINE_START = re.compile(r"\n(?: *(?:[+*>•·(–-]+|o) *)?$")
Runs = list[tuple[int, int]]
"""Where digits stand."""
YEAR = 4


@dataclass(frozen=True, slots=True)
class _Item:
    start: int
    end: int
    day: int
    month: int | None
    year: int | None
    cue: bool
    at_line_start: bool
    weekday: int | None


@dataclass(frozen=True, slots=True)
class WrittenDay:
    """A day or a range as written: years are missing where the text leaves them out."""

    start: int
    end: int
    first: tuple[int | None, int, int]
    last: tuple[int | None, int, int] | None
    weekday: int | None


def written_days(view: str, runs: Runs, masked: Spans) -> list[WrittenDay]:
    """Single items joined to ranges and lists: ``22./24.10.2019``, ``3., 10. und 17. Mai``."""
    items = [item for item in _items(view, runs) if not masked.touch(item.start, item.end)]
    bullets = [item for item in items if item.month and _BULLET.search(view, *_before(item))]
    if len(bullets) > 1:  # "* 3.5. Lesung" beside "* 4.6. Konzert"
        items = [replace(item, cue=True) if item in bullets else item for item in items]
    found: list[WrittenDay] = []
    chain: list[tuple[_Item, str]] = []
    for i, item in enumerate(items):
        how = ""
        if i + 1 < len(items):
            how = _joint(view[item.end : items[i + 1].start])
        chain.append((item, how))
        if not how:
            found += _resolved(chain)
            chain = []
    for start, end in runs:
        if end - start != YEAR:
            continue
        if foreign := _foreign(view, start, end):
            found.append(foreign)
        match = _ISO.match(view, start)
        if match and not masked.touch(*match.span()):
            year, month, day = (int(group) for group in match.groups())
            if valid(year, month, day):
                found.append(WrittenDay(*match.span(), (year, month, day), None, None))
    return sorted(found, key=lambda one: one.start)


_MONTH_FIRST = re.compile(
    r"\b(?P<name>Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.? (?P<day>\d{1,2}), $|"
    r"(?<![\d/])(?P<month>0?[1-9]|1[0-2])/(?P<later>1[3-9]|2\d|3[01])/$"
)
_ENGLISH = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def _foreign(view: str, start: int, end: int) -> WrittenDay | None:
    """``Sep 12, 2019``, ``03/22/2021``: so some council systems write, month first."""
    if view[start - 1 : start] not in {" ", "/"}:
        return None
    window = max(0, start - 16)
    match = _MONTH_FIRST.search(view[window:start])
    if match is None:
        return None
    month = _ENGLISH.index(match["name"]) + 1 if match["name"] else int(match["month"])
    day, year = int(match["day"] or match["later"]), int(view[start:end])
    if not valid(year, month, day):
        return None
    return WrittenDay(window + match.start(), end, (year, month, day), None, None)


def _before(item: _Item) -> tuple[int, int]:
    return max(0, item.start - 6), item.start


def _joint(gap: str) -> str:
    """How two items are joined: the sign or word between them, or nothing."""
    if len(gap) > 40:
        return ""
    gap = _AFTER_TIME.sub(" ", gap)
    match = _JOIN.fullmatch(gap)
    return match["how"] if match else ""


def _items(view: str, runs: Runs) -> Iterable[_Item]:
    after = 0
    for begin, stop in runs:
        if begin < after or stop - begin > 2 or view[stop : stop + 1] not in {".", " "}:
            continue
        match = _ITEM.match(view, begin)
        if match is None:
            continue
        after = match.end()
        month, year = _month_and_year(match)
        before = view[max(0, match.start() - 24) : match.start()]
        named = match["name"] or match["name2"]
        weekday = _WEEKDAY_BEFORE.search(before)
        padded = bool(match["month"]) and len(match["day"]) == 2 and len(match["month"]) == 2
        no_number = int(match["day"]) > MONTHS["dez"] and not _NUMBER_OF.search(before)
        at_line_start = match.start() == 0 or _LINE_START.search(before) is not None
        yield _Item(
            match.start(),
            match.end(),
            int(match["day"]),
            month,
            year,
            bool(named or year or _CUE.search(before) or (padded and (at_line_start or no_number))),
            at_line_start,
            _WEEKDAYS.index(weekday.group(1)[:2].lower()) if weekday else None,
        )


def _month_and_year(match: re.Match[str]) -> tuple[int | None, int | None]:
    named = match["name"] or match["name2"]
    year = match["year"] or match["nyear"] or match["nyear2"]
    if named:
        return MONTHS[named[:3].lower()], int(year) if year else None
    if not match["month"]:
        return None, None
    if year or not match["short"]:
        return int(match["month"]), int(year) if year else None
    short = int(match["short"])
    return int(match["month"]), 2000 + short if short < 80 else 1900 + short


def _resolved(chain: list[tuple[_Item, str]]) -> list[WrittenDay]:
    """Give month and year of a later item to the earlier ones, and pair the ends of ranges."""
    month: int | None = None
    year: int | None = None
    complete: list[tuple[_Item, str]] = []
    for item, how in reversed(chain):
        if item.month is None:
            if month is None:
                continue
            item = replace(item, month=month, year=item.year or year)
        elif item.year is None and year is not None:
            earlier = (item.month, item.day) <= (month or 12, 31)
            item = replace(item, year=year if earlier else year - 1)
        month, year = item.month, item.year or year
        complete.insert(0, (item, how))
    if not any(item.cue for item, _ in complete) and not (
        len(complete) > 1 and chain[0][0].at_line_start
    ):
        return []
    found: list[WrittenDay] = []
    i = 0
    while i < len(complete):
        item, how = complete[i]
        is_range = how.split(" ")[0] in (*_RANGE_WORDS, "/")
        if is_range and i + 1 < len(complete):
            other = complete[i + 1][0]
            if _plausible(item) and _plausible(other):
                found.append(
                    WrittenDay(item.start, other.end, _triple(item), _triple(other), item.weekday)
                )
                i += 2
                continue
        if _plausible(item):
            found.append(WrittenDay(item.start, item.end, _triple(item), None, item.weekday))
        i += 1
    return found


def _triple(item: _Item) -> tuple[int | None, int, int]:
    return item.year, item.month or 1, item.day


def _plausible(item: _Item) -> bool:
    return item.month is not None and valid(item.year or 2024, item.month, item.day)


def valid(year: int, month: int, day: int) -> bool:
    """Is there such a day?"""
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True

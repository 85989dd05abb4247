"""Calendar dates in German texts, with the year found in the document where it decides.

Notation: ``2021-06-18``; ``2021-06`` for a month; ``--06-18`` (ISO 8601:2000, section 5.2.1.3)
where no year can be known. Bare years, seasons and relative dates are not dates here.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from stadtwabe.reading.extract.extracted import Block, BlockKind
from stadtwabe.reading.mentions.span import Spans
from stadtwabe.reading.model import ReadDate

_MONTHS = {
    "jan": 1, "jän": 1, "feb": 2, "mär": 3, "mrz": 3, "maer": 3, "apr": 4, "mai": 5, "jun": 6,
    "jul": 7, "aug": 8, "sep": 9, "okt": 10, "nov": 11, "dez": 12,
}  # fmt: skip
_MONTH = (
    r"(?:Januar|Jänner|Februar|Feber|März|Maerz|April|Mai|Juni|Juli|August|September|Oktober|"
    r"November|Dezember|JANUAR|FEBRUAR|MÄRZ|APRIL|MAI|JUNI|JULI|AUGUST|SEPTEMBER|OKTOBER|"
    r"NOVEMBER|DEZEMBER|(?:Jan|Feb|Mär|Mrz|Apr|Jun|Jul|Aug|Sept|Sep|Okt|Nov|Dez)\b\.?)(?![a-zäöü])"
)
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_ITEM = re.compile(
    rf"(?<![\d,:§])(?<!\d\.)(?<!\d [.])(?P<day>{_DAY})(?:\."
    rf"(?: ?(?P<month>0[1-9]|1[0-2]|[1-9])\.(?: ?(?P<year>(?:19|20)\d\d)|(?P<short>\d\d))?(?!\d)"
    rf"| ?(?P<name>{_MONTH})(?:,? ?(?P<nyear>(?:19|20)\d\d)(?!\d))?)?"
    rf"| (?P<name2>{_MONTH}) (?P<nyear2>(?:19|20)\d\d)(?!\d))"
)
_DIGITS = re.compile(r"\d+")
_ISO = re.compile(r"(?<![\d-])((?:19|20)\d\d)-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])(?!\d)")
_MONTH_YEAR = re.compile(
    rf"(?P<first>{_MONTH})(?: ?(?P<to>/|-|–|bis|und|oder) ?(?P<last>{_MONTH}))?,?"
    r"(?: | ?/ ?)(?P<year>(?:19|20)\d\d)(?!\d)"
)
_MONTH_NUMBER = re.compile(
    r"(?:(?:Stand|Datum|seit|ab|bis|von|Laufzeit|Beginn|Ende|Start):? {1,2}|\| ?)"
    r"(?P<month>0[1-9]|1[0-2])[/.](?P<year>20\d\d)"
    r"(?: ?(?:-|–|bis) ?(?P<lastmonth>0[1-9]|1[0-2])[/.](?P<lastyear>20\d\d))?(?!\d)"
)
_WEEKDAYS = ("mo", "di", "mi", "do", "fr", "sa", "so")
_DAYS = "Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonnabend Sonntag Mo Di Mi Do Fr Sa So"
_WEEKDAY = f"(?:{'|'.join(_DAYS.split())})"
_JOIN = re.compile(
    rf" ?(?P<how>,|/|-|–|—|&|und|sowie|oder|bis(?: zum| einschließlich)?)"
    rf" ?(?:(?:am|vom|zum|den|dem) )?(?:{_WEEKDAY}\.?,? )?(?:(?:den|dem) )?"
)
_AFTER_TIME = re.compile(r",? ?\d{1,2}[.:]?\d{0,2} Uhr ")
_WEEKDAY_BEFORE = re.compile(rf"({_WEEKDAY})s?\.?,?(?: ?\(| (?:den|dem|der)|,)? ?$")
_CUE = re.compile(
    rf"(?:\b(?:am|vom|bis|zum|ab|den|dem|seit|der|spätestens|nach|vor|Stichtag|Termin|Termine)|"
    rf"{_WEEKDAY}\.?,?)[ :]*$|[(–-] ?$"
)
_RANGE_WORDS = ("-", "–", "—", "bis")
_YEAR = re.compile(
    r"(?<![\d.,/-])(?:19[5-9]\d|20[0-4]\d)(?![\d]|[.,]\d|/\d{3}| ?(?:Euro|€|EUR|Meter|km|kWh|MWh))"
)
_DATELINE = re.compile(
    r"(?:Datum|Stand|Pressemitteilung|Meldung|Veröffentlicht|Ausgabe|Newsletter)\b"
)

_LINE_START = re.compile(r"\n(?: *(?:[+*>•·(–-]+|o) *)?$")
_PAST = re.compile(
    r"\b(?:haben|habt|hatten?|wurden?|waren?|kam(?:en)?|fand(?:en)?|fuhr(?:en)?|ging(?:en)?|"
    r"lud(?:en)?|bei der|beim|gab(?:en)?|traf(?:en)?|[Rr]ückblick|[Ll]etzte[nrms]?|"
    r"[Vv]ergangene[nrms]?)\b"
)
_TO_COME = re.compile(
    r"\b(?:wird|werden|soll(?:en)?|lädt|laden|findet|finden|startet|beginnt|ist|sind|folgt|"
    r"plan(?:t|en)|können|[Nn]ächste[nrms]?|[Aa]nmeld\w*|geplant|bis)\b"
)
_WORD_START = re.compile(r"(?<![\w.])[A-ZÄÖÜ]")
_Runs = list[tuple[int, int]]
YEAR = 4
MONTH = 12
"""Room for the longest month and what joins two of them."""
SAME_PASSAGE = 300
DATE_LINE = 30
"""A line of at most so many characters with one year in it speaks for the lines below."""


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
class _Found:
    start: int
    end: int
    first: tuple[int | None, int, int]
    last: tuple[int | None, int, int] | None
    weekday: int | None


def dates_in(view: str, blocks: Iterable[Block], masked: Spans) -> list[ReadDate]:
    """Find all dates of a text whose line breaks inside blocks are already spaces."""
    runs = [match.span() for match in _DIGITS.finditer(view)]
    found = _chains(view, runs, masked)
    months = _months(view, runs, masked, Spans((f.start, f.end) for f in found))
    years = _Years(view, list(blocks), found, runs)
    dates = [years.decide(view, one) for one in found]
    return sorted([*dates, *months], key=lambda one: one.start)


def _chains(view: str, runs: _Runs, masked: Spans) -> list[_Found]:
    """Single items joined to ranges and lists: ``22./24.10.2019``, ``3., 10. und 17. Mai``."""
    items = [item for item in _items(view, runs) if not masked.touch(item.start, item.end)]
    found: list[_Found] = []
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
        match = _ISO.match(view, start) if end - start == YEAR else None
        if match and not masked.touch(*match.span()):
            year, month, day = (int(group) for group in match.groups())
            if _valid(year, month, day):
                found.append(_Found(*match.span(), (year, month, day), None, None))
    return sorted(found, key=lambda one: one.start)


def _joint(gap: str) -> str:
    """How two items are joined: the sign or word between them, or nothing."""
    if len(gap) > 40:
        return ""
    gap = _AFTER_TIME.sub(" ", gap)
    match = _JOIN.fullmatch(gap)
    return match["how"] if match else ""


def _items(view: str, runs: _Runs) -> Iterable[_Item]:
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
        at_line_start = match.start() == 0 or _LINE_START.search(before) is not None
        yield _Item(
            match.start(),
            match.end(),
            int(match["day"]),
            month,
            year,
            bool(named or year or _CUE.search(before) or (padded and at_line_start)),
            at_line_start,
            _WEEKDAYS.index(weekday.group(1)[:2].lower()) if weekday else None,
        )


def _month_and_year(match: re.Match[str]) -> tuple[int | None, int | None]:
    named = match["name"] or match["name2"]
    year = match["year"] or match["nyear"] or match["nyear2"]
    if named:
        return _MONTHS[named[:3].lower()], int(year) if year else None
    if not match["month"]:
        return None, None
    if year or not match["short"]:
        return int(match["month"]), int(year) if year else None
    short = int(match["short"])
    return int(match["month"]), 2000 + short if short < 80 else 1900 + short


def _resolved(chain: list[tuple[_Item, str]]) -> list[_Found]:
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
    found: list[_Found] = []
    i = 0
    while i < len(complete):
        item, how = complete[i]
        is_range = how.split(" ")[0] in (*_RANGE_WORDS, "/")
        if is_range and i + 1 < len(complete):
            other = complete[i + 1][0]
            if _plausible(item) and _plausible(other):
                found.append(
                    _Found(item.start, other.end, _triple(item), _triple(other), item.weekday)
                )
                i += 2
                continue
        if _plausible(item):
            found.append(_Found(item.start, item.end, _triple(item), None, item.weekday))
        i += 1
    return found


def _triple(item: _Item) -> tuple[int | None, int, int]:
    return item.year, item.month or 1, item.day


def _plausible(item: _Item) -> bool:
    return item.month is not None and _valid(item.year or 2024, item.month, item.day)


def _valid(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def _months(view: str, runs: _Runs, masked: Spans, days: Spans) -> list[ReadDate]:
    found: list[ReadDate] = []
    for match in _before_years(view, runs):
        start, end = match.span()
        if masked.touch(start, end) or days.touch(start, end):
            continue
        year = match["year"]
        first = f"{year}-{_MONTHS[match['first'][:3].lower()]:02}"
        last = f"{year}-{_MONTHS[match['last'][:3].lower()]:02}" if match["last"] else None
        found.append(ReadDate(first, last, start, end, view[start:end], 0.95))
    for match in _MONTH_NUMBER.finditer(view):
        start, end = match.start("month"), match.end()
        if masked.touch(start, end) or days.touch(start, end):
            continue
        last = f"{match['lastyear']}-{match['lastmonth']}" if match["lastmonth"] else None
        value = f"{match['year']}-{match['month']}"
        found.append(ReadDate(value, last, start, end, view[start:end], 0.8))
    return found


def _before_years(view: str, runs: _Runs) -> Iterable[re.Match[str]]:
    """Where a month, or two of them, stand directly before a year."""
    for start, end in runs:
        if end - start != YEAR or start < MONTH or view[start - 1] not in " /":
            continue
        for word in _WORD_START.finditer(view, max(0, start - 2 * MONTH), start):
            match = _MONTH_YEAR.match(view, word.start())
            if match and match.end() == end:
                yield match
                break


class _Years:
    """Decides the year of a day and month: heading, weekday, date of the document, only year."""

    def __init__(self, view: str, blocks: list[Block], found: list[_Found], runs: _Runs) -> None:
        self._view = view
        self._full = [one for one in found if one.first[0] is not None]
        self._full_starts = [one.start for one in self._full]
        self._blocks = blocks
        self._block_starts = [block.start for block in blocks]
        bare = [
            (start, int(view[start:end]))
            for start, end in runs
            if end - start == YEAR and _YEAR.match(view, start)
        ]
        self._headings = self._years_of_headings(bare)
        self._heading_starts = [start for start, _, _ in self._headings]
        self._published = self._publication(view)
        self._only_year = self._single(view, bare)

    def decide(self, view: str, one: _Found) -> ReadDate:
        year, month, day = one.first
        confidence, reason = 0.98, "Jahr steht dabei"
        if year is None:
            year, confidence, reason = self._year(one, month, day)
        until = None
        if one.last is not None:
            last_year, last_month, last_day = one.last
            if last_year is None and year is not None:
                last_year = year + 1 if (last_month, last_day) < (month, day) else year
            until = _notation(last_year, last_month, last_day)
        return ReadDate(
            _notation(year, month, day),
            until,
            one.start,
            one.end,
            view[one.start : one.end],
            confidence,
            (reason,),
        )

    def _year(self, one: _Found, month: int, day: int) -> tuple[int | None, float, str]:
        same = {f.first[0] for f in self._full if f.first[1:] == (month, day)}
        if len(same) == 1:
            return same.pop(), 0.95, "derselbe Tag steht anderswo mit Jahr"
        for candidates, reason in self._clues(one, month, day):
            fitting = [year for year in candidates if _fits(year, month, day, one.weekday)]
            if fitting:
                return fitting[0], 0.9, reason
        return None, 0.9, "kein Jahr im Dokument"

    def _clues(self, one: _Found, month: int, day: int) -> Iterable[tuple[list[int], str]]:
        i = bisect_right(self._full_starts, one.start)
        for other in (*reversed(self._full[max(0, i - 1) : i]), *self._full[i : i + 1]):
            year, other_month, other_day = other.first
            if year and abs(other.start - one.start) < SAME_PASSAGE and not self._apart(one, other):
                near = _near(date(year, other_month, other_day), month, day)
                yield near, "Jahr aus einem Datum daneben"
        if heading := self._heading(one.start):
            heading_year, heading_day = heading
            near = self._nearest(heading_day, one) if heading_day else [heading_year]
            yield near, "Jahr aus der Überschrift"
        if self._published is not None:
            yield self._nearest(self._published, one), "Jahr aus dem Datum des Dokuments"
        around = self._full[max(0, i - 1) : i + 1]
        for other in around:
            year, other_month, other_day = other.first
            if year is not None:
                yield (
                    _near(date(year, other_month, other_day), month, day),
                    "Jahr aus einem Datum in der Nähe",
                )
        if self._only_year is not None:
            yield [self._only_year], "einziges Jahr im Dokument"

    def _apart(self, one: _Found, other: _Found) -> bool:
        """Do the two stand in different blocks?"""
        first, second = sorted((one.start, other.start))
        i = bisect_right(self._block_starts, first)
        return i < len(self._block_starts) and self._block_starts[i] <= second

    def _nearest(self, anchor: date, one: _Found) -> list[int]:
        _, month, day = one.first
        years = _near(anchor, month, day)
        if self._looks_back(one):
            years.sort(key=lambda year: not _before(year, month, day, anchor))
        return years

    def _looks_back(self, one: _Found) -> bool:
        """Does the sentence tell of something past? Then it took place before the document."""
        low = max(0, one.start - 200)
        ends = (self._view.rfind(mark, low, one.start) + 1 for mark in (". ", "\n"))
        stop = self._view.find(". ", one.end, one.end + 200)
        sentence = self._view[max(low, *ends) : stop if stop > 0 else one.end + 100]
        return bool(_PAST.search(sentence)) and not _TO_COME.search(sentence)

    def _years_of_headings(self, bare: list[tuple[int, int]]) -> list[tuple[int, int, date | None]]:
        """Position, year and day of headings and date lines that name exactly one year."""
        result: list[tuple[int, int, date | None]] = []
        positions = [position for position, _ in bare]
        for block in self._blocks:
            if block.kind != BlockKind.HEADING and block.end - block.start > DATE_LINE:
                continue
            a = bisect_right(self._full_starts, block.start - 1)
            full = [one.first for one in self._full[a : a + 2] if one.start < block.end]
            if full:
                year, month, day = full[0]
                if year:
                    result.append((block.start, year, date(year, month, day)))
                continue
            a, b = bisect_right(positions, block.start - 1), bisect_right(positions, block.end)
            years = {year for _, year in bare[a:b]}
            if len(years) == 1:
                result.append((block.start, years.pop(), None))
        return result

    def _heading(self, position: int) -> tuple[int, date | None] | None:
        i = bisect_right(self._heading_starts, position)
        return self._headings[i - 1][1:] if i else None

    def _publication(self, view: str) -> date | None:
        """The first full date, where it stands at the top or after a word such as Stand."""
        for one in self._full:
            year, month, day = one.first
            before = view[max(0, one.start - 60) : one.start]
            if year and (one.start < 400 or _DATELINE.search(before)):
                return date(year, month, day)
        return None

    def _single(self, view: str, bare: list[tuple[int, int]]) -> int | None:
        full = {one.first[0] for one in self._full}
        if len(full) == 1:
            return full.pop()
        if full:
            return None
        top = [year for position, year in bare if position < 300]
        return top[0] if len(set(top)) == 1 else None


def _near(anchor: date, month: int, day: int) -> list[int]:
    """Years around a date, nearest first; documents announce more than they look back."""

    def distance(year: int) -> float:
        if not _valid(year, month, day):
            return 9999
        days = (date(year, month, day) - anchor).days
        return days if days >= 0 else -2.0 * days

    return sorted((anchor.year, anchor.year + 1, anchor.year - 1), key=distance)


def _before(year: int, month: int, day: int, anchor: date) -> bool:
    return _valid(year, month, day) and date(year, month, day) <= anchor


def _fits(year: int, month: int, day: int, weekday: int | None) -> bool:
    if not _valid(year, month, day):
        return False
    return weekday is None or date(year, month, day).weekday() == weekday


def _notation(year: int | None, month: int, day: int) -> str:
    return f"{year:04}-{month:02}-{day:02}" if year else f"--{month:02}-{day:02}"

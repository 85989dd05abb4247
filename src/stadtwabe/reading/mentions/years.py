"""Which year a day has that is written without one."""

import re
from bisect import bisect_right
from collections.abc import Iterable
from datetime import date

from stadtwabe.reading.extract.extracted import Block, BlockKind
from stadtwabe.reading.mentions.written_days import (
    MONTH_NAME,
    MONTHS,
    YEAR,
    Runs,
    WrittenDay,
    valid,
)
from stadtwabe.reading.model import ReadDate

_YEAR = re.compile(
    r"(?<![\d.,/-])(?:19[5-9]\d|20[0-4]\d)(?![\d]|[.,]\d|/\d{3}| ?(?:Euro|€|EUR|Meter|km|kWh|MWh))"
)
_DATELINE = re.compile(
    r"(?:Datum|Stand|Pressemitteilung|Meldung|Veröffentlicht|Ausgabe|Newsletter)\b"
)

_PAST = re.compile(
    r"\b(?:haben|habt|hatten?|wurden?|waren?|kam(?:en)?|fand(?:en)?|fuhr(?:en)?|ging(?:en)?|"
    r"lud(?:en)?|gab(?:en)?|traf(?:en)?|nahm(?:en)?|trat(?:en)?|stand(?:en)?|"
    r"[Rr]ückblick|[Ll]etzte[nrms]?(?! Jahr)|[Vv]ergangene[nrms]?(?! Jahr))\b|"
    r"(?<!\bde[rnms] )(?<!\bd(?:ie|as) )(?<!\beine )(?<!\bdiese )(?<!\bjede )(?<!\bihre )"
    r"\b(?!heute|bitte|heutig|möchte|könnte|sollte|müsste|dürfte|hätte|wollte|erste|letzte|beste|"
    r"zweite|dritte|vierte|fünfte|gute|alte|neueste|mitte|bunte|breite|weite|echte)"
    r"[a-zäöüß]{2,}[^s\W]te\b(?! [A-ZÄÖÜ])"
)
_TO_COME = re.compile(
    r"\b(?:wird|werden|soll(?:en)?|lädt|laden|findet|finden|startet|beginnt|ist|sind|folgt|"
    r"plan(?:t|en)|können|[Nn]ächste[nrms]?|[Aa]nmeld\w*|geplant|noch (?:nicht|offen|keine?n?))\b"
)
_AHEAD = re.compile(
    r"\b(?:[Nn]ächste[rs]? (?:Mal|Termin|Treffen|Sitzung|Runde|Ausgabe)\b|"
    r"(?:entscheid(?:et|en)|beginn(?:t|en)|start(?:et|en)|folg(?:t|en)|komm(?:t|en))\b"
    r"(?:,? \w+)? erst\b)"
)
_UNTIL = re.compile(
    r"\b(?:[Bb]is|[Ss]pätestens)(?: zum| spätestens| einschließlich| am)*(?: \w+,)? $"
)
_SINCE = re.compile(r"\b[Ss]eit(?: dem| der)?(?: \w+,(?: dem)?)? $")
_NEXT_YEAR = re.compile(r"\b(?:(?:[Nn]ächste[sn]|[Kk]ommende[sn]|[Ff]olgende[sn]) Jahr)")
_AT = re.compile(r"\b(?:[Bb]eim|[Bb]ei der)\b")
_PRESENT = re.compile(
    r"\b(?!nicht|mit|seit|jetzt|statt|dort|fast|erst|sonst|selbst|weit|oft|samt|laut)[a-zäöüß]{2,}t\b"
)
_EVERY_YEAR = re.compile(r"(?:,? (?:eines )?jede[ns] Jahre?s\b|,? jedes Jahr\b|,? jährlich\b)")
_EVERY_YEAR_LATER = re.compile(
    rf" (?:und|sowie|oder|bzw\.) (?:zum |am )?\d{{1,2}}\. ?{MONTH_NAME}{_EVERY_YEAR.pattern}"
)
_EVERY_YEAR_BEFORE = re.compile(r"\b(?:[Jj]edes Jahr|[Jj]ährlich|[Aa]lljährlich) (?:am|zum|vom) $")
_YEAR_BEFORE = re.compile(
    r"(?<![\w.,/–-])(?<!seit )(?<!Seit )(?<!bis )(?<!ab )(?<!von )"
    r"(?P<year>(?:19|20)\d\d)(?![\w,.]*\d)"
)
_GATHERING = re.compile(
    r"(?:[Tt]age?|[Ww]ochen?|[Kk]ongress|[Kk]onferenz|[Tt]agung|[Ff]orum|[Ff]estival|[Gg]ipfel|"
    r"[Mm]esse|[Ff]est|[Tt]reffen|[Cc]onvention|[Ss]ymposium|[Bb]arcamp) $"
)
_MONTH_LINE = re.compile(rf"(?P<month>{MONTH_NAME}) (?P<year>20\d\d)(?!\d)")
CLAUSE = 70
"""A year so near before a day, in one sentence, is the day's."""
SAME_PASSAGE = 300
TOP = 300
"""A month with its year among so many first characters dates the document."""
DATE_LINE = 30
"""A line of at most so many characters with one year in it speaks for the lines below."""


class Years:
    """Decides the year of a day and month: heading, weekday, date of the document, only year."""

    def __init__(self, view: str, blocks: list[Block], found: list[WrittenDay], runs: Runs) -> None:
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
        self._dated = False
        """Does a word such as "Stand" say that the date is the document's own?"""
        self._published = self._publication(view)
        self._only_year = self._single(view, bare)

    def decide(self, view: str, one: WrittenDay) -> ReadDate:
        """The day with its year, why this one, and how sure."""
        year, month, day = one.first
        confidence, reason = 0.98, "Jahr steht dabei"
        if year is None and self._every_year(one):
            confidence, reason = 0.9, "jedes Jahr"
        elif year is None:
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

    def _year(self, one: WrittenDay, month: int, day: int) -> tuple[int | None, float, str]:
        same = {
            f.first[0] for f in self._full if f.first[1:] == (month, day) and not self._next_year(f)
        }
        if len(same) == 1:
            return same.pop(), 0.95, "derselbe Tag steht anderswo mit Jahr"
        for candidates, reason in self._clues(one, month, day):
            fitting = [year for year in candidates if _fits(year, month, day, one.weekday)]
            if fitting:
                return fitting[0], 0.9, reason
        return None, 0.9, "kein Jahr im Dokument"

    def _clues(self, one: WrittenDay, month: int, day: int) -> Iterable[tuple[list[int], str]]:
        i = bisect_right(self._full_starts, one.start)
        for other in (*reversed(self._full[max(0, i - 1) : i]), *self._full[i : i + 1]):
            year, other_month, other_day = other.first
            if year and abs(other.start - one.start) < SAME_PASSAGE and not self._apart(one, other):
                near = self._nearest(date(year, other_month, other_day), one)
                yield near, "Jahr aus einem Datum daneben"
        if before := self._year_before(one):
            yield [before], "Jahr steht davor"
        heading = self._heading(one.start)
        if heading and not self._aims_beyond(heading[0]):
            heading_year, heading_day = heading
            near = self._nearest(heading_day, one) if heading_day else [heading_year]
            yield near, "Jahr aus der Überschrift"
        if self._published is not None:
            yield self._nearest(self._published, one), "Jahr aus dem Datum des Dokuments"
        around = self._full[max(0, i - 1) : i + 1]
        for other in around:
            year, other_month, other_day = other.first
            if year is not None:
                near = self._nearest(date(year, other_month, other_day), one)
                yield near, "Jahr aus einem Datum in der Nähe"
        if self._only_year is not None:
            yield [self._only_year], "einziges Jahr im Dokument"

    def _every_year(self, one: WrittenDay) -> bool:
        """``zum 30. Juni und zum 31. Dezember eines jeden Jahres``: a day of no certain year."""
        return bool(
            _EVERY_YEAR.match(self._view, one.end)
            or _EVERY_YEAR_LATER.match(self._view, one.end)
            or _EVERY_YEAR_BEFORE.search(self._view[max(0, one.start - 30) : one.start])
        )

    def _next_year(self, one: WrittenDay) -> bool:
        """``Nächstes Jahr sind wir am 20. Oktober 2026 in …`` says nothing of this year's days."""
        before = self._view[max(0, one.start - CLAUSE) : one.start]
        return bool(_NEXT_YEAR.search(re.split(r"[.!?;] ", before)[-1]))

    def _year_before(self, one: WrittenDay) -> int | None:
        """``Jahrestagung 2021: 23./24. September``, ``wird 2025 fortgesetzt; am 20. Februar``."""
        i = bisect_right(self._block_starts, one.start) - 1
        low = max(one.start - CLAUSE, self._block_starts[i] if i >= 0 else 0)
        gap = self._view[low : one.start]
        gap = gap[max(gap.rfind(mark) + 2 for mark in (". ", "? ", "! ")) :] if ". " in gap else gap
        gap = re.split(r",? (?:und|aber|doch|sondern) ", gap)[-1]
        years = [int(match["year"]) for match in _YEAR_BEFORE.finditer(gap)]
        return years[-1] if years else None

    def _apart(self, one: WrittenDay, other: WrittenDay) -> bool:
        """Do the two stand in different blocks?"""
        first, second = sorted((one.start, other.start))
        i = bisect_right(self._block_starts, first)
        return i < len(self._block_starts) and self._block_starts[i] <= second

    def _nearest(self, anchor: date, one: WrittenDay) -> list[int]:
        _, month, day = one.first
        years = _near(anchor, month, day)
        if self._looks_ahead(one, anchor):
            years.sort(key=lambda year: _before(year, month, day, anchor))
        elif self._looks_back(one, anchor):
            years.sort(key=lambda year: not _before(year, month, day, anchor))
        return years

    def _looks_ahead(self, one: WrittenDay, anchor: date) -> bool:
        """``nächstes Mal am 27. August``, ``entscheiden aber erst nach der Wahl am 14. Mai``"""
        before = self._view[max(0, one.start - CLAUSE) : one.start]
        if _AHEAD.search(re.split(r"[.!?;] ", before)[-1]):
            return True
        until = self._dated and anchor == self._published and _UNTIL.search(before)
        return bool(until) and not self._told_as_past(one)

    def _looks_back(self, one: WrittenDay, anchor: date) -> bool:
        """Does the sentence tell of something past? Then it took place before the document."""
        since = self._dated and anchor == self._published
        if since and _SINCE.search(self._view[max(0, one.start - 30) : one.start]):
            return True
        return self._told_as_past(one)

    def _told_as_past(self, one: WrittenDay) -> bool:
        low = max(0, one.start - 200)
        ends = (self._view.rfind(mark, low, one.start) + 1 for mark in (". ", "\n"))
        stops = (self._view.find(mark, one.end, one.end + 200) for mark in (". ", ".\n", "\n"))
        stop = min((at for at in stops if at > 0), default=min(one.end + 100, len(self._view)))
        sentence = self._view[max(low, *ends) : stop]
        if _TO_COME.search(sentence):
            return False
        told = self._view[stop : stop + 1] == "."  # a line of a list tells nothing
        at = told and _AT.search(sentence) and not _PRESENT.search(sentence)
        return bool(at or _PAST.search(sentence))

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

    def _aims_beyond(self, year: int) -> bool:
        """``Strategie 2032`` of a document of 2024 names an aim, not when things take place."""
        return self._published is not None and year > self._published.year + 2

    def _publication(self, view: str) -> date | None:
        """The first full date, where it stands at the top or after a word such as Stand."""
        for one in self._full:
            year, month, day = one.first
            before = view[max(0, one.start - 60) : one.start]
            self._dated = _DATELINE.search(before) is not None
            if year and (one.start < 400 or self._dated):
                return date(year, month, day)
        if top := _MONTH_LINE.search(view, 0, TOP):
            return date(int(top["year"]), MONTHS[top["month"][:3].lower()], 15)
        return None

    def _single(self, view: str, bare: list[tuple[int, int]]) -> int | None:
        full = {one.first[0] for one in self._full}
        if len(full) == 1:
            return full.pop()
        if full:
            return None
        top = [year for position, year in bare if position < 300]
        if len(set(top)) == 1:
            return top[0]
        named = {year for at, year in bare if _GATHERING.search(view[max(0, at - 12) : at])}
        return named.pop() if len(named) == 1 else None


def _near(anchor: date, month: int, day: int) -> list[int]:
    """Years around a date, nearest first; documents announce more than they look back."""

    def distance(year: int) -> float:
        if not valid(year, month, day):
            return 9999
        days = (date(year, month, day) - anchor).days
        return days if days >= 0 else -2.0 * days

    return sorted((anchor.year, anchor.year + 1, anchor.year - 1), key=distance)


def _before(year: int, month: int, day: int, anchor: date) -> bool:
    return valid(year, month, day) and date(year, month, day) <= anchor


def _fits(year: int, month: int, day: int, weekday: int | None) -> bool:
    if not valid(year, month, day):
        return False
    return weekday is None or date(year, month, day).weekday() == weekday


def _notation(year: int | None, month: int, day: int) -> str:
    return f"{year:04}-{month:02}-{day:02}" if year else f"--{month:02}-{day:02}"

"""Calendar dates in German texts, with the year found in the document where it decides.

Notation: ``2021-06-18``; ``2021-06`` for a month; ``--06-18`` (ISO 8601:2000, section 5.2.1.3)
where no year can be known. Bare years, seasons and relative dates are not dates here.
"""

import re
from collections.abc import Iterable
from itertools import pairwise

from stadtwabe.reading.extract.extracted import Block
from stadtwabe.reading.mentions.span import Spans
from stadtwabe.reading.mentions.written_days import MONTH_NAME, MONTHS, YEAR, Runs, written_days
from stadtwabe.reading.mentions.years import Years
from stadtwabe.reading.model import ReadDate

_DIGITS = re.compile(r"[0-9]\d*")
_MONTH_YEAR = re.compile(
    rf"(?P<first>{MONTH_NAME})(?: ?(?P<to>/|-|–|bis|und|oder) ?(?P<last>{MONTH_NAME}))?,?"
    r"(?: | ?/ ?)(?P<year>(?:19|20)\d\d)(?!\d)"
)
_MONTH_NUMBER = re.compile(  # no cue holds a digit or is longer than CUE
    r"(?:(?:Stand|Datum|[Ss]eit|[Aa]b|[Bb]is|[Vv]on|[Zz]eit|[Zz]eitraum|[Zz]eitplan|[Ll]aufzeit|Dauer|Beginn|Ende|"
    r"[Ss]tart|Umsetzung|Fertigstellung|Abschluss|Termin):? {1,2}|\| ?|"
    r"(?=\b(?:0[1-9]|1[0-2])[/.]20\d\d ?(?:-|–|bis) ?(?:0[1-9]|1[0-2])[/.]20\d\d))"
    r"(?P<month>0[1-9]|1[0-2])[/.](?P<year>20\d\d)"
    r"(?: ?(?:-|–|bis) ?(?P<lastmonth>0[1-9]|1[0-2])[/.](?P<lastyear>20\d\d))?(?!\d)"
)
_WORD_START = re.compile(r"[A-ZÄÖÜ](?<![\w.].)")
MONTH = 12
"""Room for the longest month and what joins two of them."""
CUE = 20
"""Room for the longest word before a month written in digits."""


def dates_in(view: str, blocks: Iterable[Block], masked: Spans) -> list[ReadDate]:
    """Find all dates of a text whose line breaks inside blocks are already spaces."""
    runs = [match.span() for match in _DIGITS.finditer(view)]
    found = written_days(view, runs, masked)
    months = _months(view, runs, masked, Spans((f.start, f.end) for f in found))
    years = Years(view, list(blocks), found, runs)
    dates = [years.decide(view, one) for one in found]
    return sorted([*dates, *months], key=lambda one: one.start)


def _months(view: str, runs: Runs, masked: Spans, days: Spans) -> list[ReadDate]:
    found: list[ReadDate] = []
    for match in _before_years(view, runs):
        start, end = match.span()
        if masked.touch(start, end) or days.touch(start, end):
            continue
        year = match["year"]
        first = f"{year}-{MONTHS[match['first'][:3].lower()]:02}"
        last = f"{year}-{MONTHS[match['last'][:3].lower()]:02}" if match["last"] else None
        found.append(ReadDate(first, last, start, end, view[start:end], 0.95))
    for match in _numbered(view, runs):
        start, end = match.start("month"), match.end()
        if masked.touch(start, end) or days.touch(start, end):
            continue
        last = f"{match['lastyear']}-{match['lastmonth']}" if match["lastmonth"] else None
        value = f"{match['year']}-{match['month']}"
        found.append(ReadDate(value, last, start, end, view[start:end], 0.8))
    return found


def _numbered(view: str, runs: Runs) -> Iterable[re.Match[str]]:
    """``Laufzeit: 03/2024``: two digits before a year, and what announces them."""
    done = 0
    for (start, end), (after, stop) in pairwise(runs):
        if end - start != 2 or stop - after != YEAR or after != end + 1 or start < done:
            continue
        if view[end] not in "/." or not view.startswith("20", after):
            continue
        for match in _MONTH_NUMBER.finditer(view, max(done, start - CUE), stop + CUE):
            if match.start("month") == start:
                done = match.end()
                yield match
                break


def _before_years(view: str, runs: Runs) -> Iterable[re.Match[str]]:
    """Where a month, or two of them, stand directly before a year."""
    for start, end in runs:
        if end - start != YEAR or start < MONTH or view[start - 1] not in " /":
            continue
        for word in _WORD_START.finditer(view, max(0, start - 2 * MONTH), start):
            match = _MONTH_YEAR.match(view, word.start())
            if match and match.end() == end:
                yield match
                break

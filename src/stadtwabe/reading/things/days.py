"""Days of a text: which of them something takes place on, and which stand together."""

import re

from stadtwabe.reading.document import Document
from stadtwabe.reading.model import ReadDate

WEEKDAY = (
    r"(?:(?:Montag|Dienstag|Mittwoch|Donnerstag|Freitag|Samstag|Sonnabend|Sonntag|"
    r"Mo|Di|Mi|Do|Fr|Sa|So)(?:abend|vormittag|nachmittag)?\.?,? ?)?"
)

_NOT_ITS_DAY = re.compile(
    r"(?:\b(?:[Bb]is(?: zum| spätestens| einschließlich)?|[Ss]eit(?: dem| der)?|"
    r"[Ss]pätestens(?: am)?|"
    r"[Ss]tand:?|[Ff]rist:?|[Ee]nde|[Ss]tichtag:?|rückwirkend zum|in der Fassung vom|"
    r"[Bb]ericht vom|[Mm]eldung vom|[Pp]ressemitteilung vom|"
    r"(?:[Vv]eröffentlicht|[Ee]rstellt|[Aa]ktualisiert|[Gg]eändert|[Pp]ubliziert|[Ee]ingestellt)"
    r"(?: am)?:?|[Ll]etzte (?:Änderung|Aktualisierung):?|[Ss]chreiben vom|[Ii]n Kraft(?: seit)?)"
    rf") {WEEKDAY}(?:den |dem )?$"
)

LISTED_WITH = re.compile(
    r"(?: in [A-ZÄÖÜ][\w-]+(?: [A-ZÄÖÜ][\w-]+)?)?(?: \([^)]{1,40}\))? ?(?:,|/)? ?"
    r"(?:und|sowie|&|bis|oder)? ?"
    r"(?:(?:dann|nochmals|wieder|erneut) )?"
    rf"(?:am |vom )?{WEEKDAY}(?:den |dem )?"
)

OWN_TIME = re.compile(
    r"[“”\"»«]?,? (?:im|Anfang|Mitte|Ende|im vergangenen|im letzten|im kommenden) "
    r"(?:Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember|"
    r"Frühjahr|Sommer|Herbst|Winter|Jahr)\b"
)
"""``Fachtag „X“ im April``: when it was is said, and no day."""

TOP = 2
SENTENCE = 60
"""So much text after a date is more than a title."""


def is_byline(document: Document, date: ReadDate) -> bool:
    """Is it a mere byline: a line at the top of when, and by whom, the text was written?"""
    index = document.block_at(date.start)
    block = document.blocks[index]
    lone = date.start == block.start and block.end - block.start < 80
    return lone and index <= TOP and "Uhr" not in document.line(index)


def joined(document: Document, days: list[ReadDate], chosen: int) -> list[ReadDate]:
    """A date and those listed with it: ``am 23. und 24. November``."""
    result = [days[chosen]]
    for before in reversed(days[:chosen]):
        if not LISTED_WITH.fullmatch(document.view[before.end : result[0].start]):
            break
        result.insert(0, before)
    for after in days[chosen + 1 :]:
        if not LISTED_WITH.fullmatch(document.view[result[-1].end : after.start]):
            break
        result.append(after)
    return result


_OPENS_REPORT = re.compile(r"(?:[A-ZÄÖÜ][\w/. -]{2,40}(?:, | \())?(?:den |vom )?")
_REPORT_GOES_ON = re.compile(r"\)?(?:: | ?[–—|] | - |\. [A-ZÄÖÜ„])")


_DASH = re.compile(r" ?[–—] (?=[A-ZÄÖÜ])")


def _dates_the_report(document: Document, date: ReadDate) -> bool:
    """When it was written: ``21.3.2025: Am 4. April lädt …``, ``Kassel, 3. Mai 2024 – Zum …``."""
    block = document.blocks[document.block_at(date.start)]
    if not _OPENS_REPORT.fullmatch(document.view, block.start, date.start):
        return False
    if not _REPORT_GOES_ON.match(document.view, date.end):
        return False
    if block.end - date.end <= SENTENCE:
        return False
    if date.start == block.start and _DASH.match(document.view, date.end):
        return True
    return any(not day.is_month for day in document.dates.within(date.end, block.end))


def its_day(document: Document, date: ReadDate) -> bool:
    """May something take place on it? A deadline, or the day since when, is none."""
    if _dates_the_report(document, date):
        return False
    return not _NOT_ITS_DAY.search(document.view[max(0, date.start - 40) : date.start])

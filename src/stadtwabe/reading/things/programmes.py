"""Programmes: a line names the day, the lines below begin with a time of day.

``Donnerstag, 8. Juni: Stralsund`` / ``9:30 Uhr: Auftakt`` / ``14 Uhr | Marl, insel-VHS`` with the
title on the next line. Where somebody registers, is welcomed and has lunch, the lines are the
order of one single gathering: then they are no events of their own.
"""

import re
from collections import Counter
from dataclasses import dataclass

from stadtwabe.reading.document import Document
from stadtwabe.reading.extract.extracted import BlockKind
from stadtwabe.reading.model import ThingKind
from stadtwabe.reading.things.agenda_titles import (
    is_only_place,
    title_and_place,
    without_bracket,
)
from stadtwabe.reading.things.candidate import Candidate
from stadtwabe.reading.things.lines import FIELD, MAX_TITLE, ONLINE, event_noun, is_sitting
from stadtwabe.reading.things.told import called_off

_CLOCK = r"\d{1,2}(?:[.:]\d{2})?"
_TO = r" ?(?:-|–|—|bis) ?"
_HOUR = r" ?(?:Uhr|h)\b\.?"
_TIME = re.compile(
    rf"(?:[-–•*>●▪] +)?(?:(?:ab|um|von|gegen|ca\.) )?(?:"
    rf"{_CLOCK}(?:{_HOUR})?{_TO}{_CLOCK}{_HOUR}|{_CLOCK}{_HOUR}|"
    rf"\d{{1,2}}[.:]\d{{2}}{_TO}\d{{1,2}}[.:]\d{{2}}(?!\d)|\d{{1,2}}:\d{{2}}(?!\d)|"
    r"[Gg]anztägig|[Gg]anztags)"
)
_GAP = re.compile(r"[ ,:|/–—•·.-]*")
_BESIDE_DAY = re.compile(
    r"(?:\b(?:Tag|Programm(?:punkte)?|Programmübersicht|Ablauf|Agenda|am|den|dem|der|vom|für|Woche|"
    r"Mon?tag|Dienstag|Mittwoch|Donnerstag|Freitag|Samstag|Sonnabend|Sonntag|"
    r"Mo|Di|Mi|Do|Fr|Sa|So)\b\.?|\d{1,2}\b\.?|[ ,:|()–—-])*",
    re.IGNORECASE,
)
_OTHER_PART = re.compile(
    r"\b(?:Öffnungszeiten|Sprechzeiten|Kontakt|Anmeldung|Anreise|Anfahrt|Impressum|Hinweise?|"
    r"Erreichbarkeit|Servicezeiten|Geschäftszeiten)\b",
    re.IGNORECASE,
)
_ORDER = re.compile(
    r"^(?:Pause|Kaffee(?:pause)?|Mittag(?:spause|essen|simbiss)?|Imbiss|Registrierung|Einlass|"
    r"Ankunft|Anreise|Ankommen|Eintreffen|Check-?in|Begrüßung|Grußworte?|Verabschiedung|"
    r"Schlusswort|Ende|Ausklang|Abreise|Get-?together|Zusammenfassung|Einführung|Moderation|"
    r"Vorstellungsrunde|Feedback|Keynote|Impuls(?:vortrag|e)?)\b",
    re.IGNORECASE,
)
_BESIDE = re.compile(
    r"(?:\w+ )?(?:[\w-]*(?:verleihung|[Rr]undgang|[Ee]mpfang|[Ee]xkursion|[Ss]paziergang|"
    r"[Ff]ührung|[Rr]undfahrt|[Kk]onzert|[Pp]arty))\b"
)
"""What one may attend beside the order of the day: ``Stadtrundgang``, ``Abendempfang``."""
_BY_WHOM = re.compile(r"(?:(?<=Eröffnung)|(?<=Begrüßung)|(?<=rleihung)) durch [^„]*$")
_ABOUT_IT = re.compile(
    r"(?:: (?:das |Das |unser )?Programm\w*| ?[|–-] (?:Das )?Programm\w*| im Überblick|"
    r": Übersicht)$|^Programm(?:übersicht|heft)?(?: de[rs]|:| [|–-]) "
)
MANY = 3
TOP = 6
"""What goes on for days is named in one of so many first blocks."""
FAR = 40
"""A line with a time belongs to a day named at most so many blocks before it."""
SHORT_LINE = 60


@dataclass(frozen=True, slots=True)
class _Slot:
    block: int
    rest: int
    """Where the line goes on after its time."""
    day: int | None
    """The block that names the day."""
    dates: tuple[int, ...]


def programme_events(document: Document) -> tuple[list[Candidate], set[int]]:
    """What takes place in each slot, and the blocks that only name the day above them."""
    slots = _slots(document)
    above = [is_only_place(document, one.rest, document.blocks[one.block].end) for one in slots]
    title_below = 2 * sum(above) > len(slots)
    by_day: dict[tuple[int, ...], list[Candidate]] = {}
    for one in slots:
        found = _event(document, one, title_below=title_below)
        if found is not None:
            by_day.setdefault(one.dates, []).append(found)
    events = [
        one
        for day in by_day.values()
        for one in day
        if not any(_ORDER.match(candidate.name) for candidate in day) or _BESIDE.match(one.name)
    ]
    return events, {one.day for one in slots if one.day is not None}


def umbrella(document: Document, found: list[Candidate]) -> list[Candidate]:
    """The festival itself: a heading, its first and last day near the top, and days within it."""
    within = [document.dates.all[i].value for one in found for i in one.dates]
    if len(within) < MANY:
        return []
    taken = {i for one in found for i in one.dates}
    for index in range(min(TOP, len(document.blocks))):
        block = document.blocks[index]
        for i in document.dates.indices(block.start, block.end):
            span = document.dates.all[i]
            if i in taken or not span.until or span.is_month:
                continue
            inside = sum(1 for day in within if span.value <= day <= span.until)
            title = _title_of(document, index, span.start == block.start)
            if inside < max(MANY, len(within) // 2) or title is None:
                continue
            start, stop = title
            return [
                Candidate(
                    ThingKind.EVENT,
                    document.view[start:stop],
                    start,
                    stop,
                    index,
                    0.7,
                    "Programm mehrerer Tage",
                    (i,),
                )
            ]
    return []


def _title_of(document: Document, index: int, alone: bool) -> tuple[int, int] | None:
    """The heading right above a line of days; above a sentence the first heading."""
    headings = [i for i in range(index) if document.blocks[i].kind == BlockKind.HEADING]
    if not headings:
        return None
    block = document.blocks[headings[-1] if alone else headings[0]]
    start, stop = block.start, block.end
    for about in _ABOUT_IT.finditer(document.view[start:stop]):
        if about.start():
            stop = block.start + about.start()
        else:
            start = block.start + about.end()
    return start, stop


def _slots(document: Document) -> list[_Slot]:
    found: list[_Slot] = []
    days = {i: dates for i in range(len(document.blocks)) if (dates := _day(document, i))}
    only = _only_day(document)
    if not days and not only:
        return []
    for index, block in enumerate(document.blocks):
        time = _TIME.match(document.view, block.start, block.end)
        if time is None or index in days:
            continue
        gap = _GAP.match(document.view, time.end(), block.end)
        rest = gap.end() if gap else time.end()
        if re.match(r"[a-zäöü]", document.view[rest : rest + 1]) and not ONLINE.match(
            document.view, rest
        ):
            continue  # a sentence: "10 Uhr geht es los"
        named = _named_above(document, index, days)
        if named is not None:
            found.append(_Slot(index, rest, named, days[named]))
        elif only and not days:
            found.append(_Slot(index, rest, None, only))
    if not days and len(found) < 2:
        return []
    times = Counter(one.day for one in found)
    return [one for one in found if times[one.day] > 1 or not _titled_between(document, one)]


def _titled_between(document: Document, slot: _Slot) -> bool:
    """Date, title, then time and place: a card of its own in a calendar, and no programme."""
    if slot.day is None or slot.block == slot.day + 1:
        return False
    line = document.line(slot.day + 1)
    return len(line) <= MAX_TITLE and not FIELD.match(line) and not line.endswith(".")


def _day(document: Document, index: int) -> tuple[int, ...]:
    """The date of a line that names a day and nothing else but a place or a theme after it."""
    block = document.blocks[index]
    if block.end - block.start > (100 if block.kind == BlockKind.HEADING else SHORT_LINE):
        return ()
    dates = [
        i
        for i in document.dates.indices(block.start, block.end)
        if not document.dates.all[i].is_month
    ]
    if len(dates) != 1 or document.dates.all[dates[0]].until:
        return ()
    before = document.view[block.start : document.dates.all[dates[0]].start]
    after = document.view[document.dates.all[dates[0]].end : block.end]
    plain = _BESIDE_DAY.fullmatch(before) is not None
    if not plain or re.search(r"\bUhr\b|[.!?;] ", after):
        return ()
    return tuple(dates)


def _only_day(document: Document) -> tuple[int, ...]:
    """The one day that the document names."""
    days = [i for i, date in enumerate(document.dates.all) if not date.is_month]
    values = {(document.dates.all[i].value, document.dates.all[i].until) for i in days}
    return (days[0],) if len(values) == 1 and not document.dates.all[days[0]].until else ()


def _named_above(document: Document, index: int, days: dict[int, tuple[int, ...]]) -> int | None:
    for above in range(index - 1, max(-1, index - FAR), -1):
        if above in days:
            return above
        heading = document.blocks[above].kind == BlockKind.HEADING
        if heading and _OTHER_PART.search(document.line(above)):
            return None
    return None


def _event(document: Document, slot: _Slot, *, title_below: bool) -> Candidate | None:
    end = document.blocks[slot.block].end
    place_at: tuple[int, int] | None
    if title_below or not document.view[slot.rest : end].strip():
        place_at, index = (slot.rest, end), slot.block + 1
        if index >= len(document.blocks) or _TIME.match(document.line(index)):
            return None
        block = document.blocks[index]
        start, stop, online = block.start, block.end, bool(ONLINE.search(document.view, *place_at))
        if block.kind == BlockKind.BULLET:
            start += 2
        stop = without_bracket(document.view, start, stop)
    else:
        start, stop, place_at, online = title_and_place(document, slot.rest, end)
    stop = _emphasised(document, start, stop)
    stop -= len(found.group()) if (found := _BY_WHOM.search(document.view[start:stop])) else 0
    title = document.view[start:stop]
    if not 4 <= len(title) <= MAX_TITLE or is_sitting(title) or FIELD.match(title + ": "):
        return None
    if called_off(document.view, start, end):
        return None
    if place_at is None and slot.day is not None:
        day = document.blocks[slot.day]
        place_at = (day.start, day.end) if document.places.within(day.start, day.end) else None
    noun = event_noun(document, start, stop) is not None
    confidence = 0.75 if slot.day is not None else 0.55
    return Candidate(
        ThingKind.EVENT,
        title,
        start,
        stop,
        slot.block,
        confidence + (0.05 if noun else 0.0),
        "Uhrzeit im Programm",
        slot.dates,
        place_at,
        online,
        extent=1 if title_below else 0,
    )


def _emphasised(document: Document, start: int, stop: int) -> int:
    """Bold or italic words at the start are the title, unless a colon says that it goes on."""
    for a, b in document.extracted.emphases:
        if a == start and a + 4 < b < stop and not document.view[a:b].rstrip().endswith(":"):
            return a + len(document.view[a:b].rstrip(" .,;"))
    return stop

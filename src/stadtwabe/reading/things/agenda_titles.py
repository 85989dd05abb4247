"""Titles in lists of dates: what stands beside, below or above a date."""

import re

from stadtwabe.reading.document import Document
from stadtwabe.reading.extract.extracted import BlockKind
from stadtwabe.reading.model import ThingKind
from stadtwabe.reading.things.candidate import Candidate
from stadtwabe.reading.things.lines import FIELD, LABEL, MAX_TITLE, ONLINE, event_noun, is_sitting
from stadtwabe.reading.things.sections import section_of
from stadtwabe.reading.things.titles_above import is_venue, place_below, title_above

_TIME = re.compile(
    r"[ ,|;–-]*(?:\(?(?:um|von|ab) )?\d{1,2}(?:[.:]\d{2})?(?: ?Uhr)?"
    r"(?: ?(?:-|–|bis) ?\d{1,2}(?:[.:]\d{2})?)?(?: ?Uhr| ?h\b)?\)?(?=[ ,:|;.–-]|$)"
)


_CLOCK = re.compile(
    r",? (?:(?:um|von|ab) )?\d{1,2}(?:[.:]\d{2})?(?: ?(?:-|–|bis) ?\d{1,2}(?:[.:]\d{2})?)?"
    r" ?(?:Uhr|h)$"
)
_WIDE = re.compile(r"\S {3,}\S")


_WHERE = re.compile(r" \(([^()]{3,60})\)$")


_ALL_DAY = re.compile(r"[ ,|]*(?:ganztägig|ganztags|abends|vormittags|nachmittags)\b")


_ASIDE = re.compile(
    r" \((?=[^)]*(?:\d|Anmeldung|Eintritt|Euro|€|kostenlos|kostenfrei|online|hybrid|intern|"
    r"[Gg]ebühr))[^)]*\)$"
)


_DETAIL = re.compile(
    r", (?:(?:um|ab|von|Beginn:?|jeweils|je) )?\d{1,2}(?:[.:]\d{2})?"
    r"(?: ?(?:-|–|bis) ?\d{1,2}(?:[.:]\d{2})?)? ?(?:Uhr|h)\b|"
    r", (?:Anmeldung|Eintritt|Beginn|Treffpunkt|Kosten|Teilnahme)\b|; "
)
"""What follows a title in its line: time, price, where to meet."""


TOP = 2
"""A lone date in one of so many first blocks dates the document."""


def from_lead(
    document: Document, index: int, leads: dict[int, list[int]], listed: bool
) -> Candidate | None:
    """Return the event of a block that begins with a date, by the title nearest to it."""
    block = document.blocks[index]
    dates = tuple(leads[index])
    at = document.dates.all[dates[-1]].end
    while more := (_TIME.match(document.view, at, block.end) or _ALL_DAY.match(document.view, at)):
        if more.end() == at:
            break
        at = more.end()
    while at < block.end and document.view[at] in " ,;:–—-|)/.·•":
        at += 1
    rest = document.view[at : block.end]
    if len(rest) > 400 or (len(rest) > 160 and not listed):
        return None
    only_place = not rest.strip() or is_only_place(document, at, block.end)
    if only_place or is_venue(document, at, block.end):
        if above := title_above(document, index, leads, dates, (at, block.end), listed):
            return above
        if only_place:
            return _title_below(document, index, leads, dates, (at, block.end), listed)
    start, end, place_at, online = title_and_place(document, at, block.end)
    title = document.view[start:end]
    headed = event_noun(document, start, end)
    if not (listed or headed) or is_sitting(title) or not 4 <= len(title) <= MAX_TITLE:
        return None
    if not listed and block.kind == BlockKind.PARAGRAPH and re.match(r"[a-zäöü]", title):
        return None
    if not listed and index <= TOP and "Uhr" not in rest:
        return None  # a byline: when the text was written, and by whom
    in_section = section_of(document, index) == ThingKind.EVENT
    confidence = 0.85 if in_section else 0.7 if headed else 0.5
    if re.match(r"[a-zäöü]", title):
        confidence -= 0.25
    return Candidate(
        ThingKind.EVENT,
        title,
        start,
        end,
        index,
        confidence,
        "Zeile mit Datum",
        dates,
        place_at,
        online,
    )


def without_bracket(view: str, start: int, end: int) -> int:
    """Where a title ends without what a bracket says of price, time and registration."""
    aside = _ASIDE.search(view[start:end])
    return start + aside.start() if aside and aside.start() > 3 else end


def is_only_place(document: Document, start: int, end: int) -> bool:
    """Is the rest of the line a town (with its hall) or "online", and nothing more?"""
    rest = document.view[start:end]
    rest = rest[: len(rest) - len(found.group())] if (found := _CLOCK.search(rest)) else rest
    if ONLINE.fullmatch(rest.strip(" ().")):
        return True
    if _WIDE.search(rest):
        return False  # further cells follow
    places = document.places.within(start, start + 2)
    if not places:
        return False
    after = document.view[places[0].end : end].strip()
    if event_noun(document, places[0].start, end) and ":" in rest:
        return False
    return not after or (after[0] in "(,/" and len(after) < 70 and ":" not in after)


_VAGUE_DAY = re.compile(
    r"(?:(?:Voraussichtlich|Im|Anfang|Mitte|Ende) )+(?:Januar|Februar|März|April|Mai|Juni|Juli|"
    r"August|September|Oktober|November|Dezember|Frühjahr|Sommer|Herbst|Winter)\b",
    re.IGNORECASE,
)
"""``Anfang Mai in Heide: folgt``: the next line of a list of days, and no title."""


def _title_below(
    document: Document,
    index: int,
    leads: dict[int, list[int]],
    dates: tuple[int, ...],
    place_at: tuple[int, int],
    listed: bool,
) -> Candidate | None:
    """The date stands above its title; without a title below, the line above names the series."""
    online = bool(ONLINE.search(document.view[slice(*place_at)]))
    below = index + 1
    if below < len(document.blocks) and below not in leads:
        line = document.line(below)
        title = line.lstrip("-•* ")
        offset = len(line) - len(title)
        labelled = LABEL.match(title + " ") if not listed else None
        is_title = 4 <= len(title) <= MAX_TITLE and labelled is None
        is_title = is_title and title[0] not in ",;" and not FIELD.match(title + " ")
        is_title = is_title and not _VAGUE_DAY.match(title)
        sentence = len(title) > 90 and title.endswith(".")
        if is_title and not sentence and not is_sitting(title) and "http" not in title[:8]:
            start = document.blocks[below].start + offset
            end = document.blocks[below].end
            confidence = 0.85 if listed else 0.6
            if not listed and not event_noun(document, start, end):
                confidence = 0.4
            end = _without_subtitle(document.view, start, end)
            if not document.places.within(*place_at):
                place_at = place_below(document, below + 1) or place_at
            return Candidate(
                ThingKind.EVENT,
                document.view[start:end],
                start,
                end,
                index,
                confidence,
                "Datum über dem Titel",
                dates,
                place_at,
                online or bool(ONLINE.search(title)),
            )
    return _series(document, index, leads, dates, place_at, online)


def _without_subtitle(view: str, start: int, end: int) -> int:
    """``Personalforum Energie 2019: New Work``: a year ends the name."""
    subtitle = re.search(r"20\d\d(?=: )", view[start:end])
    return start + subtitle.end() if subtitle else end


def _series(
    document: Document,
    index: int,
    leads: dict[int, list[int]],
    dates: tuple[int, ...],
    place_at: tuple[int, int],
    online: bool,
) -> Candidate | None:
    above = index - 1
    while above >= 0 and above in leads and index - above <= 15:
        above -= 1
    if above < 0 or index - above > 15 or not {index - 1, index + 1} & leads.keys():
        return None
    block = document.blocks[above]
    nouns = [h for h in document.heads.within(block.start, block.end) if h.kind == "event"]
    if not nouns:
        return None
    noun = nouns[-1]
    return Candidate(
        ThingKind.EVENT,
        _singular(document.view[noun.start : noun.end]),
        noun.start,
        noun.end,
        index,
        0.6,
        "Liste von Terminen",
        dates,
        place_at,
        online,
    )


def _singular(word: str) -> str:
    return re.sub(r"(?<=tag)e$|(?<=stunde)n$|(?<=konferenz)en$|(?<=werkstät)ten$", "", word)


def title_and_place(
    document: Document, start: int, end: int
) -> tuple[int, int, tuple[int, int] | None, bool]:
    """Title and place of what follows a date, without the time and the price behind the title."""
    first, last, place_at, online = _title_and_place(document, start, end)
    stop = without_bracket(document.view, first, last)
    if detail := _DETAIL.search(document.view, first + 4, stop):
        stop = detail.start()
        place_at = place_at or (detail.end(), end)
    where = _WHERE.search(document.view, first + 4, stop)
    if where is not None and document.places.within(*where.span(1)):
        stop, place_at = where.start(), where.span(1)
    return first, stop, place_at, online


def _title_and_place(
    document: Document, start: int, end: int
) -> tuple[int, int, tuple[int, int] | None, bool]:
    """Title and place of what follows a date: cells, ``Ort: Titel``, or ``Titel, Ort``."""
    view = document.view
    rest = view[start:end]
    online = bool(ONLINE.search(rest))
    if " | " in rest:
        cells = _cells(start, rest, " | ")
        return _of_cells(document, cells, online)
    if re.search(r"\S {3,}\S", rest):
        cells = [
            (start + m.start(), start + m.end()) for m in re.finditer(r"\S+(?: {1,2}\S+)*", rest)
        ]
        return _of_cells(document, cells, online)
    colon = re.match(r"([^:„]{2,60}): +(?=\S)", rest)
    if colon:
        left_end = start + len(colon.group(1))
        somewhere = ONLINE.fullmatch(colon.group(1).strip()) or document.places.within(
            start, left_end
        )
        if somewhere and not event_noun(document, start, left_end):
            right = start + colon.end()
            return right, _strip_end(view, right, end), (start, left_end), online
    for place in document.places.within(start, end):
        before = view[start : place.start]
        if re.search(r", (?:in )?$| in $| – $| \($|, [^,]{3,40}, $", before) and len(before) > 8:
            cut = start + len(re.sub(r"(?:, in|,| in| –| \(|, [^,]{3,40},)? *$", "", before))
            comma = view.find(", ", start, place.start)
            if re.search(r", [^,]{3,40}, $", before) and comma > 0:
                cut = comma
            return start, cut, (place.start, end), online
    comma = rest.rfind(", ")
    quoted = any(q.start < start + comma < q.end for q in document.quoted.within(start, end))
    if comma > 8 and not quoted and not event_noun(document, start + comma, end):
        tail = rest[comma + 2 :]
        if (len(tail) < 60 and tail[:1].isupper()) or ONLINE.fullmatch(tail.strip(" .")):
            return start, start + comma, (start + comma + 2, end), online
    return start, _strip_end(view, start, end), None, online


def _cells(start: int, rest: str, mark: str) -> list[tuple[int, int]]:
    cells = []
    at = 0
    for piece in rest.split(mark):
        cells.append((start + at, start + at + len(piece)))
        at += len(piece) + len(mark)
    return cells


def _of_cells(
    document: Document, cells: list[tuple[int, int]], online: bool
) -> tuple[int, int, tuple[int, int] | None, bool]:
    view = document.view
    filled = [(a, b) for a, b in cells if view[a:b].strip() and not _TIME.fullmatch(view[a:b])]
    filled = [(a, b) for a, b in filled if not _ALL_DAY.fullmatch(view[a:b])]
    if not filled:
        return cells[0][0], cells[0][1], None, online
    title = next((cell for cell in filled if not is_only_place(document, *cell)), filled[0])
    others = [cell for cell in filled if cell != title]
    return title[0], title[1], others[-1] if others else None, online


def _strip_end(view: str, start: int, end: int) -> int:
    sentence = re.search(r"[.!?] (?=[A-ZÄÖÜ])", view[start:end])
    if (
        sentence
        and sentence.start() > 12
        and not re.search(r"\d$|\b\w$", view[start : start + sentence.start()])
    ):
        end = start + sentence.start() + (view[start + sentence.start()] != ".")
    while end > start and view[end - 1] in " .,;":
        end -= 1
    return end

"""Events that a document is itself about: the meeting of minutes, what a headline announces."""

import re
from collections.abc import Iterable

from stadtwabe.reading.document import Document
from stadtwabe.reading.extract.extracted import BlockKind
from stadtwabe.reading.model import ThingKind
from stadtwabe.reading.things.candidate import Candidate
from stadtwabe.reading.things.days import is_byline, its_day
from stadtwabe.reading.things.gatherings import FRAMED, anchors_in
from stadtwabe.reading.things.lines import LABEL, MAX_TITLE, ONLINE, event_noun, is_sitting
from stadtwabe.reading.things.sections import announces
from stadtwabe.reading.things.told import called_off

_MINUTES = re.compile(
    r"(?:(?:Ergebnis|Kurz|Verlaufs|Sitzungs)?[Pp]rotokoll|Niederschrift|Mitschrift|Notizen|Vermerk|"
    r"Einladung|Dokumentation|über)(?: (?:über|zu[rm]?|vo[nm]|de[rs]|die|das|den))*:? +"
)
_MEETING = re.compile(
    r"\b(?:AG|AK|Arbeitsgruppe|Arbeitskreis|Netzwerk|Nutzergruppe|Projektgruppe|Verein|Beirat)\b"
    r".*\b(?:Sitzung|Treffen)\b"
)
_TITLE_ENDS = re.compile(r" am |, (?:am|den|im|in|\d|[A-Z][a-z]{1,9}tag)|: ?$| \(|$")
_NEXT = re.compile(
    r"(?:[-–•*o] +)?(?P<name>[Nn]ächste[rs]? (?:Sitzung|Treffen|Versammlung|Zusammenkunft|"
    r"Netzwerktreffen|Arbeitstreffen))\b"
)
TOP, NEAR = 4, 3
"""Minutes say in one of so many first blocks what met, and so many blocks below when."""
REST = 15
LONGEST = 500
"""So much of a first line is asked whether it names who met."""
FEW = 2
"""A text that tells of more events is about none of them alone."""
FIRST = 60
_SPACED = re.compile(r"(?:[A-ZÄÖÜ] ){4,}[A-ZÄÖÜ] +(?:(?:des|der|über|zum|zur) )?")
"""``P R O T O K O L L des``: letters set apart."""
_BEFORE_DAY = re.compile(
    r"(?:(?:am|vom|den|[A-Z][a-zäöüß]+tag|Mittwoch|Mo|Di|Mi|Do|Fr|Sa|So|"
    r"[A-ZÄÖÜ][\w/-]+(?: [A-ZÄÖÜ][\w-]+)?)[.,:|·]* ?(?:den |dem )?){0,3}"
)


def minuted_events(document: Document) -> list[Candidate]:
    """The meeting that minutes record, and the next one that they name. No council's."""
    for index in range(min(TOP, len(document.blocks))):
        found = _minuted(document, index)
        if found is not None:
            return [found, *_next_meeting(document, index)]
    return []


def _minuted(document: Document, index: int) -> Candidate | None:
    block, line = document.blocks[index], document.line(index)
    head = _MINUTES.match(line)
    at = head.end() if head else 0
    if head is None and not (index == 0 and _MEETING.search(line[:LONGEST])):
        return None
    first = document.dates.within(block.start + at, block.end)
    stop = (first[0].start if first else block.end) - block.start
    end = _TITLE_ENDS.search(line[:stop], at + 4)
    title = line[at : end.start() if end else stop].rstrip(" ,;:–-/|")
    if not 4 < len(title) <= MAX_TITLE or is_sitting(title):
        return None
    start = block.start + at
    if event_noun(document, start, start + len(title)) is None and "itzung" not in title:
        return None
    below = min(index + NEAR, len(document.blocks) - 1)
    days = [
        i
        for i in document.dates.indices(start, document.blocks[below].end)
        if not document.dates.all[i].is_month
    ]
    if not days:
        return None
    return Candidate(
        ThingKind.EVENT,
        title,
        start,
        start + len(title),
        index,
        0.7,
        "Protokoll der Zusammenkunft",
        (days[0],),
        (document.dates.all[days[0]].end, document.blocks[below].end),
        bool(ONLINE.search(line)),
        extent=below - index,
    )


def _next_meeting(document: Document, after: int) -> Iterable[Candidate]:
    for index in range(after + 1, len(document.blocks)):
        block = document.blocks[index]
        match = _NEXT.match(document.line(index))
        days = document.dates.indices(block.start, block.end) if match else range(0)
        if match is None or not len(days) or document.dates.all[days[0]].is_month:
            continue
        if document.dates.all[days[0]].start - block.start > match.end() + REST:
            continue
        start, end = block.start + match.start("name"), block.start + match.end("name")
        yield Candidate(
            ThingKind.EVENT,
            match["name"],
            start,
            end,
            index,
            0.65,
            "nächste Zusammenkunft",
            (days[0],),
            (end, block.end),
        )


def headline_event(document: Document, found: Iterable[Candidate]) -> list[Candidate]:
    """What the headline announces, on the first day that no other event of the text has.

    ``Tagung: Digitaler Wandel``: the text says ``am Freitag, 28. Februar, wartet ein Programm``.
    """
    told = [one for one in found if one.kind == ThingKind.EVENT and one.confidence >= 0.5]
    if len(told) > FEW:
        return []
    taken = {document.dates.all[i].value for one in told for i in one.dates}
    blocks = document.blocks
    if not blocks or blocks[0].kind not in {BlockKind.HEADING, BlockKind.FIELD}:
        return []
    if announces(document.line(0)) or is_sitting(document.line(0)):
        return []
    anchors = [
        one
        for one in anchors_in(document, blocks[0].start, blocks[0].end)
        if one.reason != FRAMED and one.weight > 0
    ]
    days = [
        i
        for i, date in enumerate(document.dates.all)
        if not date.is_month and its_day(document, date) and not is_byline(document, date)
    ]
    if not anchors or not days or document.dates.all[days[0]].value in taken:
        return []
    day = document.dates.all[days[0]]
    sentence = document.sentence_at(day.start)
    if called_off(document.view, *sentence) or day.start > blocks[0].end + 1500:
        return []
    label = LABEL.match(document.line(0))
    whole = label is not None and anchors[0].begin == blocks[0].start
    return [
        Candidate(
            ThingKind.EVENT,
            document.line(0) if whole else anchors[0].title,
            blocks[0].start if whole else anchors[0].begin,
            blocks[0].end if whole else anchors[0].stop,
            0,
            0.5,
            "Überschrift, Tag im Text",
            (days[0],),
            sentence,
            bool(ONLINE.search(document.view, *sentence)),
        )
    ]


def masthead_event(document: Document, found: Iterable[Candidate]) -> list[Candidate]:
    """A line at the top names the gathering, the line right below begins with its day.

    ``5. Kongress für smarte Städte`` / ``22./23.10.2025 · Harmonie Heilbronn``: an invitation or a
    programme, even where the text below names further events.
    """
    taken = {i for one in found if one.kind == ThingKind.EVENT for i in one.dates}
    for index in range(min(TOP, len(document.blocks) - 1)):
        block, below = document.blocks[index], document.blocks[index + 1]
        spaced = _SPACED.match(document.line(index))
        start = block.start + (spaced.end() if spaced else 0)
        line = document.view[start : block.end]
        if not 8 < len(line) <= MAX_TITLE or line[-1] in ".:;?!,":
            continue
        if below.end - below.start > MAX_TITLE:
            continue
        days = [
            i
            for i in document.dates.indices(below.start, below.start + FIRST)
            if not document.dates.all[i].is_month
        ]
        if not days or days[0] in taken or document.dates.within(block.start, block.end):
            continue
        day = document.dates.all[days[0]]
        if not _BEFORE_DAY.fullmatch(document.view, below.start, day.start):
            continue
        rest = document.view[day.end : below.end]
        if not rest.strip(" .") and not day.until:
            continue  # a byline: when the text was written
        if spaced and spaced.group().endswith("des "):
            line = re.sub(r"(?<=[a-zäöüß]{3})s$", "", line)
        if is_sitting(line) or announces(line):
            continue
        head = event_noun(document, start, block.end)
        if head is None or called_off(document.view, below.start, below.end):
            continue
        return [
            Candidate(
                ThingKind.EVENT,
                line,
                start,
                block.end,
                index,
                0.7,
                "Titel über Tag und Ort",
                tuple(days),
                (below.start, below.end),
                bool(ONLINE.search(document.line(index + 1))),
            )
        ]
    return []

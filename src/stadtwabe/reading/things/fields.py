"""Events in labelled lines: ``Preisverleihung: 3. Mai``; a title, then ``Datum:`` and ``Ort:``."""

import re

from stadtwabe.reading.document import Document
from stadtwabe.reading.extract.extracted import BlockKind
from stadtwabe.reading.mentions.heads import head_of
from stadtwabe.reading.model import ThingKind
from stadtwabe.reading.things.candidate import Candidate
from stadtwabe.reading.things.lines import LABEL, ONLINE, event_noun

_NAMED_FIELD = re.compile(r"(?:Was|Titel|Veranstaltung|Thema|Name): +(?=[A-ZÄÖÜ0-9„\"])")

_FIELD = re.compile(r"(Datum|Termin|Wann|Zeit|Ort|Wo|Veranstaltungsort|Treffpunkt|Tag): +")


def labelled(document: Document) -> list[Candidate]:
    """``Preisverleihung: 28. November 2024, Wuppertal``; ``Veranstaltung: …`` with its fields."""
    found = []
    for index, block in enumerate(document.blocks):
        if block.kind not in {BlockKind.FIELD, BlockKind.BULLET}:
            continue
        line = document.line(index)
        label = LABEL.match(line)
        if label is None or not document.dates.within(block.start, block.end):
            continue
        noun = head_of(label.group(1).split()[-1])
        first = document.dates.within(block.start, block.end)[0]
        if noun is None or noun[0] != "event" or first.start - block.start > label.end() + 25:
            continue
        dates = tuple(document.dates.indices(block.start, block.end))
        start, end = block.start, block.start + len(label.group(1))
        found.append(
            Candidate(
                ThingKind.EVENT,
                label.group(1),
                start,
                end,
                index,
                0.7,
                "Zeile mit Bezeichnung",
                dates,
                (end, block.end),
                bool(ONLINE.search(line)),
            )
        )
    return found


def with_fields(document: Document) -> list[Candidate]:
    """A title with an event noun, and below it ``Datum: …`` and ``Ort: …``."""
    found = []
    fields = {i for i, block in enumerate(document.blocks) if block.kind == BlockKind.FIELD}
    for index in range(len(document.blocks) - 1) if fields else ():
        block = document.blocks[index]
        named = _NAMED_FIELD.match(document.line(index))
        if fields.isdisjoint(range(index + 1, index + 4)):
            continue
        if block.end - block.start > 120:
            continue
        if block.kind != BlockKind.HEADING and not named and LABEL.match(document.line(index)):
            continue
        noun = event_noun(document, block.start, block.end)
        if noun is None and block.kind != BlockKind.HEADING and not named:
            continue
        begin = block.start + (named.end() if named else 0)
        dates: tuple[int, ...] = ()
        place_at = None
        online = False
        for below in range(index + 1, min(index + 7, len(document.blocks))):
            label = _FIELD.match(document.line(below))
            field = document.blocks[below]
            if label is None:
                if field.kind == BlockKind.HEADING or _NAMED_FIELD.match(document.line(below)):
                    break
                continue
            if label.group(1) in {"Ort", "Wo", "Veranstaltungsort", "Treffpunkt"}:
                place_at = (field.start, field.end)
                online = bool(ONLINE.search(document.line(below)))
            else:
                dates = dates or tuple(document.dates.indices(field.start, field.end))
        if dates and (noun is not None or place_at or named):
            found.append(
                Candidate(
                    ThingKind.EVENT,
                    document.view[begin : block.end].strip("#-•* "),
                    begin,
                    block.end,
                    index,
                    0.7,
                    "Titel mit Datum und Ort",
                    dates,
                    place_at,
                    online,
                    extent=4,
                )
            )
    return found

"""Titles that stand above their day: a heading, then ``Samstag, 3. Mai, 14 Uhr, Rathaus``."""

import re

from stadtwabe.reading.document import Document
from stadtwabe.reading.extract.extracted import BlockKind
from stadtwabe.reading.model import ThingKind
from stadtwabe.reading.things.candidate import Candidate
from stadtwabe.reading.things.lines import ONLINE, event_noun, is_sitting
from stadtwabe.reading.things.sections import announces

TITLE_AT_MOST, VENUE_AT_MOST = 110, 70

_VENUE = re.compile(
    r"(?:[\w-]*(?:rathaus|haus|halle|saal|zentrum|hof|schule|bücherei|bibliothek|stift|museum|kirche|"
    r"schloss|theater|park|platz|markt|scheune|foyer|aula|hotel|forum|campus|mensa|kino|labor|raum|"
    r"heim|hütte|café|treff|bahnhof|universität|straße|gasse|allee|weg)s?)(?: \d+\w?)?$",
    re.IGNORECASE,
)


def is_venue(document: Document, start: int, end: int) -> bool:
    """Is the rest of the line a house, or a house and its town: ``Rathaus, Soest``?"""
    rest = document.view[start:end].strip(" .,;")
    if len(rest) > VENUE_AT_MOST or event_noun(document, start, end) is not None:
        return False
    for place in document.places.within(start, end):
        rest = rest.replace(document.view[place.start : place.end], "")
    parts = [
        part.strip(" (),") for part in re.split(r"[,|(]| in | im ", rest) if part.strip(" (),")
    ]
    return bool(parts) and any(_VENUE.search(part) for part in parts)


def place_below(document: Document, index: int) -> tuple[int, int] | None:
    """Where the line below is a house in a town, and nothing more."""
    if index >= len(document.blocks):
        return None
    block = document.blocks[index]
    if block.end - block.start > VENUE_AT_MOST or not is_venue(document, block.start, block.end):
        return None
    return (block.start, block.end) if document.places.within(block.start, block.end) else None


def title_above(
    document: Document,
    index: int,
    leads: dict[int, list[int]],
    dates: tuple[int, ...],
    place_at: tuple[int, int],
    listed: bool,
) -> Candidate | None:
    """The title stands above its date: so it does above the first of a run of such lines."""
    if index - 1 in leads:
        return None
    first = index
    while near := [i for i in range(first - 4, first) if i in leads]:
        first = near[0]
    if not (
        _may_be_title(document, index - 1, leads) and _may_be_title(document, first - 1, leads)
    ):
        return None
    above = document.blocks[index - 1]
    start, end = above.start, above.end
    if document.view[start : start + 2] in {"- ", "* ", "• "}:
        start += 2
    title = document.view[start:end]
    if not document.places.within(*place_at):
        place_at = place_below(document, index + 1) or place_at
    clock = "Uhr" in document.line(index)
    if not (listed or clock or event_noun(document, start, end)):
        return None
    return Candidate(
        ThingKind.EVENT,
        title,
        start,
        end,
        index,
        0.75 if listed else 0.6,
        "Titel über Datum und Ort",
        dates,
        place_at,
        bool(ONLINE.search(document.view, place_at[0], place_at[1])),
        extent=1,
    )


def _may_be_title(document: Document, index: int, leads: dict[int, list[int]]) -> bool:
    """A short line without a day and a full stop, that announces no list."""
    if index < 1 or index in leads:
        return False
    block, line = document.blocks[index], document.line(index)
    plain = 4 <= len(line) <= TITLE_AT_MOST and line[-1] not in ".:;,"
    if not plain or block.kind in {BlockKind.ROW, BlockKind.FIELD} or announces(line):
        return False
    if _LABEL_OF_DAY.match(line):
        return False
    return not (document.dates.within(block.start, block.end) or is_sitting(line))


_LABEL_OF_DAY = re.compile(
    r"(?:Datum|Termin|Uhrzeit|Wann|Zeit|Ort|Wo|Beginn|Programm|Ablauf|Anmeldung)\b"
)

"""Lists in which each item opens with its town: ``Luckenwalde: …``, ``Templin und Lychen – …``.

Whoever opens an item does what the item tells of. Where the items of such a list tell of projects,
the first words of an item without a marked name are one too.
"""

import re
from bisect import bisect_left, bisect_right

from stadtwabe.reading.document import Document
from stadtwabe.reading.extract.extracted import BlockKind
from stadtwabe.reading.lexica import pattern
from stadtwabe.reading.model import ReadPlace, ThingKind
from stadtwabe.reading.things.candidate import Candidate
from stadtwabe.reading.things.sections import section_of

_MARK = re.compile(r"(?:[-–—•●▪*·+>] *|\(?\d{1,2}[.)] )?")
_TITLE = re.compile(
    r"(?:(?:Kreis|Universitäts|Hanse|Landeshaupt)?[Ss]tadt|Gemeinde|Markt|(?:Land)?[Kk]reis|LK) $|$"
)
_JOINT = re.compile(
    r"(?:,| und| sowie| &| /|/)(?: (?:die |der )?(?:Stadt|Gemeinde|Markt|Landkreis|Kreis|LK))? ?$"
)
_OPENS = re.compile(r"(?: \([^)]{1,30}\))?(?:: +| [–—-] | \| )(?=\S)")
_PERSON = re.compile(r"(?:Herr|Frau|Hr|Fr|Dr|Prof|Bürgermeister|Landr[aä]t)\b|[^,.]{0,40}\d{5}\b")
_CUT = re.compile(
    r"[,;:.!?(€]| [–—-] | \d|„|\bgefördert\b|"
    r" (?:wird|werden|wurden?|ist|sind|war|läuft|laufen|startet|kommt|geht|hat|haben|soll|sollen|"
    r"melde[nt]|zeig(?:t|en)|misst|messen|bekommt|führt|will|nutzt|nutzen|entsteht|hilft|kann)\b"
)
_NO_PROJECT = pattern("cues", "no_project_heading")
NEAR = 4
FEW, MANY = 2, 6
LONGEST = 60
OFFERED = 0.5
TownItem = tuple[list[ReadPlace], int]
"""The towns that open a block, and where its text goes on."""


def town_items(document: Document) -> dict[int, TownItem]:
    """The items of lists by town: at least three of them stand together. Remembered."""
    if document.by_town is None:
        opened = {
            index: item
            for index in range(len(document.blocks))
            if (item := _opened(document, index)) is not None
        }
        indices = list(opened)
        document.by_town = {
            index: item
            for index, item in opened.items()
            if bisect_right(indices, index + NEAR) - bisect_left(indices, index - NEAR) > FEW
        }
    return document.by_town


def _opened(document: Document, index: int) -> TownItem | None:
    block = document.blocks[index]
    if not document.places.within(block.start, block.end):
        return None
    mark = _MARK.match(document.view, block.start)
    at = mark.end() if mark else block.start
    places: list[ReadPlace] = []
    for place in document.places.within(at, block.end):
        fits = _JOINT.fullmatch if places else _TITLE.fullmatch
        if not fits(document.view, at, place.start):
            break
        places.append(place)
        at = place.end
    opens = _OPENS.match(document.view, at, block.end) if places else None
    return (places, opens.end()) if opens else None


def town_projects(document: Document, found: list[Candidate]) -> list[Candidate]:
    """First words of items without a name of their own, where such a list tells of projects."""
    named = {one.block for one in found if one.confidence >= OFFERED}
    items = town_items(document)
    telling = {
        one.block
        for one in found
        if one.block in items and one.kind == ThingKind.PROJECT and one.confidence >= OFFERED
    }
    result = []
    for index, (_, rest) in items.items():
        block = document.blocks[index]
        if index in named or document.dates.within(block.start, rest + FEW):
            continue
        section = section_of(document, index)
        if section not in {None, ThingKind.PROJECT, ThingKind.FUNDING}:
            continue
        if section is None and not any(abs(other - index) <= NEAR for other in telling):
            continue
        if one := _first_words(document, index, rest):
            result.append(one)
    return result


def _first_words(document: Document, index: int, start: int) -> Candidate | None:
    block = document.blocks[index]
    if block.kind == BlockKind.ROW or _PERSON.match(document.view, start, block.end):
        return None
    cut = _CUT.search(document.view, start, block.end)
    end = cut.start() if cut else block.end
    name = document.view[start:end].rstrip()
    if not 5 < len(name) <= LONGEST or len(name.split()) > MANY or _NO_PROJECT.match(name):
        return None
    if not any(word[0].isupper() for word in name.split()):
        return None
    return Candidate(
        ThingKind.PROJECT,
        name,
        start,
        start + len(name),
        index,
        0.54,
        "Liste nach Orten",
    )

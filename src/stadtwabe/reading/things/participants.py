"""Who does a thing: the places of its sentence, of its heading, of the document's sender."""

import re
from collections.abc import Iterable

from stadtwabe.reading.document import Document
from stadtwabe.reading.extract.extracted import BlockKind
from stadtwabe.reading.lexica import pattern
from stadtwabe.reading.model import ReadPlace, Role, ThingKind
from stadtwabe.reading.things.candidate import Candidate

_JOINS = pattern("cues", "joins")
_SENDER = re.compile(
    r"\b(?:(?:Universitäts|Kreis|Landeshaupt|Hanse|Bundes)?[Ss]tadt(?:verwaltung)?|Gemeinde(?:verwaltung)?|"
    r"Markt|(?:Land)?[Kk]reis(?:es|verwaltung)?|Landratsamt|Magistrat|Rathaus) $"
)
_DATELINE = re.compile(r"(?:/[A-ZÄÖÜ]\w+)?(?:\. (?=[A-ZÄÖÜ0-9„])|,? (?:den |im |am )?\d|\s*[–-] )")
_LISTED = re.compile(r"[^\wäöüß]*(?:(?:Stadt|Gemeinde|Markt|Kreis|Landkreis|Landeshauptstadt) )?$")
HEAD = 400
"""So many code points from the beginning a document names its sender."""
TITLE_LINE = 90
MENTIONS = 6


def places_of(document: Document, one: Candidate, start: int, end: int) -> list[ReadPlace]:
    """The places that do it: of the name, the sentence, the heading, else of the document."""
    if one.kind == ThingKind.FUNDING:
        return []
    inside = document.places.within(one.start, one.end)
    found = _actors(document, one, start, end)
    return unique([*inside, *found]) if found or inside else home_of(document, one)


def _actors(document: Document, one: Candidate, start: int, end: int) -> list[ReadPlace]:
    """Those of the sentence, else of the heading, else of the sentences around it."""
    if one.extent and (actors := _acting(document, start, end)):
        return actors
    for position in _mentions(document, one):
        sentence = document.sentence_at(position)
        if actors := _acting(document, *sentence):
            block = document.blocks[document.block_at(position)]
            return [*actors, *_joining(document, sentence[1], block.end)]
    if titled := _titled(document, one.block):
        return titled
    sentence = document.sentence_at(one.start)
    block = document.blocks[document.block_at(one.start)]
    if before := _acting(document, block.start, sentence[0]):
        last = document.sentence_at(before[-1].start)
        return [place for place in before if place.start >= last[0]]
    if listed := _listed(document, one.block):
        return listed
    if main := main_place(document):
        return main
    if after := _acting(document, sentence[1], end):
        first = document.sentence_at(after[0].start)
        return [place for place in after if place.start < first[1]]
    return []


def _mentions(document: Document, one: Candidate) -> list[int]:
    """Where the name stands: first its own passage, then the others in the order of the text."""
    found = [one.start]
    if len(one.name) < 4:
        return found
    at = document.view.find(one.name)
    while at >= 0 and len(found) < MENTIONS:
        if at != one.start:
            found.append(at)
        at = document.view.find(one.name, at + len(one.name))
    return found


def _joining(document: Document, start: int, end: int) -> list[ReadPlace]:
    """Places of later sentences that say they take part too."""
    found = []
    for place in _acting(document, start, min(end, start + 500)):
        a, b = document.sentence_at(place.start)
        if _JOINS.search(document.view, a, b):
            found.append(place)
    return found


def _acting(document: Document, start: int, end: int) -> list[ReadPlace]:
    return [place for place in document.places.within(start, end) if place.role == Role.ACTOR]


def _titled(document: Document, index: int) -> list[ReadPlace]:
    """The places of the line right above: a heading, or a short line that works as one."""
    for above in (index, index - 1, document.heading_above(index)):
        if above is None or above < 0 or (above == index and index == 0):
            continue
        block = document.blocks[above]
        if above == index or above == 0 or block.end - block.start > TITLE_LINE:
            continue
        if block.kind not in {BlockKind.HEADING, BlockKind.BULLET}:
            continue
        if block.kind == BlockKind.BULLET and document.blocks[index].kind == BlockKind.BULLET:
            continue
        if found := _acting(document, block.start, block.end):
            return unique(found)
    return []


def _listed(document: Document, index: int) -> list[ReadPlace]:
    """The towns of a list that a sentence with a colon opens, in or right after the block."""
    found: list[ReadPlace] = []
    for below in range(index + 1, min(index + 40, len(document.blocks))):
        block = document.blocks[below]
        if block.kind != BlockKind.BULLET:
            if found or below > index + 2:
                break
            continue
        places = _acting(document, block.start, block.end)
        if not places or not _LISTED.fullmatch(document.view, block.start, places[0].start):
            break
        found.append(places[0])
    return unique(found) if len(found) > 1 else []


def home_of(document: Document, one: Candidate) -> list[ReadPlace]:
    """The place of the heading above, else of the document's title or first lines."""
    for heading in reversed(document.trails[one.block]):
        block = document.blocks[heading]
        if found := document.places.within(block.start, block.end):
            return unique(found)
    return main_place(document)


def main_place(document: Document) -> list[ReadPlace]:
    """The one place that the document as a whole tells of, if there is one."""
    if document.home is None:
        document.home = _find_main_place(document)
    return document.home


def _find_main_place(document: Document) -> list[ReadPlace]:
    """By how often it stands, and by what only a sender or a subject has: letterhead, dateline."""
    if not document.places.all:
        return []
    scores: dict[str, float] = {}
    for place in document.places.all:
        scores[place.key] = scores.get(place.key, 0) + _weight(document, place)
    ranked = sorted(scores.values(), reverse=True)
    best = max(scores, key=lambda key: scores[key])
    second = ranked[1] if len(ranked) > 1 else 0
    if len(ranked) > 1 and (ranked[0] < 3 or ranked[0] < 1.4 * second):
        return []
    return [next(p for p in document.places.all if p.key == best)]


def _weight(document: Document, place: ReadPlace) -> float:
    view = document.view
    weight = 1.0 if place.role == Role.ACTOR else 0.5
    block = document.blocks[document.block_at(place.start)]
    before = view[max(block.start, place.start - 24) : place.start]
    sender = bool(_SENDER.search(before))
    if place.start < HEAD:
        weight += 1.5
        weight += 2 if sender else 0
    elif place.start > len(view) - HEAD and sender and block.end - block.start < TITLE_LINE:
        weight += 2
    if place.start == block.start and _DATELINE.match(view, place.end):
        weight += 2
    return weight


def unique(places: Iterable[ReadPlace]) -> list[ReadPlace]:
    """Each key once, by its first mention."""
    seen: dict[str, ReadPlace] = {}
    for place in places:
        seen.setdefault(place.key, place)
    return list(seen.values())

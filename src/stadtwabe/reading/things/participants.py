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
OPENING = 8
"""A name that stands so near to the beginning is what its block tells of."""
SHORTEST = 4
CONSORTIUM = 3
MAJORITY = 0.6
_TOGETHER = re.compile(
    r"\b(?:[Gg]emeinsam|[Zz]usammen|Kooperation|Partnerschaft|Abstimmung) mit (?:\w+ ){0,4}$"
)
_DASH = re.compile(r" [–—-] ")
_PARTNERS = re.compile(
    r"\b(?:[Bb]eteiligt (?:sind|haben)|[Mm]itglied|[Zz]usammenschluss|[Vv]erbund|[Gg]emeinsam|"
    r"[Kk]ooperation|"
    r"[Zz]usammengeschlossen|(?:Städte|Gemeinden|Landkreise|Kreise|Kommunen)\b)"
)


def places_of(document: Document, one: Candidate, start: int, end: int) -> list[ReadPlace]:
    """The places that do it: of the name, the sentence, the heading, else of the document."""
    if one.kind == ThingKind.FUNDING:
        return []
    inside = document.places.within(one.start, one.end)
    found = _actors(document, one, start, end)
    return unique([*inside, *found]) if found or inside else home_of(document, one)


def _actors(document: Document, one: Candidate, start: int, end: int) -> list[ReadPlace]:
    """Those of the sentence, else of the heading, else of the sentences around it."""
    if one.extent and (actors := _section(document, one, end)):
        return actors
    for position in _mentions(document, one):
        sentence = _clause(document, position)
        if actors := _acting(document, *sentence):
            block = document.blocks[document.block_at(position)]
            return [
                *_with_home(document, actors, sentence),
                *actors,
                *_joining(document, sentence[1], block.end),
            ]
    if titled := _titled(document, one.block):
        return titled
    sentence = document.sentence_at(one.start)
    block = document.blocks[document.block_at(one.start)]
    if before := _acting(document, block.start, sentence[0]):
        last = document.sentence_at(before[-1].start)
        return [place for place in before if place.start >= last[0]]
    if listed := _listed(document, one.block):
        return listed
    after = _acting(document, sentence[1], end)
    if after and (one.start - block.start < OPENING or not main_place(document)):
        first = document.sentence_at(after[0].start)
        return [place for place in after if place.start < first[1]]
    return main_place(document)


def _section(document: Document, one: Candidate, end: int) -> list[ReadPlace]:
    """A heading with its text: its first sentence tells who, else the document's own town."""
    heading = document.blocks[one.block]
    if actors := _acting(document, heading.start, heading.end):
        return actors
    if one.block + 1 < len(document.blocks):
        body = document.blocks[one.block + 1]
        sentence = document.sentence_at(body.start)
        if actors := _acting(document, *sentence):
            return [
                *_with_home(document, actors, sentence),
                *actors,
                *_joining(document, sentence[1], end),
            ]
    if main := main_place(document):
        return [*main, *_joining(document, heading.end, end)]
    return _acting(document, heading.start, end)


def _clause(document: Document, position: int) -> tuple[int, int]:
    """The part of the sentence between semicolons, if it names a place; else the sentence."""
    start, end = document.sentence_at(position)
    a = document.view.rfind("; ", start, position)
    b = document.view.find("; ", position, end)
    clause = (start if a < 0 else a + 2, end if b < 0 else b)
    return clause if _acting(document, *clause) else (start, end)


def _with_home(
    document: Document, actors: list[ReadPlace], sentence: tuple[int, int]
) -> list[ReadPlace]:
    """``Gemeinsam mit Greiz und Altenburg bauen wir …``: who speaks takes part too."""
    before = document.view[sentence[0] : actors[0].start]
    return main_place(document) if _TOGETHER.search(before) else []


def _mentions(document: Document, one: Candidate) -> list[int]:
    """Where the name stands: first its own passage, then the others in the order of the text."""
    found = [one.start]
    name = _DASH.split(one.name)[0]
    if len(name) < SHORTEST:
        return found
    at = document.view.find(name)
    while at >= 0 and len(found) < MENTIONS:
        if not one.start <= at < one.end:
            found.append(at)
        at = document.view.find(name, at + len(name))
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
        if block.kind == BlockKind.ROW or document.view[block.end - 1] in ".!?:;":
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
    """By how often it stands, and by what only a sender or a subject has: letterhead, dateline.

    Where several towns act as one, it is all of them.
    """
    if not document.places.all:
        return []
    scores: dict[str, float] = {}
    for place in document.places.all:
        scores[place.key] = scores.get(place.key, 0) + _weight(document, place)
    if partners := _consortium(document):
        return partners
    ranked = sorted(scores.values(), reverse=True)
    best = max(scores, key=lambda key: scores[key])
    second = ranked[1] if len(ranked) > 1 else 0
    if len(ranked) > 1 and (ranked[0] < 3 or ranked[0] < 1.4 * second):
        return []
    return [next(p for p in document.places.all if p.key == best)]


def _consortium(document: Document) -> list[ReadPlace]:
    """``Beteiligt sind die Städte A, B und C``, where the text hardly names others."""
    for place in document.places.all:
        if place.start > 2 * HEAD:
            break
        sentence = document.sentence_at(place.start)
        partners = unique(_acting(document, *sentence))
        if len(partners) < CONSORTIUM or not document.says(_PARTNERS, *sentence):
            continue
        keys = {partner.key for partner in partners}
        inside = sum(1 for other in document.places.all if other.key in keys)
        if inside >= MAJORITY * len(document.places.all):
            return partners
    return []


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

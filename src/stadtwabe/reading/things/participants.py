"""Who does a thing: the places of its sentence, of its heading, of the document's sender."""

import re

from stadtwabe.reading.document import Document
from stadtwabe.reading.extract.extracted import BlockKind
from stadtwabe.reading.lexica import pattern
from stadtwabe.reading.model import ReadPlace, ThingKind
from stadtwabe.reading.things.by_town import town_items
from stadtwabe.reading.things.candidate import Candidate
from stadtwabe.reading.things.main_place import (
    PARTNERS_ARE,
    TITLE_LINE,
    acting,
    main_place,
    unique,
)
from stadtwabe.reading.things.partners import ALL, groups_in, meant_by_all

_JOINS = pattern("cues", "joins")
_LISTED = re.compile(r"[^\wäöüß]*(?:(?:Stadt|Gemeinde|Markt|Kreis|Landkreis|Landeshauptstadt) )?$")
MENTIONS = 6
OPENING = 8
"""A name that stands so near to the beginning is what its block tells of."""
SHORTEST = 4
_TOGETHER = re.compile(
    r"\b(?:[Gg]emeinsam|[Zz]usammen|Kooperation|Partnerschaft|Abstimmung) mit (?:\w+ ){0,4}$"
)
_WHO = re.compile(
    r"(?:(?P<with>(?:Projekt|Verbund|Kooperations)?[Pp]artner|Beteiligte|Mitwirkende)|"
    r"(?:Projekt)?[Tt]räger|Antragsteller|Kommunen?|Stadt|Städte|Gemeinden?|(?:Land)?[Kk]reise?|Standorte?|Ort)"
    r"[^:]{0,25}: "
)
_SPEAKS = re.compile(
    r"\b(?:(?P<us>[Ww]ir|[Uu]ns|[Uu]nser\w*)|(?:[Dd]ie|[Dd]er|[Ii]hre[rn]?) "
    r"(?:Stadt|Gemeinde|Kommune|Hansestadt|Kreisstadt|Stadtverwaltung|Verwaltung))\b(?! [A-ZÄÖÜ])"
)
_TAKEN_UP = re.compile(r"(?:D(?:er|ie|as)|Diese[rs]?) (?:[A-ZÄÖÜ][\w-]+ )?[„“\"»«]?")
_SUBJECT_IS = re.compile(
    r"[^\wäöüß]*(?:Auch )?(?:(?:Die|Der|Das) )?"
    r"(?:(?:[A-Z]\w+)?[Ss]tadt |Gemeinde |Markt |(?:Land)?[Kk]reis )?"
)
SUBJECT_NEAR = 40
_WISH = re.compile(r"\bmöchten?\b|\bprüf(?:t|en)\b|\büberleg|\bdenk(?:t|en)\b")
_DASH = re.compile(r" [–—-] ")
_BRACKET = re.compile(r"[“”\"»«]? \(([^()]{3,160})\)")
_LIST = re.compile(r"(?:(?:Stadt|Städte|Gemeinden?|Landkreise?|Kreise?|mit|in|aus) )*")
_POSSESSED = re.compile(r" (?:[a-zäöüß-]+ ){0,2}[A-ZÄÖÜ][\w-]+ [„“\"»«]?")
_WITH = re.compile(r"[“”\"»«]? (?:gemeinsam |zusammen )?mit (?=[A-ZÄÖÜ])")


def places_of(document: Document, one: Candidate, start: int, end: int) -> list[ReadPlace]:
    """The places that do it: of the name, the sentence, the heading, else of the document."""
    if one.kind == ThingKind.FUNDING:
        return []
    inside = document.places.within(one.start, one.end)
    found = _actors(document, one, start, end)
    if not (found or inside):
        return home_of(document, one)
    return unique([*_without_region(inside, found), *found])


def _without_region(inside: list[ReadPlace], found: list[ReadPlace]) -> list[ReadPlace]:
    """``Uckermark-Ticket`` of Templin and Lychen: the name's district only says where they lie."""
    return [
        place
        for place in inside
        if not any(o.key != place.key and o.key.startswith(place.key) for o in found)
    ]


def _actors(document: Document, one: Candidate, start: int, end: int) -> list[ReadPlace]:
    """Those of the sentence, else of the heading, else of the sentences around it."""
    if closed := _said_at_the_name(document, one):
        return closed
    if item := town_items(document).get(one.block):
        opening, rest = item
        joining = _joining(document, rest, document.blocks[one.block].end)
        return [*opening, *_with(document, one, opening), *joining]
    if one.extent and (actors := _section(document, one, end)):
        return actors
    if everybody := _everybody(document, one):
        return everybody
    for position in _mentions(document, one):
        sentence = _clause(document, position)
        if actors := acting(document, *sentence):
            block = document.blocks[document.block_at(position)]
            return [
                *_speaker(document, position, sentence),
                *_subject_before(document, block.start, sentence[0], position),
                *_with_home(document, actors, sentence),
                *actors,
                *_partners_before(document, block.start, sentence[0]),
                *_joining(document, sentence[1], block.end),
            ]
    sentence = document.sentence_at(one.start)
    block = document.blocks[document.block_at(one.start)]
    if titled := _titled(document, one.block):
        return [*titled, *_joining(document, sentence[1], block.end)]
    if before := acting(document, block.start, sentence[0]):
        last = document.sentence_at(before[-1].start)
        return [place for place in before if place.start >= last[0]]
    if listed := _listed(document, one.block):
        return listed
    after = acting(document, sentence[1], end)
    if after and (one.start - block.start < OPENING or not main_place(document)):
        first = document.sentence_at(after[0].start)
        return [place for place in after if place.start < first[1]]
    return main_place(document)


def _everybody(document: Document, one: Candidate) -> list[ReadPlace]:
    """``Alle fünf Städte machen mit``: in the sentence of the name, or a later one of its block."""
    block = document.blocks[document.block_at(one.start)]
    if not groups_in(document) or not document.says(ALL, block.start, block.end):
        return []
    start, end = document.sentence_at(one.start)
    if found := meant_by_all(document, start, end):
        return found
    while end < block.end:
        start, end = document.sentence_at(end)
        if document.says(_JOINS, start, end) and (found := meant_by_all(document, start, end)):
            return found
    return []


def _said_at_the_name(document: Document, one: Candidate) -> list[ReadPlace]:
    """``„Eifel.Digital“ (Bitburg, Daun)``; ``Ahlens Dashboard „AHLEN zählt“``: nobody else's."""
    view, end = document.view, one.end
    if bracket := _BRACKET.match(view, end):
        listed = acting(document, bracket.start(1), bracket.end(1))
        if listed and _LIST.fullmatch(view, bracket.start(1), listed[0].start):
            return listed
    sentence = document.sentence_at(one.start)
    for place in reversed(acting(document, max(sentence[0], one.start - 60), one.start)):
        between = view[place.end : one.start]
        if place.quote.endswith("s") and _POSSESSED.fullmatch(between):
            return [place]
        break
    return []


def _with(document: Document, one: Candidate, opening: list[ReadPlace]) -> list[ReadPlace]:
    """``PrigData mit Perleberg und Wittenberge``: who is named right behind takes part."""
    after = _WITH.match(document.view, one.end)
    if after is None:
        return []
    _, end = document.sentence_at(one.start)
    return [p for p in acting(document, after.end(), end) if p.key not in {o.key for o in opening}]


def _section(document: Document, one: Candidate, end: int) -> list[ReadPlace]:
    """A heading with its text: its first sentence tells who, else the document's own town."""
    heading = document.blocks[one.block]
    if actors := acting(document, heading.start, heading.end):
        return [*actors, *_joining(document, heading.end, end)]
    if fields := _fields(document, one):
        return fields
    if one.block + 1 < len(document.blocks):
        body = document.blocks[one.block + 1]
        sentence = document.sentence_at(body.start)
        if actors := acting(document, *sentence):
            return [
                *_with_home(document, actors, sentence),
                *actors,
                *_joining(document, sentence[1], end),
            ]
    if main := main_place(document):
        return [*main, *_joining(document, heading.end, end)]
    return acting(document, heading.start, end)


def _fields(document: Document, one: Candidate) -> list[ReadPlace]:
    """``Kommune(n): …`` and ``Landkreise: …`` below the name of a project."""
    found: list[ReadPlace] = []
    for below in range(one.block + 1, min(one.block + 1 + one.extent, len(document.blocks))):
        block = document.blocks[below]
        who = _WHO.match(document.view, block.start) if block.kind == BlockKind.FIELD else None
        if who is not None and (places := document.places.within(block.start, block.end)):
            found += [*(main_place(document) if who["with"] else ()), *places]
    return found


def _clause(document: Document, position: int) -> tuple[int, int]:
    """The part of the sentence between semicolons, if it names a place; else the sentence."""
    start, end = document.sentence_at(position)
    a = document.view.rfind("; ", start, position)
    b = document.view.find("; ", position, end)
    clause = (start if a < 0 else a + 2, end if b < 0 else b)
    return clause if acting(document, *clause) else (start, end)


def _with_home(
    document: Document, actors: list[ReadPlace], sentence: tuple[int, int]
) -> list[ReadPlace]:
    """``Gemeinsam mit Greiz und Altenburg bauen wir …``: who speaks takes part too."""
    before = document.view[sentence[0] : actors[0].start]
    return main_place(document) if _TOGETHER.search(before) else []


def _speaker(document: Document, position: int, sentence: tuple[int, int]) -> list[ReadPlace]:
    """``Wir fahren auch nach Gersheim``: who speaks takes part, by the line above or the sender."""
    spoken = _SPEAKS.search(document.view, *sentence)
    if spoken is None:
        return []
    if not spoken["us"] and acting(document, sentence[0], spoken.start()):
        return []  # "in Köthen plant die Stadt": its own sentence names it
    return _titled(document, document.block_at(position)) or main_place(document)


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
    for place in acting(document, start, min(end, start + 500)):
        a, b = document.sentence_at(place.start)
        if _JOINS.search(document.view, a, b) and not _WISH.search(document.view, a, b):
            found.append(place)
    return found


def _subject_before(
    document: Document, start: int, sentence: int, position: int
) -> list[ReadPlace]:
    """``Der Landkreis schickt einen Bus. Die „Rollende Praxis“ hält in …``: he does it."""
    if sentence <= start or not _TAKEN_UP.fullmatch(document.view, sentence, position):
        return []
    before = document.sentence_at(sentence - 2)
    return [
        place
        for place in acting(document, before[0], min(before[0] + SUBJECT_NEAR, before[1]))
        if _SUBJECT_IS.fullmatch(document.view, before[0], place.start)
    ]


def _partners_before(document: Document, start: int, end: int) -> list[ReadPlace]:
    """``Beteiligt sind Olpe und Siegen.`` earlier in the block."""
    for place in acting(document, start, end):
        sentence = document.sentence_at(place.start)
        if document.says(PARTNERS_ARE, *sentence):
            return acting(document, *sentence)
    return []


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
        if found := acting(document, block.start, block.end):
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
        places = acting(document, block.start, block.end)
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

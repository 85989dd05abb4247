"""The one place that a document as a whole tells of: its sender, its subject, or partners."""

import re
from collections.abc import Iterable
from itertools import islice

from stadtwabe.reading.document import Document
from stadtwabe.reading.model import ReadPlace, Role

MAJORITY, MINORITY = 0.6, 0.4

CLEAR, SUBJECT, VOICE, VOICES = 1.4, 0.365, 0.02, 8
"""A document tells of one place that weighs so much more than the next, and so much of all."""

_SENDER = re.compile(
    r"\b(?:(?:Universitäts|Kreis|Landeshaupt|Hanse|Bundes)?[Ss]tadt(?:verwaltung)?|Gemeinde(?:verwaltung)?|"
    r"Markt|(?:Land)?[Kk]reis(?:es|verwaltung)?|Landratsamt|Magistrat|Rathaus) $"
)

_DATELINE = re.compile(r"(?:/[A-ZÄÖÜ]\w+)?(?:\. (?=[A-ZÄÖÜ0-9„])|,? (?:den |im |am )?\d|\s*[–-] )")

HEAD = 400
"""So many code points from the beginning a document names its sender."""

TITLE_LINE = 90

CONSORTIUM = 3

_VOICE = re.compile(
    r"\b(?:[Ww]ir|[Uu]ns|[Uu]nser\w*|(?:[Dd]ie|[Dd]er|[Ii]hre[rn]?) "
    r"(?:Stadt|Gemeinde|Kommune|Hansestadt|Kreisstadt|Stadtverwaltung|Verwaltung|Rat|Stadtrat)|"
    r"(?:[Dd]er|[Ii]m|[Dd]es) (?:Land)?[Kk]reis(?:es)?|Innenstadt|Altstadt|Rathaus|Stadtrat)\b"
    r"(?! [A-ZÄÖÜ])"
)
"""Somebody speaks of one town without saying its name: ``wir``, ``die Stadt``, ``im Kreis``."""

PARTNERS_ARE = re.compile(
    r"\b(?:[Bb]eteiligt sind|[Bb]eteiligen sich|"
    r"\w*[Pp]artner(?:innen|städte|kommunen|gemeinden)? sind|"
    r"[Mm]itglieder sind|machen mit|haben sich .{0,80}zusammengeschlossen)"
)

_PARTNERS = re.compile(
    r"\b(?:[Bb]eteiligt (?:sind|haben)|[Mm]itglied|[Zz]usammenschluss|[Vv]erbund|[Gg]emeinsam|"
    r"[Kk]ooperation|"
    r"[Zz]usammengeschlossen|(?:Städte|Gemeinden|Landkreise|Kreise|Kommunen)\b)"
)


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
    last: ReadPlace | None = None
    for place in document.places.all:
        if last is None or (last.start, last.end) != (place.start, place.end):
            scores[place.key] = scores.get(place.key, 0) + _weight(document, place)
        last = place  # "Stadt und Landkreis Hof" counts once
    if partners := _consortium(document):
        return partners
    ranked = sorted(scores.values(), reverse=True)
    best = max(scores, key=lambda key: scores[key])
    if len(ranked) > 1 and not _is_subject(document.view, ranked[0], ranked[1], sum(ranked)):
        return []
    first = next(p for p in document.places.all if p.key == best)
    together = [p for p in document.places.all if p.key != best and _one_name(document, p, best)]
    return unique([first, *together])


def _one_name(document: Document, place: ReadPlace, key: str) -> bool:
    """``Stadt und Landkreis Hof``: one name for two that act together."""
    same = document.places.within(place.start, place.start + 1)
    return any(other.key == key and other.end == place.end for other in same)


def _consortium(document: Document) -> list[ReadPlace]:
    """``Beteiligt sind die Städte A, B und C``, where the text hardly names others."""
    for place in document.places.all:
        if place.start > 2 * HEAD:
            break
        sentence = document.sentence_at(place.start)
        partners = unique(acting(document, *sentence))
        if len(partners) < CONSORTIUM or not document.says(_PARTNERS, *sentence):
            continue
        keys = {partner.key for partner in partners}
        inside = sum(1 for other in document.places.all if other.key in keys)
        most = MINORITY if document.says(PARTNERS_ARE, *sentence) else MAJORITY
        if inside >= most * len(document.places.all):
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


def acting(document: Document, start: int, end: int) -> list[ReadPlace]:
    """The places of a stretch that do something."""
    return document.actors.within(start, end)


def unique(places: Iterable[ReadPlace]) -> list[ReadPlace]:
    """Each key once, by its first mention."""
    seen: dict[str, ReadPlace] = {}
    for place in places:
        seen.setdefault(place.key, place)
    return list(seen.values())


def _is_subject(view: str, first: float, second: float, every: float) -> bool:
    """Is the first clearly ahead, with so much of all? Words that speak of one town count too."""
    share = first / every
    if first < CLEAR * second or not share < SUBJECT <= share + VOICE * VOICES:
        return first >= CLEAR * second and share >= SUBJECT
    return share + VOICE * sum(1 for _ in islice(_VOICE.finditer(view), VOICES)) >= SUBJECT

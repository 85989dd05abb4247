"""Which candidates are the same thing, told of more than once."""

import re
from functools import lru_cache

from stadtwabe.reading.document import Document
from stadtwabe.reading.generic_titles import is_generic
from stadtwabe.reading.model import Role, ThingKind
from stadtwabe.reading.things.candidate import Candidate

_WORD = re.compile(r"[0-9a-zäöüß]+")
_INFLECTION = re.compile(r"(?:es|en|er|s|n|e)$")
_STOP_TOKENS = frozenset(
    ["der", "die", "das", "des", "dem", "den", "und", "für", "zur", "zum", "von", "vom", "im", "in"]
)
PROJECTLIKE = frozenset({ThingKind.PROJECT, ThingKind.FUNDING, ThingKind.SOLUTION})


@lru_cache(maxsize=20_000)
def tokens_of(name: str) -> frozenset[str]:
    """The words of a name by which two mentions are the same."""
    found = _WORD.findall(name.lower().replace("digitalisierungs", "digital"))
    return frozenset(_stem(word) for word in found if word not in _STOP_TOKENS) or frozenset(found)


def _stem(word: str) -> str:
    return _INFLECTION.sub("", word) if len(word) > 5 else word


def _same(document: Document, one: Candidate, other: Candidate) -> bool:
    if one.kind != other.kind and not {one.kind, other.kind} <= PROJECTLIKE:
        return False
    if _two_towns(document, one, other):
        return False
    if one.kind != ThingKind.EVENT and (
        _shortened(one.name, other.name) or _shortened(other.name, one.name)
    ):
        return True
    a, b = tokens_of(one.name), tokens_of(other.name)
    if one.kind == ThingKind.EVENT and one.dates and other.dates:
        if _values(document, one) != _values(document, other):
            return False
        if a <= b or b <= a:
            return True
    if not a or not b:
        return False
    common = len(a & b)
    if one.kind == ThingKind.STRATEGY and common == 1 == min(len(a), len(b)):
        return True
    return 2 * common / (len(a) + len(b)) >= 0.75 or (
        common == min(len(a), len(b))
        and common >= 1
        and one.kind != ThingKind.EVENT
        and abs(len(a) - len(b)) <= 2
    )


def _two_towns(document: Document, one: Candidate, other: Candidate) -> bool:
    """``die Digitalstrategie der Stadt Olpe`` and ``… der Stadt Soest``: one title, two things."""
    if one.kind == ThingKind.EVENT or not (is_generic(one.name) or is_generic(other.name)):
        return False
    here, there = _whose(document, one), _whose(document, other)
    return bool(here and there) and here.isdisjoint(there)


def _whose(document: Document, one: Candidate) -> set[str]:
    """The keys of who acts in a candidate's sentence."""
    places = document.places.within(*document.sentence_at(one.start))
    return {place.key for place in places if place.role == Role.ACTOR}


def _shortened(name: str, whole: str) -> bool:
    """``LandMobil`` for ``LandMobil – unterwegs in ländlichen Räumen``."""
    return whole.startswith(name) and whole[len(name) :].lstrip()[:1] in set(":–—-(")


def _values(document: Document, one: Candidate) -> set[str]:
    return {document.dates.all[i].value for i in one.dates}


def merged(document: Document, candidates: list[Candidate]) -> list[Candidate]:
    """Keep one candidate a thing: the surest mention, of equals the first."""
    kept: list[Candidate] = []
    by_word: dict[str, list[Candidate]] = {}
    for one in sorted(candidates, key=lambda c: (-c.confidence, c.start)):
        words = tokens_of(one.name)
        if any(_same(document, one, other) for word in words for other in by_word.get(word, ())):
            continue
        kept.append(one)
        for word in words:
            by_word.setdefault(word, []).append(one)
    return kept

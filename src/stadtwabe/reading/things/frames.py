"""What a town gets, builds or opens: a verb of making and ``ein`` with a noun that says much."""

import re

from stadtwabe.reading.document import Document
from stadtwabe.reading.lexica import pattern, words
from stadtwabe.reading.mentions.heads import head_of
from stadtwabe.reading.mentions.span import Spans
from stadtwabe.reading.model import Role, ThingKind
from stadtwabe.reading.things.candidate import Candidate

_MADE = pattern("cues", "made")
_TELLING = "|".join(sorted(words("cues", "telling_adjectives"), key=len, reverse=True))
_PHRASE = re.compile(
    r"[Ee](?<!\w.)ine?[nm]? "
    r"(?:(?:neu|eigen|zentral|weiter|ander|kostenlos|erst|klein|groß)e[nrsm]? ){0,2}"
    rf"(?P<name>(?:(?P<adjective>(?:{_TELLING})e[nrsm]?) )?(?P<noun>[A-ZÄÖÜ][\w-]{{3,}})"
    r"(?: (?:für|mit) [A-ZÄÖÜ][a-zäöüß]+(?=[\s.,;:]))?)"
)
_ENDINGS = "|".join(sorted(words("cues", "abstract_endings"), key=len, reverse=True))
_ABSTRACT = re.compile(rf"(?:{_ENDINGS})(?:e[nrsm]?|n|s)?$", re.IGNORECASE)
LONG = 10
"""From so many letters on a noun is mostly a compound, and says what is meant."""


def framed(
    document: Document, spans: list[tuple[int, int]], busy: set[int], *, home: bool
) -> list[Candidate]:
    """``bekommt einen neuen Verkehrsrechner``, ``pilotiert ein digitales Symptomtagebuch``.

    `busy`: blocks that tell of a named project already. `home`: the document as a whole tells
    of one place.
    """
    taken = Spans(spans)
    found = []
    for match in _PHRASE.finditer(document.view):
        start, end = match.span("name")
        noun, adjective = match["noun"], match["adjective"]
        if not adjective and len(noun) < LONG:
            continue
        index = document.block_at(start)
        if index in busy or taken.touch(start, end) or _ABSTRACT.search(noun) or head_of(noun):
            continue
        sentence = document.sentence_at(start)
        if not document.says(_MADE, *sentence):
            continue
        actor = any(p.role == Role.ACTOR for p in document.places.within(*sentence))
        if not (actor or home) or document.organisations.within(start, end):
            continue
        name = (
            match["name"] if not adjective else match["name"].replace(adjective, _plain(match), 1)
        )
        confidence = 0.54 if actor else 0.5
        found.append(
            Candidate(
                ThingKind.PROJECT, name, start, end, index, confidence, "Satz sagt, was entsteht"
            )
        )
    return found


def _plain(match: re.Match[str]) -> str:
    """The adjective after ``ein`` alone: ``einen digitalen Beirat`` gives ``digitaler``."""
    article = match.group()[:5].strip().lower()
    stem = re.sub(r"e[nrsm]?$", "", match["adjective"])
    if article == "einen":
        return stem + "er"
    return stem + "e" if article.startswith("eine") else match["adjective"]

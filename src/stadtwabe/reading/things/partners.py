"""Towns that act together, and who is meant by "die Partner" or "alle fünf Städte"."""

import re

from stadtwabe.reading.document import Document
from stadtwabe.reading.model import ReadPlace, Role

_NUMBERS = (
    "null",
    "eine",
    "zwei",
    "drei",
    "vier",
    "fünf",
    "sechs",
    "sieben",
    "acht",
    "neun",
    "zehn",
)
ALL = re.compile(
    r"\b(?:(?:[Aa]lle(?:n|r)?|[Dd]ie|[Dd]en|[Dd]er|[Jj]edes|[Jj]ede|[Bb]eide[rn]?|[Uu]nsere[rn]?) )"
    r"(?:(?P<count>beiden|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn) )?"
    r"(?:(?:anwesenden|beteiligten|teilnehmenden|genannten|benachbarten|kooperierenden) )?"
    r"(?P<noun>Verbund(?:partner(?:innen)?|kommunen|städten?)|Partner(?:innen|städten?|kommunen)?n?|"
    r"Mitglied(?:er|ern|skommunen|sstädten?)?|Beteiligten|Nachbarn|Nachbarstädten?|"
    r"Städten?|Gemeinden|Kommunen|Landkreisen?|Kreisen?)\b"
)
_BETWEEN = re.compile(
    r"\)?(?: \([^()]{2,30}\))?(?:,| und| sowie| &| /|/)(?: (?:die|der|den|dem|des|auch|in))*"
    r"(?: (?:Stadt|Städte|Gemeinden?|Markt|Märkte|Landkreise?s?|Kreise?s?|LK))? ?"
)
FEWEST = 2


def groups_in(document: Document) -> list[list[ReadPlace]]:
    """Towns listed in one sentence: ``Olpe, Siegen und die Stadt Soest``. Remembered."""
    if document.groups is None:
        document.groups = []
        last: list[ReadPlace] = []
        for place in document.places.all:
            if place.role != Role.ACTOR:
                continue
            if last and _BETWEEN.fullmatch(document.view, last[-1].end, place.start):
                last.append(place)
                continue
            last = [place]
            document.groups.append(last)
        document.groups = [
            group for group in document.groups if len({p.key for p in group}) >= FEWEST
        ]
    return document.groups


def meant_by_all(document: Document, start: int, end: int) -> list[ReadPlace]:
    """The group that ``alle fünf Städte`` or ``die Partner`` in this stretch takes up.

    It is the last one named before, of the size that is said. A group of unsaid size must be the
    only one of the text so far, or be of partners by name.
    """
    for match in ALL.finditer(document.view, start, end):
        if document.places.within(match.start(), match.end() + 2):
            continue  # "die Städte Olpe und Soest": they are named right here
        before = [group for group in groups_in(document) if group[-1].end <= match.start()]
        count = _count(match)
        if count:
            before = [group for group in before if len({p.key for p in group}) == count]
        elif match["noun"][:5] not in {"Verbu", "Partn", "Mitgl", "Betei"}:
            continue
        else:
            before = [group for group in before if len({p.key for p in group}) > FEWEST]
        if before:
            return before[-1]
    return []


def _count(match: re.Match[str]) -> int:
    if match["count"] == "beiden" or match.group().lower().startswith("beide"):
        return FEWEST
    return _NUMBERS.index(match["count"]) if match["count"] else 0

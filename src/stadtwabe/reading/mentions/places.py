"""Places by the gazetteer, with the role each plays."""

import re
from collections.abc import Iterable
from functools import lru_cache

from stadtwabe.places.gazetteer.gazetteer import Gazetteer
from stadtwabe.places.gazetteer.model import Level, PlaceMention
from stadtwabe.reading.lexica import pattern
from stadtwabe.reading.mentions.span import Spans
from stadtwabe.reading.model import PlaceCandidate, ReadPlace, Role

_COMPARISON = pattern("cues", "comparison")
_ONLOOKERS = pattern("cues", "onlookers")
_LISTED = re.compile(r"(?:(?:,| und| sowie)(?: die Stadt| der Kreis)? [A-ZÄÖÜ][\w-]+)*")
_CLAUSE_END = re.compile(r"[.!?:,;]\s|\n")
REACH = 110
LONGEST_LIST = 2000
"""Of towns, in characters: longer ones are looked through from each of them only so far."""
_MUNICIPAL = re.compile(
    r"(?:Stadt|Gemeinde|Kreis)(?:werke|archiv|bücherei|bibliothek|verwaltung|marketing)|"
    r"Verkehrsbetriebe|Volkshochschule|Entsorgungsbetrieb|Wirtschaftsförderung"
)
POSTCODE = 5
_BREAK = re.compile(r"[.!?:]\s|\n")
MINIMUM = 0.5


@lru_cache(maxsize=1)
def gazetteer() -> Gazetteer:
    """The gazetteer of the built-in register."""
    return Gazetteer.load()


def places_in(
    text: str,
    masked: Iterable[tuple[int, int]],
    organisations: Spans,
    book: Gazetteer | None = None,
) -> list[ReadPlace]:
    """Find municipalities (8 digits) and districts (5); states and regions are left out."""
    found = []
    for mention in (book or gazetteer()).find(text, masked=tuple(masked), minimum=MINIMUM):
        best = mention.best
        if best.level not in {Level.MUNICIPALITY, Level.DISTRICT}:
            continue
        role = _role(text, mention, organisations)
        found.append(
            ReadPlace(
                key=best.key,
                name=best.name,
                role=role,
                start=mention.start,
                end=mention.end,
                quote=mention.surface,
                confidence=best.score,
                reasons=best.reasons,
                candidates=tuple(
                    PlaceCandidate(one.key, one.name, one.score) for one in mention.candidates
                ),
            )
        )
    return found


def _role(text: str, mention: PlaceMention, organisations: Spans) -> Role:
    if organisations.touch(mention.start, mention.end) and not _MUNICIPAL.search(
        text[max(0, mention.start - 30) : mention.end + 30]
    ):
        return Role.MENTION
    before = text[max(0, mention.start - 60) : mention.start]
    before = _BREAK.split(before)[-1]
    if _COMPARISON.search(before):
        return Role.MENTION
    listed = _LISTED.match(text, mention.end, mention.end + LONGEST_LIST)
    after = listed.end() if listed else mention.end
    clause_end = _CLAUSE_END.search(text, after, after + REACH)
    if _ONLOOKERS.search(text, after, clause_end.start() if clause_end else after + REACH):
        return Role.MENTION
    seat = (
        text[mention.start - 1 : mention.start] == "("
        and text[mention.end : mention.end + 1] == ")"
    )
    if seat and organisations.touch(mention.start - 4, mention.start - 1):
        return Role.MENTION
    if before.endswith(" ") and len(before) > POSTCODE and before[-6:-1].isdecimal():
        return Role.MENTION
    return Role.ACTOR

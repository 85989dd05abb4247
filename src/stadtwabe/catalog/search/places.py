"""Places that somebody names: in a filter, in a search, while typing."""

import re
from collections.abc import Iterable

from stadtwabe.places.gazetteer import Gazetteer
from stadtwabe.places.gazetteer.model import Candidate, Level
from stadtwabe.places.models import Place
from stadtwabe.places.rules import CITY_DISTRICT_KINDS

EXACT = 0.95
"""From this score on a candidate of the gazetteer has the very name that was typed."""

MOST_OFFERED = 4

_KEY_AT_END = re.compile(r"\((\d{2}|\d{5}|\d{8})\)\s*$")


def places_called(name: str) -> list[Place]:
    """Return the places that ``name`` may mean, one if it is clear, the likeliest first.

    A name alone means the town, *Kreis Coesfeld* the district. *Menden (05962040)*, as the
    suggestions write it, means the place of that key.
    """
    key = _KEY_AT_END.search(name)
    if key:
        return list(Place.objects.filter(key=key[1]))
    candidates = [c for c in _resolve(name, exact=True) if c.score >= EXACT]
    if not candidates:
        return []
    best = [c for c in candidates if c.score >= candidates[0].score]
    level = best[0].level
    if level == Level.DISTRICT and not name.lower().startswith(("kreis ", "landkreis ")):
        level = Level.MUNICIPALITY if any(c.level == Level.MUNICIPALITY for c in best) else level
    return _places(c for c in best if c.level == level)


def places_beginning(text: str, *, limit: int = 8) -> list[Place]:
    """Return places whose name is, begins with or resembles what somebody is typing."""
    return _places(_resolve(text, limit=limit * 2))[:limit]


def places_named_in(text: str) -> list[Place]:
    """Return the places that a search names, whatever else it asks for."""
    whole = places_called(text)
    if whole:
        return whole[:MOST_OFFERED]
    found: dict[str, None] = {}
    written = text if any(letter.isupper() for letter in text) else text.title()
    for mention in Gazetteer.load().find(written):
        for candidate in mention.candidates:
            if candidate.score >= mention.best.score / 2 and candidate.key.isdigit():
                found[candidate.key] = None
    return _in_order(list(found))[:MOST_OFFERED]


def _resolve(name: str, *, limit: int = 12, exact: bool = False) -> list[Candidate]:
    return [
        candidate
        for candidate in Gazetteer.load().resolve(name[:120], limit=limit, exact=exact)
        if candidate.level in {Level.MUNICIPALITY, Level.DISTRICT, Level.STATE}
    ]


def _places(candidates: Iterable[Candidate]) -> list[Place]:
    return _in_order([candidate.key for candidate in candidates])


def _in_order(keys: list[str]) -> list[Place]:
    """Return the places in the order of ``keys``, without districts that are one town."""
    places = Place.objects.select_related("parent").in_bulk(keys)
    return [
        places[key]
        for key in keys
        if key in places
        and not (
            places[key].level == Level.DISTRICT.value and places[key].kind in CITY_DISTRICT_KINDS
        )
    ]

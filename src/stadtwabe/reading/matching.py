"""A name that was read against the things that are known already. Pure; stores nothing."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from rapidfuzz import fuzz

from stadtwabe.kit.names import name_form
from stadtwabe.reading.generic_titles import generic_part
from stadtwabe.reading.things.merging import tokens_of

SAME = 0.9
"""From here on it is most likely the same thing; a person still decides."""
ALIKE = 0.55
"""Below this nothing is offered."""


@dataclass(frozen=True, slots=True)
class KnownThing:
    """Something that exists: `key` is the caller's, `places` are keys of municipalities."""

    key: str
    name: str
    kind: str = ""
    aliases: tuple[str, ...] = ()
    places: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Match:
    """One known thing that a name may mean; `score` from 0 to 1, `reasons` for the editor."""

    thing: KnownThing
    score: float
    reasons: tuple[str, ...]


def match(
    name: str,
    known: Iterable[KnownThing],
    *,
    kind: str = "",
    places: Collection[str] = (),
    limit: int = 5,
) -> list[Match]:
    """Rank known things by likeness of name, then by common places; best first.

    With `kind` only things of that kind are compared. A common place raises the score, places
    without any in common lower it; neither alone makes a match. Titles that any town might use
    mean the same thing only where a place is common: two towns' strategies never match.
    """
    wanted = set(places)
    found = []
    for thing in known:
        if kind and thing.kind and thing.kind != kind:
            continue
        best, reason = max(
            (likeness(name, known_as) for known_as in (thing.name, *thing.aliases)),
            key=lambda scored: scored[0],
        )
        reasons = [reason]
        rests = _beside_the_same_sort(name, thing.name)
        if rests is not None and "" in rests:
            if not wanted & thing.places:
                continue
            best = max(best, SAME)
        elif rests is not None:
            best, reason = likeness(*rests)
            reasons = [reason]
        if best >= ALIKE and wanted and thing.places:
            if wanted & thing.places:
                # A common place never makes two names the same: Wegweiser Ost and Wegweiser West.
                best = min(1.0 if best >= SAME else SAME - 0.01, best + 0.08)
                reasons.append("gleicher Ort")
            else:
                best -= 0.1
                reasons.append("anderer Ort")
        if best >= ALIKE:
            found.append(Match(thing, round(best, 3), tuple(reasons)))
    found.sort(key=lambda one: (-one.score, one.thing.name, one.thing.key))
    return found[:limit]


def likeness(one: str, other: str) -> tuple[float, str]:
    """How alike two names are (0 to 1), and why."""
    a, b = name_form(one), name_form(other)
    if not a or not b:
        return 0.0, "ohne Namen"
    if a == b:
        return 1.0, "gleicher Name"
    letters = fuzz.ratio(a, b) / 100
    words, others = tokens_of(a), tokens_of(b)
    if not words or not others:
        return letters, "ähnliche Schreibweise"
    common = len(words & others)
    overlap = 2 * common / (len(words) + len(others))
    if common and common == min(len(words), len(others)):
        # "Gut versorgt" in "App Gut versorgt Duisburg": part of the other, unless a mere word.
        overlap = max(overlap, 0.85 if common > 1 else 0.6)
    if overlap >= letters:
        return min(0.97, overlap), "gleiche Wörter"
    # A number or year that differs tells two editions apart, however alike the letters are.
    if re.findall(r"\d+", a) != re.findall(r"\d+", b):
        letters -= 0.2
    return max(overlap, letters), "ähnliche Schreibweise"


def _beside_the_same_sort(one: str, other: str) -> tuple[str, str] | None:
    """What two titles say besides the same sort of thing ("Digitalisierungsstrategie"), if so."""
    first, second = generic_part(one), generic_part(other)
    if not first or name_form(first) != name_form(second):
        return None
    return one.strip()[len(first) :].strip(), other.strip()[len(second) :].strip()

"""Which suggestion of the reader is meant by which entry of the script."""

from collections.abc import Sequence
from difflib import SequenceMatcher

from stadtwabe.evidence.models import Suggestion
from stadtwabe.evidence.similarity import form_of
from stadtwabe.site.demo.script import Entry

ALIKE = 0.8
"""From this share of common letters on, two names mean the same thing."""


def suggestion_for(entry: Entry, suggestions: Sequence[Suggestion]) -> Suggestion | None:
    """Return the suggestion that means ``entry``: alike in name, of its kind rather than another.

    Only kinds that stand for things can be turned into each other at the desk.
    """
    alike = [
        (likeness(entry.name, str(each.proposal["name"])), each.kind == entry.kind, each)
        for each in suggestions
    ]
    # An organisation is never a project that bears its name, nor the other way round.
    fitting = [
        (is_same_kind, share, each)
        for share, is_same_kind, each in alike
        if share >= ALIKE and (is_same_kind or "organisation" not in {each.kind, entry.kind})
    ]
    return max(fitting, key=lambda each: each[:2], default=(False, 0.0, None))[2]


def suggestion_named(name: str, suggestions: Sequence[Suggestion]) -> Suggestion | None:
    """Return the suggestion whose name is most like ``name``, if one is alike."""
    alike = [(likeness(name, str(each.proposal["name"])), each) for each in suggestions]
    share, best = max(alike, key=lambda pair: pair[0], default=(0.0, None))
    return best if share >= ALIKE else None


def likeness(one: str, other: str) -> float:
    """Return how alike two names are, 0 to 1; one that contains the other counts by its words."""
    first, second = form_of(one), form_of(other)
    if first == second:
        return 1.0
    shorter, longer = sorted((first, second), key=len)
    if f" {shorter} " in f" {longer} " and len(shorter) > len(longer) / 2:
        return 0.9
    return SequenceMatcher(None, first, second, autojunk=False).ratio()

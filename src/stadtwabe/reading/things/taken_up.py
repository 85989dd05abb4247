"""What "die Veranstaltung" is, and what takes place within something larger."""

import re
from dataclasses import replace

from stadtwabe.reading.document import Document
from stadtwabe.reading.lexica import words
from stadtwabe.reading.things.candidate import Candidate
from stadtwabe.reading.things.gatherings import FRAMED, Anchor, anchors_in

_TAKES_UP = words("events", "takes_up")
_POINTING = re.compile(
    r"\b(?:[Dd](?:er|ie|as|em|en|es)|[Dd]iese[rsnm]?|[Bb]eim|[Zz]u[mr]|[Uu]nsere?[rnms]?) "
    r"(?:(?:nächste|erste|zweite|dritte|letzte|folgende|weitere|kommende|eigentliche)[nrs]? )?$|"
    r"\b[Nn]ächste[rsn]? $"
)
_PARTS = words("events", "parts")
BACK = 4
"""So many sentences before may name what is taken up."""
OFFERED = 0.45
"""What is a part of something larger is offered, not stated."""


def taken_up(document: Document, anchor: Anchor) -> Anchor:
    """``Die Veranstaltung`` by the name that the text, or the heading above, gave it before."""
    if anchor.lemma not in _TAKES_UP or anchor.title.lower() not in _TAKES_UP | _inflected(anchor):
        return anchor
    view = document.view
    index = document.block_at(anchor.start)
    opening = document.blocks[index].start
    if not _POINTING.search(view, max(opening, anchor.start - 40), anchor.start):
        return anchor
    found = _named_before(document, opening, anchor.start)
    for above in (index - 1, document.heading_above(index)):
        if found is None and above is not None and above >= 0:
            block = document.blocks[above]
            found = _named_in(document, block.start, block.end)
    return replace(anchor, title=found.title) if found is not None else anchor


def _inflected(anchor: Anchor) -> set[str]:
    return {f"{anchor.lemma}{ending}" for ending in ("s", "es", "n", "en")}


def _named_before(document: Document, opening: int, start: int) -> Anchor | None:
    at = document.sentence_at(start)[0]
    if found := _named_in(document, at, start):
        return found
    for _ in range(BACK):
        if at <= opening:
            return None
        a, b = document.sentence_at(at - 2)
        if found := _named_in(document, a, b):
            return found
        at = a
    return None


def _named_in(document: Document, start: int, end: int) -> Anchor | None:
    named = [
        one
        for one in anchors_in(document, start, end)
        if one.reason != FRAMED and one.weight > 0 and one.title.lower() not in _TAKES_UP
    ]
    return named[-1] if named else None


def within_larger(document: Document, found: list[Candidate]) -> list[Candidate]:
    """A congress of three days has its excursions: parts of it are no events of their own."""
    spans = [
        (document.dates.all[i].value, document.dates.all[i].until or "", one)
        for one in found
        for i in one.dates
        if document.dates.all[i].until and not document.dates.all[i].is_month
    ]
    return [
        replace(one, confidence=min(one.confidence, OFFERED))
        if one.name.lower() in _PARTS
        and any(
            other is not one and first <= document.dates.all[i].value <= last
            for first, last, other in spans
            for i in one.dates
        )
        else one
        for one in found
    ]

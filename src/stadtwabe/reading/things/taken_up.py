"""What "die Veranstaltung" is, and what takes place within something larger."""

import re
from dataclasses import replace

from stadtwabe.reading.document import Document
from stadtwabe.reading.lexica import load, words
from stadtwabe.reading.things.candidate import Candidate
from stadtwabe.reading.things.gatherings import FRAMED, Anchor, anchors_in

_TAKES_UP = words("events", "takes_up")
_POINTING = re.compile(
    r"\b(?:[Dd](?:er|ie|as|em|en|es)|[Dd]iese[rsnm]?|[Bb]eim|[Zz]u[mr]|[Uu]nsere?[rnms]?) "
    r"(?:(?:nächste|erste|zweite|dritte|letzte|folgende|weitere|kommende|eigentliche)[nrs]? )?$|"
    r"\b[Nn]ächste[rsn]? $"
)
_NEXT = re.compile(r"\b[Nn]ächste[rsn]? $")
_EDITION = re.compile(r"\d{1,2}\. |.*#\d")
"""The next gathering after the third is not the third."""
_PARTS = words("events", "parts")
_SINGULARS = dict(pair.split("=") for pair in load("events")["plurals"].split())
_PLURAL = re.compile(rf"(?:{'|'.join(_SINGULARS)})n?$", re.IGNORECASE)
BACK = 8
"""So many sentences before may name what is taken up."""
LINE = 160
"""A longer block above is no heading."""
RESOLVED = 0.05
OFFERED = 0.45
"""What is a part of something larger is offered, not stated."""


def taken_up(document: Document, anchor: Anchor) -> Anchor:
    """``Die Veranstaltung`` by the name that the text, or the heading above, gave it before.

    A plural of which the text tells one elsewhere is that one: ``bei den Ideenwerkstätten``.
    """
    if anchor.lemma not in _TAKES_UP or anchor.title.lower() not in _TAKES_UP | _inflected(anchor):
        return _singular(document, anchor)
    view = document.view
    index = document.block_at(anchor.start)
    opening = document.blocks[index].start
    if not _POINTING.search(view, max(opening, anchor.start - 40), anchor.start):
        return anchor
    found = _named_before(document, opening, anchor.start)
    for above in (index - 1, document.heading_above(index), 0):
        if found is None and above is not None and 0 <= above < index:
            block = document.blocks[above]
            if block.end - block.start > LINE:
                continue
            found = _named_in(document, block.start, block.end)
    if found is None:
        return anchor
    anchor = replace(anchor, weight=max(anchor.weight, RESOLVED))
    if _NEXT.search(view, max(opening, anchor.start - 20), anchor.start) and _EDITION.match(
        found.title
    ):
        return replace(anchor, title=f"nächste {anchor.title}")
    return replace(anchor, title=found.title)


def is_plural(anchor: Anchor) -> bool:
    """Does the noun speak of several: ``Termine``, ``Digitalkongresse``?"""
    return _PLURAL.search(anchor.word) is not None


def _singular(document: Document, anchor: Anchor) -> Anchor:
    plural = _PLURAL.search(anchor.word)
    if plural is None:
        return anchor
    single = (
        anchor.word[: plural.start()]
        + _SINGULARS[
            plural.group().lower().removesuffix("n")
            if plural.group().lower() not in _SINGULARS
            else plural.group().lower()
        ]
    )
    if re.search(rf"\b{re.escape(single)}\b", document.view) is None:
        return anchor
    return replace(anchor, title=anchor.title.replace(anchor.word, single, 1))


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
        if one.weight > 0
        and one.title.lower() not in _TAKES_UP
        and (one.reason != FRAMED or "„" in one.title)
        and not is_plural(one)
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


def by_headline(document: Document, found: list[Candidate]) -> list[Candidate]:
    """``Auftaktveranstaltung`` by its whole title, where the headline gives it."""
    if not document.blocks or document.blocks[0].end - document.blocks[0].start > LINE:
        return found
    titles = [
        one.title
        for one in anchors_in(document, document.blocks[0].start, document.blocks[0].end)
        if one.reason != FRAMED and " " in one.title
    ]
    return [
        replace(one, name=title)
        if " " not in one.name
        and (title := next((t for t in titles if one.name in t.split()), None)) is not None
        else one
        for one in found
    ]

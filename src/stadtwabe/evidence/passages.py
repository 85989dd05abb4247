"""Places in a text: the sentence around a passage, and highlighting that may overlap.

All offsets count code points, ends are exclusive.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

_SENTENCE_END = re.compile(r"(?<=[.!?…])[\"”“’»)\]]*\s+(?=[\"„“»(A-ZÄÖÜ0-9])")
_NO_END = re.compile(
    r"(?:\b\d{1,2}|\b[A-Za-zÄÖÜ]|\b(?:bzw|ca|Dr|Prof|Nr|St|Str|e\.V|inkl|Mio|Mrd|usw|vgl|sog|ggf"
    r"|Abs|Art|Bd|Hrsg|Jg|Jh|Kap|Tel|Uhr|ff|i|d))\.$"
)
"""A full stop that ends no sentence: a day (``05.``), an initial, an abbreviation."""

_BULLETS = "-–—•*·"

LONGEST = 500
"""The most of a sentence that is shown before or after a passage, in characters."""


@dataclass(frozen=True, slots=True)
class Span:
    """A passage to highlight; ``name`` becomes part of the id of its mark."""

    start: int
    end: int
    name: str


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of text that lies in the same spans throughout; ``opens`` begin with it."""

    text: str
    names: tuple[str, ...] = ()
    opens: tuple[str, ...] = ()


def segments(text: str, spans: Iterable[Span], *, offset: int = 0) -> list[Segment]:
    """Cut ``text`` so that each piece is in the same spans: overlapping spans share pieces.

    ``offset`` is where ``text`` begins in the document whose offsets the spans have; what lies
    outside is cut off. Joined, the pieces are ``text`` again.
    """
    inside = [
        Span(max(span.start - offset, 0), min(span.end - offset, len(text)), span.name)
        for span in spans
        if span.start - offset < len(text) and span.end > offset and span.end > span.start
    ]
    cuts = sorted({0, len(text), *(s.start for s in inside), *(s.end for s in inside)})
    return [
        Segment(
            text[start:end],
            tuple(span.name for span in inside if span.start <= start < span.end),
            tuple(span.name for span in inside if span.start == start),
        )
        for start, end in pairwise(cuts)
    ]


def sentence_around(
    text: str, start: int, end: int, layout: Sequence[dict[str, Any]] = ()
) -> tuple[int, int]:
    """Return the bounds of the sentence (or sentences) in which a passage lies.

    ``layout`` are the document's blocks; a sentence never runs over the edge of a block.
    """
    low, high = _block(text, start, end, layout)
    for found in _SENTENCE_END.finditer(text, low, high):
        if _NO_END.search(text[max(low, found.start() - 8) : found.start()].rstrip('"”“’»)]')):
            continue
        if found.end() <= start:
            low = found.end()
        elif found.start() >= end:
            high = found.start()
            break
    while low < start and (text[low].isspace() or text[low] in _BULLETS):
        low += 1
    while high > end and text[high - 1].isspace():
        high -= 1
    return _not_before(text, low, start), _not_after(text, high, end)


def _block(text: str, start: int, end: int, layout: Sequence[dict[str, Any]]) -> tuple[int, int]:
    """Return the bounds of the blocks that the passage touches; paragraphs without a layout."""
    touched = [block for block in layout if block["start"] < end and block["end"] > start]
    if touched:
        return (
            min(start, *(block["start"] for block in touched)),
            max(end, *(block["end"] for block in touched)),
        )
    before = text.rfind("\n\n", 0, start)
    after = text.find("\n\n", end)
    return (0 if before < 0 else before + 2), (len(text) if after < 0 else after)


def _not_before(text: str, low: int, start: int) -> int:
    if start - low <= LONGEST:
        return low
    cut = text.find(" ", start - LONGEST, start)
    return start if cut < 0 else cut + 1


def _not_after(text: str, high: int, end: int) -> int:
    if high - end <= LONGEST:
        return high
    cut = text.rfind(" ", end, end + LONGEST)
    return end if cut < 0 else cut

"""A text with everything that was found in it, ready for questions by position."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Generic, Protocol, TypeVar

from stadtwabe.reading.extract.extracted import Block, BlockKind, Extracted
from stadtwabe.reading.mentions.heads import Heads
from stadtwabe.reading.mentions.organisation import Organisation
from stadtwabe.reading.mentions.quotes import Quoted
from stadtwabe.reading.model import ReadAmount, ReadDate, ReadPlace, ReadUrl, Role

_STOP = re.compile(r"[.!?…][\"“”»)]*\s+(?=[A-ZÄÖÜ0-9„“\"»(])")
_ABBREVIATED = re.compile(
    r"(?:\b(?:\w|Dr|Nr|St|ca|bzw|usw|gez|Mio|Mrd|Tel|Str|evtl|ggf|Prof|Rbge|Art|Abs|Ing|Hr|Fr|"
    r"[A-Z][a-z]{0,2}tr|Jan|Feb|Apr|Jun|Jul|Aug|Sept?|Okt|Nov|Dez)|(?<!\d)\d{1,3})$"
)
WORD = 6
_AFTER_FORM = re.compile(r"(?:Der|Die|Das|Im|In|Am|Mit|Sie|Er|Es)\b")


class Placed(Protocol):
    """Anything with a start."""

    @property
    def start(self) -> int:
        """Its first code point."""


def _ends_sentence(view: str, stop: re.Match[str], start: int) -> bool:
    """An abbreviation or an ordinal (``18. Juni``) ends none; ``e. V. Der`` does."""
    if stop.group()[0] != ".":
        return True
    at = stop.start()
    if at - start >= WORD and view[at - WORD : at].isalpha():
        return True  # no abbreviation is so long
    before = view[max(start, at - 8) : at]
    if before.endswith(("e. V", "e.V")):
        return bool(_AFTER_FORM.match(view, stop.end()))
    return _ABBREVIATED.search(before) is None


T = TypeVar("T", bound=Placed)


class ByPosition(Generic[T]):
    """A sorted list with lookups by position."""

    def __init__(self, items: Sequence[T]) -> None:
        self.all = sorted(items, key=lambda item: item.start)
        self._starts = [item.start for item in self.all]

    def within(self, start: int, end: int) -> list[T]:
        """Items that begin in the half-open stretch."""
        starts = self._starts
        first = bisect_left(starts, start)
        if first == len(starts) or starts[first] >= end:
            return []
        return self.all[first : bisect_left(starts, end, first)]

    def indices(self, start: int, end: int) -> range:
        """Indices of the items that begin in the half-open stretch."""
        return range(bisect_left(self._starts, start), bisect_left(self._starts, end))


@dataclass
class Document:
    """Text, view and mentions. Mutable only while `reading.read` fills it."""

    extracted: Extracted
    view: str
    lowered: str
    heads: Heads
    quoted: ByPosition[Quoted]
    dates: ByPosition[ReadDate]
    amounts: ByPosition[ReadAmount]
    urls: ByPosition[ReadUrl]
    organisations: ByPosition[Organisation]
    places: ByPosition[ReadPlace]
    home: list[ReadPlace] | None = None
    """The one place that the document as a whole tells of, once `things.assemble` asked."""
    by_town: dict[int, tuple[list[ReadPlace], int]] | None = None
    """Blocks that their towns open, and where they go on, once `things.by_town` asked."""
    groups: list[list[ReadPlace]] | None = None
    """Towns that are listed together, once `things.partners` asked."""
    _said: dict[tuple[int, int, int], bool] = field(default_factory=dict)

    @cached_property
    def text(self) -> str:
        """The stored text, as it was extracted."""
        return self.extracted.text

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """The layout of the text."""
        return self.extracted.blocks

    @cached_property
    def _block_starts(self) -> list[int]:
        return [block.start for block in self.blocks]

    def block_at(self, position: int) -> int:
        """Index of the block that holds the position."""
        return (bisect_right(self._block_starts, position) or 1) - 1

    def line(self, index: int) -> str:
        """The view of one block."""
        block = self.blocks[index]
        return self.view[block.start : block.end]

    def says(self, cue: re.Pattern[str], start: int, end: int) -> bool:
        """Does the cue stand in this stretch? Remembered, as many heads ask for one sentence."""
        key = (id(cue), start, end)
        known = self._said.get(key)
        if known is None:
            known = self._said[key] = cue.search(self.view, start, end) is not None
        return known

    def sentence_at(self, position: int) -> tuple[int, int]:
        """The sentence around a position, never beyond its block."""
        starts, spans = self._sentences
        return spans[max(0, bisect_right(starts, position) - 1)]

    @cached_property
    def _sentences(self) -> tuple[list[int], list[tuple[int, int]]]:
        """Where sentences start, and the sentences themselves, in the order of the text."""
        view = self.view
        starts: list[int] = []
        ends: list[int] = []
        for block in self.blocks:
            starts.append(block.start)
            for stop in _STOP.finditer(view, block.start, block.end):
                if _ends_sentence(view, stop, block.start):
                    ends.append(stop.end())
                    starts.append(stop.end())
            ends.append(block.end)
        return starts, list(zip(starts, ends, strict=True))

    @cached_property
    def actors(self) -> ByPosition[ReadPlace]:
        """The places that do or host something."""
        return ByPosition([place for place in self.places.all if place.role == Role.ACTOR])

    @cached_property
    def trails(self) -> list[tuple[int, ...]]:
        """For each block the indices of the headings above it, outermost first."""
        trail: list[int] = []
        result = []
        for index, block in enumerate(self.blocks):
            if block.kind == BlockKind.HEADING:
                while trail and self.blocks[trail[-1]].level >= block.level:
                    trail.pop()
                result.append(tuple(trail))
                trail.append(index)
            else:
                result.append(tuple(trail))
        return result

    def heading_above(self, index: int) -> int | None:
        """The nearest heading above a block."""
        trail = self.trails[index]
        return trail[-1] if trail else None

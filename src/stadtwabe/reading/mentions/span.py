"""A stretch of text, and sets of them that answer quickly."""

from bisect import bisect_right
from collections.abc import Iterable
from typing import NamedTuple


class Span(NamedTuple):
    """Half-open: `end` is the first code point after it."""

    start: int
    end: int


class Spans:
    """Merged spans; answers whether a stretch touches any of them."""

    def __init__(self, spans: Iterable[tuple[int, int]]) -> None:
        starts: list[int] = []
        ends: list[int] = []
        last = -1
        for start, end in sorted(spans):
            if start > last:
                starts.append(start)
                ends.append(end)
                last = end
            elif end > last:
                last = ends[-1] = end
        self._starts, self._ends = starts, ends

    def touch(self, start: int, end: int) -> bool:
        """Does any span share a code point with this stretch?"""
        starts = self._starts
        if not starts:
            return False
        i = bisect_right(starts, start)
        if i and self._ends[i - 1] > start:
            return True
        return i < len(starts) and starts[i] < end

    def as_list(self) -> list[Span]:
        """Give the merged spans in order."""
        return [Span(*pair) for pair in zip(self._starts, self._ends, strict=True)]

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
        self._starts: list[int] = []
        self._ends: list[int] = []
        for start, end in sorted(spans):
            if self._ends and start <= self._ends[-1]:
                self._ends[-1] = max(self._ends[-1], end)
            else:
                self._starts.append(start)
                self._ends.append(end)

    def touch(self, start: int, end: int) -> bool:
        """Does any span share a code point with this stretch?"""
        i = bisect_right(self._starts, start)
        if i and self._ends[i - 1] > start:
            return True
        return i < len(self._starts) and self._starts[i] < end

    def as_list(self) -> list[Span]:
        """Give the merged spans in order."""
        return [Span(*pair) for pair in zip(self._starts, self._ends, strict=True)]

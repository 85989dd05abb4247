"""Nouns that say what kind of thing a name beside them denotes: Studie, Fachtag, Plattform."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from dataclasses import dataclass
from functools import cache, lru_cache

import ahocorasick

from stadtwabe.reading.lexica import load

NAMING = "naming"
TOPIC_WORD = "topic_words"
NOTHING = "nothing"
"""Words that only end like a head noun: *Urlaub* is no hub, *Ablesung* no reading of poems."""
_ENDINGS = ("", "s", "n", "e", "en", "es", "er", "ern", "se", "sen", "ses")


@dataclass(frozen=True, slots=True)
class Head:
    """One head noun in the text: the whole word's span, its lemma and what it announces."""

    start: int
    end: int
    kind: str
    lemma: str
    compound: bool


class Heads:
    """All head nouns of one text in order, with lookups by position."""

    def __init__(self, view: str, lowered: str) -> None:
        self.all = _scan(view, lowered)
        self._starts = [head.start for head in self.all]
        self._by_start = {head.start: head for head in reversed(self.all)}
        self._ends = [head.end for head in self.all]

    def within(self, start: int, end: int) -> list[Head]:
        """Heads that lie completely inside the stretch."""
        a = bisect_left(self._starts, start)
        b = bisect_right(self._starts, end)
        return [head for head in self.all[a:b] if head.end <= end]

    def ending_at(self, position: int) -> Head | None:
        """The head whose word ends exactly at the position."""
        i = bisect_left(self._ends, position)
        if i < len(self._ends) and self._ends[i] == position:
            return self.all[i]
        return None

    def starting_at(self, position: int) -> Head | None:
        """The head whose word starts exactly at the position."""
        return self._by_start.get(position)


@cache
def _automaton() -> ahocorasick.Automaton:
    entries: dict[str, list[tuple[str, bool]]] = defaultdict(list)
    for kind, section in load("heads").items():
        if kind == "version":
            continue
        for word in section["words"].split():
            entries[word.removeprefix("=")].append((kind, word.startswith("=")))
    automaton = ahocorasick.Automaton()
    for word, kinds in entries.items():
        automaton.add_word(word, (word, tuple(kinds)))
    automaton.make_automaton()
    return automaton


@lru_cache(maxsize=20_000)
def head_of(word: str) -> tuple[str, str] | None:
    """Give kind and lemma of a single word, or nothing."""
    found = _scan(word, word.lower())
    return (found[-1].kind, found[-1].lemma) if found else None


def _scan(view: str, lowered: str) -> list[Head]:
    best: dict[tuple[int, int], Head] = {}
    length = len(view)
    for last, (word, kinds) in _automaton().iter(lowered):
        end = last + 1
        start = end - len(word)
        tail = end
        while tail < length and tail - end < 4 and lowered[tail].isalpha():
            tail += 1
        if lowered[end:tail] not in _ENDINGS:
            continue
        if lowered[tail : tail + 1] == "-" and lowered[tail + 1 : tail + 2].isalpha():
            continue  # the word goes on: the head of a compound is its last part
        begin = start
        while begin and (lowered[begin - 1].isalnum() or lowered[begin - 1] in "-*"):
            begin -= 1
        compound = begin < start
        for kind, whole in kinds:
            if (whole and compound) or (kind != NAMING and not view[begin].isupper()):
                continue
            known = best.get((begin, tail))
            if known is None or len(known.lemma) < len(word):
                best[begin, tail] = Head(begin, tail, kind, word, compound)
    return sorted((h for h in best.values() if h.kind != NOTHING), key=lambda head: head.start)

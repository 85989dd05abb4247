"""The ten topics and hints at SDGs, by weighted word stems."""

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from math import log1p

import ahocorasick

from stadtwabe.reading.lexica import load
from stadtwabe.reading.mentions.span import Spans
from stadtwabe.reading.model import ReadTopic

SHARE = 0.25
"""A topic has at least this share of the strongest one's weight."""
LEAST = 0.9
MOST = 6
LONG = 8
_SDG_LEAST = 2


@cache
def _automaton() -> ahocorasick.Automaton:
    entries: dict[str, list[tuple[str, float, str]]] = defaultdict(list)
    for topic, lists in load("topics").items():
        if topic in {"version", "sdg"}:
            continue
        for name, weight in (("strong", 1.0), ("plain", 0.35)):
            for stem in lists[name].split():
                key = stem.lstrip("=<")
                mode = stem[0] if stem[0] in "=<" else ""
                entries[key].append((topic, weight, mode))
                if "-" in key and len(key) > LONG:  # short ones would match across words
                    entries[key.replace("-", " ")].append((topic, weight, mode))
    for goal, stems in load("topics")["sdg"].items():
        for stem in stems.split():
            entries[stem].append((f"sdg{goal}", 1.0, ""))
    automaton = ahocorasick.Automaton()
    for word, uses in entries.items():
        automaton.add_word(word, (len(word), tuple(uses)))
    automaton.make_automaton()
    return automaton


def _longest(lowered: str) -> Iterator[tuple[int, int, list[tuple[str, float]]]]:
    """Stems in the text; a topic's stem inside a longer one of any topic says nothing."""
    found = []
    for last, (size, uses) in _automaton().iter(lowered):
        start, end = last + 1 - size, last + 1
        begins = start == 0 or not lowered[start - 1].isalpha()
        whole = begins and not lowered[end : end + 1].isalpha()
        valid = [
            (topic, weight)
            for topic, weight, mode in uses
            if not mode or (mode == "<" and begins) or whole
        ]
        if valid:
            found.append((start, end, valid))
    found.sort(key=lambda one: (one[0], -one[1]))
    reach = 0
    for start, end, uses in found:
        if end > reach:
            reach = end
            yield start, end, uses
        elif goals := [use for use in uses if use[0].startswith("sdg")]:
            yield start, end, goals


def topics_of(
    view: str, lowered: str, masked: Spans, headings: Spans
) -> tuple[tuple[ReadTopic, ...], tuple[ReadTopic, ...]]:
    """Give the topics and the SDG hints of a text, strongest first.

    Words inside names of organisations (`masked`) tell nothing about the document's topics; words
    in `headings` count twice.
    """
    counts: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    first: dict[str, tuple[int, int]] = {}
    for start, end, uses in _longest(lowered):
        if masked.touch(start, end):
            continue
        factor = 2.0 if headings.touch(start, end) else 1.0
        for topic, weight in uses:
            counts[topic][lowered[start:end]] += weight * factor
            first.setdefault(topic, (start, end))
    # The tenth mention of the same word says less than the first of another one.
    scores = {t: sum(log1p(n) * 1.44 for n in words.values()) for t, words in counts.items()}
    topics = {t: s for t, s in scores.items() if not t.startswith("sdg")}
    total = sum(topics.values()) or 1.0
    floor = max(LEAST, SHARE * max(topics.values(), default=0.0))
    chosen = [t for t, s in topics.items() if s >= floor]
    chosen.sort(key=lambda t: -topics[t])
    goals = [t for t in scores if t.startswith("sdg") and sum(counts[t].values()) >= _SDG_LEAST]
    goals.sort(key=lambda t: -scores[t])
    return (
        tuple(_topic(view, t, topics[t] / total, first[t]) for t in chosen[:MOST]),
        tuple(_topic(view, t.removeprefix("sdg"), scores[t], first[t]) for t in goals),
    )


def _topic(view: str, key: str, score: float, span: tuple[int, int]) -> ReadTopic:
    start, end = span
    word = re.match(r"\w*", view[end:])
    end += word.end() if word else 0
    while start and view[start - 1].isalnum():
        start -= 1
    return ReadTopic(key, round(score, 3), start, end, view[start:end])

"""The ten topics and hints at SDGs, by weighted word stems and what annotated documents taught."""

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from math import exp, log1p

import ahocorasick

from stadtwabe.reading.lexica import load
from stadtwabe.reading.mentions.span import Spans
from stadtwabe.reading.model import ReadTopic

LIKELY = 0.45
"""So probable must a topic be; chosen with the weights, see `bench/reading/fit_topics.py`."""
LEAST = 0.9
"""The most probable topic is stated below that too, if its words weigh so much."""
MOST = 6
LONG = 8
_SDG_LEAST = 2
_NOT_TOPICS = {"version", "sdg", "weights"}
_REST = re.compile(r"\w*")
FEATURES = ("words", "of_strongest", "leading", "leads")


@cache
def _automaton() -> ahocorasick.Automaton:
    entries: dict[str, list[tuple[str, float, str]]] = defaultdict(list)
    for topic, lists in load("topics").items():
        if topic in _NOT_TOPICS:
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
        anywhere = all(not mode for _, _, mode in uses)
        automaton.add_word(word, (len(word), tuple(uses), anywhere))
    automaton.make_automaton()
    return automaton


def _longest(lowered: str) -> Iterator[tuple[int, int, Sequence[tuple[str, float, str]]]]:
    """Stems in the text; a topic's stem inside a longer one of any topic says nothing."""
    found = []
    for last, (size, uses, anywhere) in _automaton().iter(lowered):
        start, end = last + 1 - size, last + 1
        if not anywhere:
            begins = start == 0 or not lowered[start - 1].isalpha()
            whole = begins and not lowered[end : end + 1].isalpha()
            uses = [use for use in uses if not use[2] or (use[2] == "<" and begins) or whole]
        if uses:
            found.append((start, -end, uses))
    found.sort()  # no two begin and end alike
    reach = 0
    for start, negative, uses in found:
        end = -negative
        if end > reach:
            reach = end
            yield start, end, uses
        elif goals := [use for use in uses if use[0].startswith("sdg")]:
            yield start, end, goals


def topics_of(
    view: str, lowered: str, masked: Spans, headings: Spans, starts: Sequence[int]
) -> tuple[tuple[ReadTopic, ...], tuple[ReadTopic, ...]]:
    """Give the topics and the SDG hints of a text, strongest first.

    Words inside names of organisations (`masked`) tell nothing about the document's topics; words
    in `headings` count twice. `starts` are the starts of its blocks.
    """
    found = evidence(lowered, masked, headings, starts)
    weights = load("topics")["weights"]
    sure = {topic: _probability(weights, topic, one) for topic, one in found.topics.items()}
    chosen = [topic for topic, p in sure.items() if p >= LIKELY]
    if not chosen and sure:
        best = max(sure, key=lambda topic: sure[topic])
        chosen = [best] if found.weights[best] >= LEAST else []
    chosen.sort(key=lambda topic: -sure[topic])
    goals = [goal for goal, n in found.goals.items() if n >= _SDG_LEAST]
    goals.sort(key=lambda goal: -found.weights[goal])
    return (
        tuple(_topic(view, t, sure[t], found.first[t]) for t in chosen[:MOST]),
        tuple(_topic(view, t.removeprefix("sdg"), found.weights[t], found.first[t]) for t in goals),
    )


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for each topic of a text."""

    topics: dict[str, tuple[float, ...]]
    """The values of `FEATURES` for each topic that has a word in the text."""
    weights: dict[str, float]
    goals: dict[str, float]
    first: dict[str, tuple[int, int]]


def evidence(lowered: str, masked: Spans, headings: Spans, starts: Sequence[int]) -> Evidence:
    """Count the words for each topic, and the blocks in which a topic leads.

    words: their weights, the tenth mention of a word saying less than the first of another one,
    as a logarithm; of_strongest: as a share of the strongest topic's; leading: the share of blocks
    in which the topic leads; leads: their number, as a logarithm.
    """
    counts: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    blocks: dict[int, dict[str, dict[str, float]]] = defaultdict(lambda: defaultdict(dict))
    first: dict[str, tuple[int, int]] = {}
    for start, end, uses in _longest(lowered):
        if masked.touch(start, end):
            continue
        factor = 2.0 if headings.touch(start, end) else 1.0
        word, block = lowered[start:end], bisect_right(starts, start)
        for topic, weight, _ in uses:
            counts[topic][word] += weight * factor
            blocks[block][topic][word] = weight
            if topic not in first:
                first[topic] = start, end
    totals = {t: sum([log1p(n) * 1.44 for n in words.values()]) for t, words in counts.items()}
    strongest = max((n for t, n in totals.items() if not t.startswith("sdg")), default=1.0)
    leads = _leads(blocks.values())
    every = sum(leads.values()) or 1.0
    return Evidence(
        {
            t: (log1p(n), n / strongest, leads.get(t, 0.0) / every, log1p(leads.get(t, 0.0)))
            for t, n in totals.items()
            if not t.startswith("sdg")
        },
        totals,
        {t: sum(words.values()) for t, words in counts.items() if t.startswith("sdg")},
        first,
    )


def _leads(blocks: Iterable[dict[str, dict[str, float]]]) -> dict[str, float]:
    """In how many blocks a topic has the heaviest words; one with faint words counts less."""
    leads: dict[str, float] = defaultdict(float)
    for block in blocks:
        sums = {t: sum(ws.values()) for t, ws in block.items() if not t.startswith("sdg")}
        most = max(sums.values(), default=0.0)
        for topic, weight in sums.items():
            if weight == most:
                leads[topic] += min(1.0, most)
    return leads


def _probability(weights: dict[str, float], topic: str, values: tuple[float, ...]) -> float:
    total = weights["constant"] + weights[topic]
    total += sum(weights[name] * value for name, value in zip(FEATURES, values, strict=True))
    return 1 / (1 + exp(-total))


def _topic(view: str, key: str, score: float, span: tuple[int, int]) -> ReadTopic:
    start, end = span
    word = _REST.match(view, end)
    end = word.end() if word else end
    while start and view[start - 1].isalnum():
        start -= 1
    return ReadTopic(key, round(score, 3), start, end, view[start:end])

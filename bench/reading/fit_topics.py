"""Learn the weights of topics from annotated folders, and say how well they do left out.

usage: PYTHONPATH=src python bench/reading/fit_topics.py FOLDER...

Prints `[weights]` for src/stadtwabe/reading/lexica/topics.toml. One document at a time is left out,
the weights are learnt on all others, and what they say of the one counts: this figure is reported,
not the one on documents that taught. A logistic regression with a ridge, by Newton's method.
"""

import json
import sys
from collections.abc import Sequence
from math import exp
from pathlib import Path

from stadtwabe.reading.extract import extract
from stadtwabe.reading.extract.extracted import BlockKind
from stadtwabe.reading.mentions.organisation import spans_of
from stadtwabe.reading.mentions.organisations import organisations_in
from stadtwabe.reading.mentions.span import Spans
from stadtwabe.reading.mentions.urls import address_spans, urls_in
from stadtwabe.reading.topics import FEATURES, LIKELY, MOST, evidence
from stadtwabe.reading.view import view_of

TOPICS = (
    "administration",
    "mobility",
    "energy_environment",
    "society_participation",
    "education",
    "health_care",
    "economy_retail",
    "data_infrastructure",
    "security_privacy",
    "planning_building",
)
RIDGE = 3.0
STEPS = 6
Row = list[float]
Sample = tuple[Row, int]
"""Features, topic as one of ten, constant; and whether the document is about it."""


def rows_of(path: Path, gold: set[str]) -> dict[str, Sample]:
    """One sample for each topic that has a word in the document."""
    read = extract(path.read_bytes(), path.name)
    view = view_of(read.text, read.blocks)
    masked = Spans([*((u.start, u.end) for u in urls_in(view)), *address_spans(view)])
    names = Spans(spans_of(organisations_in(view, masked)))
    headings = Spans((b.start, b.end) for b in read.blocks if b.kind == BlockKind.HEADING)
    found = evidence(view.lower(), names, headings, [b.start for b in read.blocks])
    return {
        topic: ([*values, *(float(topic == other) for other in TOPICS), 1.0], int(topic in gold))
        for topic, values in found.topics.items()
    }


def probability(weights: Sequence[float], row: Row) -> float:
    """How probable a topic is by these weights."""
    return 1 / (1 + exp(-sum(w * x for w, x in zip(weights, row, strict=True))))


def fitted(samples: Sequence[Sample], weights: Row) -> Row:
    """Newton's method from given weights; the constant alone is not drawn to zero."""
    size = len(weights)
    for _ in range(STEPS):
        slope = [RIDGE * w for w in weights[:-1]] + [0.0]
        curve = [[RIDGE * (i == j) * (i < size - 1) for j in range(size)] for i in range(size)]
        for row, label in samples:
            p = probability(weights, row)
            filled = [(i, x) for i, x in enumerate(row) if x]
            for i, x in filled:
                slope[i] += (p - label) * x
                for j, y in filled:
                    curve[i][j] += p * (1 - p) * x * y
        weights = [w - step for w, step in zip(weights, solved(curve, slope), strict=True)]
    return weights


def solved(matrix: list[Row], right: Row) -> Row:
    """Gauss's elimination with the largest pivot."""
    size = len(right)
    rows = [[*line, value] for line, value in zip(matrix, right, strict=True)]
    for i in range(size):
        pivot = max(range(i, size), key=lambda k: abs(rows[k][i]))
        rows[i], rows[pivot] = rows[pivot], rows[i]
        for k in range(size):
            if k != i and rows[k][i]:
                factor = rows[k][i] / rows[i][i]
                rows[k] = [a - factor * b for a, b in zip(rows[k], rows[i], strict=True)]
    return [rows[i][size] / rows[i][i] for i in range(size)]


def stated(weights: Row, samples: dict[str, Sample]) -> set[str]:
    """The topics that would be stated of a document."""
    sure = {topic: probability(weights, row) for topic, (row, _) in samples.items()}
    ranked = sorted(sure, key=lambda topic: -sure[topic])[:MOST]
    return {topic for topic in ranked if sure[topic] >= LIKELY} or set(ranked[:1])


def main() -> None:
    """See the head of this file."""
    documents: list[tuple[set[str], dict[str, Sample]]] = []
    for folder in map(Path, sys.argv[1:]):
        for line in (folder / "gold.jsonl").read_text(encoding="utf-8").splitlines():
            record = json.loads(line)
            gold = set(record["topics"])
            documents.append((gold, rows_of(folder / record["doc"], gold)))
    every = [sample for _, rows in documents for sample in rows.values()]
    whole = fitted(every, [0.0] * (len(FEATURES) + len(TOPICS) + 1))
    hits = wanted = found = 0
    for gold, rows in documents:
        own = {id(sample) for sample in rows.values()}
        without = fitted([sample for sample in every if id(sample) not in own], whole)
        told = stated(without, rows)
        hits, wanted, found = hits + len(told & gold), wanted + len(gold), found + len(told)
    print(f"# left out: F1 {2 * hits / (wanted + found):.3f} ({hits}/{wanted}/{found})")
    print("[weights]")
    for name, weight in zip((*FEATURES, *TOPICS, "constant"), whole, strict=True):
        print(f"{name} = {weight:.2f}")


if __name__ == "__main__":
    main()

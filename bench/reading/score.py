"""Score what a reader found in documents against what a person found in them.

Both sides are JSON Lines of one shape (see ``README.md``), joined on ``doc``. A document of the
gold file without a counterpart counts as all missed; one that only the reader knows is ignored.

=================  ==========================================================================
municipalities     one per key (AGS or district key) and document; beside it the recall of actors
                   and of mere mentions
names              projects, events, strategies, publications, organisations: matched one to one,
                   most alike first, from a Dice overlap of their words of .6 upwards
project_links      pairs of project and place key; count where the project's name is matched
event_dates        pairs of event and date; likewise
amounts_eur        equal to the cent
dates, urls,       equal as strings; an address without its scheme and closing slashes
topics, sdgs
=================  ==========================================================================

Figures are micro-averaged over the documents. Usage::

    python bench/reading/score.py GOLD.jsonl FOUND.jsonl
        [--only A.txt,B.txt] [--errors FIELD] [--json]
"""

import argparse
import json
import re
import sys
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Record = Mapping[str, Any]

ENOUGH = 0.6
"""Two names with this Dice overlap of words, or more, are the same thing."""

NAME_KEYS: dict[str, str | None] = {
    "projects": "name",
    "events": "title",
    "strategies": "title",
    "publications": "title",
    "organisations": None,
}
"""Fields that hold names, and the key of the name; organisations are plain strings."""

PAIRS = {"projects": ("project_links", "municipalities"), "events": ("event_dates", "dates")}
"""Fields whose things point at something: name of the extra row, key of what they point at."""

# Words that say nothing about which thing is meant: articles, prepositions, legal forms.
SILENT = frozenset(
    {
        "der",
        "die",
        "das",
        "des",
        "dem",
        "den",
        "und",
        "für",
        "fuer",
        "zur",
        "zum",
        "von",
        "vom",
        "im",
        "in",
        "am",
        "an",
        "e",
        "v",
        "ev",
        "ggmbh",
        "gmbh",
        "ag",
        "mbh",
    }
)
WORD = re.compile(r"[0-9a-zäöüßéèçø]+")


@dataclass
class Tally:
    """Hits, and the sizes of both sides, for one field."""

    hits: int = 0
    gold: int = 0
    found: int = 0

    def add(self, hits: int, gold: int, found: int) -> None:
        """Count one more document."""
        self.hits += hits
        self.gold += gold
        self.found += found

    @property
    def precision(self) -> float:
        """Share of what was found that is right; 0 when nothing was found."""
        return self.hits / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        """Share of what is there that was found; 0 when nothing is there."""
        return self.hits / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0

    def as_dict(self) -> dict[str, float | int]:
        """Figures rounded to three places, and the counts."""
        return {
            "precision": round(self.precision, 3),
            "recall": round(self.recall, 3),
            "f1": round(self.f1, 3),
            "tp": self.hits,
            "gold": self.gold,
            "pred": self.found,
        }


@dataclass(frozen=True)
class Slip:
    """What was missed and what was wrongly found in one field of one document."""

    doc: str
    field: str
    missed: list[str]
    spurious: list[str]


@dataclass
class Scores:
    """Tallies by field, in the order of the table, and every slip."""

    tallies: dict[str, Tally] = field(default_factory=dict)
    slips: list[Slip] = field(default_factory=list)

    def count(self, row: str, hits: int, gold: int, found: int) -> None:
        """Add one document's counts to a row."""
        self.tallies.setdefault(row, Tally()).add(hits, gold, found)

    def slip(
        self, doc: str, row: str, missed: Iterable[object], spurious: Iterable[object]
    ) -> None:
        """Remember what went wrong, if anything did."""
        slip = Slip(doc, row, sorted(map(str, missed)), sorted(map(str, spurious)))
        if slip.missed or slip.spurious:
            self.slips.append(slip)


def words(name: str) -> frozenset[str]:
    """The telling words of a name in lower case; all of them if none tells anything."""
    every = WORD.findall(unicodedata.normalize("NFKC", name).lower())
    return frozenset(every) - SILENT or frozenset(every)


def likeness(gold: str, found: str) -> float:
    """Dice overlap of the words of two names, 0 to 1; gold may list aliases: ``Long|SHORT``."""
    other = words(found)
    best = 0.0
    for alias in gold.split("|"):
        own = words(alias)
        if own and other:
            best = max(best, 2 * len(own & other) / (len(own) + len(other)))
    return best


def match(gold: Sequence[str], found: Sequence[str]) -> list[tuple[int, int]]:
    """One-to-one pairs (position in gold, position in found), most alike first.

    Equals are taken from the end, as the yardstick of the project does it, so that figures of both
    agree to the last digit.
    """
    candidates = [
        (alike, i, j)
        for i, name in enumerate(gold)
        for j, other in enumerate(found)
        if (alike := likeness(name, other)) >= ENOUGH
    ]
    taken_gold: set[int] = set()
    taken_found: set[int] = set()
    pairs = []
    for _, i, j in sorted(candidates, reverse=True):
        if i not in taken_gold and j not in taken_found:
            taken_gold.add(i)
            taken_found.add(j)
            pairs.append((i, j))
    return pairs


def score(gold: Mapping[str, Record], found: Mapping[str, Record]) -> Scores:
    """Compare two readings of the same documents, both by document name."""
    scores = Scores()
    for doc in sorted(gold):
        theirs = found.get(doc, {})
        _score_municipalities(scores, doc, gold[doc], theirs)
        for row in NAME_KEYS:
            _score_names(scores, doc, row, gold[doc], theirs)
        _score_set(
            scores, doc, "amounts_eur", gold[doc], theirs, lambda value: round(float(value), 2)
        )
        for row in ("dates", "urls", "topics", "sdgs"):
            _score_set(scores, doc, row, gold[doc], theirs, bare_address if row == "urls" else str)
    return scores


def bare_address(url: object) -> str:
    """An address in lower case without scheme and closing slashes."""
    return re.sub(r"^https?://", "", str(url).strip().lower()).rstrip("/")


def read_records(path: Path) -> dict[str, Record]:
    """The records of a JSON Lines file by document name."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return {record["doc"]: record for record in map(json.loads, filter(str.strip, lines))}


def _score_municipalities(scores: Scores, doc: str, gold: Record, theirs: Record) -> None:
    own = {place["ags"]: place for place in gold["municipalities"]}
    other = {
        place["ags"]: place for place in theirs.get("municipalities") or () if place.get("ags")
    }
    scores.count("municipalities", len(own.keys() & other.keys()), len(own), len(other))
    scores.slip(
        doc,
        "municipalities",
        (f"{key}:{own[key].get('name')}" for key in own.keys() - other.keys()),
        (f"{key}:{other[key].get('name')}" for key in other.keys() - own.keys()),
    )
    for role in ("actor", "mention"):
        keys = {key for key, place in own.items() if place.get("role") == role}
        hits = len(keys & other.keys())
        scores.count(f"  recall {role}", hits, len(keys), hits)


def _score_names(scores: Scores, doc: str, row: str, gold: Record, theirs: Record) -> None:
    own, other = list(gold.get(row) or ()), list(theirs.get(row) or ())
    own_names, other_names = _names(row, own), _names(row, other)
    if row == "organisations":
        other_names = _without_second_forms(own_names, other_names)
    pairs = match(own_names, other_names)
    scores.count(row, len(pairs), len(own_names), len(other_names))
    hit_own, hit_other = {i for i, _ in pairs}, {j for _, j in pairs}
    scores.slip(
        doc,
        row,
        (name for i, name in enumerate(own_names) if i not in hit_own),
        (name for j, name in enumerate(other_names) if j not in hit_other),
    )
    if row in PAIRS:
        pair_row, key = PAIRS[row]
        hits = sum(len(_targets(own[i], key) & _targets(other[j], key)) for i, j in pairs)
        scores.count(
            pair_row,
            hits,
            sum(len(_targets(thing, key)) for thing in own),
            sum(len(_targets(thing, key)) for thing in other),
        )


def _without_second_forms(own: Sequence[str], other: Sequence[str]) -> list[str]:
    """Drop a further spelling of an organisation that is matched already: no error, and no hit."""
    pairs = match(own, other)
    matched = {j for _, j in pairs}
    known = {words(alias) for i, _ in pairs if "|" in own[i] for alias in own[i].split("|")}
    return [name for j, name in enumerate(other) if j in matched or words(name) not in known]


def _score_set(
    scores: Scores,
    doc: str,
    row: str,
    gold: Record,
    theirs: Record,
    normal: Callable[[Any], object],
) -> None:
    own = {normal(value) for value in gold.get(row) or ()}
    other = {normal(value) for value in theirs.get(row) or ()}
    scores.count(row, len(own & other), len(own), len(other))
    scores.slip(doc, row, own - other, other - own)


def _names(row: str, things: Iterable[Any]) -> list[str]:
    key = NAME_KEYS[row]
    return [
        thing if key is None or isinstance(thing, str) else thing.get(key) or "" for thing in things
    ]


def _targets(thing: Any, key: str) -> set[str]:
    return set(thing.get(key) or ()) if isinstance(thing, dict) else set()


def table(scores: Scores) -> str:
    """The figures as lines of text."""
    lines = [f"{'field':18s} {'P':>6s} {'R':>6s} {'F1':>6s}   tp/gold/pred"]
    for row, tally in scores.tallies.items():
        if row.startswith("  "):
            lines.append(
                f"{row:18s} {'':6s} {tally.recall:6.3f} {'':6s}   {tally.hits}/{tally.gold}"
            )
        else:
            lines.append(
                f"{row:18s} {tally.precision:6.3f} {tally.recall:6.3f} {tally.f1:6.3f}"
                f"   {tally.hits}/{tally.gold}/{tally.found}"
            )
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Command line; see the head of this file."""
    parser = argparse.ArgumentParser(description="Score a reading against gold (JSON Lines).")
    parser.add_argument("gold", type=Path)
    parser.add_argument("found", type=Path)
    parser.add_argument("--only", help="documents to score, separated by commas")
    parser.add_argument(
        "--errors", metavar="FIELD", help="print what was missed and spurious there"
    )
    parser.add_argument("--json", action="store_true", help="figures as JSON")
    options = parser.parse_args(arguments)
    gold, found = read_records(options.gold), read_records(options.found)
    if options.only:
        wanted = set(options.only.split(","))
        if strange := wanted - gold.keys():
            parser.error(f"not in {options.gold}: {', '.join(sorted(strange))}")
        gold = {doc: record for doc, record in gold.items() if doc in wanted}
    scores = score(gold, found)
    for slip in scores.slips:
        if slip.field == options.errors:
            print(slip.doc, "MISSED", slip.missed, "SPURIOUS", slip.spurious)
    if options.json:
        figures = {row: tally.as_dict() for row, tally in scores.tallies.items()}
        print(json.dumps(figures, indent=1, ensure_ascii=False))
    else:
        print(f"{len(gold)} documents, {len(gold.keys() & found.keys())} with predictions")
        print(table(scores))
    return 0


if __name__ == "__main__":
    sys.exit(main())

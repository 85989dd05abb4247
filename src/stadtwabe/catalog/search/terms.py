"""From what people type to queries of PostgreSQL's text search.

All words must be found, whatever their endings and accents. ``"in quotes"`` is a phrase and
``-word`` excludes. A compound is also found by its two parts together. Where that finds nothing,
one part is enough (``Loose.PARTS``), and then one word (``Loose.WORDS``).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

from stadtwabe.catalog.search.compounds import split

LONGEST_QUERY = 200
MOST_TERMS = 12

_PIECE = re.compile(r'(-?)(?:"([^"]*)"|„([^“”"]*)[“”"]|(\S+))')
_EDGE = ".,;:!?()[]{}<>„“”\"'`´*&|%\\/=+~^-–_"
_UMLAUTS = {"ae": "ä", "oe": "ö", "ue": "ü"}


class Loose(IntEnum):
    """How generously a query is read."""

    STRICT = 0
    PARTS = 1
    WORDS = 2


@dataclass(frozen=True, slots=True)
class Term:
    """A word or phrase that must, or must not, be found; ``or_names`` say it in other ways."""

    text: str
    excluded: bool = False
    phrase: bool = False
    or_names: tuple[str, ...] = ()

    def to_tsquery(self, loose: Loose) -> str:
        """Return the term in the language of ``to_tsquery``."""
        if self.phrase:
            return _quoted(self.text)
        ways = [_quoted(way) for way in (self.text, *_spellings(self.text), *self.or_names)]
        parts = [_quoted(part) for part in _parts(self.text)]
        if parts and not self.excluded:
            joint = " | " if loose else " & "
            ways.append(f"({joint.join(parts)})")
        return f"({' | '.join(ways)})"


def parse(text: str) -> tuple[Term, ...]:
    """Return the terms of ``text``; only its first 200 characters and 12 terms count."""
    terms = []
    for minus, quoted, german, word in _PIECE.findall(text[:LONGEST_QUERY]):
        cleaned = (quoted or german or word).strip(_EDGE + " ")
        if cleaned:
            phrase = bool((quoted or german) and " " in cleaned)
            terms.append(Term(cleaned, excluded=bool(minus), phrase=phrase))
    return tuple(terms[:MOST_TERMS])


def to_tsquery(terms: Iterable[Term], loose: Loose = Loose.STRICT) -> str:
    """Return all terms joined, for ``to_tsquery``; empty when nothing is asked for."""
    terms = tuple(terms)
    wanted = [term.to_tsquery(loose) for term in terms if not term.excluded]
    if not wanted:
        return ""
    joined = (" | " if loose == Loose.WORDS else " & ").join(wanted)
    excluded = [f"!{term.to_tsquery(loose)}" for term in terms if term.excluded]
    return " & ".join([f"({joined})", *excluded])


def _quoted(text: str) -> str:
    return "'" + re.sub(r"['\\\x00]", " ", text) + "'"


def _parts(word: str) -> tuple[str, ...]:
    if "-" in word:
        return tuple(part for part in word.split("-") if part)
    return split(word.lower())


def _spellings(word: str) -> tuple[str, ...]:
    """Return the word with umlauts, if it may be written without: *Koeln* also asks for *Köln*."""
    lower = word.lower()
    changed = re.sub(r"ae|oe|(?<![aeq])ue", lambda found: _UMLAUTS[found[0]], lower)
    return (changed,) if changed != lower else ()

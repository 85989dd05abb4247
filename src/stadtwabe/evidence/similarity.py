"""How alike two texts are: a sample of their shingles, small enough to keep with each document.

A shingle is four words in a row. Of their hashes the smallest 128 are kept (a bottom-k sketch,
Broder 1997, "On the resemblance and containment of documents"): texts shorter than 131 words are
kept whole, and of longer ones the share of common shingles is estimated within a few percent.
"""

import re
from hashlib import blake2b

WORDS = 4
SIZE = 128
NEAR = 0.5
"""From this share of common shingles on, two documents are shown as near-duplicates."""

_WORD = re.compile(r"\w+")
_FOLD = re.compile(r"[\W_]+")


def form_of(name: str) -> str:
    """Return ``name`` folded for comparison: lower case, letters and digits only."""
    return _FOLD.sub(" ", name.casefold()).strip()[:200]


def sketch_of(text: str) -> list[int]:
    """Return the sketch of ``text``: at most 128 numbers of 63 bits, ascending."""
    words = _WORD.findall(text.casefold())
    shingles = {
        " ".join(words[at : at + WORDS]) for at in range(max(1, len(words) - WORDS + 1)) if words
    }
    return sorted(_number(shingle) for shingle in shingles)[:SIZE]


def resemblance(one: list[int], other: list[int]) -> float:
    """Return the estimated share of shingles that two texts have in common, 0 to 1."""
    sample = sorted({*one, *other})[:SIZE]
    if not sample:
        return 0.0
    return len(set(sample) & set(one) & set(other)) / len(sample)


def _number(shingle: str) -> int:
    return int.from_bytes(blake2b(shingle.encode(), digest_size=8).digest()) >> 1

"""Differences between two texts, word by word."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum


class Change(StrEnum):
    """What happened to a piece of text."""

    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Piece:
    """Consecutive words with the same fate."""

    change: Change
    text: str


def compare(before: str, after: str) -> list[Piece]:
    """Return the pieces of both texts in reading order; removed before added.

    All pieces that are not ADDED make up ``before``, all that are not REMOVED ``after``.
    """
    old, new = _words(before), _words(after)
    pieces: list[Piece] = []
    matcher = SequenceMatcher(a=old, b=new, autojunk=False)
    for tag, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        if tag == "equal":
            pieces.append(Piece(Change.SAME, "".join(old[old_from:old_to])))
            continue
        if old_to > old_from:
            pieces.append(Piece(Change.REMOVED, "".join(old[old_from:old_to])))
        if new_to > new_from:
            pieces.append(Piece(Change.ADDED, "".join(new[new_from:new_to])))
    return pieces


def _words(text: str) -> list[str]:
    return re.findall(r"\s+|\w+|[^\w\s]", text)

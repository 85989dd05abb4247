"""Words and weights of the rules, as versioned data beside the code."""

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

_FIRST = re.compile(r"(?P<edge>\\b)?\[?(?P<letters>(?<=\[)\w+(?=\])|(?<!\[)\w)\]?(?![?*+{])")
"""A line's first letter, or letters in brackets, perhaps after the edge of a word."""

_IN_BRACKETS = re.compile(r"\((?:[^()]|\([^()]*\))*\)")


@cache
def load(name: str) -> dict[str, Any]:
    """Read ``lexica/<name>.toml``."""
    return tomllib.loads(files(__name__).joinpath(f"{name}.toml").read_text(encoding="utf-8"))


@cache
def words(name: str, key: str) -> frozenset[str]:
    """Give a space-separated list of a lexicon as a set."""
    return frozenset(load(name)[key].split())


@cache
def pattern(name: str, key: str) -> re.Pattern[str]:
    """Join the lines of a lexicon, each a regular expression, to one pattern."""
    lines = [line for line in load(name)[key].splitlines() if line]
    return re.compile(f"(?:{'|'.join(_by_first_letter(lines))})")


def _by_first_letter(lines: list[str]) -> list[str]:
    """The alternatives grouped by their first letters, if all begin with one.

    A search then skips to those letters and tries only what goes on from there. It finds the same:
    alternatives under one letter keep their order, and those of two never begin at one place.
    """
    groups: dict[str, list[str]] = {}
    for line in lines:
        first = _FIRST.match(line)
        if first is None or "|" in _IN_BRACKETS.sub("", line):
            return lines
        rest = ("(?<!\\w.)" if first["edge"] else "") + line[first.end() :]
        for letter in first["letters"]:
            groups.setdefault(letter, []).append(rest)
    return [f"{letter}(?:{'|'.join(rests)})" for letter, rests in groups.items()]

"""Organisations behind the name of the person who speaks for them."""

import re
from collections.abc import Iterable

from stadtwabe.reading.lexica import words
from stadtwabe.reading.mentions.organisation import Organisation

_OF_A_PERSON = re.compile(
    r"(?P<first>[A-ZÄÖÜ][\w-]+\.?) (?:[A-ZÄÖÜ][\w.-]+ ){0,2}\((?P<name>[A-ZÄÖÜ]{3,8})\)"
)
_IN_BRACKETS = re.compile(r"\([A-ZÄÖÜ]{3,8}\)")


def speakers_in(view: str) -> list[Organisation]:
    """``Hanna Beck (FWTM)``: whom a person speaks for, if that is no party."""
    found = []
    for match in _before_brackets(view):
        first, name = match["first"], match["name"]
        known = first in words("persons", "first_names") or first.rstrip(".") in {"Dr", "Prof"}
        if known and name not in words("organisations", "no_organisations"):
            start, end = match.span("name")
            found.append(Organisation(start, end, name, "", end, "behind a person", 0.75))
    return found


def _before_brackets(view: str) -> Iterable[re.Match[str]]:
    """Names with a short name in brackets behind; brackets are rarer than capitals."""
    done = 0
    for short in _IN_BRACKETS.finditer(view):
        for match in _OF_A_PERSON.finditer(view, max(done, short.start() - 120), short.end()):
            done = match.end()
            yield match

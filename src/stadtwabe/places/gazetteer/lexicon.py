"""Words around a name that tell what it is: the lists of `lexicon.toml`, explained there."""

import tomllib
from pathlib import Path
from typing import Any

_LISTS: dict[str, Any] = tomllib.loads(
    (Path(__file__).with_name("lexicon.toml")).read_text(encoding="utf-8")
)


def _words(name: str) -> frozenset[str]:
    return frozenset(_LISTS[name].split())


TOWN = _words("town")
INSTITUTION = _words("institution")
DISTRICT = _words("district")
PART_OF_TOWN = _words("part_of_town")
TITLES = _words("titles")
LANDSCAPE = _words("landscape")
NO_ADJECTIVES = _words("no_adjectives")
CALLED_AFTER = _words("called_after")
ROLE_ENDINGS = tuple(_words("role_endings"))
NEWSPAPER = _words("newspaper")
PREPOSITIONS = _words("prepositions")
STRONG_PREPOSITIONS = _words("strong_prepositions")
DETERMINERS = _words("determiners")
COMPANY = _words("company")
STREET = _words("street")
STREET_WITH_NUMBER = _words("street_with_number")
ORDINARY_AFTER_PREPOSITION = {
    preposition: frozenset(words.split())
    for preposition, words in _LISTS["ordinary_after_preposition"].items()
}
STATE_ALIASES: dict[str, str] = _LISTS["state_aliases"]
STATE_ADJECTIVES: dict[str, str] = _LISTS["state_adjectives"]

"""Word lists of the gazetteer: town names that are common words, and given names.

Needs `simplemma` (run time dependency) and `faker` (comes with factory-boy); both MIT.
"""

import csv
import re
import tomllib
from collections import Counter
from importlib import import_module
from pathlib import Path

from simplemma.strategies.dictionaries import DefaultDictionaryFactory

_JUDGEMENTS = tomllib.loads(Path(__file__).with_name("words.toml").read_text(encoding="utf-8"))
PLACES_FIRST, VERBS, ALSO_COMMON = (
    frozenset(_JUDGEMENTS[name].split()) for name in ("places_first", "verbs", "also_common")
)

_TAILS_THAT_MAKE_A_WORD = 3


def common_words(register: Path) -> list[str]:
    """List the one-word town names that are common words, verbs marked by an asterisk.

    A name is common if the German dictionary has it in lower case, or if at least three of the
    dictionary's compounds end in it ("Bauern-hof").
    """
    names = _one_word_names(register)
    keys = {
        key.decode() if isinstance(key, bytes) else str(key)
        for key in DefaultDictionaryFactory().get_dictionary("de")
    }
    lowered = {key.lower() for key in keys}
    wanted = {name.lower() for name in names}
    tails = Counter(
        key[cut:]
        for key in lowered
        for cut in range(3, len(key) - 1)
        if key[cut:] in wanted and (key[:cut] in lowered or key[:cut].rstrip("s") in lowered)
    )
    found = {
        name
        for name in names
        if name.lower() in keys or tails[name.lower()] >= _TAILS_THAT_MAKE_A_WORD
    }
    found = (found | (names & ALSO_COMMON) | (names & VERBS)) - PLACES_FIRST
    return sorted(f"{name}*" if name in VERBS else name for name in found)


def _one_word_names(register: Path) -> set[str]:
    names = set()
    with register.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["level"] != "municipality":
                continue
            short = re.split(
                r"\s*[(/]| (?:an|am|im|in|bei|ob|vorm|auf|unter|vor|[abiv]\.)", row["name"]
            )[0]
            for name in (short, short.removeprefix("Lutherstadt ")):
                if re.fullmatch(r"\w+", name):
                    names.add(name)
    return names


def given_names() -> list[str]:
    """List the given names that Faker knows for Germany, Austria and Switzerland."""
    names: set[str] = set()
    for locale in ("de_DE", "de_AT", "de_CH"):
        provider = import_module(f"faker.providers.person.{locale}").Provider
        for attribute in ("first_names", "first_names_male", "first_names_female"):
            names.update(getattr(provider, attribute, ()))
    parts = {part for name in names for part in re.split(r"[\s.]+", name)}
    return sorted(part for part in parts if len(part) > 1 and part[0].isupper())

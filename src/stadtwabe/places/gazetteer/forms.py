"""How a place's name appears in texts: variants, genitives, adjectives."""

import re
from collections.abc import Iterator
from enum import IntEnum


class Form(IntEnum):
    """How far a written form is from the register's name; lower is nearer."""

    NAME = 0
    SHORT = 1
    GENITIVE = 2
    ADJECTIVE = 3


_ABBREVIATIONS = (
    ("a.d.", "an der"),
    ("i.d.", "in der"),
    ("v.d.", "vor der"),
    ("a.", "am"),
    ("a.", "an"),
    ("b.", "bei"),
    ("i.", "im"),
    ("i.", "in"),
    ("v.", "vor"),
    ("o.d.", "ob der"),
)

_WORDS = (
    ("OPf.", "Oberpfalz"),
    ("OB", "Oberbayern"),
    ("Bay.", "Bayern"),
    ("Westf.", "Westfalen"),
    ("Holst.", "Holstein"),
    ("Thür.", "Thüringen"),
    ("Sa.", "Sachsen"),
    ("Erzgeb.", "Erzgebirge"),
    ("Rhld.", "Rheinland"),
    ("Odw.", "Odenwald"),
    ("Oldb", "Oldenburg"),
    ("Nds.", "Niedersachsen"),
    ("Württ.", "Württemberg"),
    ("Vogtl.", "Vogtland"),
    ("Hann.", "Hannoversch"),
)

_PREFIXES = ("Lutherstadt ", "Hansestadt ", "Ostseebad ", "Ostseeheilbad ", "Seebad ")

_SUFFIX = re.compile(
    r" (?:an der|an den|am|an|im|in der|in den|in|bei|ob der|ob|vor der|vor dem|vor|vorm|unter"
    r"|auf|a\.d\.|i\.d\.|a\.|b\.|i\.|v\.d\.|o\.d\.) ?[\w.].*$"
)
_QUALIFIED_PATTERNS = (
    "{0} ({1})",
    "{0}/{1}",
    "{0} / {1}",
    "{0}/ {1}",
    "{0} {1}",
    "{0} im {1}",
    "{0} in {1}",
    "{0} an der {1}",
    "{0} am {1}",
    "{0} bei {1}",
)
_QUALIFIED = re.compile(r"^(?P<core>[^(/,]+?)\s*(?:\((?P<paren>[^)]+)\)|/(?P<slash>\S.*))$")


def names(name: str) -> dict[str, Form]:
    """Give the ways to write a register name, e.g. of "Menden (Sauerland)".

    The full name in its spellings is `Form.NAME`; "Menden" alone is `Form.SHORT`.
    """
    found: dict[str, Form] = {}
    for spelling in _spellings(name):
        found.setdefault(spelling, Form.NAME)
        for written, form in _qualified(spelling):
            found.setdefault(written, form)
    for spelling in list(found):
        found.setdefault(_SUFFIX.sub("", spelling), Form.SHORT)
        for prefix in _PREFIXES:
            found.setdefault(spelling.removeprefix(prefix), Form.SHORT)
    for spelling, form in list(found.items()):
        for old, new in (("Sankt ", "St. "), ("St. ", "Sankt ")):
            found.setdefault(spelling.replace(old, new), form)
        found.setdefault(_plain_letters(spelling), form)
    return found


def _qualified(spelling: str) -> Iterator[tuple[str, Form]]:
    """Write a name with a qualifier, "Dillingen/Saar", in the ways that occur."""
    parts = _QUALIFIED.match(spelling)
    if parts is None:
        return
    core, qualifier = parts["core"], parts["paren"] or parts["slash"]
    for pattern in _QUALIFIED_PATTERNS:
        yield pattern.format(core, qualifier.removeprefix("bei ")), Form.NAME
    yield core, Form.SHORT


def _spellings(name: str) -> list[str]:
    """Write abbreviations out, and with and without a space inside ("a.d." = "a. d.")."""
    results = [name]
    for short, long in _WORDS:
        pattern = re.compile(rf"(?<!\w){re.escape(short)}(?!\w)")
        results += [value.replace(short, long) for value in results if pattern.search(value)]
    for short, long in _ABBREVIATIONS:
        pattern = re.compile(rf"(?<=[ (]){re.escape(short)} ?(?=[A-ZÄÖÜ])")
        results += [pattern.sub(f"{long} ", value) for value in results if pattern.search(value)]
    for short, long in _ABBREVIATIONS:
        for value in [value for value in results if f" {long} " in value]:
            results.append(value.replace(f" {long} ", f" {short} "))
            if short.count(".") == 2:
                results.append(value.replace(f" {long} ", f" {short.replace('.', '. ')}"))
    return results


def _plain_letters(name: str) -> str:
    for letter, plain in zip("äöüÄÖÜß", ("ae", "oe", "ue", "Ae", "Oe", "Ue", "ss"), strict=True):
        name = name.replace(letter, plain)
    return name


def genitives(name: str) -> Iterator[str]:
    """Give the genitives: "Bochums", "Neuss'"; none for names that end in a bracket."""
    if not name[-1].isalpha():
        return
    if name[-1] in "sßxz":
        yield f"{name}'"
        yield f"{name}’"
    else:
        yield f"{name}s"


def adjectives(name: str) -> Iterator[str]:
    """Give the adjectives in -er: "Moerser", "Münchener" and "Münchner", "Darmstädter".

    Source of the rules: the patterns of Duden, Die Grammatik, on the names of inhabitants.
    """
    if not re.fullmatch(r"[\w.\- ]+", name) or not name[-1].isalpha():
        return
    stem, last = (
        (name[: -len(tail)], tail) if (tail := re.split(r"[ \-]", name)[-1]) else (name, "")
    )
    if len(last) < 3:
        return
    for word in _adjectives_of_word(last):
        yield stem + word


_IRREGULAR_ADJECTIVES = {
    "Halle": ("Hallenser", "Hallesche", "Hallescher", "Halleschen"),
    "Hannover": ("Hannoveraner", "Hannoversche", "Hannoverscher", "Hannoverschen"),
    "Münster": ("Münsteraner",),
    "Braunschweig": ("Braunschweigische", "Braunschweigischer", "Braunschweigischen"),
}
_ADJECTIVE_ENDINGS = (
    ("hausen", ("hausener", "häuser", "hauser")),
    ("stadt", ("stadter", "städter")),
    ("en", ("ener", "er", "ner")),
    ("el", ("eler", "ler")),
    ("er", ("erer", "rer")),
    ("a", ("aer", "enser")),
    ("e", ("er",)),
)


def _adjectives_of_word(word: str) -> Iterator[str]:
    yield from _IRREGULAR_ADJECTIVES.get(word, ())
    for ending, replacements in _ADJECTIVE_ENDINGS:
        if word.endswith(ending):
            for replacement in replacements:
                yield word.removesuffix(ending) + replacement
            return
    yield f"{word}er"

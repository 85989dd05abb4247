"""The index: from the first word of a written form to the places it may stand for."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from stadtwabe.places.gazetteer import forms
from stadtwabe.places.gazetteer.forms import Form
from stadtwabe.places.gazetteer.lexicon import STATE_ALIASES
from stadtwabe.places.gazetteer.model import Level, RegisterEntry
from stadtwabe.places.gazetteer.register import WordLists

_FIRST_WORD = re.compile(r"\w+")
_OVERSHADOWED = 5
_SMALLEST_WITH_ADJECTIVE = 5_000


@dataclass(frozen=True, slots=True, eq=False)
class Written:
    """One written form: what follows its first word, and whom it may stand for.

    Each stands once in the index and is compared, and remembered, by its identity.
    """

    text: str
    rest: str
    readings: tuple[tuple[RegisterEntry, Form], ...]
    common: bool
    verb: bool
    form: Form
    """The nearest form among the readings."""


def district_forms(name: str) -> Iterator[str]:
    """Give the inflected forms of a district's own name: "Märkischen Kreises"."""
    for written in forms.names(name):
        yield written
        if re.search(r"[Kk]reis$", written):
            yield f"{written}es"
            yield f"{written}s"
        inflected = re.sub(r"(?<=\w)er Kreis$", "en Kreis", written)
        if inflected != written:
            yield inflected
            yield f"{inflected}es"
        if "-Kreis " in written:
            yield written.replace("-Kreis ", "-Kreises ")
        if written.startswith("Städteregion"):
            yield written.replace("Städteregion", "StädteRegion")


def build(
    entries: Iterable[RegisterEntry], words: WordLists, regions: Iterable[str]
) -> dict[str, tuple[Written, ...]]:
    """Build the index; the forms under one first word stand longest first."""
    readings: dict[str, dict[str, tuple[RegisterEntry, Form]]] = defaultdict(dict)
    for entry in (*entries, *(_region(name) for name in regions)):
        for text, form in _forms_of(entry):
            known = readings[text].get(entry.key)
            if known is None or form < known[1]:
                readings[text][entry.key] = (entry, form)

    index: dict[str, list[Written]] = defaultdict(list)
    for text, by_key in readings.items():
        first = _FIRST_WORD.match(text)
        if first is not None:
            written = _written(text, text[first.end() :], tuple(by_key.values()), words)
            index[first[0]].append(written)
    return {
        word: tuple(sorted(written, key=lambda form: -len(form.rest)))
        for word, written in index.items()
    }


def _region(name: str) -> RegisterEntry:
    return RegisterEntry(name, Level.REGION, name, "Region", None, None, None, False)


def _forms_of(entry: RegisterEntry) -> Iterator[tuple[str, Form]]:
    if entry.level is Level.DISTRICT:
        if entry.kind not in ("Kreisfreie Stadt", "Stadtkreis"):
            for text in district_forms(entry.name):
                yield text, Form.NAME
            if not entry.name.lower().endswith("kreis"):
                for genitive in forms.genitives(entry.name):
                    yield genitive, Form.GENITIVE
        return  # for a kreisfreie Stadt the municipality of that name stands
    for text, form in forms.names(entry.name).items():
        yield text, form
        for genitive in forms.genitives(text):
            yield genitive, Form.GENITIVE
        if _has_adjective(entry):
            for adjective in forms.adjectives(text):
                yield adjective, Form.ADJECTIVE
    for alias, key in STATE_ALIASES.items():
        if key == entry.key:
            yield alias, Form.NAME


def _written(
    text: str, rest: str, found: tuple[tuple[RegisterEntry, Form], ...], words: WordLists
) -> Written:
    nearest = min(form for _, form in found)
    stem = text
    overshadowed = False
    if nearest <= Form.SHORT:  # a name beats the adjective of another town: "Weiler"
        names = tuple((entry, form) for entry, form in found if form <= Form.SHORT)
        # ... but "Meißner" means the town of Meißen more often than a village in Hesse
        overshadowed = _largest(found) > _OVERSHADOWED * _largest(names)
        found = names
    elif nearest is Form.GENITIVE:
        stem = text.rstrip("'’").removesuffix("s")
    return Written(
        text=text,
        rest=rest,
        readings=found,
        common=overshadowed or stem in words.nouns,
        verb=stem in words.verbs,
        form=nearest,
    )


def _largest(readings: Iterable[tuple[RegisterEntry, Form]]) -> int:
    return max(entry.population or 300 for entry, _ in readings)


def _has_adjective(entry: RegisterEntry) -> bool:
    return entry.level is Level.MUNICIPALITY and (
        entry.kind != "Gemeinde" or (entry.population or 0) >= _SMALLEST_WITH_ADJECTIVE
    )

"""Projects that carry no name but are told of: who makes it, by which verb, and what it is."""

import re

from stadtwabe.reading.document import Document
from stadtwabe.reading.extract.extracted import BlockKind
from stadtwabe.reading.lexica import pattern, words
from stadtwabe.reading.mentions.heads import Head
from stadtwabe.reading.mentions.span import Spans
from stadtwabe.reading.model import ReadPlace, Role, ThingKind
from stadtwabe.reading.things.candidate import Candidate
from stadtwabe.reading.things.naming import name_end
from stadtwabe.reading.things.phrases import article_before, opening_of, phrase_start, plain_form

_CREATED = pattern("cues", "created")
_PLAIN = words("cues", "plain_nouns")
_FACILITIES = words("cues", "facilities")
_UMBRELLAS = words("cues", "umbrellas")
_APPOSED = re.compile(r"[\w“”\")], (?:ein|eine|einen|einem|einer|eines) (?:[a-zäöüß]+ ){0,2}$")
_SINGLES = re.compile(r"(?:\b(?:zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf)|\d) $")
_ACRONYM = re.compile(r" \(([A-ZÄÖÜ][A-Za-z0-9-]*[A-Z0-9])\)")
_ABOUT_IT = re.compile(
    r"(?:\b(?:[Vv]orbild|[Bb]eispiel|pro|je|durch|mithilfe|mit Hilfe|statt|über|als|wie)"
    r"(?: (?:ist|war|dient|dem|den|das|die|der|eine|einen|ein|einer|eines))? )$"
)
_GENERIC_PREFIX = re.compile(
    r"(?:Partner|Projekt|Akteurs?|Expert\w*|Kooperations|Gesamt|Bestands|Zukunfts|Einzel|Planungs|"
    r"Förder|Folge|Klein|Groß|Standard|Branchen)(?=[a-z])"
)
SPECIFIC = 11
"""A noun of more letters than these says by itself what it is."""
_EXTRA_BRAND = re.compile(r"[A-ZÄÖÜ]{2}|[a-z][A-Z0-9.]|\d|-[A-ZÄÖÜ]")


def undertakings(
    document: Document, spans: list[tuple[int, int]], busy: set[int], *, home: bool
) -> list[Candidate]:
    """``ein gemeinsames Online-Bürgerbüro``, ``einen neuen Verkehrsrechner``: verb and noun.

    `busy`: blocks that tell of a named project already. `home`: the document as a whole tells
    of one place.
    """
    taken = Spans([*spans, *((q.start, q.end) for q in document.quoted.all)])
    found = []
    for head in document.heads.all:
        if head.kind != "project" or taken.touch(head.start, head.start + 1):
            continue
        index = document.block_at(head.start)
        if index in busy or _part_of_a_name(document, head):
            continue
        if one := _told(document, head, index, home=home):
            found.append(one)
    return found


def _part_of_a_name(document: Document, head: Head) -> bool:
    """Inside an organisation, or the end of a town: ``Cottbus`` is no bus."""
    if any(o.start <= head.start < o.alias_end
           for o in document.organisations.within(head.start - 80, head.end)):  # fmt: skip
        return True
    return any(
        p.start <= head.start and head.end <= p.end
        for p in document.places.within(head.start - 40, head.end)
    )


def _told(document: Document, head: Head, index: int, *, home: bool) -> Candidate | None:
    view = document.view
    start, end = document.sentence_at(head.start)
    begin, adjective = phrase_start(document, head, start, telling=True)
    plain = not head.compound and head.lemma in _PLAIN
    if (
        plain
        and not _town_before(document, begin, start)
        and (not adjective or view[begin : head.start].lower().startswith("gemeinsam"))
    ):
        return None
    town = _town_before(document, begin, start)
    begin = town.start if town else begin
    before = view[max(start, begin - 60) : begin]
    article = article_before(view, start, begin)
    if article == "negated" or _APPOSED.search(view[max(0, start - 2, begin - 60) : begin]):
        return None
    stop, confidence = _branded(document, head, index, end)
    confidence += 0.41
    created = document.says(_CREATED, start, end)
    actor = any(p.role == Role.ACTOR for p in document.places.within(start, end))
    confidence += 0.08 if created else 0
    confidence += 0.07 if actor else 0.03 if home else 0
    confidence += 0.08 if head.compound or town or len(head.lemma) > SPECIFIC else 0
    confidence -= 0.1 if plain and not town else 0
    confidence -= 0.12 if _GENERIC_PREFIX.match(view, head.start) else 0
    confidence += {"indefinite": 0.05, "possessive": 0.02, "pointing": -0.1, "definite": -0.02}.get(
        article, 0.0
    )
    opened = opening_of(view[begin : head.start])
    confidence += 0.1 if opened and head.lemma not in _UMBRELLAS else 0
    if _plural(view, head) and (head.lemma in _FACILITIES or not _SINGLES.search(before)):
        confidence -= 0.12
    if head.lemma in _UMBRELLAS and not _in_a_town(document, head.end):
        confidence -= 0.18
    if head.lemma in _FACILITIES and not (created and article == "indefinite"):
        confidence -= 0.12
    if _ABOUT_IT.search(before) or _spoken(document, begin):
        confidence -= 0.12
    if acronym := _ACRONYM.match(view, stop):
        stop, confidence = acronym.end(), confidence + 0.12
    name = view[begin:stop] if town else plain_form(document, head, begin, stop)
    return Candidate(
        ThingKind.PROJECT, name, begin, stop, index, confidence, "Vorhaben beschrieben"
    )


def _town_before(document: Document, begin: int, start: int) -> ReadPlace | None:
    """``Bad Belzig App``: the town right before the noun is part of the name."""
    for place in document.places.within(max(start, begin - 40), begin):
        if place.end == begin - 1 and not place.quote.endswith(("s", "er")):
            return place
    return None


def _in_a_town(document: Document, position: int) -> bool:
    """``Das LoRaWAN-Projekt in Friedrichshafen``: the town says which one."""
    return bool(
        document.view.startswith(" in ", position)
        and document.places.within(position + 4, position + 5)
    )


def _branded(document: Document, head: Head, index: int, end: int) -> tuple[int, float]:
    """Where the name ends, and what a brand behind the noun is worth: ``Funknetz Hanse-LoRa``."""
    view = document.view
    stop = name_end(view, head.end, end, most=3)
    if stop == head.end:
        return stop, 0.0
    if any(d.start < stop for d in document.dates.within(head.end, stop)):
        return head.end, 0.0
    if document.organisations.within(head.end, stop):
        return head.end, 0.0
    name = view[head.end : stop].strip()
    if name.isupper() or _EXTRA_BRAND.search(name):
        return stop, 0.2
    titled = document.blocks[index].kind == BlockKind.HEADING
    placed = any(p.end >= stop - 1 for p in document.places.within(head.end, stop))
    return (stop, 0.06) if titled or placed else (head.end, 0.0)


def _plural(view: str, head: Head) -> bool:
    word = view[head.start : head.end]
    return word.endswith(("en", "e", "er", "ern")) and not head.lemma.endswith(
        ("en", "e", "er", "ern")
    )


def _spoken(document: Document, position: int) -> bool:
    """Between the marks of somebody's words."""
    view = document.view
    block = document.blocks[document.block_at(position)]
    opened = view.rfind("„", block.start, position)
    return opened >= 0 and view.find("“", opened, position) < 0 and position - opened > 25

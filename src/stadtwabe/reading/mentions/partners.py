"""Organisations that only a label shows to be such: ``Partner: KEW Adorf, IT-Verbund``."""

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from stadtwabe.reading.extract.extracted import Block, BlockKind
from stadtwabe.reading.lexica import words
from stadtwabe.reading.mentions.organisation import Organisation, spans_of
from stadtwabe.reading.mentions.span import Spans
from stadtwabe.reading.model import ReadPlace

_LABEL = (
    r"(?:(?:(?:Projekt|Kooperations|Verkehrs|Forschungs|Netzwerk|Praxis|Umsetzungs|Technik)?[Pp]artner"
    r"|(?:Mit)?[Vv]eranstalter|Auftraggeber|Auftragnehmer|Projektträger|Betreiber|Herausgeber"
    r"|Fördergeber)(?:in|innen)?|Im Auftrag von|Sponsoren|Förderer)"
)
_FIELD = re.compile(rf"(?<!\w){_LABEL}: ")
LONGEST = 40
"""No label is longer."""
_HEADING = re.compile(rf"(?:(?:Unsere|Beteiligte|Weitere) )?{_LABEL}:?")
_SEPARATOR = re.compile(r"[,;|] | und | sowie | \(|\)| [–-] |\. (?=[A-ZÄÖÜ])")
_WORD = re.compile(r"[A-ZÄÖÜ][\w.&@+-]*|am|an|der|des|für|im|und|von|vom|zur|zum|\d+")
_SHORT_NAME = re.compile(r"(?=(?:[^A-ZÄÖÜ]*[A-ZÄÖÜ]){2})(?=.{3})[A-ZÄÖÜ][\w.]*|[A-Z]\w+@\w+")
_BODY = re.compile(
    r"\w{6,}(?:verwaltung|betriebe?|werke?|zentrum|agentur|verband|bank|kasse|schule|museum|archiv|"
    r"gesellschaft|stiftung|verbund|anstalt|campus)"
)
_NONE = re.compile(
    r"(?:Örtlich|Lokal|Regional[en] [A-ZÄÖÜ]\w+(?:e|en)$|All[e ]|Viele|Ehrenamtlich|Verschieden|"
    r"Interessiert|Weiter|Zahlreich|Ansässig|Umliegend|Amt|Fach|Stab|Referat|Dezernat|Abteilung|"
    r"Sachgebiet|Bauhof|Öffentlichkeit|Feuerwehr|Bürger|Verwaltung|Stadt|Gemeinde|Land |Bund|EU|"
    r"Samtgemeinde|Verbandsgemeinde|Kommune|Städte|Land(?:es)?(?:rat|kreis)|Kreis|LK |Markt |Rat |"
    r"Prof|Dr|Herr|Frau|Fr\.|Hr\.|Der |Die |Das |Ein|Mit |In |Vgl|Siehe|Ort|Schul|Verein|Land$)"
)
MOST_WORDS = 6
_AND = re.compile(r",? (?:und|sowie) |, ")
_ARTICLE = re.compile(r"(?:(?:der|die|das|dem|den|des|u\. ?a\.|auch|vom|von) )*")
_NAME = re.compile(
    r"(?:[A-ZÄÖÜ][\w.&+-]*|kommunaler|deutscher|freier)"
    r"(?: (?:[A-ZÄÖÜ][\w.&+-]*|für|der|des|kommunaler|deutscher|freier))*"
)
_KIND = re.compile(r"(?:[Bb]und|[Vv]erband|[Vv]erein|[Vv]ereinigung|[Kk]ammer|[Ii]nitiative)\b")
BETWEEN = 160


def partners_in(
    view: str, blocks: Sequence[Block], known: list[Organisation], places: Iterable[ReadPlace]
) -> list[Organisation]:
    """Give the names in labelled fields, and in lists under such a heading, not known otherwise."""
    taken = Spans(spans_of(known))
    towns = {(place.start, place.end) for place in places}
    found = []
    for start, end in _passages(view, blocks):
        for begin, stop in _items(view, start, end):
            if taken.touch(begin, stop) or (begin, stop) in towns:
                continue
            name = view[begin:stop]
            if _is_name(name):
                found.append(Organisation(begin, stop, name, "", stop, "label", 0.7))
    return found


def listed_between(
    view: str, known: list[Organisation], places: Iterable[ReadPlace]
) -> list[Organisation]:
    """``Bitkom, der Ärztebund Nord, Creative Towns und Prognos``: what is listed between two."""
    towns = Spans((place.start, place.end) for place in places)
    found = []
    for one, other in pairwise(known):
        start, end = one.alias_end, other.start
        if not 0 < end - start <= BETWEEN or view[start] not in ", " or "," not in view[start:end]:
            continue
        spans = list(_between(view, start, end))
        if spans and all(_is_listed(view[a:b]) and not towns.touch(a, b) for a, b in spans):
            found += [Organisation(a, b, view[a:b], "", b, "listed", 0.7) for a, b in spans]
    return found


def _between(view: str, start: int, end: int) -> Iterable[tuple[int, int]]:
    """The items of a list, without their articles; the ends are other names."""
    at = start
    for stop in [*(match.span() for match in _AND.finditer(view, start, end)), (end, end)]:
        article = _ARTICLE.match(view, at, stop[0])
        begin = article.end() if article else at
        if view[begin : stop[0]].strip():
            yield begin, stop[0]
        at = stop[1]


def _is_listed(name: str) -> bool:
    """A name of several words, in capitals, or of a body; a plain noun is none."""
    if _NAME.fullmatch(name) is None or (_NONE.match(name) and not _KIND.match(name)):
        return False
    first = name.split()[0]
    if first in words("persons", "first_names"):
        return False
    several = sum(1 for word in name.split() if word[0].isupper()) > 1
    return several or _KIND.search(name) is not None or bool(_SHORT_NAME.fullmatch(name))


def _passages(view: str, blocks: Sequence[Block]) -> Iterable[tuple[int, int]]:
    """What stands behind such a label, or in the bullets under such a heading."""
    ends = [block.end for block in blocks]
    below = False
    i = 0
    for block in blocks:
        text = view[block.start : block.end]
        if block.kind != BlockKind.BULLET:
            below = len(text) <= LONGEST and _HEADING.fullmatch(text) is not None
        elif below:
            yield block.start, block.end
    for field in _fields(view):
        while i < len(ends) and ends[i] < field.end():
            i += 1
        if i < len(ends):
            yield field.end(), ends[i]


def _fields(view: str) -> Iterable[re.Match[str]]:
    """Labels with their colon; colons are rare, so they are looked for first."""
    colon = view.find(": ")
    while colon >= 0:
        if view[colon - 1] in "rn":
            for field in _FIELD.finditer(view, max(0, colon - LONGEST), colon + 2):
                if field.end() == colon + 2:
                    yield field
        colon = view.find(": ", colon + 2)


def _items(view: str, start: int, end: int) -> Iterable[tuple[int, int]]:
    """The parts of a list, without the signs around them."""
    at = start
    for stop in [*(match.span() for match in _SEPARATOR.finditer(view, start, end)), (end, end)]:
        item = view[at : stop[0]]
        begin = at + len(item) - len(item.lstrip(" –-*•·\n"))
        last = begin + len(view[begin : stop[0]].rstrip(" .,;:\n"))
        if begin < last:
            yield begin, last
        if view[stop[0] : stop[1]].startswith(". "):
            return
        at = stop[1]


def _is_name(name: str) -> bool:
    parts = name.split()
    if len(parts) > MOST_WORDS or _NONE.match(name) or parts[0] in words("persons", "first_names"):
        return False
    if len(parts) == 1:
        return bool(_SHORT_NAME.fullmatch(name) or _BODY.fullmatch(name))
    proper = name[0].isupper() and parts[-1][0].isupper()
    return (
        proper
        and all(_WORD.fullmatch(part) for part in parts)
        and any(_SHORT_NAME.fullmatch(part) or _BODY.fullmatch(part.lower()) for part in parts)
    )

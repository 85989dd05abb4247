"""What hits say of each other: lists, lines that open alike, one name twice in a document."""

import re
from collections.abc import Iterable

from stadtwabe.places.gazetteer.forms import Form
from stadtwabe.places.gazetteer.hit import Hit
from stadtwabe.places.gazetteer.model import Level, RegisterEntry

_SEPARATOR = re.compile(r"\s*(?:,|/|&|\bund\b|\bsowie\b|\boder\b|,\s*und\b)\s*")
_OPENED_LINE = re.compile(r"(?:^|\n)[ \t]*(?:[-–—•*+>●▪] *|\(?\d{1,2}[.)] )?$")
_OPENS = re.compile(r"(?::| [–—-]) ")
_DISTRICTS = re.compile(
    r"\b[Dd]ie (beiden|zwei|drei|vier|fünf|sechs) (?:Land)?[Kk]reise\b(?! [A-ZÄÖÜ])"
)
_COUNTS = {"beiden": 2, "zwei": 2, "drei": 3, "vier": 4, "fünf": 5, "sechs": 6}
_RIVER = "Name eines Flusses"
_PART = "Teil einer Zusammensetzung"
OPENERS = 2
"""Of so many sure towns that open lines the others may be told."""


def agree(hits: list[Hit], text: str, plain: str) -> None:
    """Let hits of one list, and hits of one name in the document, support or refute each other."""
    for group in _groups(hits, plain):
        first, rest = group[0], group[1:]
        if first.plural_cue:
            _inherit(first, rest)
        elif first.part_of_town:
            for hit in rest:
                if not hit.town and not hit.district:
                    hit.refute("in einer Aufzählung von Ortsteilen")
        sure = [hit for hit in group if hit.belief >= 0.88 and hit.form <= Form.SHORT]
        for hit in group if sure else ():
            hit.listed = not hit.refuted and hit.form <= Form.SHORT
            if hit.belief < 0.85 and hit.listed:
                hit.believe(0.85, "in einer Aufzählung von Orten")
    _called_districts(hits, plain)
    _agree_on_openers(hits, text)
    _remember(hits)


def _remember(hits: list[Hit]) -> None:
    """Persons once introduced, and towns once named as such, keep their meaning."""
    persons = {_stem(hit) for hit in hits if hit.person}
    rivers = {_stem(hit) for hit in hits if _RIVER in hit.reasons}
    towns = {_stem(hit) for hit in hits if (hit.town or hit.belief >= 0.95) and not hit.person}
    for hit in hits:
        stem = _stem(hit)
        if hit.person or hit.is_shown_to_be_a_place:
            continue
        if stem in rivers and _PART in hit.reasons:
            hit.refute(_RIVER)
        elif stem in persons:
            hit.person = True
            hit.refute("Name einer Person, die im Text vorkommt")
        elif stem in towns and 0.0 < hit.belief < 0.85 and not hit.determined:
            if hit.form is Form.ADJECTIVE or not hit.written.common:
                hit.believe(0.85, "im Text auch als Ort bezeichnet")
            elif hit.followed_by.islower() and hit.followed_by not in ("und", "oder"):
                hit.believe(0.6, "im Text auch als Ort bezeichnet")


def _called_districts(hits: list[Hit], plain: str) -> None:
    """ "Olpe und Soest …, wie die beiden Landkreise mitteilen": of those two names it speaks."""
    for said in _DISTRICTS.finditer(plain) if "reise" in plain else ():
        before = [group for group in _groups(hits, plain) if group[-1].end <= said.start()]
        size = _COUNTS.get(said[1], 0)
        group = before[-1] if before else []
        if len(group) != size or not all(hit.has_level(Level.DISTRICT) for hit in group):
            continue
        stems = {_stem(hit) for hit in group}
        for hit in hits:
            if _stem(hit) in stems and not hit.town and not hit.refuted:
                hit.district = True
                hit.believe(0.9, "im Text als Kreis bezeichnet")


def _agree_on_openers(hits: list[Hit], text: str) -> None:
    """ "Norden: …" among lines that open with "Damme: …" and "Papenburg: …" is a town, too."""
    openers = [
        hit
        for hit in hits
        if _OPENS.match(text, hit.end)
        and hit.form <= Form.SHORT
        and _OPENED_LINE.search(text, max(0, hit.start - 8), hit.start)
    ]
    sure = sum(1 for hit in openers if hit.belief >= 0.85)
    for hit in openers if sure >= OPENERS else ():
        if 0.0 < hit.belief < 0.85 and not hit.person and not hit.refuted:
            hit.listed = True
            hit.believe(0.85, "öffnet eine Zeile, wie andere Orte auch")


def _inherit(first: Hit, rest: Iterable[Hit]) -> None:
    """ "Städte A, B und C", "Landkreise A und B": what the first is, all are."""
    for hit in rest:
        if hit.town or hit.district or hit.form is Form.ADJECTIVE:
            continue
        if first.district and hit.has_level(Level.DISTRICT):
            hit.district = True
            hit.believe(0.96, "in einer Aufzählung von Kreisen")
        elif first.town:
            hit.town = True
            hit.believe(0.97, "in einer Aufzählung von Orten")


def _stem(hit: Hit) -> str:
    """The register's short name, so that "Bergs" and "Berg" are the same name."""
    entry: RegisterEntry = hit.written.readings[0][0]
    return entry.name.split(" (")[0] if hit.form is not Form.NAME else hit.written.text


def _groups(hits: list[Hit], plain: str) -> Iterable[list[Hit]]:
    """Give the runs of at least two hits with nothing but separators between them."""
    group: list[Hit] = []
    for hit in hits:
        if group and _SEPARATOR.fullmatch(plain, group[-1].end, hit.start):
            group.append(hit)
            continue
        if len(group) > 1:
            yield group
        group = [hit]
    if len(group) > 1:
        yield group

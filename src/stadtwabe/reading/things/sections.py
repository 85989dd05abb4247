"""What a heading says about the blocks below it: dates, projects, studies, strategies."""

import re
from functools import lru_cache

from stadtwabe.reading.document import Document
from stadtwabe.reading.model import ThingKind

_SECTIONS = (
    (
        ThingKind.EVENT,
        re.compile(
            r"(?:\btermin|veranstaltung(?:en|s)|programm(?!e)|kalender|save the date|vormerken|"
            r"erste woche|zweite woche|tagesordnungspunkte im überblick|sprechtage|workshops)",
            re.IGNORECASE,
        ),
    ),
    (
        ThingKind.PUBLICATION,
        re.compile(
            r"\b(?:studien|veröffentlichung|publikation|lesestoff|zum lesen|leitfäden|neue? "
            r"leitf|neu erschienen|lesetipp|literatur|material|aus der wissenschaft|handreichung)",
            re.IGNORECASE,
        ),
    ),
    (
        ThingKind.STRATEGY,
        re.compile(r"\b(?:\d\.? )?strategien\b|\bkonzepte und strategien", re.IGNORECASE),
    ),
    (
        ThingKind.FUNDING,
        re.compile(
            r"\b(?:förderprogramme|förderung und|fördermittel|förderaufrufe|wettbewerbe)\b", re.I
        ),
    ),
    (
        ThingKind.PROJECT,
        re.compile(
            r"(?:projekte\b|vorhaben\b|bausteine\b|maßnahmen\b|aus den kommunen|gute beispiele|"
            r"praxisbeispiel|leuchttürme|angebote\b|anwendungen\b|aus der praxis|"
            r"was wir (?:gemeinsam )?(?:tun|betreiben|vorhaben|machen|anbieten)|umsetzung|"
            r"woran (?:wir|sie) arbeiten|was es schon gibt)",
            re.IGNORECASE,
        ),
    ),
)


MAX_HEADING = 90


def section_of(document: Document, index: int) -> ThingKind | None:
    """The kind of things that the nearest telling heading announces for a block."""
    for heading in reversed(document.trails[index]):
        if kind := announces(document.line(heading)):
            return kind
    return None


def announces(line: str) -> ThingKind | None:
    """The kind of things that this heading announces."""
    return _announced(line) if len(line) <= MAX_HEADING else None


@lru_cache(maxsize=20_000)
def _announced(line: str) -> ThingKind | None:
    for kind, pattern in _SECTIONS:
        if pattern.search(line):
            return kind
    return None

"""What a heading says about the blocks below it: dates, projects, studies, strategies."""

import re

from stadtwabe.reading.document import Document
from stadtwabe.reading.model import ThingKind

_SECTIONS = (
    (
        ThingKind.EVENT,
        re.compile(
            r"(?:\btermin|veranstaltung|programm(?!e)|kalender|save the date|vormerken|"
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
            r"was wir tun|umsetzung)",
            re.IGNORECASE,
        ),
    ),
)


def section_of(document: Document, index: int) -> ThingKind | None:
    """The kind of things that the nearest telling heading announces for a block."""
    for heading in reversed(document.trails[index]):
        line = document.line(heading)
        for kind, pattern in _SECTIONS:
            if len(line) <= 90 and pattern.search(line):
                return kind
    return None


def announces(line: str) -> ThingKind | None:
    """The kind of things that this heading announces."""
    for kind, pattern in _SECTIONS:
        if len(line) <= 90 and pattern.search(line):
            return kind
    return None

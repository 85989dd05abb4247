"""What a line of a list of events may hold: a label, a gathering, a sitting that is none."""

import re

from stadtwabe.reading.document import Document
from stadtwabe.reading.lexica import pattern
from stadtwabe.reading.mentions.heads import Head

ONLINE = re.compile(
    r"\b(?:online|digital|virtuell|per Zoom|über Zoom|Videokonferenz|Webex|Livestream|webinar)\b",
    re.IGNORECASE,
)

_SITTING = pattern("cues", "sitting")

_GROUP = re.compile(
    r"\b(?:AG|AK|Arbeitsgruppe|Arbeitskreise?s?|Netzwerks?|Nutzergruppe|Runde[rn]? Tisch(?:es|s)?|"
    r"Projektgruppe|Steuerungsgruppe|Vereins?|Mitgliederversammlung)\b"
)

LABEL = re.compile(r"([A-ZÄÖÜ][\w -]{3,50}): +")

FIELD = re.compile(
    r"(?:Datum|Termine?|Wann|Zeit|Uhrzeit|Beginn|Ende|Ort|Wo|Veranstaltungsort|Treffpunkt|Tag|"
    r"Kosten|Eintritt|Teilnahme|Anmeldung|Anmeldeschluss|Veranstalter(?:in)?|Moderation|Referent"
    r"(?:in|en|innen)?|Kontakt|Leitung|Zielgruppe|Wer|Telefon|E-Mail|Hinweis|Stand): +"
)
"""The label of a detail, never the title of an event."""

MAX_TITLE = 160
TITLE_AT_MOST, VENUE_AT_MOST = 110, 70


def is_sitting(title: str) -> bool:
    """Sittings of councils and committees, and deadlines; a working group is open to its guests."""
    if _GROUP.search(title) and "itzung" in title:
        return False
    return bool(_SITTING.search(title))


def event_noun(document: Document, start: int, end: int) -> Head | None:
    """Return the first noun between two positions that means an event."""
    for head in document.heads.within(start, end):
        if head.kind == "event":
            return head
    return None

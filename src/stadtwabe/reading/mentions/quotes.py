"""Phrases in quotation marks, told apart from what somebody says."""

import re
from dataclasses import dataclass

_QUOTED = re.compile(
    r"„([^„“”\"\n]{2,140})[“”\"]|“([^„“”\"\n]{2,140})[”“]|(?<!\w)\"([^\"\n]{2,140})\"(?!\w)"
    r"|»([^»«\n]{2,140})«|«([^»«\n]{2,140})»|(?<!\w)[‚‘']([A-ZÄÖÜ][^‚‘’'\n]{2,80})[‘’'](?!\w)"
)
_MARK = re.compile("[„“\"»«‚‘']")
_SENTENCE = re.compile(r"[.!?…]\s+[A-ZÄÖÜ„]|,\s*$|[a-zäöüß]{3}[.…]\s*$")
_SPEECH_AFTER = re.compile(
    r"[,.]?\s*(?:–\s*)?,?\s*(?:so\b|sagt|erklärt|betont|ergänzt|meint|berichtet|lobt|fasst|freut|"
    r"heißt es|zitiert|kündigt|schreibt|erläutert|wirbt|resümiert)"
)
_SPEECH_BEFORE = re.compile(
    r"(?:sagte?|erklärte?|betonte?|ergänzte?|meinte?|schloss|rief|fragte?|Fazit|nannte[^.]{0,60}|"
    r"sprach von (?:einem|einer)|(?:^|\s)[A-ZÄÖÜ][a-zäöüß]+):?\s*$"
)
_ASKING_TITLE = re.compile(
    r"(?!.*\b(?:[Ii]ch|[Ww]ir|[Uu]ns|[Ss]ie|[Ee]s|ist|sind|haben|wird|hat)\b)"
    r"[^.?!…]{3,60}[.?!] [A-ZÄÖÜ][^.?!…]{3,80}|[^.?!…]{3,60}[?!] [A-ZÄÖÜ][^.?!…]{3,80}"
)
"""``Wie smart sind wir? Städte im Vergleich``: a title of a question and its explanation."""
_NOUN_BEFORE = re.compile(r"[a-zäöüß] [A-ZÄÖÜ][a-zäöüß-]{3,} ?$")
_FUNCTION_WORDS = """
    ich wir uns unser unsere unseren unserer mich mir sie ihr man es ist sind war waren haben hat
    wird werden kann können muss müssen soll wollen will nicht
"""
_FUNCTION = frozenset(_FUNCTION_WORDS.split())
MAX_WORDS = 14


@dataclass(frozen=True, slots=True)
class Quoted:
    """`start` and `end` bound the phrase without its marks, `outer_*` with them."""

    start: int
    end: int
    outer_start: int
    outer_end: int
    text: str


def quoted_in(view: str) -> list[Quoted]:
    """Find quoted phrases that may be names."""
    found = []
    at = 0
    for mark in _MARK.finditer(view):
        match = _QUOTED.match(view, mark.start()) if mark.start() >= at else None
        if match is None:
            continue
        at = match.end()
        group = match.lastindex or 1
        phrase = match[group]
        start = match.start(group) + len(phrase) - len(phrase.lstrip())
        stripped = phrase.strip()
        if _may_be_name(stripped, view, match.start(), match.end()):
            found.append(Quoted(start, start + len(stripped), *match.span(), stripped))
    return found


def _may_be_name(phrase: str, view: str, start: int, end: int) -> bool:
    if len(phrase) < 3 or not any(char.isupper() or char.isdigit() for char in phrase):
        return False
    parts = phrase.split()
    before = view[max(0, start - 80) : start]
    if len(parts) > MAX_WORDS or _SENTENCE.search(phrase):
        return bool(_ASKING_TITLE.fullmatch(phrase) and _NOUN_BEFORE.search(before))
    if _SPEECH_AFTER.match(view, end):
        return False
    if before.rstrip().endswith(":") and _SPEECH_BEFORE.search(before.rstrip(": ")):
        return len(parts) <= 4
    function = sum(1 for part in parts if part.lower().strip(",?!") in _FUNCTION)
    if function >= 2 and len(parts) > 5 and phrase[-1] not in "?!":
        return False
    return not (len(parts) == 1 and not phrase[0].isupper() and not phrase[0].isdigit())

"""Where the title of a gathering ends: ``Altern im Quartier``, ``#3``, ``zur Wärmeplanung``."""

import re

from stadtwabe.reading.document import Document
from stadtwabe.reading.lexica import words

_NUMBERED = re.compile(
    r" (?:#\d+|Nr\. ?\d+|\d{1,2}\.0|20\d\d(?:/\d\d)?|[IVX]+(?: und [IVX]+)?(?![\w.]))"
)

_NAME = re.compile(r" (?:#\w+|[A-ZÄÖÜ][\w*’]*(?:[-/&.][\w*’]+)*!?|\d\.0|20\d\d|&)(?=[ ,.;:!?)(]|$)")

_JOINT = re.compile(
    r" (?:für|und|der|die|das|des|im|in|zur|zum|von|ohne|mit|ohne|nach|nach dem|auf|am|an der|"
    r"aus|trifft|braucht|statt|–)(?= [A-ZÄÖÜ])"
)

OF = re.compile(r" (?:der|des) (?:[a-zäöüß]+en )?(?P<noun>[A-ZÄÖÜ][\w*-]{3,})")

_ABOUT = re.compile(
    r" (?P<how>zu|zum|zur|für|über|durch|mit|rund um)(?: (?:die|das|den|dem|der))?"
    r"(?P<adjective>(?: [a-zäöüß-]+(?:en|er|e|es|em))?) (?P<noun>[A-ZÄÖÜ][\w*-]{3,})"
)

_SUBJECT = re.compile(
    r" (?:zu[mr]? Themen?(?:feld)?|zu[mr]?|über|rund um)(?: (?:die|das|den|dem|der))?"
    r"(?: [a-zäöüß-]+(?:en|er|e|es|em)){0,2} "
    r"(?P<noun>[A-ZÄÖÜ][\w*]+(?:-[\w*]+)*(?:-,? (?:und|oder) [A-ZÄÖÜ][\w-]+)?)"
    r"(?: (?:der|des|von)(?: [a-zäöüß-]+(?:en|er|es))? [A-ZÄÖÜ][\w-]{3,})?"
)
"""``Auftakt zur kommunalen Wärme- und Kälteplanung``: what a gathering is about."""

_NO_SUBJECT = re.compile(
    r"(?:Abschluss|Auftakt|Beginn|Ende|Start|Schluss|Mal|Mitmachen|Austausch|Anlass|Preis|Uhr|Teil|"
    r"Einstieg|Kennenlernen|Zuhören|\w+en$)"
)

_TITLE_OVER = re.compile(r" (?:findet|fand|finden|fanden)\b")
"""Behind a title: what went before, with its ``mit``, belongs to it."""

NO_NAME = re.compile(
    r"(?:Uhr|Start|Beginn|Eintritt|Anmeldung|Ort|Stadt|Gemeinde|Herr|Frau|Dr|Prof|Ende|Anfang|Mitte|"
    r"Montag|Dienstag|Mittwoch|Donnerstag|Freitag|Samstag|Sonntag|Januar|Februar|März|April|Mai|"
    r"Juni|Juli|August|September|Oktober|November|Dezember|Jahr|Jahres|Uhrzeit|Kosten|Link|Team)$"
)

VENUE = re.compile(
    r"(?:rathaus|haus|halle|saal|zentrum|hof|schule|bücherei|bibliothek|stift|museum|kirche|schloss|"
    r"villa|theater|park|platz|markt|scheune|foyer|aula|hotel|forum|campus|mensa|kino)(?:e?s)?$",
    re.IGNORECASE,
)

GENERIC = words("cues", "generic_events")

_PLAIN = frozenset(
    ["kick-off", "kickoff", "spaziergang", "rundgang", "lesung", "gespräch", "treffen", "exkursion"]
)

_WHERE = frozenset(["im", "in", "am", "auf", "an der", "aus"])


def title_end(document: Document, stop: int, limit: int, lemma: str) -> int:
    """Where the name after the noun ends: ``… Altern im Quartier``, ``… #3``, ``… der Räte``."""
    view = document.view
    for date in document.dates.within(stop, limit):
        limit = min(limit, date.start)
    quoted = document.quoted.within(stop, stop + 4)
    if quoted and quoted[0].outer_end <= limit and view[stop : quoted[0].outer_start] in {" ", ""}:
        return quoted[0].outer_end
    end = stop
    while number := _NUMBERED.match(view, end, limit):
        end = number.end()
    run = _run(document, end, limit)
    if run > end:
        return run
    if of := OF.match(view, end, limit):
        if not document.places.within(of.start("noun"), of.end()) and not VENUE.search(of["noun"]):
            return max(of.end(), _run(document, of.end(), limit))
    elif about := _ABOUT.match(view, end, limit):
        places = document.places.within(about.start("noun"), about.end())
        plain = lemma in GENERIC or lemma in _PLAIN
        if not places and (
            plain
            or about["how"] == "über"
            or not (about["adjective"] or about["how"] == "mit")
            or _TITLE_OVER.match(view, about.end())
            or limit - about.end() < 3
        ):
            left_out = with_subject(document, stop, limit) if view[about.end() - 1] == "-" else 0
            return max(about.end(), left_out, _run(document, about.end(), limit))
    return end


def with_subject(document: Document, stop: int, limit: int) -> int:
    """Where a title ends with what it is about, if that stands right behind it."""
    for date in document.dates.within(stop, limit):
        limit = min(limit, date.start)
    subject = _SUBJECT.match(document.view, stop, limit)
    if subject is None or _NO_SUBJECT.match(subject["noun"]):
        return stop
    head = document.heads.starting_at(subject.start("noun"))
    if head is not None and head.kind == "event":
        return stop
    if VENUE.search(subject["noun"]) or document.places.within(stop, subject.end()):
        return stop
    return max(subject.end(), _run(document, subject.end(), limit))


def _run(document: Document, start: int, limit: int) -> int:
    """A run of capitalised words with small ones between; venues and towns end it."""
    view = document.view
    end = start
    for _ in range(7):
        joint = _JOINT.match(view, end, limit) if end > start else None
        token = _NAME.match(view, joint.end() if joint else end, limit)
        if token is None:
            break
        word = token.group().strip(" !")
        if NO_NAME.match(word):
            break
        where = joint and joint.group().strip() in _WHERE
        at = token.start() if joint is None else joint.end()
        if where and (VENUE.search(word) or document.places.within(at, token.end())):
            break
        if (
            joint
            and joint.group().strip() in {"und", "mit"}
            and view[token.end() : token.end() + 1] == " "
        ):
            break
        end = token.end()
        if joint is None and document.places.within(at, token.end()):
            # ``Stadtfest Kamenz``: with the town the name ends, but for a year
            year = _NUMBERED.match(view, end, limit)
            return year.end() if year else end
    return end

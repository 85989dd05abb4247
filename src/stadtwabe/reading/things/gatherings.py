"""Nouns that may name a gathering, and the title around them."""

import re
from dataclasses import dataclass
from functools import lru_cache

from stadtwabe.reading.document import Document
from stadtwabe.reading.lexica import load, pattern, words
from stadtwabe.reading.things.gathering_titles import (
    GENERIC,
    NO_NAME,
    OF,
    VENUE,
    title_end,
    with_subject,
)
from stadtwabe.reading.things.phrases import nominative, opening_of

_ENDS = re.compile(rf"(?<=[a-zäöüß-])(?:{'|'.join(load('events')['ends'].split())})$", re.I)

_NOT_EVENTS = words("events", "not_events")

_ACTS = words("events", "acts")

_VAGUE = words("events", "vague")

_NEVER = pattern("events", "never")

_NOUN = re.compile(r"[A-ZÄÖÜ](?<![\w„“\"»-].)[\w*]*(?:-[\w*]+)*")

_BROKEN = re.compile(r"-(?!\w)")
"""A word that the line breaks: ``Sport-`` of ``Sporthalle``."""

_AFTER_PREPOSITION = re.compile(
    r"(?:\b(?:[Bb]eim|[Bb]ei (?:der|dem|den|einem|einer|unserem|unserer)|"
    r"(?:[Ii]m Rahmen|[Aa]m Rande|[Ww]ährend) (?:der|des|einer|eines)|[Mm]it (?:einem|einer)|"
    r"[Aa]nlässlich (?:der|des))) (?:[a-zäöüß]+e[nrms] )?$"
)

_INVITED = re.compile(
    r"\b(?:lädt|laden|lade|lud|luden|eingeladen|willkommen|gebeten|bittet|bitten|kam|kamen|kommen|"
    r"trafen|treffen|reisten|begrüßten?|strömten|pilgerten)\b"
    r"[^;]{0,120}\bzu(?:m|r|| einem| einer| "
    r"unserem| unserer| ihrem| ihrer) (?:[a-zäöüß]+e[nrms] )?$"
)

_INVERTED = re.compile(
    r"\b(?:findet|finden|fand|fanden)\b[^;]{0,60}?\b(?:der|die|das|eine?|unsere?|ihre?) "
    r"(?:[a-zäöüß]+(?:e|er|es) )?$"
)

_THEN_HELD = re.compile(r"(?: #?\w+){0,3} (?:findet|finden|fand|fanden)\b[^;]{0,120}\bstatt\b")

_PREPOSING = re.compile(r"[Bb]ei|[Ii]m Rahmen|[Aa]m Rande|[Ww]ährend|[Mm]it eine|[Aa]nlässlich")

_INVITING = re.compile(
    r"lädt|lade|lud|eingeladen|willkommen|gebeten|bitte|kam|komm|trafen|treffen|reist|begrüß|ström"
)

_HOLDING = re.compile(r"f[ia]nde?")

_LEFT_OUT = re.compile(r"[A-ZÄÖÜ][\w-]+- (?:und|oder) $")
"""``Internet- und Handycafé``"""

_ADJECTIVE = re.compile(
    r"((?:\d{1,2}\. )?(?:[A-ZÄÖÜ][\w-]+(?:er|ische[rs]?|sche[rs]?) |[A-ZÄÖÜ][\w]+-)?)$"
)

_RUN_BEFORE = re.compile(
    r"\b(?:[Dd](?:er|ie|as|en|em|es)|[Zz]u[mr]|[Bb]eim|[Aa]m|[Ii]m|[Vv]om|[Ee]ine?[rnms]?) "
    r"(?P<run>(?:(?!Stadt\b|Gemeinde\b|Landkreis|Kreis|Frau\b|Herr|Verein\b|\w+(?:en|em|es) )"
    r"[A-ZÄÖÜ][\w-]+ ){1,3})$"
)
"""``der Smart Country Convention``: capitalised words between the article and the noun."""

_NO_ADJECTIVE = re.compile(
    r"(?:Die|Der|Das|Eine|Einer|Alle|Diese|Dieser|Unser|Unsere|Weitere|Weiterer|Nächste|Jede|Jeder|"
    r"Seine|Ihre|Ihrer|Aber|Oder|Unter|Über|Hier|Immer|Später|Dieses|Erster|Zweiter|Neuer|Bürger)$"
)

_MEANS = re.compile(r"\b(?:per|via|als|laut|statt einer) (?:[a-zäöüß]+e[nrms]? )?$")

_GENITIVE = re.compile(r"\b(?:des|eines|unseres|ihres) (?:[a-zäöüß]+en )?$")

_DATIVE = re.compile(
    r"\b(?:zu|mit|von|bei|den|unseren|ihren|zwei|drei|vier|fünf|mehreren) (?:[a-zäöüß]+en )?$"
)
_MANY_OF = re.compile(r"(?<=tage|mine|urse|ende|äche|loge|shop|üche|räge|änge|unde|este|rkte)n$")
"""``zu Infoterminen`` names ``Infotermine``."""

FRAMED = "Satz kündigt es an"

_NOT_FRAMED = re.compile(rf"{NO_NAME.pattern}|{_NO_ADJECTIVE.pattern}")

_PROCESS = re.compile(r"(?:ung|tion|heit|keit)(?:en)?$")
"""``bei der Erstellung``: what goes on, not who gathers. Gatherings in -ung are known words."""


LONG, SHORT = 6, 4
BEFORE = 160
"""What is asked of the words before a noun looks no further back: a line may be endless."""

_NO_DAY_OF = re.compile(
    r"(?:Veröffentlichung|Verkündung|Bekannt|Einreichung|Anmeldung|Entscheidung|Eröffnung|Abgabe|"
    r"Wahl|Sitzung|Unterzeichnung|Zustellung|Antrag|Abstimmung|Beschluss|Bewerbung|Lieferung|"
    r"Übergabe|Prüfung|Verhandlung|Ankunft|Abreise|Woche|Rechnung|Auszahlung)"
)
"""``am Tag der Bekanntmachung``: a day on which something is due."""

_DATES = frozenset(["termin", "termine", "terminen"])

_NTH = re.compile(
    r"\b(?:[Ee]rste|[Zz]weite|[Dd]ritte|[Nn]ächste|[Ww]eitere|[Ll]etzte|[Ff]olgende|[Kk]ommende)"
    r"[rnsm]? $"
)
"""``Der nächste Termin`` is an event if the text said before of what."""

_PROPER = re.compile(
    r"(?<![.!?:] )(?<!^)\b"
    r"(?:(?:Zweite|Dritte|Vierte|Fünfte|Sechste|Siebte|Achte|Neunte|Zehnte)[nrs]? )?"
    r"(?:Digital|Lang|Smart|Offen|Grün|Interkulturell|Europäisch|International|Bundesweit|Virtuell)"
    r"e[nrs]? $"
)
"""``die Digitale Woche``: a capital inside the sentence makes it a name."""

_EDITION = re.compile(r"\b(?:[Dd](?:ie|er|as|en|em)|[Zz]u[mr]|[Uu]nsere?[rn]?) \d{1,2}\. $")

_IS_HELD = re.compile(
    r"(?: [A-ZÄÖÜ][\w-]+){0,4} (?:läuft|lief|findet|fand|tagt|tagte|steigt|startet|begann|beginnt|"
    r"endet|endete|ist vom|war vom|lädt|lud|widmet)\b"
)

_COUNTED = words("events", "counted")

_DAYS_OF = frozenset(["Nacht", "Tag", "Tage", "Woche", "Wochen", "Fest", "Abend", "Markt"])


@dataclass(frozen=True, slots=True)
class Anchor:
    """A noun that may name a gathering: its word, the title around it, how sure the noun is."""

    start: int
    end: int
    begin: int
    stop: int
    lemma: str
    weight: float
    reason: str
    title: str
    word: str


def anchors_in(document: Document, start: int, end: int) -> list[Anchor]:
    """Return the nouns between two positions that may name a gathering."""
    found: list[Anchor] = []
    announcing = (
        document.says(_PREPOSING, start, end)
        or document.says(_HOLDING, start, end)
        or document.says(_INVITING, start, end)
    )
    for match in _NOUN.finditer(document.view, start, end):
        inside = bool(found) and match.start() < found[-1].stop
        if inside and found[-1].reason != FRAMED:
            continue
        counted = document.view.startswith(". ", match.start() - 2)
        if not (announcing or counted) and _needs_announcing(match[0]):
            head = document.heads.starting_at(match.start())
            if head is None or head.kind != "event":
                continue
        if _BROKEN.match(document.view, match.end()):
            continue
        one = _anchor(document, match, start, end)
        if one is None or (inside and one.reason == FRAMED):
            continue
        if inside:
            found.pop()  # a noun known for gatherings says more than the guess before it
        found.append(one)
    return found


def _anchor(document: Document, match: re.Match[str], start: int, end: int) -> Anchor | None:
    view = document.view
    word, at, stop = match.group(), match.start(), match.end()
    before = view[max(start, at - BEFORE) : at]
    kind = _as_gathering(document, match, start, end)
    if kind is None or _inside_name(document, at):
        return None
    lemma, weight, reason = kind
    head = document.heads.starting_at(at)
    begin = _with_adjective(document, at, start)
    if head is not None and head.kind == "event":
        stop = head.end
        last = title_end(document, stop, end, lemma)
        title = nominative(document, head, begin, last)
    else:
        last = title_end(document, stop, end, lemma)
        word = re.sub(r"(?<=[a-zäöüß])s$", "", word) if _GENITIVE.search(before) else word
        title = view[begin:at] + word + view[stop:last]
    if _DATIVE.search(before):
        title = title.replace(match.group(), _MANY_OF.sub("", match.group()), 1)
    bare = begin == at and last == stop
    if bare and (last := with_subject(document, stop, end)) > stop:
        title, bare = title + view[stop:last], False
    if bare and lemma in _VAGUE and not (head is not None and head.compound):
        weight -= 0.2  # "Auftakt", "Abend": something takes place, but what?
    title = _of_what(document, lemma, at, title, bare)
    return Anchor(at, stop, begin, last, lemma, weight, reason, title, match.group())


def _as_gathering(
    document: Document, match: re.Match[str], start: int, end: int
) -> tuple[str, float, str] | None:
    """Lemma, weight and reason of a noun that may name a gathering."""
    view = document.view
    word, at = match.group(), match.start()
    never, lowered, gathers, nameless = _noun(word)
    before = view[max(start, at - BEFORE) : at]
    if never or _MEANS.search(view, max(start, at - 40), at):
        return None
    if shaped := _by_shape(document, match, before, end):
        return shaped
    head = document.heads.starting_at(at)
    if head is not None and head.kind == "event":
        specific = head.compound or head.lemma not in GENERIC
        return head.lemma, 0.12 if specific else 0.02, "Satz mit Datum"
    if lowered in _NOT_EVENTS and head is None:
        return None
    if lowered in _ACTS:
        return lowered, 0.08, "Satz mit Datum"
    gathers = gathers and lowered not in _NOT_EVENTS
    if nameless and not gathers:
        return None
    announced = _is_announced(document, match, start, end)
    framed = announced or (
        document.says(_PREPOSING, start, end) and _AFTER_PREPOSITION.search(before)
    )
    if gathers:
        return lowered, 0.08 if framed else 0.02, "Wort für eine Zusammenkunft"
    if framed and not announced and _PROCESS.search(word):
        return None
    if framed and word.endswith("en") and before.endswith(("zum ", "Zum ", "beim ", "Beim ")):
        return None  # "zum Ausprobieren"
    if framed:
        return lowered, 0.0 if announced else -0.05, FRAMED
    return None


def _by_shape(
    document: Document, match: re.Match[str], before: str, end: int
) -> tuple[str, float, str] | None:
    """Nouns that are a gathering only so: ``Digitale Woche``, ``Tag der Räte``, ``die 5. ITLS``."""
    word, view = match.group(), document.view
    if word in _DAYS_OF:
        if _PROPER.search(before):
            return word.lower(), 0.1, "Satz mit Datum"
        of = OF.match(view, match.end(), end)
        if of is not None and not _NO_DAY_OF.match(of["noun"]):
            return "tag-der", 0.12, "Satz mit Datum"
    elif word.lower() in _DATES:
        if _NTH.search(before):
            return "termin", -0.2, "Satz mit Datum"
    elif (
        before.endswith(". ")
        and _EDITION.search(before)
        and word not in _COUNTED
        and _IS_HELD.match(view, match.end(), end)
        and not _NEVER.search(word)
    ):
        return word.lower(), 0.08, "Satz mit Datum"
    return None


@lru_cache(maxsize=20_000)
def _noun(word: str) -> tuple[bool, str, bool, bool]:
    """Whether it never names a gathering, its lower case, whether its ending does or cannot."""
    gathers = len(word) > LONG and _ENDS.search(word) is not None
    nameless = len(word) < SHORT or bool(_NOT_FRAMED.match(word) or VENUE.search(word))
    return _NEVER.search(word) is not None, word.lower(), gathers, nameless


@lru_cache(maxsize=20_000)
def _needs_announcing(word: str) -> bool:
    """Does the word name a gathering only where the sentence, or the noun's kind, says so?"""
    _, lowered, gathers, _ = _noun(word)
    alone = word in _DAYS_OF or lowered in _ACTS or lowered in _DATES
    return not alone and (not gathers or lowered in _NOT_EVENTS)


def _is_announced(document: Document, noun: re.Match[str], start: int, end: int) -> bool:
    """Does the sentence announce the noun: ``lädt zum X``, ``findet ein X``, ``X findet … statt``?

    Whether the verb stands in the sentence at all is asked once a sentence, not once a noun.
    """
    view = document.view
    if document.says(_INVITING, start, end) and _INVITED.search(view[start : noun.start()]):
        return True
    if not document.says(_HOLDING, start, end):
        return False
    if _INVERTED.search(view[start : noun.start()]):
        return True
    return _THEN_HELD.match(view, noun.end(), end) is not None


def _inside_name(document: Document, at: int) -> bool:
    """Inside the name of an organisation or of a place it denotes no gathering."""
    for one in document.organisations.within(at - 80, at + 1):
        if one.start <= at < one.end:
            return True
    return any(p.start <= at < p.end for p in document.places.within(at - 40, at + 1))


def _with_adjective(document: Document, at: int, start: int) -> int:
    """``Neustädter Weihnachtsmarkt``, ``17. Duisburger Symposium``: words before the noun."""
    before = document.view[start:at]
    if opening := opening_of(before):
        return at - len(opening.group())
    if proper := _PROPER.search(before):
        return at - len(proper.group())
    if left_out := _LEFT_OUT.search(before):
        return at - len(left_out.group())
    if (run := _RUN_BEFORE.search(before)) and not _NO_ADJECTIVE.match(run["run"]):
        begin = at - len(run["run"])
        if not (document.places.within(begin, at) or document.organisations.within(begin, at)):
            return begin
    match = _ADJECTIVE.search(before)
    if match is None or not match.group():
        return at
    if _NO_ADJECTIVE.match(match.group().strip()):
        return at
    begin = at - len(match.group())
    if any(date.end > begin for date in document.dates.within(start, at)):
        return at
    return begin


def _of_what(document: Document, lemma: str, at: int, title: str, bare: bool) -> str:
    """``Eröffnung`` says too little: of what, if the block or its heading names it."""
    if lemma not in _ACTS or not bare:
        return title
    index = document.block_at(at)
    start = document.blocks[index].start
    quoted = document.quoted.within(start, at)
    if quoted:
        return f"{title} {quoted[-1].text}"
    above = document.heading_above(index)
    for a, b in ((start, at), _span(document, above) if above is not None else (at, at)):
        nouns = [h for h in document.heads.within(a, b) if h.kind == "project"]
        if nouns:  # the first is what the sentence is about, but ``dessen`` refers to the last
            noun = nouns[-1 if _WHOSE.search(document.view, a, at) else 0]
            return f"{title} {document.view[noun.start : noun.end]}"
    return title


_WHOSE = re.compile(r"\b(?:dessen|deren) $")


def _span(document: Document, index: int) -> tuple[int, int]:
    block = document.blocks[index]
    return block.start, block.end

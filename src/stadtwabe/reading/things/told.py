"""Events that sentences announce: a gathering, and the day that the same clause ties to it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from stadtwabe.reading.document import Document
from stadtwabe.reading.extract.extracted import BlockKind
from stadtwabe.reading.lexica import load, pattern, words
from stadtwabe.reading.model import ReadDate, ThingKind
from stadtwabe.reading.things.candidate import Candidate
from stadtwabe.reading.things.described import OPENING, nominative
from stadtwabe.reading.things.sections import announces

ONLINE = re.compile(
    r"\b(?:[Oo]nline|[Dd]igital|[Vv]irtuell|per Zoom|über Zoom|per Video|Videokonferenz|Webex|"
    r"Livestream|[Ww]ebinar)\b|[Oo]nline-|[Ww]ebinar"
)
_ENDS = re.compile(rf"(?<=[a-zäöüß-])(?:{'|'.join(load('events')['ends'].split())})$", re.I)
_NOT_EVENTS = words("events", "not_events")
_ACTS = words("events", "acts")
_VAGUE = words("events", "vague")
_NEVER = pattern("events", "never")
_ANNOUNCED = pattern("events", "announced")
_GENERIC = words("cues", "generic_events")

_NOUN = re.compile(r"(?<![\w„“\"»-])[A-ZÄÖÜ][\w*]*(?:-[\w*]+)*")
_WEEKDAY = (
    r"(?:(?:Montag|Dienstag|Mittwoch|Donnerstag|Freitag|Samstag|Sonnabend|Sonntag|"
    r"Mo|Di|Mi|Do|Fr|Sa|So)(?:abend|vormittag|nachmittag)?\.?,? ?)?"
)
_WEEKDAY_AT_END = re.compile(r"(?:tag|abend|woch) ?\($")
_TO_DATE = re.compile(
    r"(?: ?[(,:;–-])? ?(?:(?:findet|finden|fand|fanden|ist|war|sind|startet|beginnt|tagt|wird|"
    r"steigt|folgt|läuft|endete?|lief)(?: (?:erneut|wieder|dann|erstmals|auch))? )?"
    rf"(?:für )?(?:am|vom|im|ab|den)? ?{_WEEKDAY}(?:den |dem )?\(?$"
)
_NOT_ITS_DAY = re.compile(
    r"(?:\b(?:[Bb]is(?: zum| spätestens| einschließlich)?|[Ss]eit(?: dem| der)?|"
    r"[Ss]pätestens(?: am)?|"
    r"[Ss]tand:?|[Ff]rist:?|[Ee]nde|[Ss]tichtag:?|rückwirkend zum|in der Fassung vom|"
    r"[Bb]ericht vom|[Ss]chreiben vom|[Ii]n Kraft(?: seit)?)"
    rf") {_WEEKDAY}(?:den |dem )?$"
)
_LISTED_WITH = re.compile(
    r"(?: in [A-ZÄÖÜ][\w-]+(?: [A-ZÄÖÜ][\w-]+)?)? ?(?:,|/)? ?(?:und|sowie|&|bis|oder)? ?"
    r"(?:(?:dann|nochmals|wieder|erneut) )?"
    rf"(?:am |vom )?{_WEEKDAY}(?:den |dem )?"
)
_NUMBERED = re.compile(
    r" (?:#\d+|Nr\. ?\d+|\d{1,2}\.0|20\d\d(?:/\d\d)?|[IVX]+(?: und [IVX]+)?(?![\w.]))"
)
_NAME = re.compile(r" (?:[A-ZÄÖÜ][\w*’]*(?:[-/&.][\w*’]+)*!?|\d\.0|20\d\d|&)(?=[ ,.;:!?)(]|$)")
_JOINT = re.compile(
    r" (?:für|und|der|die|das|des|im|in|zur|zum|von|ohne|mit|ohne|nach|nach dem|auf|am|an der|"
    r"aus|trifft|braucht|statt|–)(?= [A-ZÄÖÜ])"
)
_OF = re.compile(r" (?:der|des) (?:[a-zäöüß]+en )?(?P<noun>[A-ZÄÖÜ][\w*-]{3,})")
_ABOUT = re.compile(
    r" (?P<how>zu|zum|zur|für|über|durch|mit|rund um)(?: (?:die|das|den|dem|der))?"
    r"(?P<adjective>(?: [a-zäöüß-]+(?:en|er|e|es|em))?) (?P<noun>[A-ZÄÖÜ][\w*-]{3,})"
)
_NO_NAME = re.compile(
    r"(?:Uhr|Start|Beginn|Eintritt|Anmeldung|Ort|Stadt|Gemeinde|Herr|Frau|Dr|Prof|Ende|Anfang|Mitte|"
    r"Montag|Dienstag|Mittwoch|Donnerstag|Freitag|Samstag|Sonntag|Januar|Februar|März|April|Mai|"
    r"Juni|Juli|August|September|Oktober|November|Dezember|Jahr|Jahres|Uhrzeit|Kosten|Link|Team)$"
)
_VENUE = re.compile(
    r"(?:rathaus|haus|halle|saal|zentrum|hof|schule|bücherei|bibliothek|stift|museum|kirche|schloss|"
    r"villa|theater|park|platz|markt|scheune|foyer|aula|hotel|forum|campus|mensa|kino)(?:e?s)?$",
    re.IGNORECASE,
)
_AFTER_PREPOSITION = re.compile(
    r"(?:\b(?:[Bb]eim|[Bb]ei (?:der|dem|den|einem|einer|unserem|unserer)|[Aa]uf (?:der|dem|einem|"
    r"einer|unserem|unserer|seinem|seiner|ihrem|ihrer)|[Ii]m Rahmen (?:der|des|einer|eines)|"
    r"[Aa]nlässlich (?:der|des))) (?:[a-zäöüß]+e[nrms] )?$"
)
_INVITED = re.compile(
    r"\b(?:lädt|laden|lade|lud|luden|eingeladen|willkommen|gebeten|bittet|bitten)\b"
    r"[^.;]{0,80}\bzu(?:m|r|| einem| einer| "
    r"unserem| unserer| ihrem| ihrer) (?:[a-zäöüß]+e[nrms] )?$"
)
_INVERTED = re.compile(
    r"\b(?:findet|finden|fand|fanden)\b[^;]{0,60}?\b(?:der|die|das|eine?|unsere?|ihre?) "
    r"(?:[a-zäöüß]+(?:e|er|es) )?$"
)
_THEN_HELD = re.compile(r"(?: #?\w+){0,3} (?:findet|finden|fand|fanden)\b[^;]{0,120}\bstatt\b")
_AGAINST = re.compile(r"\b(?:[Nn]ach|[Ss]eit|[Aa]uswertung|[Pp]rotokoll) (?:de[rmns]|einer?m?)? ?$")
_PREPOSING = re.compile(r"[Bb]ei|[Aa]uf |[Ii]m Rahmen|[Aa]nlässlich")
_INVITING = re.compile(r"lädt|lade|lud|eingeladen|willkommen|gebeten|bitte")
_HOLDING = re.compile(r"f[ia]nde?")
_SEVERAL = re.compile(r"\b(?:mehrere|viele|weitere|verschiedene|zahlreiche|keine) (?:\w+ )?$")
_OPENED = re.compile(
    r"\b(?:wird|wurde|werden|wurden)\b[^;]{0,120}?\b(?P<verb>eröffnet|eingeweiht)\b"
)
_SUBJECT = re.compile(
    r"\b(?:[Dd]er|[Dd]ie|[Dd]as|[Uu]nsere?|[Ee]ine?) (?:(?:neue|erste|offene|digitale)[rs]? )?"
    r"(?P<noun>[A-ZÄÖÜ][\w*-]{3,})"
)
_NEXT = re.compile(
    r"(?:Am|Vom|Er|Sie|Es|Die|Das|Der|Beginn|Termin|Treffpunkt|Los geht|Start|Wann)\b"
)
_ADJECTIVE = re.compile(
    r"((?:\d{1,2}\. )?(?:[A-ZÄÖÜ][\w-]+(?:er|ische[rs]?|sche[rs]?) |[A-ZÄÖÜ][\w]+-)?)$"
)
_NO_ADJECTIVE = re.compile(
    r"(?:Die|Der|Das|Eine|Einer|Alle|Diese|Dieser|Unser|Unsere|Weitere|Weiterer|Nächste|Jede|Jeder|"
    r"Seine|Ihre|Ihrer|Aber|Oder|Unter|Über|Hier|Immer|Später|Dieses|Erster|Zweiter|Neuer|Bürger)$"
)
_CALLED_OFF = re.compile(
    r"\bentfällt\b|\bentfallen\b|\bf(?:iel|ielen|ällt|allen)\b[^.;]{0,60}\baus\b|\babgesagt|"
    r"\bausgefallen|\bverschoben\b|\bnicht (?:statt|zustande)"
)
_MEANS = re.compile(r"\b(?:per|via|als|laut|statt einer) $")
_MEANS_ENDS = ("per ", "via ", "als ", "laut ", "statt einer ")
_IN = re.compile(
    r"\b(?:in|nach|bei) (?:der (?:Stadt|Gemeinde) )?$|[,(] ?$|^(?:[^.;]* )?(?:Rathaus|[Hh]aus|"
    r"[Hh]alle|[Bb]ahnhof|Schloss|[Zz]entrum) $"
)
_FRAME = re.compile(r"\b[Ii]m Rahmen (?:der|des|einer|eines) (?:\w+ )?$")
_GENITIVE = re.compile(r"\b(?:des|eines|unseres|ihres) (?:[a-zäöüß]+en )?$")
FRAMED = "Satz kündigt es an"
_NOT_FRAMED = re.compile(rf"{_NO_NAME.pattern}|{_NO_ADJECTIVE.pattern}")
TOP = 2
LONG, SHORT = 6, 4
MONTH = len("2021-06")
_DAYS_OF = frozenset(["Nacht", "Tag", "Tage", "Woche", "Wochen", "Fest", "Abend", "Markt"])
_PLAIN = frozenset(["spaziergang", "rundgang", "lesung", "gespräch", "treffen", "exkursion"])
_WHERE = frozenset(["im", "in", "am", "auf", "an der", "aus"])


@dataclass(frozen=True, slots=True)
class _Anchor:
    """A noun that may name a gathering: its word, the title around it, how sure the noun is."""

    start: int
    end: int
    begin: int
    stop: int
    lemma: str
    weight: float
    reason: str
    title: str


def told_events(
    document: Document, taken: Iterable[tuple[int, int]], dated: Iterable[int] = ()
) -> list[Candidate]:
    """Events of sentences; `dated` are indices of dates that already belong to an event."""
    spans = list(taken)
    used = set(dated)
    found: list[Candidate] = []
    found += _headed(document, spans, used)
    done: set[tuple[int, int]] = set()
    for index, date in enumerate(document.dates.all):
        sentence = document.sentence_at(date.start)
        if sentence in done or index in used or _is_byline(document, date):
            continue
        done.add(sentence)
        for one in _in_sentence(document, sentence, spans, used):
            found.append(one)
            spans.append((one.start, one.end))
            used.update(one.dates)
    return found


def _is_byline(document: Document, date: ReadDate) -> bool:
    """A line at the top that begins with a date says when, and by whom, the text was written."""
    index = document.block_at(date.start)
    block = document.blocks[index]
    lone = date.start == block.start and block.end - block.start < 80
    return lone and index <= TOP and "Uhr" not in document.line(index)


def joined(document: Document, days: list[ReadDate], chosen: int) -> list[ReadDate]:
    """A date and those listed with it: ``am 23. und 24. November``."""
    result = [days[chosen]]
    for before in reversed(days[:chosen]):
        if not _LISTED_WITH.fullmatch(document.view[before.end : result[0].start]):
            break
        result.insert(0, before)
    for after in days[chosen + 1 :]:
        if not _LISTED_WITH.fullmatch(document.view[result[-1].end : after.start]):
            break
        result.append(after)
    return result


def its_day(document: Document, date: ReadDate) -> bool:
    """May something take place on it? A deadline, or the day since when, is none."""
    return not _NOT_ITS_DAY.search(document.view[max(0, date.start - 40) : date.start])


def _in_sentence(
    document: Document, sentence: tuple[int, int], taken: list[tuple[int, int]], used: set[int]
) -> Iterable[Candidate]:
    start, end = sentence
    indices = [
        i
        for i in document.dates.indices(start, end)
        if i not in used and its_day(document, document.dates.all[i])
    ]
    groups = _groups(document, indices)
    if not groups or called_off(document.view, start, end):
        return
    anchors = _anchors(document, start, end)
    if any(one.reason != FRAMED for one in anchors):  # a known noun needs no guess beside it
        anchors = [one for one in anchors if one.reason != FRAMED]
    anchors = [one for one in anchors if not _in(taken, one.start)]
    before = _anchors_before(document, start) if not anchors else []
    pairs = sorted(
        (_distance(document, anchor, group, anchors), i, j)
        for i, anchor in enumerate(anchors)
        for j, group in enumerate(groups)
    )
    busy_anchors: set[int] = set()
    busy_groups: set[int] = set()
    for distance, i, j in pairs:
        if i in busy_anchors or j in busy_groups:
            continue
        confidence = _confidence(document, anchors[i], groups[j], sentence, distance)
        if confidence is None:
            continue
        busy_anchors.add(i)
        busy_groups.add(j)
        yield _candidate(document, anchors[i], groups[j], sentence, confidence)
    if not busy_groups and (opened := _opened(document, sentence, groups)):
        yield opened
    elif before and not _in(taken, before[-1].start):
        yield _candidate(document, before[-1], groups[0], sentence, 0.52)


def _groups(document: Document, indices: list[int]) -> list[list[int]]:
    groups: list[list[int]] = []
    for i in indices:
        date = document.dates.all[i]
        last = document.dates.all[groups[-1][-1]] if groups else None
        if last and _LISTED_WITH.fullmatch(document.view[last.end : date.start]):
            groups[-1].append(i)
        else:
            groups.append([i])
    return groups


def called_off(view: str, start: int, end: int) -> bool:
    """Does the stretch say that it does not, or did not, take place?"""
    return _CALLED_OFF.search(view, start, end) is not None


def _in(taken: list[tuple[int, int]], position: int) -> bool:
    return any(a <= position < b for a, b in taken)


def _anchors(document: Document, start: int, end: int) -> list[_Anchor]:
    found: list[_Anchor] = []
    for match in _NOUN.finditer(document.view, start, end):
        inside = bool(found) and match.start() < found[-1].stop
        if inside and found[-1].reason != FRAMED:
            continue
        one = _anchor(document, match, start, end)
        if one is None or (inside and one.reason == FRAMED):
            continue
        if inside:
            found.pop()  # a noun known for gatherings says more than the guess before it
        found.append(one)
    return found


def _anchor(document: Document, match: re.Match[str], start: int, end: int) -> _Anchor | None:
    view = document.view
    word, at, stop = match.group(), match.start(), match.end()
    before = view[start:at]
    kind = _as_gathering(document, match, start, end)
    if kind is None or _inside_name(document, at):
        return None
    lemma, weight, reason = kind
    head = document.heads.starting_at(at)
    begin = _with_adjective(document, at, start)
    if head is not None and head.kind == "event":
        stop = head.end
        title_end = _title_end(document, stop, end, lemma)
        title = nominative(document, head, begin, title_end)
    else:
        title_end = _title_end(document, stop, end, lemma)
        word = re.sub(r"(?<=[a-zäöüß])s$", "", word) if _GENITIVE.search(before) else word
        title = view[begin:at] + word + view[stop:title_end]
    bare = begin == at and title_end == stop
    if bare and lemma in _VAGUE and not (head is not None and head.compound):
        weight -= 0.2  # "Auftakt", "Abend": something takes place, but what?
    title = _of_what(document, lemma, at, title, bare)
    return _Anchor(at, stop, begin, title_end, lemma, weight, reason, title)


def _as_gathering(
    document: Document, match: re.Match[str], start: int, end: int
) -> tuple[str, float, str] | None:
    """Lemma, weight and reason of a noun that may name a gathering."""
    view = document.view
    word, at, stop = match.group(), match.start(), match.end()
    never, lowered, gathers, nameless = _noun(word)
    before = view[start:at]
    if never or (before.endswith(_MEANS_ENDS) and _MEANS.search(before)):
        return None
    head = document.heads.starting_at(at)
    if head is not None and head.kind == "event":
        specific = head.compound or head.lemma not in _GENERIC
        return head.lemma, 0.12 if specific else 0.02, "Satz mit Datum"
    of = _OF.match(view, stop, end) if word in _DAYS_OF else None
    if of is not None and not of["noun"].endswith("ung"):
        return "tag-der", 0.12, "Satz mit Datum"
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
    if framed:
        return lowered, 0.0 if announced else -0.05, FRAMED
    return None


@lru_cache(maxsize=20_000)
def _noun(word: str) -> tuple[bool, str, bool, bool]:
    """Whether it never names a gathering, its lower case, whether its ending does or cannot."""
    gathers = len(word) > LONG and _ENDS.search(word) is not None
    nameless = len(word) < SHORT or bool(_NOT_FRAMED.match(word) or _VENUE.search(word))
    return _NEVER.search(word) is not None, word.lower(), gathers, nameless


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
    if opening := OPENING.search(before):
        return at - len(opening.group())
    match = _ADJECTIVE.search(before)
    if match is None or not match.group():
        return at
    if _NO_ADJECTIVE.match(match.group().strip()):
        return at
    begin = at - len(match.group())
    if any(date.end > begin for date in document.dates.within(start, at)):
        return at
    return begin


def _title_end(document: Document, stop: int, limit: int, lemma: str) -> int:
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
    if of := _OF.match(view, end, limit):
        if not document.places.within(of.start("noun"), of.end()) and not _VENUE.search(of["noun"]):
            return of.end()
    elif about := _ABOUT.match(view, end, limit):
        places = document.places.within(about.start("noun"), about.end())
        plain = lemma in _GENERIC or lemma in _PLAIN
        if not places and (
            plain or about["how"] == "über" or not (about["adjective"] or about["how"] == "mit")
        ):
            return max(about.end(), _run(document, about.end(), limit))
    return end


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
        if _NO_NAME.match(word):
            break
        where = joint and joint.group().strip() in _WHERE
        at = token.start() if joint is None else joint.end()
        if where and (_VENUE.search(word) or document.places.within(at, token.end())):
            break
        if (
            joint
            and joint.group().strip() in {"und", "mit"}
            and view[token.end() : token.end() + 1] == " "
        ):
            break
        end = token.end()
    return end


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
        if nouns:
            return f"{title} {document.view[nouns[-1].start : nouns[-1].end]}"
    return title


def _span(document: Document, index: int) -> tuple[int, int]:
    block = document.blocks[index]
    return block.start, block.end


def _distance(
    document: Document, anchor: _Anchor, group: list[int], anchors: list[_Anchor]
) -> float:
    """How far a day stands from a noun; other gatherings and semicolons between push apart."""
    first, last = document.dates.all[group[0]], document.dates.all[group[-1]]
    if first.start >= anchor.stop:
        a, b, extra = anchor.stop, first.start, 0.0
    else:
        a, b, extra = last.end, anchor.begin, 20.0
        before = document.view[max(0, first.start - 16) : first.start]
        if before.endswith("(") and not _WEEKDAY_AT_END.search(before):
            extra += 150.0  # a day in brackets belongs to what stands before it
    gap = document.view[a:b]
    if _FRAME.search(document.view, max(0, anchor.begin - 40), anchor.begin):
        extra += 200.0 if len(anchors) > 1 else 60.0
    extra += 80.0 * gap.count(";") + 30.0 * gap.count(":")
    extra += 60.0 * sum(1 for other in anchors if other is not anchor and a <= other.start < b)
    return max(0, b - a) + extra


def _confidence(
    document: Document,
    anchor: _Anchor,
    group: list[int],
    sentence: tuple[int, int],
    distance: float,
) -> float | None:
    view = document.view
    first = document.dates.all[group[0]]
    adjacent = first.start >= anchor.stop and bool(
        _TO_DATE.fullmatch(view[anchor.stop : first.start])
    )
    if len(first.value) == MONTH and not adjacent:
        return None
    confidence = 0.36 + anchor.weight
    confidence += 0.12 if adjacent else 0.0
    confidence += 0.08 if distance < 60 else -0.12 if distance > 160 else 0.0
    confidence += 0.1 if document.says(_ANNOUNCED, *sentence) else 0.0
    confidence += 0.04 if len(anchor.title.split()) > 1 else 0.0
    before = view[max(sentence[0], anchor.begin - 30) : anchor.begin]
    confidence -= 0.15 if _AGAINST.search(before) else 0.0
    confidence -= 0.12 if _SEVERAL.search(before) else 0.0
    return confidence


def _candidate(
    document: Document,
    anchor: _Anchor,
    group: list[int],
    sentence: tuple[int, int],
    confidence: float,
) -> Candidate:
    return Candidate(
        ThingKind.EVENT,
        anchor.title,
        anchor.begin,
        anchor.stop,
        document.block_at(anchor.start),
        min(confidence, 0.8),
        anchor.reason,
        tuple(group),
        _venue_at(document, anchor, group, sentence),
        bool(ONLINE.search(document.view, *sentence)),
    )


def _venue_at(
    document: Document, anchor: _Anchor, group: list[int], sentence: tuple[int, int]
) -> tuple[int, int]:
    """Where the sentence names the venue: after noun and day, else after "in" or "nach"."""
    last = document.dates.all[group[-1]].end
    behind = max(min(anchor.stop, last), sentence[0])
    for place in document.places.within(behind, sentence[1]):
        if _IN.search(document.view, max(0, place.start - 30), place.start):
            return place.start, place.end
    for place in document.places.within(*sentence):
        if _IN.search(document.view, max(0, place.start - 30), place.start):
            return place.start, place.end
    return behind, sentence[1]


def _opened(
    document: Document, sentence: tuple[int, int], groups: list[list[int]]
) -> Candidate | None:
    """``Der Kiosk wurde am 3. Mai 2024 eröffnet``: an opening, told by its verb."""
    start, end = sentence
    view = document.view
    verb = _OPENED.search(view, start, end)
    if verb is None:
        return None
    nouns = [h for h in document.heads.within(start, verb.end()) if h.kind == "project"]
    if nouns:
        a, b = nouns[0].start, nouns[0].end
    elif subject := _SUBJECT.search(view, start, verb.end()):
        a, b = subject.span("noun")
    else:
        return None
    act = "Eröffnung" if verb["verb"] == "eröffnet" else "Einweihung"
    return Candidate(
        ThingKind.EVENT,
        f"{act} {view[a:b]}",
        a,
        b,
        document.block_at(a),
        0.55,
        "wird eröffnet",
        tuple(groups[0]),
        sentence,
    )


def _anchors_before(document: Document, start: int) -> list[_Anchor]:
    """Of the sentence before: ``Wir laden zum Bürgerdialog. Er findet am 3. Mai statt.``"""
    index = document.block_at(start)
    if start <= document.blocks[index].start or not _NEXT.match(document.view, start):
        return []
    a, b = document.sentence_at(start - 2)
    if document.dates.within(a, b) or not document.says(_ANNOUNCED, a, b):
        return []
    return [one for one in _anchors(document, a, b) if one.weight > 0]


def _headed(document: Document, taken: list[tuple[int, int]], used: set[int]) -> list[Candidate]:
    """A heading names the gathering, and the first sentence below it tells the day."""
    found = []
    for index in range(len(document.blocks) - 1):
        block, below = document.blocks[index], document.blocks[index + 1]
        if block.kind not in {BlockKind.HEADING, BlockKind.FIELD}:
            continue
        if block.kind == BlockKind.FIELD and below.kind != BlockKind.PARAGRAPH:
            continue
        if below.kind == BlockKind.HEADING and below.end - below.start > 60:
            continue
        if document.dates.within(block.start, block.end) or announces(document.line(index)):
            continue
        sentence = document.sentence_at(below.start)
        days = [
            i
            for i in document.dates.indices(*sentence)
            if i not in used
            and len(document.dates.all[i].value) > MONTH
            and its_day(document, document.dates.all[i])
            and not _is_byline(document, document.dates.all[i])
        ]
        if not days:
            continue
        anchors = [
            a
            for a in _anchors(document, block.start, block.end)
            if a.reason != FRAMED and not _in(taken, a.start)
        ]
        if not anchors:
            continue
        # What the sentence itself names is the event; the heading then only speaks of it.
        if any(a.weight > 0 for a in _anchors(document, *sentence)):
            continue
        group = _groups(document, days)[0]
        one = _candidate(document, anchors[-1], group, sentence, 0.5 + anchors[-1].weight)
        found.append(one)
        taken.append((one.start, one.end))
        used.update(group)
    return found

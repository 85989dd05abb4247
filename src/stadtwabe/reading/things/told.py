"""Events that sentences announce: a gathering, and the day that the same clause ties to it."""

import re
from collections.abc import Iterable
from dataclasses import replace

from stadtwabe.reading.document import Document
from stadtwabe.reading.extract.extracted import BlockKind
from stadtwabe.reading.lexica import pattern
from stadtwabe.reading.model import ThingKind
from stadtwabe.reading.things.candidate import Candidate
from stadtwabe.reading.things.days import (
    LISTED_WITH,
    OWN_TIME,
    WEEKDAY,
    is_byline,
    its_day,
)
from stadtwabe.reading.things.gatherings import FRAMED, Anchor, anchors_in
from stadtwabe.reading.things.sections import announces
from stadtwabe.reading.things.taken_up import is_plural, taken_up, within_larger

ONLINE = re.compile(
    r"\b(?:[Oo]nline|[Dd]igital|[Vv]irtuell|per Zoom|über Zoom|per Video|Videokonferenz|Webex|"
    r"Livestream|[Ww]ebinar)\b|[Oo]nline-|[Ww]ebinar"
)

_ANNOUNCED = pattern("events", "announced")

_WEEKDAY_AT_END = re.compile(r"(?:tag|abend|woch) ?\($")

_TO_DATE = re.compile(
    r"(?: ?[(,:;–-])? ?(?:(?:findet|finden|fand|fanden|ist|war|sind|startet|beginnt|tagt|wird|"
    r"steigt|folgt|läuft|endete?|lief)(?: (?:erneut|wieder|dann|erstmals|auch))? )?"
    rf"(?:für )?(?:am|vom|im|ab|den)? ?{WEEKDAY}(?:den |dem )?\(?$"
)

_AGAINST = re.compile(
    r"\b(?:[Nn]ach|[Ss]eit|[Aa]uswertung|[Pp]rotokoll|[Rr]ückblick auf) "
    r"(?:de[rmns]|die|das|einer?m?)? ?$"
)

_SEVERAL = re.compile(r"\b(?:mehrere|viele|weitere|verschiedene|zahlreiche|keine) (?:\w+ )?$")

_OPENED = re.compile(
    r"\b(?:wird|wurde|werden|wurden)\b[^;]{0,120}?\b(?P<verb>eröffnet|eingeweiht)\b"
)

_OPENS = re.compile(
    r",? (?:wird |wurde |hat )?(?:(?:er)?öffnet|eröffnete|eingeweiht)(?: wird| wurde)?"
    r"(?: (?:\w+ ){0,2}am| seine)\b"
)
"""``„Das Bürgerlabor“, eröffnet am 16. Mai``"""
_SUBJECT = re.compile(
    r"\b(?:[Dd]er|[Dd]ie|[Dd]as|[Uu]nsere?|[Ee]ine?) (?:(?:neue|erste|offene|digitale)[rs]? )?"
    r"(?P<noun>[A-ZÄÖÜ][\w*-]{3,})"
)

_NEXT = re.compile(
    r"(?:Am|Vom|Er|Sie|Es|Die|Das|Der|Beginn|Termin|Treffpunkt|Los geht|Start|Wann)\b"
)

_AGAIN = re.compile(
    r"\b(?:[Nn]ächste[rsn]? (?:Mal|Halt|Station|Termin|Ausgabe|Auflage|Runde|Folge|Etappe)|"
    r"[Ee]rste[rsn]? (?:Mal|Halt|Station|Termin|Ausgabe|Runde|Etappe)|[Ff]ortsetzung|"
    r"[Ww]eiter geht)\b"
)
"""A sentence that tells the day of what the one before named."""

_GATHER = re.compile(
    r"\b(?:komm(?:en|t)|kamen|treffen|trafen|traf|versammel\w+) (?:\S+ ){0,14}(?:zusammen|sich)\b|"
    r"\b(?:treffen|trafen|versammel\w+) sich\b|\berwarte(?:t|n)\b|\bdiskutier|\btausch(?:t|en|ten) "
)
BACK = 3
ALONE, LISTED = 0.05, 0.55
"""One noun and one day in a sentence belong together; so do further days of one plural."""
_PUT_OFF_TO = re.compile(
    r"\bauf (?:den |[A-Z]\w+, (?:den |dem )?)?\d{1,2}\. ?[^.;]{1,20} verschoben"
)
_CALLED_OFF = re.compile(
    r"\bentfällt\b|\bentfallen\b|\bf(?:iel|ielen|ällt|allen)\b[^.;]{0,60}\baus\b|\babgesagt|"
    r"\bausgefallen|\bverschoben\b|\bnicht (?:statt|zustande)"
)

_IN = re.compile(
    r"\b(?:in|nach|bei) (?:der (?:Stadt|Gemeinde) )?$|[,(] ?$|^(?:[^.;]* )?(?:Rathaus|[Hh]aus|"
    r"[Hh]alle|[Bb]ahnhof|Schloss|[Zz]entrum) $"
)

_FRAME = re.compile(
    r"\b(?:[Ii]m Rahmen|[Aa]nlässlich|[Aa]m Rande|[Ww]ährend) (?:der|des|einer|eines) (?:\w+ )?$"
)

VAGUE = -0.1
"""A noun of at most so much weight says that something takes place, but not what."""

NEAR_START = 60
"""What an earlier sentence tells of stands so near to its beginning."""


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
        if sentence in done or index in used or is_byline(document, date):
            continue
        done.add(sentence)
        for one in _in_sentence(document, sentence, spans, used):
            found.append(one)
            spans.append((one.start, one.end))
            used.update(one.dates)
    return within_larger(document, found)


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
    anchors = anchors_in(document, start, end)
    if any(one.reason != FRAMED for one in anchors):  # a known noun needs no guess beside it
        anchors = [one for one in anchors if one.reason != FRAMED]
    anchors = [one for one in anchors if not _in(taken, one.start)]
    anchors = [taken_up(document, one) for one in anchors]
    anchors = [one for one in anchors if one.title != one.word or one.lemma != "termin"]
    if any(one.weight > 0 for one in anchors):  # "Zum Auftakt fand eine Werkstatt statt"
        anchors = [one for one in anchors if one.weight > VAGUE]
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
        confidence += ALONE if len(anchors) == len(groups) == 1 and anchors[i].weight > 0 else 0.0
        busy_anchors.add(i)
        busy_groups.add(j)
        yield from _held(document, anchors[i], groups[j], sentence, confidence)
    if len(anchors) == 1 and busy_groups and is_plural(anchors[0]):
        for j, group in enumerate(groups):
            if j not in busy_groups:
                yield from _held(document, anchors[0], group, sentence, LISTED)
    if not busy_groups and (opened := _opened(document, sentence, groups)):
        yield opened
    elif before and not _in(taken, before[-1].start):
        yield _candidate(document, before[-1], groups[0], sentence, 0.52)


def _held(
    document: Document,
    anchor: Anchor,
    group: list[int],
    sentence: tuple[int, int],
    confidence: float,
) -> Iterable[Candidate]:
    """One event; where as many places as days are listed, one in each: ``in Hof und Selb``."""
    one = _candidate(document, anchor, group, sentence, confidence)
    here = document.places.within(*sentence)
    each = {place.key: place for place in here}
    if not is_plural(anchor) or len(group) < 2 or len(each) != len(group):
        yield one
        return
    for i, place in zip(group, each.values(), strict=True):
        yield replace(one, dates=(i,), place_at=(place.start, place.end))


def _groups(document: Document, indices: list[int]) -> list[list[int]]:
    groups: list[list[int]] = []
    for i in indices:
        date = document.dates.all[i]
        last = document.dates.all[groups[-1][-1]] if groups else None
        if last and LISTED_WITH.fullmatch(document.view[last.end : date.start]):
            groups[-1].append(i)
        else:
            groups.append([i])
    return groups


def called_off(view: str, start: int, end: int) -> bool:
    """Does the stretch say that it does not, or did not, take place?"""
    off = _CALLED_OFF.search(view, start, end)
    return off is not None and not _PUT_OFF_TO.search(view, start, end)


def _in(taken: list[tuple[int, int]], position: int) -> bool:
    return any(a <= position < b for a, b in taken)


def _distance(document: Document, anchor: Anchor, group: list[int], anchors: list[Anchor]) -> float:
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
    anchor: Anchor,
    group: list[int],
    sentence: tuple[int, int],
    distance: float,
) -> float | None:
    view = document.view
    first = document.dates.all[group[0]]
    adjacent = first.start >= anchor.stop and bool(
        _TO_DATE.fullmatch(view[anchor.stop : first.start])
    )
    if first.is_month and not adjacent:
        return None
    confidence = 0.36 + anchor.weight
    confidence += 0.12 if adjacent else 0.0
    confidence += 0.08 if distance < 60 else -0.12 if distance > 160 else 0.0
    confidence += 0.1 if document.says(_ANNOUNCED, *sentence) else 0.0
    confidence += 0.04 if len(anchor.title.split()) > 1 else 0.0
    before = view[max(sentence[0], anchor.begin - 30) : anchor.begin]
    confidence -= 0.15 if _AGAINST.search(before) and not adjacent else 0.0
    confidence -= 0.12 if _SEVERAL.search(before) else 0.0
    return confidence


def _candidate(
    document: Document,
    anchor: Anchor,
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
    document: Document, anchor: Anchor, group: list[int], sentence: tuple[int, int]
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
    for quoted in document.quoted.within(start, end):
        if opens := _OPENS.match(view, quoted.outer_end, end):
            act = "Einweihung" if "weih" in opens.group() else "Eröffnung"
            at = opens.start() + len(opens.group()) - len(opens.group().lstrip(" ,"))
            name = f"{act} {quoted.text}"
            return _opening(document, name, at, opens.end(), groups[0], sentence)
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
    return _opening(document, f"{act} {view[a:b]}", a, b, groups[0], sentence)


def _opening(
    document: Document,
    name: str,
    start: int,
    end: int,
    group: list[int],
    sentence: tuple[int, int],
) -> Candidate:
    index = document.block_at(start)
    return Candidate(
        ThingKind.EVENT, name, start, end, index, 0.55, "wird eröffnet", tuple(group), sentence
    )


def _anchors_before(document: Document, start: int) -> list[Anchor]:
    """Of the sentence before: ``Wir laden zum Bürgerdialog. Er findet am 3. Mai statt.``"""
    opening = document.blocks[document.block_at(start)].start
    if start <= opening:
        return []
    sentence = document.sentence_at(start)
    again = document.says(_AGAIN, *sentence)
    if not (again or _NEXT.match(document.view, start)):
        return []
    gathers = document.says(_GATHER, *sentence)
    a = start
    for _ in range(BACK if again else 1):
        if a <= opening:
            break
        a, b = document.sentence_at(a - 2)
        if any(not date.is_month for date in document.dates.within(a, b)):
            return []
        told = again or document.says(_ANNOUNCED, a, b)
        found = [
            one
            for one in anchors_in(document, a, b)
            if one.weight > 0
            and (told or (gathers and one.reason != FRAMED and one.begin - a < NEAR_START))
            and not OWN_TIME.match(document.view, one.stop)
        ]
        if found:
            return found
    return []


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
            and not document.dates.all[i].is_month
            and its_day(document, document.dates.all[i])
            and not is_byline(document, document.dates.all[i])
        ]
        if not days:
            continue
        anchors = [
            a
            for a in anchors_in(document, block.start, block.end)
            if a.reason != FRAMED and not _in(taken, a.start)
        ]
        if not anchors:
            continue
        # What the sentence itself names is the event; the heading then only speaks of it.
        if any(a.weight > 0 for a in anchors_in(document, *sentence)):
            continue
        group = _groups(document, days)[0]
        one = _candidate(document, anchors[-1], group, sentence, 0.5 + anchors[-1].weight)
        found.append(one)
        taken.append((one.start, one.end))
        used.update(group)
    return found

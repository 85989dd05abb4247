"""Events: from lists of dates, from labelled lines, and from sentences with a date."""

import re

from stadtwabe.reading.document import Document
from stadtwabe.reading.extract.extracted import BlockKind
from stadtwabe.reading.lexica import pattern
from stadtwabe.reading.mentions.heads import Head, head_of
from stadtwabe.reading.model import ReadDate, ThingKind
from stadtwabe.reading.things.candidate import Candidate
from stadtwabe.reading.things.sections import announces, section_of
from stadtwabe.reading.things.told import called_off, joined

_LEAD = re.compile(
    r"[-–—•●▪*·+>] +|(?:Montag|Dienstag|Mittwoch|Donnerstag|Freitag|Samstag|Sonnabend|Sonntag|"
    r"Mo|Di|Mi|Do|Fr|Sa|So)\.?,? *(?:den |dem )?|(?:Am|Vom|Ab|am|vom|ab) |\(|\| ?"
)
_TIME = re.compile(
    r"[ ,|;–-]*(?:\(?(?:um|von|ab) )?\d{1,2}(?:[.:]\d{2})?(?: ?Uhr)?"
    r"(?: ?(?:-|–|bis) ?\d{1,2}(?:[.:]\d{2})?)?(?: ?Uhr| ?h\b)?\)?(?=[ ,:|;.–-]|$)"
)
_ALL_DAY = re.compile(r"[ ,|]*(?:ganztägig|ganztags|abends|vormittags|nachmittags)\b")
_ONLINE = re.compile(
    r"\b(?:online|digital|virtuell|per Zoom|über Zoom|Videokonferenz|Webex|Livestream|webinar)\b",
    re.IGNORECASE,
)
_SITTING = pattern("cues", "sitting")
_GROUP = re.compile(r"\b(?:AG|AK|Arbeitsgruppe|Arbeitskreis|Netzwerk|Nutzergruppe|Runder? Tisch)\b")
_FIELD = re.compile(r"(Datum|Termin|Wann|Zeit|Ort|Wo|Veranstaltungsort|Treffpunkt|Tag): +")
_LABEL = re.compile(r"([A-ZÄÖÜ][\w -]{3,50}): +")
MAX_TITLE = 160
TOP = 2
"""A lone date in one of so many first blocks dates the document."""


def listed_events(document: Document) -> list[Candidate]:
    """Events from lines that begin with a date, or have it in a cell of their own."""
    leads = {i: lead for i in range(len(document.blocks)) if (lead := _lead(document, i))}
    headed = _dated_headings(document, leads)
    spoken = {one.block + 1 for one in headed}
    found: list[Candidate] = []
    for index in leads:
        if index in spoken:
            continue
        in_section = section_of(document, index) == ThingKind.EVENT
        siblings = sum(1 for other in range(index - 4, index + 5) if other in leads)
        one = _from_lead(document, index, leads, in_section or siblings >= 3)
        if one is not None:
            found.append(one)
    found += _labelled(document)
    labelled = {one.block for one in found}
    found += [one for one in _title_first(document, leads) if one.block not in labelled]
    found += headed
    found += _with_fields(document)
    return found


def _lead(document: Document, index: int) -> list[int]:
    """Indices of the dates with which a block begins."""
    block = document.blocks[index]
    indices = document.dates.indices(block.start, min(block.end, block.start + 60))
    if not len(indices):
        return []
    at = block.start
    while lead := _LEAD.match(document.view, at):
        at = lead.end()
    first = document.dates.all[indices[0]]
    if _runs_on_as_sentence(document.view[first.end : block.end]):
        return []
    if first.start - at > 2 or len(first.value) < 7 or (len(first.value) == 7):
        return []
    leading = [indices[0]]
    for other in indices[1:]:
        gap = document.view[document.dates.all[leading[-1]].end : document.dates.all[other].start]
        if re.fullmatch(r"[ ,/–-]*(?:und|bis|sowie)?[ ]*(?:\w{2,10},? )?", gap):
            leading.append(other)
        else:
            break
    return leading


def _runs_on_as_sentence(rest: str) -> bool:
    """``Am Samstag, 20. Mai, können alle mitfahren.``: no line of a list."""
    rest = rest.lstrip(" ,")
    return bool(re.match(r"[a-zäöü]{3,}", rest)) and not re.match(
        r"(?:online|digital|virtuell|bis|und|ab|von|ganz|abends|vor|nach)", rest
    )


def _from_lead(
    document: Document, index: int, leads: dict[int, list[int]], listed: bool
) -> Candidate | None:
    block = document.blocks[index]
    dates = tuple(leads[index])
    at = document.dates.all[dates[-1]].end
    while more := (_TIME.match(document.view, at, block.end) or _ALL_DAY.match(document.view, at)):
        if more.end() == at:
            break
        at = more.end()
    while at < block.end and document.view[at] in " ,;:–—-|)/.·•":
        at += 1
    rest = document.view[at : block.end]
    if len(rest) > 400 or (len(rest) > 160 and not listed):
        return None
    if not rest.strip() or _is_only_place(document, at, block.end):
        return _title_below(document, index, leads, dates, (at, block.end), listed)
    start, end, place_at, online = _split(document, at, block.end)
    title = document.view[start:end]
    headed = _event_noun(document, start, end)
    if not (listed or headed) or _is_sitting(title) or not 4 <= len(title) <= MAX_TITLE:
        return None
    if not listed and block.kind == BlockKind.PARAGRAPH and re.match(r"[a-zäöü]", title):
        return None
    if not listed and index <= TOP and "Uhr" not in rest:
        return None  # a byline: when the text was written, and by whom
    in_section = section_of(document, index) == ThingKind.EVENT
    confidence = 0.85 if in_section else 0.7 if headed else 0.5
    if re.match(r"[a-zäöü]", title):
        confidence -= 0.25
    return Candidate(
        ThingKind.EVENT,
        title,
        start,
        end,
        index,
        confidence,
        "Zeile mit Datum",
        dates,
        place_at,
        online,
    )


def _is_sitting(title: str) -> bool:
    """Sittings of councils and committees, and deadlines; a working group is open to its guests."""
    if _GROUP.search(title) and "itzung" in title:
        return False
    return bool(_SITTING.search(title))


def _event_noun(document: Document, start: int, end: int) -> Head | None:
    for head in document.heads.within(start, end):
        if head.kind == "event":
            return head
    return None


def _is_only_place(document: Document, start: int, end: int) -> bool:
    """Is the rest of the line a town (with its hall) or "online", and nothing more?"""
    rest = document.view[start:end]
    if _ONLINE.fullmatch(rest.strip(" ().")):
        return True
    places = document.places.within(start, start + 2)
    if not places:
        return False
    after = document.view[places[0].end : end].strip()
    if _event_noun(document, places[0].start, end) and ":" in rest:
        return False
    return not after or (after[0] in "(,/" and len(after) < 70 and ":" not in after)


def _title_below(
    document: Document,
    index: int,
    leads: dict[int, list[int]],
    dates: tuple[int, ...],
    place_at: tuple[int, int],
    listed: bool,
) -> Candidate | None:
    """The date stands above its title; without a title below, the line above names the series."""
    online = bool(_ONLINE.search(document.view[slice(*place_at)]))
    below = index + 1
    if below < len(document.blocks) and below not in leads:
        line = document.line(below)
        title = line.lstrip("-•* ")
        offset = len(line) - len(title)
        labelled = _LABEL.match(title + " ") if not listed else None
        is_title = 4 <= len(title) <= MAX_TITLE and labelled is None
        sentence = len(title) > 90 and title.endswith(".")
        if is_title and not sentence and not _is_sitting(title) and "http" not in title[:8]:
            start = document.blocks[below].start + offset
            end = document.blocks[below].end
            confidence = 0.85 if listed else 0.6
            if not listed and not _event_noun(document, start, end):
                confidence = 0.4
            end = _without_subtitle(document.view, start, end)
            return Candidate(
                ThingKind.EVENT,
                document.view[start:end],
                start,
                end,
                index,
                confidence,
                "Datum über dem Titel",
                dates,
                place_at,
                online or bool(_ONLINE.search(title)),
            )
    return _series(document, index, leads, dates, place_at, online)


def _without_subtitle(view: str, start: int, end: int) -> int:
    """``Personalforum Energie 2019: New Work``: a year ends the name."""
    subtitle = re.search(r"20\d\d(?=: )", view[start:end])
    return start + subtitle.end() if subtitle else end


def _series(
    document: Document,
    index: int,
    leads: dict[int, list[int]],
    dates: tuple[int, ...],
    place_at: tuple[int, int],
    online: bool,
) -> Candidate | None:
    above = index - 1
    while above >= 0 and above in leads:
        above -= 1
    if above < 0 or index - above > 15 or not {index - 1, index + 1} & leads.keys():
        return None
    block = document.blocks[above]
    nouns = [h for h in document.heads.within(block.start, block.end) if h.kind == "event"]
    if not nouns:
        return None
    noun = nouns[-1]
    return Candidate(
        ThingKind.EVENT,
        _singular(document.view[noun.start : noun.end]),
        noun.start,
        noun.end,
        index,
        0.6,
        "Liste von Terminen",
        dates,
        place_at,
        online,
    )


def _singular(word: str) -> str:
    return re.sub(r"(?<=tag)e$|(?<=stunde)n$|(?<=konferenz)en$|(?<=werkstät)ten$", "", word)


def _split(
    document: Document, start: int, end: int
) -> tuple[int, int, tuple[int, int] | None, bool]:
    """Title and place of what follows a date: cells, ``Ort: Titel``, or ``Titel, Ort``."""
    view = document.view
    rest = view[start:end]
    online = bool(_ONLINE.search(rest))
    if " | " in rest:
        cells = _cells(start, rest, " | ")
        return _of_cells(document, cells, online)
    if re.search(r"\S {3,}\S", rest):
        cells = [
            (start + m.start(), start + m.end()) for m in re.finditer(r"\S+(?: {1,2}\S+)*", rest)
        ]
        return _of_cells(document, cells, online)
    colon = re.match(r"([^:„]{2,60}): +(?=\S)", rest)
    if colon:
        left_end = start + len(colon.group(1))
        somewhere = _ONLINE.fullmatch(colon.group(1).strip()) or document.places.within(
            start, left_end
        )
        if somewhere and not _event_noun(document, start, left_end):
            right = start + colon.end()
            return right, _strip_end(view, right, end), (start, left_end), online
    for place in document.places.within(start, end):
        before = view[start : place.start]
        if re.search(r", (?:in )?$| in $| – $| \($|, [^,]{3,40}, $", before) and len(before) > 8:
            cut = start + len(re.sub(r"(?:, in|,| in| –| \(|, [^,]{3,40},)? *$", "", before))
            comma = view.find(", ", start, place.start)
            if re.search(r", [^,]{3,40}, $", before) and comma > 0:
                cut = comma
            return start, cut, (place.start, end), online
    comma = rest.rfind(", ")
    quoted = any(q.start < start + comma < q.end for q in document.quoted.within(start, end))
    if comma > 8 and not quoted and not _event_noun(document, start + comma, end):
        tail = rest[comma + 2 :]
        if (len(tail) < 60 and tail[:1].isupper()) or _ONLINE.fullmatch(tail.strip(" .")):
            return start, start + comma, (start + comma + 2, end), online
    return start, _strip_end(view, start, end), None, online


def _cells(start: int, rest: str, mark: str) -> list[tuple[int, int]]:
    cells = []
    at = 0
    for piece in rest.split(mark):
        cells.append((start + at, start + at + len(piece)))
        at += len(piece) + len(mark)
    return cells


def _of_cells(
    document: Document, cells: list[tuple[int, int]], online: bool
) -> tuple[int, int, tuple[int, int] | None, bool]:
    view = document.view
    filled = [(a, b) for a, b in cells if view[a:b].strip() and not _TIME.fullmatch(view[a:b])]
    filled = [(a, b) for a, b in filled if not _ALL_DAY.fullmatch(view[a:b])]
    if not filled:
        return cells[0][0], cells[0][1], None, online
    title = next((cell for cell in filled if not _is_only_place(document, *cell)), filled[0])
    others = [cell for cell in filled if cell != title]
    return title[0], title[1], others[-1] if others else None, online


def _strip_end(view: str, start: int, end: int) -> int:
    sentence = re.search(r"[.!?] (?=[A-ZÄÖÜ])", view[start:end])
    if (
        sentence
        and sentence.start() > 12
        and not re.search(r"\d$|\b\w$", view[start : start + sentence.start()])
    ):
        end = start + sentence.start()
    while end > start and view[end - 1] in " .,;":
        end -= 1
    return end


_SAID = re.compile(
    r"\b(?:ist|sind|wird|werden|wurden?|hat|haben|findet|finden|erscheint|gibt|soll|sollen|kann|"
    r"kommt|beim|im Rahmen|beginnt|endet|startet|lädt|laden|bis|seit|gilt|läuft)\b"
)
_SENTENCE_LIKE = re.compile(
    r"^(?:Die|Der|Das|Darüber|Am|Vom|Im|In|Bis|Seit|Ab|Zum|Zur|Auch|Bitte|Wer|Wir|Sie|Unser\w*) |"
    r" (?:[a-zäöü]{3,}t|ist|sind|war|beginnt|findet|sein|werden)$"
)
_SMALL_WORDS = re.compile(r"(?:Unsere?|Der|Die|Das|Den|Zum|Zur|Save the [Dd]ate:) (?=[A-ZÄÖÜ])")
_TITLE_FIRST = re.compile(
    r"(?:[-–•*>] +|[a-z]\) +|\d{1,2}\) +)?(?P<title>(?:\d{1,2}\. )?[A-ZÄÖÜ0-9„\"][^.!?;\n]{3,90}?)"
    r"(?P<joint>, | (?=$)| am |: | – |, am | \(|, vom |, [\w-]+ [\w-]+ \()"
    r"(?:(?:[A-Z][a-z]{1,9}\.?,? )?(?:den |dem )?)$"
)


def _title_first(document: Document, leads: dict[int, list[int]]) -> list[Candidate]:
    """``Workshop Alarmierung, 04.12.2024, Wolfenbüttel``: the title, then date and place."""
    found = []
    for index, block in enumerate(document.blocks):
        if index in leads or block.end - block.start > 220:
            continue
        dates = document.dates.indices(block.start, block.end)
        if not len(dates) or len(document.dates.all[dates[0]].value) == 7:
            continue
        first = document.dates.all[dates[0]]
        match = _TITLE_FIRST.match(document.view[block.start : first.start])
        if match is None:
            continue
        small = _SMALL_WORDS.match(match["title"])
        title = match["title"][small.end() if small else 0 :].strip()
        start = block.start + match.start("title") + (small.end() if small else 0)
        in_section = section_of(document, index) == ThingKind.EVENT
        noun = _event_noun(document, start, start + len(title))
        listed = block.kind in {BlockKind.BULLET, BlockKind.ROW, BlockKind.FIELD}
        bare = match["joint"] == " "
        if bare and ("," in title or document.organisations.within(start, first.start)):
            continue
        if (
            _is_sitting(title)
            or _SENTENCE_LIKE.search(title)
            or _SAID.search(title)
            or _FIELD.match(title + ": ")
        ):
            continue
        if called_off(document.view, block.start, block.end):
            continue
        if not (in_section or (noun and listed) or (listed and _among(document, index))):
            continue
        together = joined(document, [document.dates.all[i] for i in dates], 0)
        last = together[-1].end
        found.append(
            Candidate(
                ThingKind.EVENT,
                title,
                start,
                start + len(title),
                index,
                0.75 if in_section and noun else 0.65,
                "Titel, dann Datum",
                tuple(i for i in dates if document.dates.all[i] in together),
                (last, block.end),
                bool(_ONLINE.search(document.view, last, block.end)),
            )
        )
    return found


def _among(document: Document, index: int) -> bool:
    """Do the list items beside this one announce events too?"""
    return any(
        document.blocks[other].kind == document.blocks[index].kind
        and document.dates.within(document.blocks[other].start, document.blocks[other].end)
        and _event_noun(document, document.blocks[other].start, document.blocks[other].end)
        for other in (index - 1, index + 1)
        if 0 <= other < len(document.blocks)
    )


def _labelled(document: Document) -> list[Candidate]:
    """``Preisverleihung: 28. November 2024, Wuppertal``; ``Veranstaltung: …`` with its fields."""
    found = []
    for index, block in enumerate(document.blocks):
        if block.kind not in {BlockKind.FIELD, BlockKind.BULLET}:
            continue
        line = document.line(index)
        label = _LABEL.match(line)
        if label is None or not document.dates.within(block.start, block.end):
            continue
        noun = head_of(label.group(1).split()[-1])
        first = document.dates.within(block.start, block.end)[0]
        if noun is None or noun[0] != "event" or first.start - block.start > label.end() + 25:
            continue
        dates = tuple(document.dates.indices(block.start, block.end))
        start, end = block.start, block.start + len(label.group(1))
        found.append(
            Candidate(
                ThingKind.EVENT,
                label.group(1),
                start,
                end,
                index,
                0.7,
                "Zeile mit Bezeichnung",
                dates,
                (end, block.end),
                bool(_ONLINE.search(line)),
            )
        )
    return found


def _dated_headings(document: Document, leads: dict[int, list[int]]) -> list[Candidate]:
    """A heading with an event noun, and a line below that is nothing but a date."""
    found = []
    for index, block in enumerate(document.blocks):
        if block.kind != BlockKind.HEADING or index + 1 >= len(document.blocks):
            continue
        below = document.blocks[index + 1]
        lead = leads.get(index + 1)
        if lead is None or below.end - below.start > 40:
            continue
        if _event_noun(document, block.start, block.end) is None or index - 1 in leads:
            continue
        if announces(document.line(index)):
            continue
        found.append(
            Candidate(
                ThingKind.EVENT,
                document.line(index),
                block.start,
                block.end,
                index,
                0.75,
                "Überschrift mit Datum",
                tuple(lead),
                None,
                False,
                extent=3,
            )
        )
    return found


def _with_fields(document: Document) -> list[Candidate]:
    """A title with an event noun, and below it ``Datum: …`` and ``Ort: …``."""
    found = []
    for index in range(len(document.blocks) - 1):
        block = document.blocks[index]
        if not any(b.kind == BlockKind.FIELD for b in document.blocks[index + 1 : index + 4]):
            continue
        if block.end - block.start > 120:
            continue
        if block.kind != BlockKind.HEADING and _LABEL.match(document.line(index)):
            continue
        noun = _event_noun(document, block.start, block.end)
        if noun is None and block.kind != BlockKind.HEADING:
            continue
        dates: tuple[int, ...] = ()
        place_at = None
        online = False
        for below in range(index + 1, min(index + 7, len(document.blocks))):
            label = _FIELD.match(document.line(below))
            field = document.blocks[below]
            if label is None:
                if field.kind == BlockKind.HEADING:
                    break
                continue
            if label.group(1) in {"Ort", "Wo", "Veranstaltungsort", "Treffpunkt"}:
                place_at = (field.start, field.end)
                online = bool(_ONLINE.search(document.line(below)))
            else:
                dates = dates or tuple(document.dates.indices(field.start, field.end))
        if dates and (noun is not None or place_at):
            found.append(
                Candidate(
                    ThingKind.EVENT,
                    document.line(index).strip("#-•* "),
                    block.start,
                    block.end,
                    index,
                    0.7,
                    "Titel mit Datum und Ort",
                    dates,
                    place_at,
                    online,
                    extent=4,
                )
            )
    return found


def dates_of(document: Document, one: Candidate) -> list[ReadDate]:
    """The dates that a rule tied to an event, or those of its sentence, block or headings."""
    if one.dates:
        return [document.dates.all[i] for i in one.dates]
    start, end = document.sentence_at(one.start)
    for a, b in ((start, end), _block_span(document, one.block)):
        days = [date for date in document.dates.within(a, b) if len(date.value) != 7]
        if days:
            after = [date for date in days if date.start >= one.end]
            return joined(document, days, days.index(after[0] if after else days[-1]))
    return []


def _block_span(document: Document, index: int) -> tuple[int, int]:
    block = document.blocks[index]
    return block.start, block.end

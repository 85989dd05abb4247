"""Events: from lists of dates, from labelled lines, and from sentences with a date."""

import re

from stadtwabe.reading.document import Document
from stadtwabe.reading.extract.extracted import BlockKind
from stadtwabe.reading.model import ReadDate, ThingKind
from stadtwabe.reading.things.agenda_titles import from_lead, title_and_place
from stadtwabe.reading.things.candidate import Candidate
from stadtwabe.reading.things.days import OWN_TIME, joined
from stadtwabe.reading.things.fields import labelled, with_fields
from stadtwabe.reading.things.gatherings import FRAMED, anchors_in
from stadtwabe.reading.things.lines import FIELD, ONLINE, event_noun, is_sitting
from stadtwabe.reading.things.programmes import programme_events, umbrella
from stadtwabe.reading.things.recorded import minuted_events
from stadtwabe.reading.things.sections import announces, section_of
from stadtwabe.reading.things.told import called_off

NEAR, SHORTEST = 20, 4
_LEAD = re.compile(
    r"[-–—•●▪*·+>] +|\(?\d{1,2}\) +|"
    r"(?:(?:Bitte )?[Vv]ormerken|Save the [Dd]ate|Vorankündigung|Neuer Termin|Achtung): +|"
    r"(?:Montag|Dienstag|Mittwoch|Donnerstag|Freitag|Samstag|Sonnabend|Sonntag|"
    r"Mo|Di|Mi|Do|Fr|Sa|So)\.?,? *(?:den |dem )?|(?:Am|Vom|Ab|am|vom|ab) |\(|\| ?"
)


def listed_events(document: Document) -> list[Candidate]:
    """Events from lines that begin with a date, or have it in a cell of their own."""
    programme, days = programme_events(document)
    minuted = minuted_events(document)
    days |= {document.block_at(document.dates.all[i].start) for one in minuted for i in one.dates}
    leads = {i: lead for i in range(len(document.blocks)) if (lead := _lead(document, i))}
    headed = _dated_headings(document, leads)
    leads.update({day: [] for day in days})
    spoken = {one.block + 1 for one in headed}
    found: list[Candidate] = []
    for index in leads:
        if index in spoken or index in days:
            continue
        in_section = section_of(document, index) == ThingKind.EVENT
        siblings = sum(1 for other in range(index - 4, index + 5) if other in leads)
        one = from_lead(document, index, leads, in_section or siblings >= 3)
        if one is not None:
            found.append(one)
    found += labelled(document)
    blocks = {one.block for one in found}
    found += [one for one in _title_first(document, leads) if one.block not in blocks]
    found += headed
    found += _recurring(document, leads)
    found += with_fields(document)
    found += _strung(document)
    found += programme
    met = {i for one in minuted for i in one.dates}
    found = [*minuted, *(one for one in found if not met & set(one.dates))]
    return [*found, *umbrella(document, found)]


_GAP = re.compile(r"[ ,/–-]*(?:und|bis|sowie)?[ ]*(?:\w{2,10},? )?")
_SMALL = re.compile(r"[a-zäöü]{3}")
_NO_SENTENCE = (
    "online", "digital", "virtuell", "bis", "und", "ab", "von", "ganz", "abends", "vor", "nach"
)  # fmt: skip


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
    if first.start - at > 2 or first.is_month:
        return []
    if _runs_on_as_sentence(document.view[first.end : block.end]):
        return []
    leading = [indices[0]]
    for other in indices[1:]:
        gap = document.view[document.dates.all[leading[-1]].end : document.dates.all[other].start]
        if _GAP.fullmatch(gap):
            leading.append(other)
        else:
            break
    return leading


def _runs_on_as_sentence(rest: str) -> bool:
    """``Am Samstag, 20. Mai, können alle mitfahren.``: no line of a list."""
    rest = rest.lstrip(" ,")
    return _SMALL.match(rest) is not None and not rest.startswith(_NO_SENTENCE)


_SAID = re.compile(
    r"\b(?:ist|sind|wird|werden|wurden?|hat|haben|findet|finden|erscheint|gibt|soll|sollen|kann|"
    r"kommt|beim|im Rahmen|beginnt|endet|startet|lädt|laden|bis|seit|gilt|läuft)\b"
)

_SENTENCE_LIKE = re.compile(
    r"^(?:Die|Der|Das|Darüber|Am|Vom|Im|In|Bis|Seit|Ab|Zum|Zur|Auch|Bitte|Wer|Wir|Sie|Unser\w*) |"
    r" (?:[a-zäöü]{3,}t|ist|sind|war|beginnt|findet|sein|werden)$|"
    r"^(?:[A-ZÄÖÜ][\w.-]+ ){1,3}[a-zäöü]{3,}(?:t|te|ten) (?:an|auf|über|um|für|zu|zur|zum|sich|"
    r"im|in|bei|mit|vor|nach|die|das|den|dem|der|ein|eine|einen|einem|einer) "
)

_SMALL_WORDS = re.compile(r"(?:Unsere?|Der|Die|Das|Den|Zum|Zur|Save the [Dd]ate:) (?=[A-ZÄÖÜ])")

_GATHERS_OPINIONS = re.compile(
    r"\b(?:[Ii]deen|[Vv]orschläge|[Bb]eiträge|[Hh]inweise) (?:sammeln|einreichen|abgeben)|"
    r"[Ss]ammlung|[Bb]eteiligungsphase|[Oo]nline-(?:[Bb]eteiligung|[Uu]mfrage|[Bb]efragung)|"
    r"[Uu]mfrage\b|[Bb]efragung\b|[Aa]uswertung\b"
)
"""A phase of a consultation: nobody gathers."""

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
        if not len(dates) or document.dates.all[dates[0]].is_month:
            continue
        first = document.dates.all[dates[0]]
        match = _TITLE_FIRST.match(document.view[block.start : first.start])
        if match is None:
            continue
        small = _SMALL_WORDS.match(match["title"])
        title = match["title"][small.end() if small else 0 :].strip()
        title = _BEFORE_COLON.sub("", title).rstrip(" |")
        start = block.start + match.start("title") + (small.end() if small else 0)
        town = document.places.within(start, start + 1)
        if town and document.view.startswith(": ", town[0].end) and town[0].end < first.start - 6:
            title = title[town[0].end + 2 - start :]
            start = town[0].end + 2
        in_section = section_of(document, index) == ThingKind.EVENT
        noun = event_noun(document, start, start + len(title))
        listed = block.kind in {BlockKind.BULLET, BlockKind.ROW, BlockKind.FIELD}
        rest = document.view[document.dates.all[dates[-1]].end : block.end]
        if not listed and _runs_on_as_sentence(rest):
            continue
        bare = match["joint"] == " "
        if bare and ("," in title or document.organisations.within(start, first.start)):
            continue
        if (
            is_sitting(title)
            or _SENTENCE_LIKE.search(title)
            or _SAID.search(title)
            or FIELD.match(title + ": ")
            or _GATHERS_OPINIONS.search(title)
        ):
            continue
        if called_off(document.view, block.start, block.end):
            continue
        if not (in_section or (noun and listed) or (listed and _among(document, index))):
            continue
        place_at = (town[0].start, town[0].end) if town and town[0].end < start else None
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
                place_at or (last, block.end),
                bool(ONLINE.search(document.view, last, block.end)),
            )
        )
    return found


_BEFORE_COLON = re.compile(r"(?<=\w{4}): (?:Los geht es|Es geht los|Wir treffen uns|Beginn ist)$")


def _among(document: Document, index: int) -> bool:
    """Do the list items beside this one announce events too?"""
    return any(
        document.blocks[other].kind == document.blocks[index].kind
        and document.dates.within(document.blocks[other].start, document.blocks[other].end)
        and event_noun(document, document.blocks[other].start, document.blocks[other].end)
        for other in (index - 1, index + 1)
        if 0 <= other < len(document.blocks)
    )


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
        if event_noun(document, block.start, block.end) is None or index - 1 in leads:
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


_EVERY = re.compile(
    r",? (?:(?:jeden?|jeder|immer|jeweils|alle(?= \w+ Wochen| \w+ Tage)|wöchentlich|monatlich|"
    r"montags|dienstags|mittwochs|donnerstags|freitags|samstags|sonntags)\b|"
    r"(?:im|Ende|Anfang|Mitte) (?:Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|"
    r"November|Dezember)\b)"
)


def _recurring(document: Document, leads: dict[int, list[int]]) -> list[Candidate]:
    """``Bastelabend jeden ersten Dienstag, Rathaus``: in a list of events, one without a day."""
    found = []
    for index, block in enumerate(document.blocks):
        if block.kind not in {BlockKind.BULLET, BlockKind.ROW, BlockKind.FIELD} or index in leads:
            continue
        when = _EVERY.search(document.view, block.start, min(block.end, block.start + 90))
        if when is None or any(
            not date.is_month for date in document.dates.within(block.start, block.end)
        ):
            continue
        if not (section_of(document, index) == ThingKind.EVENT or _among(document, index)):
            continue
        bullet = _BULLET.match(document.view, block.start)
        start = bullet.end() if bullet else block.start
        title = document.view[start : when.start()]
        known = [a for a in anchors_in(document, start, when.start()) if a.reason != FRAMED]
        if not known or is_sitting(title) or re.search(r"[.:,;]", title):
            continue
        found.append(
            Candidate(
                ThingKind.EVENT,
                title,
                start,
                when.start(),
                index,
                0.6,
                "wiederkehrend, ohne Tag",
                (),
                (when.end(), block.end),
                bool(ONLINE.search(document.view, when.end(), block.end)),
            )
        )
    return found


_BULLET = re.compile(r"[-–—•●▪*·+>] +")


_STRING = re.compile(
    r"(?:(?:Die|Unsere) )?(?:nächsten |weiteren |kommenden )?Termine(?: 20\d\d)?: "
)


def _strung(document: Document) -> list[Candidate]:
    """``Termine: 3. Mai Flohmarkt (Soest); 4. Juni Werkstatt (Unna)``: a list in one line."""
    found = []
    for index, block in enumerate(document.blocks):
        label = _STRING.match(document.view, block.start, block.end)
        if label is None:
            continue
        at = label.end()
        for part in document.view[at : block.end].split("; "):
            stop = at + len(part)
            days = document.dates.indices(at, min(stop, at + NEAR))
            if len(days) and not document.dates.all[days[0]].is_month:
                start = document.dates.all[days[0]].end
                start += len(document.view[start:stop]) - len(
                    document.view[start:stop].lstrip(" :,–-")
                )
                a, b, place_at, online = title_and_place(document, start, stop)
                if b - a >= SHORTEST and not is_sitting(document.view[a:b]):
                    found.append(
                        Candidate(
                            ThingKind.EVENT, document.view[a:b], a, b, index, 0.65,
                            "Termine in einer Zeile", (days[0],), place_at or (b, stop), online,
                        )
                    )  # fmt: skip
            at = stop + 2
    return found


def dates_of(document: Document, one: Candidate) -> list[ReadDate]:
    """The dates that a rule tied to an event, or those of its sentence, block or headings."""
    if one.dates:
        return [document.dates.all[i] for i in one.dates]
    if OWN_TIME.match(document.view, one.end):
        return []
    start, end = document.sentence_at(one.start)
    for a, b in ((start, end), _block_span(document, one.block)):
        days = [date for date in document.dates.within(a, b) if not date.is_month]
        if days:
            after = [date for date in days if date.start >= one.end]
            return joined(document, days, days.index(after[0] if after else days[-1]))
    return []


def _block_span(document: Document, index: int) -> tuple[int, int]:
    block = document.blocks[index]
    return block.start, block.end

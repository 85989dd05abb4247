"""Candidates to things: what is the same, and which facts of the block belong to it."""

import re
from collections.abc import Iterable
from dataclasses import replace

from stadtwabe.reading.document import Document
from stadtwabe.reading.lexica import pattern, words
from stadtwabe.reading.mentions.span import Spans
from stadtwabe.reading.model import (
    ReadPlace,
    ReadProperty,
    ReadThing,
    Stage,
    ThingKind,
)
from stadtwabe.reading.things import described, events, named, recorded, structured, told
from stadtwabe.reading.things.by_town import town_projects
from stadtwabe.reading.things.candidate import Candidate
from stadtwabe.reading.things.days import OWN_TIME
from stadtwabe.reading.things.frames import framed
from stadtwabe.reading.things.main_place import main_place
from stadtwabe.reading.things.merging import PROJECTLIKE, merged
from stadtwabe.reading.things.participants import home_of, places_of
from stadtwabe.reading.things.taken_up import by_headline
from stadtwabe.reading.things.undertakings import undertakings

_STAGES = tuple(
    (str(stage), pattern("cues", f"stage_{stage}"))
    for stage in (
        Stage.STOPPED,
        Stage.PILOT,
        Stage.PERMANENT,
        Stage.PLANNED,
        Stage.IDEA,
        Stage.RUNNING,
    )
)
_DONE = re.compile(
    r"n ?[=:] ?(?:>|über|rund)? ?(\d[\d.]*)|(\d[\d.]*) (?:Befragte|Antworten|Teilnehmende)"
)
_STATUS = tuple(
    (status, pattern("cues", f"status_{status}"))
    for status in ("adopted", "published", "draft", "updating")
)

_ACT = re.compile(
    rf"(?:{'|'.join(sorted(words('events', 'acts')))}|preisverleihung|"
    r"(?:eröffnungs|einweihungs)[a-zäöüß]+)",
    re.IGNORECASE,
)
WORTH_OFFERING = 0.25
NAMED = 0.38
"""What is at least so likely a project may be what an event opens."""
LIKELY = 0.5
PRINTED = 0.4
"""Below this a thing comes with its place and its passage only: a person decides first."""


def things_of(document: Document) -> list[ReadThing]:
    """Find all things of a document, in the order of their passages."""
    return [
        _thing(document, one) for one in _candidates(document) if one.confidence >= WORTH_OFFERING
    ]


def _candidates(document: Document) -> list[Candidate]:
    listed = events.listed_events(document)
    spans = [(one.start, one.end) for one in listed]
    names = _apart(named.named_things(document), spans)
    layout = _apart(structured.structured_projects(document), spans)
    names = _apart(names, [(c.start, c.end) for c in layout]) + layout
    if any(one.kind == ThingKind.EVENT for one in names):
        day = _only_day(document, listed)
        names = [_dated(document, one, day) for one in names]
    spans += [(one.start, one.end) for one in names]
    said = told.told_events(document, spans, _days(document, [*listed, *names]))
    taken = Spans(spans)  # a name may stand inside the event's: "Konferenz der Initiative X"
    said = [one for one in said if not taken.touch(one.start, one.start + 1)]
    spans += [(one.start, one.end) for one in said]
    said += _apart(recorded.masthead_event(document, [*listed, *names]), spans)
    said += _apart(recorded.headline_event(document, [*listed, *names, *said]), spans)
    busy = {one.block for one in names if one.kind == ThingKind.PROJECT and one.confidence >= 0.5}
    busy |= {one.block for one in listed}
    rest = [
        *described.strategies(document, spans),
        *described.publications(document, spans),
    ]
    rest = _apart(rest, spans)
    spans += [(one.start, one.end) for one in rest if one.confidence >= 0.5]
    home = bool(main_place(document))
    rest += _apart(undertakings(document, spans, busy, home=home), spans)
    spans += [(one.start, one.end) for one in rest]
    busy |= {one.block for one in rest if one.kind == ThingKind.PROJECT and one.confidence >= 0.5}
    rest += framed(document, spans, busy, home=home)
    rest += _apart(town_projects(document, [*listed, *names, *said, *rest]), spans)
    said = [_of_what(document, one, [*names, *rest]) for one in said]
    said = by_headline(document, said)
    names = _no_event(names, [*listed, *names, *said])
    every = [one for one in [*listed, *names, *said, *rest] if not _only_a_place(document, one)]
    return sorted(merged(document, every), key=lambda one: (one.start, -one.confidence))


def _no_event(names: list[Candidate], every: list[Candidate]) -> list[Candidate]:
    """Drop a project that bears the name of a dated event: ``das Aktionsprogramm „Digitaltag“``."""
    events_named = {
        one.name.lower().strip("„“ ")
        for one in every
        if one.kind == ThingKind.EVENT and one.confidence >= LIKELY and one.dates
    }
    return [
        one for one in names if one.kind not in PROJECTLIKE or one.name.lower() not in events_named
    ]


_OF_A_PLACE = re.compile(
    r"(?:(?:Landeshaupt|Haupt|Universitäts|Hochschul|Kreis|Hanse|Bundes|Groß|Luther)?[Ss]tadt|[Ss]tädte|[Mm]arkt|[Gg]emeinden?|(?:[Ll]and)?[Kk]reise?|[Vv]erband|[Rr]egion|kreisfreie|und|"
    r"\W)*"
)


def _only_a_place(document: Document, one: Candidate) -> bool:
    """``Landkreis Peine``, ``Peine, Stadt``: who it is, not what is done."""
    places = document.places.within(one.start, one.end)
    if not places or one.name != document.view[one.start : one.end]:
        return False
    rest, at = "", one.start
    for place in places:
        rest, at = rest + document.view[at : place.start], place.end
    return _OF_A_PLACE.fullmatch(rest + document.view[at : one.end]) is not None


def _of_what(document: Document, one: Candidate, others: list[Candidate]) -> Candidate:
    """``Einweihung`` alone says too little: of the project that its block told of before."""
    if not _ACT.fullmatch(one.name):
        return one
    block = document.blocks[document.block_at(one.start)]
    before = [
        other
        for other in others
        if block.start <= other.start < one.start
        and other.kind in PROJECTLIKE
        and other.confidence >= NAMED
    ]
    if not before:
        return one
    return replace(one, name=f"{one.name} {max(before, key=lambda other: other.start).name}")


def _dated(document: Document, one: Candidate, day: int | None) -> Candidate:
    """An event without a day takes the one day the document is about, else is only offered."""
    if one.kind != ThingKind.EVENT or events.dates_of(document, one):
        return one
    if day is not None and not OWN_TIME.match(document.view, one.end):
        return replace(one, confidence=one.confidence - 0.2, dates=(day,))
    return replace(one, confidence=min(one.confidence, 0.45))


def _days(document: Document, candidates: list[Candidate]) -> set[int]:
    """Indices of the dates that the likely ones of these events have."""
    starts = {
        date.start
        for one in candidates
        if one.kind == ThingKind.EVENT and one.confidence >= LIKELY
        for date in events.dates_of(document, one)
        if document.block_at(date.start) >= one.block  # a day above serves many
    }
    return {i for i, date in enumerate(document.dates.all) if date.start in starts}


def _only_day(document: Document, listed: list[Candidate]) -> int | None:
    """The day of the document, where it names no other and an event takes place on it."""
    if len({date.value for date in document.dates.all if not date.is_month}) != 1:
        return None
    said = told.told_events(document, [(one.start, one.end) for one in listed])
    dates = [i for one in [*listed, *said] if one.confidence >= 0.5 for i in one.dates]
    return dates[0] if dates else None


def _apart(candidates: list[Candidate], spans: list[tuple[int, int]]) -> list[Candidate]:
    """Those that touch none of the spans."""
    if not candidates:
        return []
    taken = Spans(spans)
    return [one for one in candidates if not taken.touch(one.start, one.end)]


def _thing(document: Document, one: Candidate) -> ReadThing:
    start, end = _passage(document, one)
    places = _places(document, one, start, end)
    properties = [
        _property(document, "name", one.name, one.start, one.end, one.confidence, (one.rule,))
    ]
    properties += [
        ReadProperty("place", p.key, p.start, p.end, p.quote, p.confidence, p.reasons)
        for p in places
    ]
    if one.confidence >= PRINTED:
        properties += _dates(document, one, start, end)
        properties += _common(document, one, start, end)
        properties += _special(document, one, start, end)
    return ReadThing(
        kind=one.kind,
        name=one.name,
        properties=tuple(properties),
        places=tuple(places),
        confidence=round(max(0.01, min(0.99, one.confidence)), 3),
        reasons=(one.rule,),
        start=start,
        end=end,
    )


def _passage(document: Document, one: Candidate) -> tuple[int, int]:
    first = document.blocks[one.block]
    last = document.blocks[min(one.block + one.extent, len(document.blocks) - 1)]
    block_of_name = document.blocks[document.block_at(one.end - 1)]
    return min(first.start, one.start), max(last.end, block_of_name.end)


def _property(
    document: Document,
    name: str,
    value: str,
    start: int,
    end: int,
    confidence: float,
    reasons: tuple[str, ...] = (),
) -> ReadProperty:
    return ReadProperty(
        name,
        value,
        start,
        end,
        document.text[start:end],
        round(max(0.01, min(0.99, confidence)), 3),
        reasons,
    )


def _places(document: Document, one: Candidate, start: int, end: int) -> list[ReadPlace]:
    if one.kind == ThingKind.EVENT:
        return _venue(document, one, start, end)
    return places_of(document, one, start, end)


def _venue(document: Document, one: Candidate, start: int, end: int) -> list[ReadPlace]:
    if one.place_at:
        found = document.places.within(*one.place_at)
        if found:
            return found[:1]
    if one.online:
        return []
    if one.place_at:
        return home_of(document, one)[:1]
    sentence = document.sentence_at(one.start)
    found = document.places.within(*sentence) or document.places.within(start, end)
    after = [p for p in found if p.start >= one.end]
    if found:
        return (after or found)[:1]
    return home_of(document, one)[:1]


def _dates(document: Document, one: Candidate, start: int, end: int) -> list[ReadProperty]:
    if one.kind == ThingKind.EVENT:
        dates = events.dates_of(document, one)
    else:
        a, b = document.sentence_at(one.start)
        dates = document.dates.within(a, b)
    return [
        _property(document, "date", value, date.start, date.end, date.confidence, date.reasons)
        for date in dates
        for value in (date.value, date.until)
        if value
    ]


def _common(document: Document, one: Candidate, start: int, end: int) -> list[ReadProperty]:
    found = [
        _property(document, "url", url.url, url.start, url.end, 0.8)
        for url in document.urls.within(start, end)
    ]
    found += [
        _property(document, "url", link.address, link.start, link.end, 0.85, ("Verweis",))
        for link in document.extracted.links
        if link.start < one.end and one.start < link.end
    ]
    found += [
        _property(document, "amount", f"{amount.euros:f}", amount.start, amount.end, 0.75)
        for amount in document.amounts.within(start, end)
    ]
    found += [
        _property(document, "organisation", other.name, other.start, other.end, 0.7)
        for other in document.organisations.within(start, end)
    ]
    return found


def _special(document: Document, one: Candidate, start: int, end: int) -> list[ReadProperty]:
    if one.kind in {ThingKind.PROJECT, ThingKind.SOLUTION, ThingKind.FUNDING}:
        return [*_summary(document, one), *_first_match(document, one, "stage", _STAGES)]
    if one.kind == ThingKind.STRATEGY:
        return _first_match(document, one, "status", _STATUS)
    if one.kind == ThingKind.PUBLICATION:
        return _publication(document, one, start, end)
    if one.kind == ThingKind.EVENT and one.online:
        return [_property(document, "format", "online", one.start, one.end, 0.7, ())]
    return []


def _summary(document: Document, one: Candidate) -> list[ReadProperty]:
    a, b = document.sentence_at(one.start)
    return [_property(document, "summary", document.view[a:b].strip(), a, b, 0.5, ())]


def _first_match(
    document: Document, one: Candidate, name: str, patterns: Iterable[tuple[str, re.Pattern[str]]]
) -> list[ReadProperty]:
    a, b = document.sentence_at(one.start)
    for value, cue in patterns:
        match = cue.search(document.view, a, b)
        if match:
            return [_property(document, name, value, match.start(), match.end(), 0.6, ())]
    return []


def _publication(document: Document, one: Candidate, start: int, end: int) -> list[ReadProperty]:
    found: list[ReadProperty] = []
    a, b = document.sentence_at(one.start)
    near = document.organisations.within(a, b) or document.organisations.within(start, end)
    if near:
        after = [o for o in near if 0 <= o.start - one.end <= 12]
        best = (after or near)[0]
        found.append(_property(document, "publisher", best.name, best.start, best.end, 0.65, ()))
    if size := _DONE.search(document.view, start, end):
        group = 1 if size[1] else 2
        found.append(
            _property(
                document,
                "sample_size",
                size[group].replace(".", ""),
                size.start(group),
                size.end(group),
                0.85,
                (),
            )
        )
    return found

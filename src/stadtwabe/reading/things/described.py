"""Strategies and publications that carry no quoted name but a clear description."""

import re

from stadtwabe.reading.document import Document
from stadtwabe.reading.lexica import pattern
from stadtwabe.reading.mentions.heads import Head
from stadtwabe.reading.mentions.span import Spans
from stadtwabe.reading.model import Role, ThingKind
from stadtwabe.reading.things.candidate import Candidate
from stadtwabe.reading.things.naming import name_end
from stadtwabe.reading.things.phrases import opening_of, phrase_start, plain_form

_STATUS = pattern("cues", "status")
_PUBLISHED = pattern("cues", "published")
_DECIDED = pattern("cues", "decided")
_YEAR_TAIL = re.compile(r" (?:20\d\d)(?:(?:/|\+|–|-)\d{2,4}|\+)?")
_INDEFINITE = re.compile(r"\b[Ee]ine?[mnrs]? (?:[a-zäöüß]+(?:e|en|er|es|em) )?$")
_OF_PLACE = re.compile(
    r" (?:der (?:Stadt|Gemeinde|Hansestadt|Landeshauptstadt|Kreisstadt)|"
    r"des (?:Landkreises|Kreises)) "
)
_ABOUT = re.compile(r" (?:zur|zum|zu|über) ")
_FOR = re.compile(r" (?:für (?:die |den |das |ihre |seine |eine )?|zur |zum )(?=[A-ZÄÖÜ])")
_TOGETHER = re.compile(r" von [A-ZÄÖÜ]\w+(?:, [A-ZÄÖÜ]\w+){0,3} und [A-ZÄÖÜ]\w+")
_OPEN_ENDED = frozenset(
    ["strategie", "konzept", "entwicklungsplan", "handlungskonzept", "aktionsplan", "masterplan"]
)
"""What they are for belongs to the title, as the word alone says little."""
_PLAIN = frozenset(
    ["strategie", "konzept", "agenda", "leitbild", "fahrplan", "roadmap", "leitlinie",
     "leitlinien", "charta", "masterplan", "gesamtkonzept"]
)  # fmt: skip
NEVER = pattern("cues", "never_decided")


def strategies(document: Document, spans: list[tuple[int, int]]) -> list[Candidate]:
    """``Digitalisierungsstrategie``, ``Wärmeplan``, ``Smart-City-Strategie Gera 2032``."""
    taken = Spans(spans)
    found = []
    for head in document.heads.all:
        if head.kind != "strategy" or _in(taken, head.start):
            continue
        view = document.view
        index = document.block_at(head.start)
        block = document.blocks[index]
        start, end = document.sentence_at(head.start)
        begin, adjective = phrase_start(document, head, start)
        stop = _phrase_end(document, head, block.end)
        title = plain_form(document, head, begin, stop)
        opened = opening_of(view[begin : head.start])
        plain = not opened and not head.compound and head.lemma in _PLAIN
        if (
            view[head.start : head.end]
            .lower()
            .endswith(("strategien", "konzepte", "konzepten", "agenden", "pläne", "plänen"))
        ):
            continue
        purpose = plain and _FOR.match(view, head.end)
        named = bool(re.search(r"20\d\d", title)) or (stop > head.end and not purpose)
        if plain and not adjective and not named:
            continue
        if head.lemma.endswith("planung") and not named:
            continue
        actor = [p for p in document.places.within(start, end) if p.role == Role.ACTOR]
        confidence = 0.36 + (0.15 if document.says(_STATUS, start, end) else 0)
        confidence += 0.15 if actor or _titlelike(document, index) else 0
        confidence += 0.15 if named else 0
        confidence += 0.1 if document.says(_DECIDED, start, end) else 0
        confidence -= 0.45 if document.says(NEVER, start, end) else 0
        confidence -= 0.1 if plain else 0
        confidence += 0.1 if plain and named else 0
        if re.search(
            r"\b(?:einer?|eines|von|zu|konkrete|und) (?:\w+en )?$",
            view[max(start, begin - 24) : begin],
        ):
            confidence -= 0.15
        found.append(
            Candidate(
                ThingKind.STRATEGY, title, begin, stop, index, confidence, "Strategie beschrieben"
            )
        )
    return found


def _titlelike(document: Document, index: int) -> bool:
    return index <= 1


def _phrase_end(document: Document, head: Head, limit: int) -> int:
    """``… Gera 2032``, ``… der Stadt Worms``, ``… Elbe-Elster 2035``."""
    view = document.view
    end = head.end
    if year := _YEAR_TAIL.match(view, end, limit):
        end = year.end()
    run = name_end(view, end, limit, most=4)
    if run > end and not document.dates.within(end, run):
        words = view[end:run].split()
        if words and not _NOT_TITLE.match(words[0]):
            end = run
    tail = _OF_PLACE.match(view, end)
    if tail:
        places = document.places.within(end + 4, tail.end() + 2)
        if places:
            end = max(end, places[0].end)
    if together := _TOGETHER.match(view, end, limit):
        return together.end()
    purpose = _FOR.match(view, end, limit)
    if purpose and head.lemma in _OPEN_ENDED:
        sentence = document.sentence_at(head.start)[1]
        return _topic_end(view, purpose.end(), min(limit, sentence), most=6)
    return end


def publications(document: Document, spans: list[tuple[int, int]]) -> list[Candidate]:
    """``Leitfaden Wärmeplanung für kleine Gemeinden``, ``Umfrage zur Digitalisierung …``."""
    taken = Spans(spans)
    found = []
    for head in document.heads.all:
        if head.kind != "publication" or _in(taken, head.start):
            continue
        view = document.view
        index = document.block_at(head.start)
        block = document.blocks[index]
        start, end = document.sentence_at(head.start)
        stop = name_end(view, head.end, block.end, most=8)
        run = view[head.end : stop].strip()
        about = _ABOUT.match(view, head.end)
        if run and _INDEFINITE.search(view, start, head.start):
            run = ""
        if run and not _NOT_TITLE.match(run):
            title_end, confidence = stop, 0.5 + (0.1 if len(run.split()) > 1 else 0)
        elif about:
            title_end = _topic_end(view, about.end(), end)
            confidence = 0.42
        else:
            title_end, confidence = head.end, 0.28
        if document.says(_PUBLISHED, start, end):
            confidence += 0.15
        if view[head.start : head.end].count("-") >= 2:
            confidence += 0.15
        if (
            head.lemma
            in {
                "atlas",
                "index",
                "analyse",
                "erhebung",
                "befragung",
                "podcast",
                "report",
                "evaluation",
                "auswertung",
                "ranking",
                "heft",
                "magazin",
            }
            and not head.compound
        ):
            confidence -= 0.12
        if view[head.end - 1] in "ns" and view[head.start : head.end].endswith(
            (
                "studien",
                "berichte",
                "berichten",
                "analysen",
                "umfragen",
                "befragungen",
                "broschüren",
            )
        ):
            confidence -= 0.2
        if any(
            o.start <= head.start < o.end
            for o in document.organisations.within(head.start - 60, head.end)
        ):
            continue
        found.append(
            Candidate(
                ThingKind.PUBLICATION,
                view[head.start : title_end],
                head.start,
                title_end,
                index,
                confidence,
                "Veröffentlichung beschrieben",
            )
        )
    return found


_NOT_TITLE = pattern("cues", "not_a_title")


def _topic_end(view: str, start: int, end: int, most: int = 12) -> int:
    """Up to the next comma, bracket or verb; at most so many words."""
    at = start
    for count, token in enumerate(re.finditer(r"\S+", view[start:end])):
        word = token.group()
        if (
            count >= most
            or word[0] in "(–„"
            or re.match(
                r"(?:wurde|wurden|wird|werden|hat|haben|kann|können|soll|will|beschlossen|verabschiedet|zeigt|ist|sind|erschien|unter|veröffentlicht|vorgestellt|vorgelegt|durchgeführt|gestartet|liegt)\b",
                word,
            )
        ):
            break
        at = start + token.end()
        if word[-1] in ",.;:!?)":
            at -= 1
            break
    return at


def _in(taken: Spans, position: int) -> bool:
    return taken.touch(position, position + 1)

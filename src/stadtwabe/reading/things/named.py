"""Things that carry a name: in quotation marks, in bold, after "namens", after "Projekt"."""

import re

from stadtwabe.reading.document import Document
from stadtwabe.reading.extract.extracted import BlockKind
from stadtwabe.reading.lexica import words
from stadtwabe.reading.mentions.heads import Head, head_of
from stadtwabe.reading.mentions.span import Spans
from stadtwabe.reading.model import ThingKind
from stadtwabe.reading.things.candidate import Candidate
from stadtwabe.reading.things.naming import (
    HEAD_KIND,
    after_naming,
    before_naming,
    limit,
    name_end,
    no_name,
    of_the_state,
)
from stadtwabe.reading.things.quoted import head_before, kind_inside, quoted_things
from stadtwabe.reading.things.sections import section_of


def named_things(document: Document) -> list[Candidate]:
    """Find named things; kind by the nearest noun, the words inside, or the section."""
    found = quoted_things(document)
    rules = (_emphasised, _after_head, after_naming, before_naming, _leading, _shaped, _explained)
    for rule in rules:
        if more := rule(document):
            taken = Spans((one.start, one.end) for one in found)
            found += [one for one in more if not taken.touch(one.start, one.end)]
    return found


def _shaped(document: Document) -> list[Candidate]:
    """Names that show by how they are written."""
    return [*_coined(document), *_numbered(document)]


_OPENING_HEADS = words("cues", "opening_heads")


COMPOUND = 9
"""Names of one plain word are names only from here on; shorter ones are mostly plain nouns."""
_OPENING_ENDS = (
    "projekt",
    "vorhaben",
    "initiative",
    "programm",
    "kampagne",
    "netzwerk",
    "plattform",
)
_MANY = re.compile(r"\w(?:projekte|programme|initiativen)n?$")


def _opens(head: Head) -> bool:
    """After these nouns a name without marks may follow: *Kooperationsprojekt*, *App*."""
    return head.lemma in _OPENING_HEADS or head.lemma.endswith(_OPENING_ENDS)


def _after_head(document: Document) -> list[Candidate]:
    """``des Projekts Smarte.Land.Regionen``: a name without marks right after its noun."""
    found = []
    view = document.view
    for head in document.heads.all:
        if head.kind not in {"project", "funding"} or not _opens(head):
            continue
        if view[head.end : head.end + 1] != " ":
            continue
        if one := _of_what(document, head):
            found.append(one)
            continue
        if head.end - head.start > len(head.lemma) and _PLURAL.fullmatch(
            view, head.start, head.end
        ):
            continue
        end = _before_organisation(
            document, head.end, name_end(view, head.end, limit(document, head.end))
        )
        if view[head.start - 1 : head.start] == "(":
            closing = re.compile(r"[,)]").search(view, head.end, limit(document, head.end))
            end = closing.start() if closing and closing.start() - head.end < 50 else end
        name = view[head.end + 1 : end].strip(" –-")
        if len(name) < 4 or no_name(name):
            continue
        if document.organisations.within(head.start, head.end + 2):
            continue
        if [one for one in document.places.within(head.end, head.end + 2) if one.end >= end - 1]:
            continue
        name, end, kind = of_the_state(document, head, name, end)
        shaped = " " in name or re.search(r"\w[.A-Z]\w", name) or name[-1].isdigit()
        start = head.end + 1
        if _MANY.search(view, head.start, head.end) and shaped:
            many = re.sub(r"(?<=[pmt]e)n$", "", view[head.start : head.end])
            name, start = f"{many} {name}", head.start
            kind = ThingKind.FUNDING
        found.append(
            Candidate(
                kind,
                name,
                start,
                end,
                document.block_at(head.start),
                0.7 if shaped else 0.5 if len(name) >= COMPOUND else 0.46,
                f"Name nach „{view[head.start : head.end]}“",
            )
        )
    return found


_PLURAL = re.compile(r"Initiativen|Projekten?|Programmen?|Kampagnen|Apps")
_OF_WHAT = re.compile(
    r" (?:der|des|zur|zum) (?P<name>(?:(?:digital|smart|virtuell|interaktiv|intelligent)en )?"
    r"[A-ZÄÖÜ][\w-]{9,})(?=[ .,;:)])"
)


def _of_what(document: Document, head: Head) -> Candidate | None:
    """``das Projekt der digitalen Baumbewässerung``, ``das Pilotprojekt zur Pegelmessung``."""
    match = _OF_WHAT.match(document.view, head.end)
    if match is None or not head.lemma.endswith(("projekt", "vorhaben")):
        return None
    start, end = match.span("name")
    if document.organisations.within(start, end) or document.places.within(start, end):
        return None
    if head_of(match["name"].split()[-1]):
        return None
    name = re.sub(r"^([a-z]+)en (?=.*(?:ung|tion|heit|keit|ät)$)", r"\1e ", match["name"])
    return Candidate(
        ThingKind.PROJECT, name, start, end, document.block_at(start), 0.45, "Projekt wovon"
    )


def _before_organisation(document: Document, start: int, end: int) -> int:
    """``die Initiative X des Ministeriums``: the ministry is no part of the name."""
    for other in document.organisations.within(start, end):
        cut = other.start
        return start + len(
            re.sub(r"(?: (?:des|der|vom|von|dem))? ?$", "", document.view[start:cut])
        )
    return end


_LEADING = re.compile(
    r"(?:[-•*>] |\(?(?P<number>\d{1,2})[.)] )?(?P<name>[A-ZÄÖÜ0-9][\w/-]+"
    r"(?: (?:[A-ZÄÖÜ0-9&][\w-]*|für|und|im|am|der|des|auf|in|digital|mobil|vernetzt)){0,4})"
    r"(?:\. (?=[A-ZÄÖÜ0-9])|(?P<colon>: )(?=\S))"
)


_OPENS_SENTENCE = re.compile(
    r"(?:Die|Der|Das|Den|Dem|Ein|Eine|Am|Im|In|Zum|Zur|Vom|Bis|Ab|Seit|Mit|Für|Auch|Nach|Keine|Alle|"
    r"Dort|Hier|Wir|Sie|Es|Ja|Nein|Leider|Viel|Wer|Was|Wie|So|Nun)\b"
)


_LABELS = re.compile(
    r"(?:Ansprech|Kontakt|Kosten|Partner|Träger|Laufzeit|Förder|Ziel|Ort|Datum|Zeit|Wann|Wo|Wer|Was|"
    r"Budget|Mittel|Stand|Ergebnis|Beginn|Ende|Hinweis|Anmeldung|Thema|Themen|Nächste|Leitung|Foto|"
    r"Quelle|Team|Verantwortlich|Herausgeber|Redaktion|Adresse|Telefon|Mail|Link|Beispiel|Vorteil)"
)


_LABEL_ALONE = re.compile(
    r"(?:Ausgangslage|Ziele?|Hintergrund|Stand|Fazit|Ausblick|Grundsatz|Kosten|Begründung)"
)


def _described_here(document: Document, index: int, match: re.Match[str]) -> bool:
    """``Sielblick: Kameras und Pegel …``: a list of projects, each with its colon."""
    section = section_of(document, index)
    if _LABELS.match(match["name"]):
        return False
    if document.blocks[index].kind != BlockKind.BULLET:
        return section == ThingKind.PROJECT
    heads = document.heads.within(match.start("name"), match.end("name"))
    return section == ThingKind.PROJECT or any(head.kind == "project" for head in heads)


def _leading(document: Document) -> list[Candidate]:
    """``Neiße-Pass. Eine Karte für drei Städte: …``: names that open paragraphs in a row."""
    matches: dict[int, re.Match[str]] = {}
    for index, block in enumerate(document.blocks):
        match = _LEADING.match(document.view, block.start, block.end)
        if match and match["name"][-1].isdigit() and not match["number"]:
            continue
        if match and match["colon"] and not _described_here(document, index, match):
            continue
        if (
            match
            and not _LABEL_ALONE.fullmatch(match["name"])
            and not no_name(match["name"])
            and not _OPENS_SENTENCE.match(match["name"])
            and block.end - match.end() > 30
        ):
            matches[index] = match
    found = []
    for index, match in matches.items():
        alike = sum(1 for near in (index - 2, index - 1, index + 1, index + 2) if near in matches)
        section = section_of(document, index)
        if alike < 1 or section in {ThingKind.EVENT, ThingKind.PUBLICATION}:
            continue
        if [
            p
            for p in document.places.within(match.start(), match.end())
            if p.end >= match.end() - 2
        ]:
            continue
        found.append(
            Candidate(
                ThingKind.PROJECT,
                match["name"],
                match.start("name"),
                match.end("name"),
                index,
                0.62,
                "Name am Anfang des Absatzes",
            )
        )
    return found


_INNER_CAPITAL = re.compile(  # the capital first: the search skips to the next one
    r"[A-ZÄÖÜ](?:(?:(?<=[a-zäöüß].)|(?<=[a-zäöüß]\d.))[a-zäöüß]|"
    r"(?<=[a-zäöüß]\..)[a-zäöüß]+\.[A-ZÄÖÜ])"
)


_COINED = re.compile(
    r"(?<![\w@./-])(?:[A-ZÄÖÜ][a-zäöüß]{1,}\d[A-ZÄÖÜ][a-zäöüß]{2,}\w*|"
    r"[A-ZÄÖÜ][a-zäöüß]{2,}[A-ZÄÖÜ][a-zäöüß]{2,}\w*|"
    r"[A-ZÄÖÜ][a-zäöüß]{2,}(?:\.[A-ZÄÖÜ][a-zäöüß]{2,}){2,})(?: \d\.\d| auf Rädern| to go)?"
)
_NOT_ITS_OWN = re.compile(
    r"(?:\b(?:[Vv]orbild (?:ist|war|dient) (?:das|der|die)|nach dem Vorbild (?:des|der)) |"
    r"(?:^|[^.!?:“”\"»] )(?!D(?:er|ie|as|en|em)\b|[IA]m\b|Mit|Zu[mr]|Für)[A-ZÄÖÜ][a-zäöüß]+ |"
    r"\d,? (?:Uhr, )?)$"
)


def _coined(document: Document) -> list[Candidate]:
    """``OstseeLotse``, ``KlangKlima``: a capital inside a word marks a coined name."""
    found: dict[str, Candidate] = {}
    former = 0
    for inner in _INNER_CAPITAL.finditer(document.view):
        begin = inner.start() - 1
        if not document.view[begin].isalpha():
            begin -= 1  # a digit or a point stands between
        while begin > former and document.view[begin - 1].isalpha():
            begin -= 1
        is_same_word = begin == former and begin and document.view[begin - 1].isalpha()
        former = inner.start()
        if is_same_word:
            continue
        match = _COINED.match(document.view, begin)
        if match is None:
            continue
        name = match.group()
        if name.endswith(("Innen", "In")) or name in words("cues", "camel_words"):
            continue
        start, end = match.span()
        if document.organisations.within(start - 1, end) or any(
            one.start < end and start < one.alias_end
            for one in document.organisations.within(start - 60, start)
        ):
            continue
        left = document.view[max(document.sentence_at(start)[0], start - 50) : start]
        if _NOT_ITS_OWN.search(left) and document.heads.ending_at(start - 1) is None:
            continue
        found.setdefault(
            name,
            Candidate(
                ThingKind.PROJECT, name, start, end, document.block_at(start), 0.55, "Kunstwort"
            ),
        )
    return list(found.values())


_HOUR = re.compile(r"\b\d{1,2}[:.]?\d{0,2} Uhr\b[^.]{0,20}$")


def _emphasised(document: Document) -> list[Candidate]:
    """Names set in bold or italics inside a paragraph of a web page."""
    found = []
    for start, end in document.extracted.emphases:
        name = document.view[start:end].strip(" .:,")
        if not 4 <= len(name) <= 80 or not name[0].isupper() or len(name.split()) > 8:
            continue
        start = document.view.index(name, start)
        end = start + len(name)
        if document.quoted.within(start - 2, end):
            continue
        if any(
            o.start <= start and end <= o.end
            for o in document.organisations.within(start - 60, end)
        ):
            continue
        if document.dates.within(start, end) or document.amounts.within(start, end):
            continue
        if any(p.end - p.start >= len(name) - 3 for p in document.places.within(start, end)):
            continue
        if _HOUR.search(document.view, document.blocks[document.block_at(start)].start, start):
            continue
        head = head_before(document, start)
        inside = kind_inside(name)
        index = document.block_at(start)
        if head is not None and head.kind in HEAD_KIND:
            kind, confidence = HEAD_KIND[head.kind], 0.8
        elif inside is not None:
            kind, confidence = inside, 0.65
        else:
            compound = len(name.split()) > 1 or "-" in name
            kind, confidence = ThingKind.PROJECT, 0.5 if compound else 0.4
        found.append(Candidate(kind, name, start, end, index, confidence, "hervorgehobener Name"))
    return found


_EDITION = re.compile(
    r"(?<![\w.-])(?P<name>(?!(?:Industrie|Web|Arbeit|Wirtschaft|Bildung|Verwaltung|Stadt|Version|"
    r"Lizenz|Handwerk|Landwirtschaft|Medizin|Creative|Commons|Das|Der|Die|Im|In|Am)\b)[A-ZÄÖÜ][\wäöüß-]{3,}"
    r"(?: [A-ZÄÖÜ][\wäöüß-]{3,})? (?:\d\.0|3D|4D))(?![\w.,]\d)"
)


_EDITION_MARK = re.compile(r" (?:\d\.0|3D|4D)\b")


def _numbered(document: Document) -> list[Candidate]:
    """``Bachklang 3D``, ``Laterne 4.0``: an edition behind a noun marks a name."""
    view = document.view
    matches = (
        match
        for mark in _EDITION_MARK.finditer(view)
        for match in _EDITION.finditer(view, max(0, mark.start() - 60), mark.end())
        if match.end() == mark.end()
    )
    return [
        Candidate(
            ThingKind.PROJECT, match["name"], match.start(), match.end(),
            document.block_at(match.start()), 0.54, "Name mit Ausgabe",
        )
        for match in matches
    ]  # fmt: skip


_EXPLAINED = re.compile(
    r"(?:^|(?<= ))(?P<name>[A-ZÄÖÜ][\wäöüß-]{3,}(?: [A-ZÄÖÜ][\wäöüß-]+){0,3}), "
    r"(?:ein|eine|einen|einem|einer) (?:[\wäöüß-]+(?:e|en|er|es|em) ){0,2}$"
)
_INTRODUCED = re.compile(
    r"(?:^|[:–] |\b(?:[Dd](?:er|ie|as|en|em)|[Ii]m|[Mm]it|[Aa]ls|[Pp]rojekt|von|vom) |[-•*>] )$"
)


def _explained(document: Document) -> list[Candidate]:
    """``der Salzspeicher, ein Energiespeicher``: what follows says what the name before is."""
    found = []
    view = document.view
    for head in document.heads.all:
        if head.kind != "project":
            continue
        window = max(document.sentence_at(head.start)[0], head.start - 90)
        match = _EXPLAINED.search(view[window : head.start])
        if match is None:
            continue
        start, end = window + match.start("name"), window + match.end("name")
        name = match["name"]
        if no_name(name) or not _INTRODUCED.search(view[max(window, start - 12) : start]):
            continue
        if document.organisations.within(start - 1, end) or any(
            p.end >= end - 1 for p in document.places.within(start, end)
        ):
            continue
        found.append(
            Candidate(
                ThingKind.PROJECT,
                name,
                start,
                end,
                document.block_at(start),
                0.58,
                "Name vor seiner Erklärung",
            )
        )
    return found

"""Things that carry a name: in quotation marks, in bold, after "namens", after "Projekt"."""

import re

from stadtwabe.reading.document import Document
from stadtwabe.reading.lexica import words
from stadtwabe.reading.mentions.heads import NAMING, TOPIC_WORD, Head, head_of
from stadtwabe.reading.mentions.quotes import Quoted
from stadtwabe.reading.mentions.span import Spans
from stadtwabe.reading.model import ThingKind
from stadtwabe.reading.things.candidate import Candidate
from stadtwabe.reading.things.naming import (
    HEAD_KIND,
    after_naming,
    before_naming,
    beyond_naming,
    limit,
    name_end,
    no_name,
)
from stadtwabe.reading.things.sections import section_of

_GAP = re.compile(
    r" ?(?:\b(?:mit dem|unter dem|mit|unter|namens|genannt|der|die|das|des|dem|den) )*"
    r"(?:\b(?:schönen |sprechenden |passenden )?(?:Namen|Titel|Motto|Arbeitstitel) )?[(:]? ?$"
)


_UNDER_TITLE = re.compile(
    r"(?:unter dem|mit dem|Unter dem|Mit dem|den|dem|der|Der) (?:[a-zäöü]+en )?"
    r"(?:Namen|Titel|Arbeitstitel|Name)(?: lautet)?:? ?$"
)


_WORD_BEFORE = re.compile(r"([\w*-]+)[ ]?[(:]? ?$")


_ARTICLE = re.compile(
    r"(?:^|\W)(?:[Dd](?:er|ie|as|es|em|en)|[Ee]ine?[nrms]?|[Ii]hre?[nrms]?|[Ss]eine?[nrms]?|"
    r"[Uu]nsere?[nrms]?|[Mm]it|[Ff]ür|[Aa]n|[Bb]ei|[Vv]on|[Zz]u[mr]|[Aa]us|[Ii]m|[Aa]m|"
    r"[Uu]nd|als) ?$"
)


_PREDICATE_AFTER = re.compile(
    r",? (?:zeigt|heißt|läuft|startet|bietet|hilft|hält|verbindet|soll|wird|ist|kostet|bringt|"
    r"richtet|entsteht|misst|sammelt|führt|lädt|umfasst|gibt|macht|ermöglicht|unterstützt|verknüpft|"
    r"vernetzt|schult|berät|informiert|erkennt|fährt|haben|hat|beginnt|endet|nennt|findet)\b"
)


_NOT_A_PROJECT = re.compile(
    r"(?:Erklärung|Resolution|Satzung|Verordnung|Gesetz|Vereinbarung|Vertrag|Siegel|Label|Zertifikat|"
    r"Auszeichnung|Titel)\b"
)


_GENERIC_EVENT = frozenset(["veranstaltung", "veranstaltungsreihe", "aktionstag", "treffen"])


def named_things(document: Document) -> list[Candidate]:
    """Find named things; kind by the nearest noun, the words inside, or the section."""
    found = [one for quoted in document.quoted.all if (one := _quoted(document, quoted))]
    spans = _spans(found)
    found += [one for one in _emphasised(document) if _free(one, spans)]
    spans = _spans(found)
    found += [one for one in _after_head(document) if _free(one, spans)]
    spans = _spans(found)
    found += [one for one in after_naming(document) if _free(one, spans)]
    spans = _spans(found)
    found += [one for one in before_naming(document) if _free(one, spans)]
    spans = _spans(found)
    found += [one for one in _leading(document) if _free(one, spans)]
    spans = _spans(found)
    found += [one for one in _coined(document) if _free(one, spans)]
    return found


def _spans(found: list[Candidate]) -> Spans:
    return Spans((one.start, one.end) for one in found)


def _free(one: Candidate, spans: Spans) -> bool:
    return not spans.touch(one.start, one.end)


def _quoted(document: Document, quoted: Quoted) -> Candidate | None:
    view = document.view
    index = document.block_at(quoted.start)
    block_start = document.blocks[index].start
    sentence_start, _ = document.sentence_at(quoted.start)
    left = view[max(block_start, sentence_start, quoted.outer_start - 90) : quoted.outer_start]
    head = _head_before(document, left, quoted.outer_start)
    if head is not None and head.kind == TOPIC_WORD:
        head = _titled(document, sentence_start, head)
        if head is None:
            return None
    kind, confidence, rule = _kind(document, quoted, head, left, index)
    if kind is None:
        return None
    name, start, end = _nominative(quoted.text, left), quoted.start, quoted.end
    if kind == ThingKind.EVENT and head is not None and head.lemma not in _GENERIC_EVENT:
        adjacent = view[head.end : quoted.outer_start].strip() == ""
        if adjacent and head.kind == "event":
            name = view[head.start : head.end] + " " + view[quoted.outer_start : quoted.outer_end]
            start, end = head.start, quoted.outer_end
    return Candidate(kind, name, start, end, index, confidence, rule)


def _nominative(name: str, left: str) -> str:
    """``des „Sielwächters“``: the genitive is the sentence's, not the name's."""
    if re.search(r"\b(?:[Dd]es|eines|ihres|seines|unseres) (?:\w+ )?$", left) and " " not in name:
        return re.sub(r"(?<=[a-zäöüß]{3})(?:(?<=[sßzx])e)?s$", "", name)
    return name


def _titled(document: Document, sentence_start: int, word: Head) -> Head | None:
    """The event that a subject belongs to: ``Vortrag zum Thema „…“``, ``… „…“``."""
    for head in reversed(document.heads.within(sentence_start, word.start)):
        if head.kind == "event":
            return head
    return None


def _head_before(document: Document, left: str, position: int) -> Head | None:
    """The head noun directly before, or before a few small words such as "namens"."""
    gap = _GAP.search(left)
    cut = len(left) - len(gap.group()) if gap else len(left)
    at = position - (len(left) - cut)
    head = document.heads.ending_at(at)
    if head is None:
        stripped = left[:cut].rstrip(" (:,–-")
        head = document.heads.ending_at(position - (len(left) - len(stripped)))
        if head is not None and left[len(stripped) :].strip() not in {"", "(", ":", "–", "-"}:
            head = None
    if head is not None and head.kind == NAMING:
        return beyond_naming(document, head)
    return head


def _kind(
    document: Document, quoted: Quoted, head: Head | None, left: str, index: int
) -> tuple[ThingKind | None, float, str]:
    inside = _inside(quoted.text)
    if head is not None and head.kind in HEAD_KIND:
        kind = HEAD_KIND[head.kind]
        if head.lemma == "konzept" and not head.compound and inside != ThingKind.STRATEGY:
            return ThingKind.PROJECT, 0.7, "Name nach „Konzept“"
        return kind, 0.85, f"Name nach „{document.view[head.start : head.end]}“"
    right = document.view[quoted.outer_end : quoted.outer_end + 40]
    if suffix := re.match(r"-?([A-ZÄÖÜ][\wäöüß-]+)", right):
        after = head_of(suffix.group(1))
        if after and after[0] in HEAD_KIND and right.startswith("-"):
            return HEAD_KIND[after[0]], 0.75, "Name vor dem Gattungswort"
    if inside is not None:
        return inside, 0.75, "Gattungswort im Namen"
    if _UNDER_TITLE.search(left):
        return ThingKind.PROJECT, 0.65, "Name nach „unter dem Namen“"
    return _by_surroundings(document, quoted, left, index)


def _by_surroundings(
    document: Document, quoted: Quoted, left: str, index: int
) -> tuple[ThingKind | None, float, str]:
    """No noun tells the kind: what stands before and after tells whether it is a name at all."""
    right = document.view[quoted.outer_end : quoted.outer_end + 40]
    kind = section_of(document, index) or ThingKind.PROJECT
    word = _WORD_BEFORE.search(left)
    noun = word.group(1) if word else ""
    at_start = not left.strip(" -•*–")
    if noun[:1].isupper() and len(noun) > 3 and not _ARTICLE.search(left):
        if _NOT_A_PROJECT.search(noun):
            return None, 0.0, ""
        return kind, 0.6, f"Name nach „{noun}“"
    if _NOT_A_PROJECT.search(quoted.text):
        return None, 0.0, ""
    subject = at_start or bool(_PREDICATE_AFTER.match(right))
    if not subject and not _ARTICLE.search(left):
        return kind, 0.5, "Name in Anführungszeichen"
    if not (quoted.text[0].isupper() or quoted.text[0].isdigit()):
        return None, 0.0, ""
    long = len(quoted.text.split()) > 6
    confidence = 0.45 if long else 0.6 if subject else 0.52
    return kind, confidence, "Name in Anführungszeichen"


def _inside(name: str) -> ThingKind | None:
    """The kind that a word of the name itself gives away."""
    best: tuple[int, ThingKind] | None = None
    for word in re.findall(r"[A-ZÄÖÜ][\wäöüß-]{3,}", name):
        found = head_of(word)
        if found and found[0] in HEAD_KIND:
            kind = HEAD_KIND[found[0]]
            rank = {ThingKind.STRATEGY: 3, ThingKind.PUBLICATION: 2, ThingKind.EVENT: 2}.get(
                kind, 1
            )
            if best is None or rank > best[0]:
                best = (rank, kind)
    return best[1] if best else None


_OPENING_HEADS = words("cues", "opening_heads")


def _after_head(document: Document) -> list[Candidate]:
    """``des Projekts Smarte.Land.Regionen``: a name without marks right after its noun."""
    found = []
    view = document.view
    for head in document.heads.all:
        if head.lemma not in _OPENING_HEADS or head.kind not in {"project", "funding"}:
            continue
        if view[head.end : head.end + 1] != " ":
            continue
        end = name_end(view, head.end, limit(document, head.end))
        if view[head.start - 1 : head.start] == "(":
            closing = re.compile(r"[,)]").search(view, head.end, limit(document, head.end))
            end = closing.start() if closing and closing.start() - head.end < 50 else end
        name = view[head.end + 1 : end].strip(" –-")
        if len(name) < 4 or no_name(name):
            continue
        if document.organisations.within(head.end, head.end + 2):
            continue
        if [one for one in document.places.within(head.end, head.end + 2) if one.end >= end - 1]:
            continue
        words = len(name.split())
        kind = HEAD_KIND[head.kind]
        shaped = words > 1 or re.search(r"\w[.A-Z]\w", name) or name[-1].isdigit()
        index = document.block_at(head.start)
        found.append(
            Candidate(
                kind,
                name,
                head.end + 1,
                head.end + 1 + len(name),
                index,
                0.7 if shaped else 0.5,
                f"Name nach „{view[head.start : head.end]}“",
            )
        )
    return found


_LEADING = re.compile(
    r"(?:[-•*] )?(?P<name>[A-ZÄÖÜ0-9][\w/-]+"
    r"(?: (?:[A-ZÄÖÜ0-9&][\w-]*|für|und|im|am|der|des|auf|in)){0,4})"
    r"\. (?=[A-ZÄÖÜ])"
)


_OPENS_SENTENCE = re.compile(
    r"(?:Die|Der|Das|Den|Dem|Ein|Eine|Am|Im|In|Zum|Zur|Vom|Bis|Ab|Seit|Mit|Für|Auch|Nach|Keine|Alle|"
    r"Dort|Hier|Wir|Sie|Es|Ja|Nein|Leider|Viel|Wer|Was|Wie|So|Nun)\b"
)


def _leading(document: Document) -> list[Candidate]:
    """``Neiße-Pass. Eine Karte für drei Städte: …``: names that open paragraphs in a row."""
    matches: dict[int, re.Match[str]] = {}
    for index, block in enumerate(document.blocks):
        match = _LEADING.match(document.view, block.start, block.end)
        if match and match["name"][-1].isdigit():
            continue
        if (
            match
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


_INNER_CAPITAL = re.compile(r"[a-zäöüß][A-ZÄÖÜ][a-zäöüß]")


_COINED = re.compile(r"(?<![\w@./-])[A-ZÄÖÜ][a-zäöüß]{2,}[A-ZÄÖÜ][a-zäöüß]{2,}\w*(?: \d\.\d)?")


def _coined(document: Document) -> list[Candidate]:
    """``OstseeLotse``, ``KlangKlima``: a capital inside a word marks a coined name."""
    found: dict[str, Candidate] = {}
    counts: dict[str, int] = {}
    for inner in _INNER_CAPITAL.finditer(document.view):
        begin = inner.start()
        while begin and document.view[begin - 1].isalpha():
            begin -= 1
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
        counts[name] = counts.get(name, 0) + 1
        found.setdefault(
            name,
            Candidate(
                ThingKind.PROJECT, name, start, end, document.block_at(start), 0.55, "Kunstwort"
            ),
        )
    return list(found.values())


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
        left = document.view[
            max(document.blocks[document.block_at(start)].start, start - 60) : start
        ]
        head = _head_before(document, left, start)
        inside = _inside(name)
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

"""Names in quotation marks: told by the noun before, the words inside, or the list around."""

import re

from stadtwabe.reading.document import Document
from stadtwabe.reading.lexica import pattern
from stadtwabe.reading.mentions.heads import NAMING, TOPIC_WORD, Head, head_of
from stadtwabe.reading.mentions.quotes import Quoted
from stadtwabe.reading.model import ThingKind
from stadtwabe.reading.things.candidate import Candidate
from stadtwabe.reading.things.described import NEVER
from stadtwabe.reading.things.naming import HEAD_KIND, OF_THE_STATE, beyond_naming
from stadtwabe.reading.things.sections import section_of

_GAP = re.compile(
    r"(?:,(?= (?:der|die|das|den|dem) $))? ?"
    r"(?:\b(?:mit dem|unter dem|mit|unter|namens|genannt|der|die|das|des|dem|den) )*"
    r"(?:\b(?:schönen |sprechenden |passenden )?(?:Namen|Titel|Motto|Arbeitstitel) )?[(:]? ?$"
)
_UNDER_TITLE = re.compile(
    r"(?:unter dem|mit dem|Unter dem|Mit dem|den|dem|der|Der) (?:[a-zäöü]+en )?"
    r"(?:Namen|Titel|Arbeitstitel|Name)(?: lautet)?:? ?$"
)
_MOTTO = re.compile(
    r"\b(?:Motto|Slogan|Stichwort|Leitspruch)[^.!?„“”\"»«,]{0,25}$|"
    r"\b\w*(?:[Ss]chwerpunkte?n?|[Bb]ereiche?n?|[Hh]andlungsfeld(?:e?s|ern?)?|[Tt]hemenfelde?r?n?)\b"
    r"[^.!?„“”\"»«,]{0,25}$"
)
_CONCEPTS = re.compile(pattern("cues", "concepts").pattern + "$", re.IGNORECASE)
"""What everybody speaks of is nobody's project."""
_NOT_OF_A_PROJECT = pattern("cues", "not_before_names")
_ATTENDED = re.compile(
    r"(?:\b(?:[Bb]ei (?:der|dem|den)|[Bb]eim|[Aa]nlässlich (?:der|des)|[Ww]ährend (?:der|des)|"
    r"[Ii]m Rahmen (?:der|des)|[Zz]u[mr]|[Aa]m)) (?:[a-zäöüß]+e[nrs] )?$"
)
"""What one takes part in: ``kamen zum „X“``, ``im Rahmen der „X“``."""
_HELD_IN = re.compile(r"\b(?:[Ii]n (?:der|den)|[Ii]m|[Aa]uf (?:der|dem)) $")
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
    r"Auszeichnung|Titel|Aufsatz|Artikel|Roman|Film|Lied|Buch|Papier|Team|Ausschuss|Beirat|Arbeitsgruppe|Profil)\b"
)
_OWNED = re.compile(
    r" (?:de[rs]|vom|von|unserer|unseres|ihrer|ihres) (?:[\wÄÖÜäöüß./&*-]+ ){1,6}[(:]?$"
)
_WRITTEN = re.compile(
    r" (?:[a-zäöü]+ ){0,2}(?:geschrieben|veröffentlicht|herausgegeben|vorgelegt|erarbeitet)"
    r"(?: (?:mit|unter) dem Titel)?[:,]? [(]?$"
)
_LISTED = re.compile(r"(?: \([^)]{1,20}\))?(?:,| und| sowie| oder| bzw\.|, sowie) $")
_TAKES_PLACE = re.compile(r",? (?:findet|finden|fand|fanden)\b[^;]* statt\b")
_MANY = re.compile(r"[A-ZÄÖÜ]\w+projekte ")
_SO_CALLED = re.compile(r"\b(?:sog\.|sogenannte[nrs]?|so genannte[nrs]?) (?:\w+ )?$")
_SPEAKING = re.compile(
    r"\b(?:freu(?:t|te|en|ten) sich|lob(?:t|te)|beton(?:t|te)|sprach|spricht|nannte|bezeichne|"
    r"sieht darin|bedank)"
)
_OF_SPEECH = re.compile(
    r"^[A-ZÄÖÜ]\w+ (?:eine[rs]|unsere[rs]|des|der|von|im|in) [a-zäöüß]+|"
    r"[a-zäöüß]{4,}e[rnms]? [A-ZÄÖÜ]\w+ (?:und|für) "
)
"""Words of what somebody says: ``freut sich über die „Fortsetzung einer Erfolgsgeschichte“``."""
_CALLED = re.compile(
    r",? (?:heißt|lautet|nennt sich) (?:der Titel (?:des|der|eines|einer) )?"
    r"(?:(?:ein|eine|einer|eines|der|die|das|unser|unsere) )?(?:[a-zäöüß]+e[rsn]? )?"
    r"(?P<noun>[A-ZÄÖÜ][\w-]+)"
)
"""``„Smart im Alter“ heißt ein Vortrag``"""
_GATHERS = re.compile(
    r"\b(?:diskutier|spr(?:ech|ich|ach)|tausch|referier|l(?:ädt|aden|ud)|treffen|trafen|komm(?:en|t)|"
    r"kamen|berichte|gestalte|feier|les(?:en|t)\b)"
)
_WORKS = re.compile(
    r",? (?:ermöglicht|hilft|bietet|verbindet|unterstützt|vernetzt|misst|sammelt|bündelt|macht|"
    r"erleichtert|informiert|zeigt) "
)
_DAY_OF = re.compile(
    r"(?:Lange )?(?:Tage?|Nacht|Woche|Abend|Fest|Markt|Stunde) (?:de[rs]|für|im|am)\b|"
    r"(?:[\w-]+ ){0,3}(?:Week|Night|Day|Days|Festival|Summit|Meetup|Hackathon)$"
)
_GOAL_AFTER = re.compile(r" \(SDG|-Ziel")
_LOWER_NAMES = re.compile(
    r"(?:mein|meine|dein|deine|unser|unsere|wir|ich|digital|smart|my|e-|i-)\b|\w*[.@A-ZÄÖÜ]|\S+$"
)
_GENITIVE = re.compile(r" ?(?:der|des|vom) ")
_SLOGAN = re.compile(r"[A-ZÄÖÜ][a-zäöüß]+(?:, [a-zäöüß]+)+(?:,? und [a-zäöüß]+)?[!.…]?")
"""``Entdecken, ausprobieren und mitreden``: without a noun it names nothing."""
_SHORT_FORM = re.compile(
    r"(?P<name>[A-ZÄÖÜ]{2,8}|[A-ZÄÖÜ]\w*[a-zäöüß.]\d?[A-ZÄÖÜ]\w*) (?:[-–—]|:) (?=[A-ZÄÖÜ])"
)
"""``ReWe - Regional wirtschaften``: a coined word, and what it is short for."""
_EXPLAINED = re.compile(r"(?P<name>\S+(?: \S+){0,3}) [–—-] (?:\S+ ){5,}\S+$")
_GENERIC_EVENT = frozenset(["veranstaltung", "veranstaltungsreihe", "aktionstag", "treffen"])


_CREATED = pattern("cues", "created")
_ROOM = re.compile(r"(?:[Ww]erkstatt|[Cc]afé|[Tt]reff|[Aa]kademie|[Ff]orum|[Ss]alon|[Kk]üche)s?$")
"""``richtet die Lernwerkstatt „X“ ein``: a place that is there for long, not a gathering."""
_LOOKED_BACK = re.compile(
    r"\b(?:Rückblick|Bericht|Protokoll|Auswertung|Nachlese|Dokumentation) "
    r"(?:auf|über|zu[mr]?|de[rs]) "
    r"(?:\w+ )?$"
)
"""Of an event that was: its day is not the sentence's."""
_BY_THE_STATE = re.compile(r"(?:BM[A-Z]{1,4}|Bundes|Landes|EU|EFRE|LEADER)-")


def quoted_things(document: Document) -> list[Candidate]:
    """One candidate a quoted name. In a list of quoted names the first one's noun tells of all."""
    found: list[Candidate] = []
    last: tuple[Quoted, Head | None] | None = None
    subject: Quoted | None = None
    for quoted in document.quoted.all:
        listed = last is not None and _LISTED.fullmatch(
            document.view, last[0].outer_end, quoted.outer_start
        )
        if listed and last is not None and last[1] is not None:
            head: Head | None = last[1]
        else:
            head = head_before(document, quoted.outer_start)
        last = (quoted, head)
        if head is None and (_is_subject(document, quoted) or (listed and subject)):
            subject = quoted
            continue
        subject = None
        if one := _quoted(document, quoted, head):
            found.append(one)
    return found


def _is_subject(document: Document, quoted: Quoted) -> bool:
    """A motto, or what something deals with: ``Schwerpunkte waren „A“ und „B“``."""
    start, _ = document.sentence_at(quoted.start)
    return bool(
        _MOTTO.search(document.view, max(start, quoted.outer_start - 90), quoted.outer_start)
    )


def _quoted(document: Document, quoted: Quoted, head: Head | None) -> Candidate | None:
    view = document.view
    index = document.block_at(quoted.start)
    block_start = document.blocks[index].start
    sentence_start, _ = document.sentence_at(quoted.start)
    left = view[max(block_start, sentence_start, quoted.outer_start - 90) : quoted.outer_start]
    if head is not None and head.kind == TOPIC_WORD:
        head = _titled(document, sentence_start, head)
        if head is None:
            return None
    if _unlikely(quoted, view, sure=head is not None):
        return None
    kind, confidence, rule = _kind(document, quoted, head, left, index)
    if kind is None:
        return None
    if kind == ThingKind.STRATEGY and document.says(NEVER, *document.sentence_at(quoted.start)):
        confidence -= 0.3
    name, start, end = _nominative(quoted.text, left), quoted.start, quoted.end
    if kind == ThingKind.PROJECT and (short := _SHORT_FORM.match(name) or _EXPLAINED.match(name)):
        name, end = short["name"], start + len(short["name"])
    if kind == ThingKind.EVENT and head is not None and head.lemma not in _GENERIC_EVENT:
        adjacent = view[head.end : quoted.outer_start].strip() == ""
        if adjacent and head.kind == "event":
            name = view[head.start : head.end] + " " + view[quoted.outer_start : quoted.outer_end]
            start, end = head.start, quoted.outer_end
    return Candidate(kind, name, start, end, index, confidence, rule)


def _unlikely(quoted: Quoted, view: str, *, sure: bool) -> bool:
    """A goal, a shout, or words of the sentence itself; names rarely begin with a small letter."""
    text = quoted.text
    if _GOAL_AFTER.match(view, quoted.outer_end):
        return True
    if _CONCEPTS.match(text) and not sure:
        return True
    if text.isupper() and len(text.split()) > 2 and not sure:
        return True
    if not sure and _SLOGAN.fullmatch(text):
        return True
    return text[0].islower() and not (sure and _LOWER_NAMES.match(text))


def _nominative(name: str, left: str) -> str:
    """``des „Sielwächters“``: the genitive is the sentence's, not the name's."""
    if re.search(r"\b(?:[Dd]es|eines|ihres|seines|unseres) (?:\w+ )?$", left) and " " not in name:
        return re.sub(r"(?<=[a-zäöüß]{3})(?<!s)(?:(?<=[sßzx])e)?s$", "", name)
    return name


def _titled(document: Document, sentence_start: int, word: Head) -> Head | None:
    """The event that a subject belongs to: ``Vortrag zum Thema „…“``, ``… „…“``.

    Subjects of which an event has many, and those talked of within a larger one, are no titles.
    """
    if document.lowered.startswith("themen", word.start):
        return None
    for head in reversed(document.heads.within(sentence_start, word.start)):
        if head.kind == "event":
            before = document.view[max(sentence_start, head.start - 40) : head.start]
            return None if _WITHIN.search(before) else head
    return None


_WITHIN = re.compile(r"\b(?:[Ii]m Rahmen|[Aa]m Rande|[Ww]ährend|[Ii]nnerhalb) de[rs] (?:\w+ )?$")


def head_before(document: Document, position: int) -> Head | None:
    """The head noun directly before, or before a few small words such as "namens"."""
    start, _ = document.sentence_at(position)
    left = document.view[max(start, position - 90) : position]
    gap = _GAP.search(left)
    cut = len(left) - len(gap.group()) if gap else len(left)
    head = document.heads.ending_at(position - (len(left) - cut))
    if head is not None and head.kind == TOPIC_WORD and _GENITIVE.match(left[cut:]):
        return None
    if head is None:
        stripped = left[:cut].rstrip(" (:,–-")
        head = document.heads.ending_at(position - (len(left) - len(stripped)))
        if head is not None and left[len(stripped) :].strip() not in {"", "(", ":", "–", "-"}:
            head = None
    if head is None:
        head = _owned(document, position, left)
    if head is not None and head.kind == NAMING:
        return beyond_naming(document, head)
    return head


def _owned(document: Document, position: int, left: str) -> Head | None:
    """``die Erhebung des Kreises Borken „…“``: a genitive between the noun and the name."""
    start = position - len(left)
    for head in reversed(document.heads.within(start, position)):
        between = document.view[head.end : position]
        if head.kind in HEAD_KIND and (_OWNED.fullmatch(between) or _WRITTEN.fullmatch(between)):
            return head
    return None


def _kind(
    document: Document, quoted: Quoted, head: Head | None, left: str, index: int
) -> tuple[ThingKind | None, float, str]:
    inside = kind_inside(quoted.text)
    if head is not None and head.kind in HEAD_KIND:
        return _by_noun(document, quoted, head, inside)
    return _by_name(document, quoted, left, index, inside)


def _by_noun(
    document: Document, quoted: Quoted, head: Head, inside: ThingKind | None
) -> tuple[ThingKind | None, float, str]:
    word = document.view[head.start : head.end]
    kind = HEAD_KIND[head.kind]
    if kind == ThingKind.PROJECT and (
        _BY_THE_STATE.match(word) or OF_THE_STATE.match(document.view, quoted.outer_end)
    ):
        return ThingKind.FUNDING, 0.8, f"Name nach „{word}“"
    sentence = document.sentence_at(quoted.start)
    if (
        kind == ThingKind.EVENT
        and _ROOM.search(word)
        and document.says(_CREATED, *sentence)
        and not document.dates.within(*sentence)
    ):
        return ThingKind.PROJECT, 0.6, f"Name nach „{word}“"
    if kind == ThingKind.EVENT and _LOOKED_BACK.search(
        document.view, max(0, head.start - 40), head.start
    ):
        return kind, 0.4, f"Name nach „{word}“"
    if head.lemma == "konzept" and not head.compound and inside != ThingKind.STRATEGY:
        return ThingKind.PROJECT, 0.7, "Name nach „Konzept“"
    return kind, 0.85, f"Name nach „{word}“"


def _by_name(
    document: Document, quoted: Quoted, left: str, index: int, inside: ThingKind | None
) -> tuple[ThingKind | None, float, str]:
    """No noun right before: the name itself, or what its sentence says of it."""
    right = document.view[quoted.outer_end : quoted.outer_end + 40]
    if suffix := re.match(r"-([A-ZÄÖÜ][\wäöüß-]+)", right):
        after = head_of(suffix.group(1))
        if after and after[0] in HEAD_KIND:
            return HEAD_KIND[after[0]], 0.75, "Name vor dem Gattungswort"
    if _is_no_name(document, quoted, left):
        return None, 0.0, ""
    if inside == ThingKind.EVENT and _WORKS.match(right):
        return ThingKind.PROJECT, 0.55, "Name dessen, was wirkt"
    if inside is not None:
        return inside, 0.75, "Gattungswort im Namen"
    sentence = document.sentence_at(quoted.start)
    if _TAKES_PLACE.match(document.view, quoted.outer_end, sentence[1]):
        return ThingKind.EVENT, 0.65, "Name dessen, was stattfindet"
    if told := _by_sentence(document, quoted, left, right):
        return told
    return _by_surroundings(document, quoted, left, index)


def _by_sentence(
    document: Document, quoted: Quoted, left: str, right: str
) -> tuple[ThingKind | None, float, str] | None:
    """What the sentence does with the name: one comes to it, sits in it, or calls a thing so."""
    sentence = document.sentence_at(quoted.start)
    called = _CALLED.match(right)
    noun = head_of(called["noun"]) if called else None
    if noun is not None and noun[0] in HEAD_KIND:
        return HEAD_KIND[noun[0]], 0.75, "Name dessen, was so heißt"
    dated = any(not date.is_month for date in document.dates.within(*sentence))
    if dated and _UNDER_TITLE.search(left) and document.says(_GATHERS, *sentence):
        return ThingKind.EVENT, 0.6, "Titel, unter dem man zusammenkommt"
    if _UNDER_TITLE.search(left):
        return ThingKind.PROJECT, 0.65, "Name nach „unter dem Namen“"
    if dated:
        if _ATTENDED.search(left):
            return ThingKind.EVENT, 0.55, "Name dessen, wozu man kommt"
        if _HELD_IN.search(left) and right.startswith((" statt", ".")):
            return None, 0.0, ""
    return None


def _is_no_name(document: Document, quoted: Quoted, left: str) -> bool:
    """A contract or a film, what is only so called, or a few words of what somebody says."""
    if _NOT_A_PROJECT.search(quoted.text) or _SO_CALLED.search(left):
        return True
    speech = _OF_SPEECH.search(quoted.text) is not None
    return speech and document.says(_SPEAKING, *document.sentence_at(quoted.start))


def _by_surroundings(
    document: Document, quoted: Quoted, left: str, index: int
) -> tuple[ThingKind | None, float, str]:
    """No noun tells the kind: what stands before and after tells whether it is a name at all."""
    right = document.view[quoted.outer_end : quoted.outer_end + 40]
    kind = section_of(document, index) or ThingKind.PROJECT
    if OF_THE_STATE.match(right):
        kind = ThingKind.FUNDING
    word = _WORD_BEFORE.search(left)
    noun = word.group(1) if word else ""
    at_start = not left.strip(" -•*–")
    if noun[:1].isupper() and len(noun) > 3 and not _ARTICLE.search(left):
        if _NOT_A_PROJECT.search(noun) or _NOT_OF_A_PROJECT.search(noun):
            return None, 0.0, ""
        return kind, 0.6, f"Name nach „{noun}“"
    subject = at_start or bool(_PREDICATE_AFTER.match(right))
    if not subject and not _ARTICLE.search(left):
        return kind, 0.5, "Name in Anführungszeichen"
    if not (quoted.text[0].isupper() or quoted.text[0].isdigit()):
        return None, 0.0, ""
    long = len(quoted.text.split()) > 6
    confidence = 0.45 if long else 0.6 if subject else 0.52
    return kind, confidence, "Name in Anführungszeichen"


def kind_inside(name: str) -> ThingKind | None:
    """The kind that a word of the name itself gives away."""
    if _MANY.match(name):
        return ThingKind.FUNDING
    if _DAY_OF.match(name):
        return ThingKind.EVENT
    first = head_of(name.split()[0])
    if first and first[0] in {"publication", "strategy"}:
        return HEAD_KIND[first[0]]
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

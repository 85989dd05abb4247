"""Names after or before a word that says that something is named."""

import re

from stadtwabe.reading.document import Document
from stadtwabe.reading.lexica import pattern
from stadtwabe.reading.mentions.heads import NAMING, Head
from stadtwabe.reading.model import ThingKind
from stadtwabe.reading.things.candidate import Candidate

HEAD_KIND = {
    "project": ThingKind.PROJECT,
    "funding": ThingKind.FUNDING,
    "event": ThingKind.EVENT,
    "publication": ThingKind.PUBLICATION,
    "strategy": ThingKind.STRATEGY,
}


def beyond_naming(document: Document, naming: Head) -> Head | None:
    """``eine Austauschmöglichkeit namens „X“``: the noun before the naming word."""
    start, _ = document.sentence_at(naming.start)
    heads = [head for head in document.heads.within(start, naming.start) if head.kind in HEAD_KIND]
    return heads[-1] if heads else None


_BEARS = re.compile(r"\b(?:trägt|bekam|bekommt|erhielt|erhält|hat|unter|mit) de[nm] $")
_NAME_TOKEN = re.compile(
    r" ?(?:[A-ZÄÖÜ][\w*’-]*(?:[.&][\w’-]+)*|\d{1,4}(?:\.\d)?|–|-|&|[a-z]+[A-Z]\w*|\w+@\w+)!?"
    r"(?=[\s,.;:!?)]|$)"
)


_COUNT = re.compile(r" (?!(?:19|20)\d\d)\d{2,4}(?= [A-ZÄÖÜ])")
"""``… Smart Cities 94 Städte``: a number before a further noun counts it."""
_CONNECTORS = re.compile(
    r" (?:für|und|der|die|das|des|vor|zum|zur|von|ohne)"
    r"(?= [A-ZÄÖÜ0-9])"
)


_NO_NAME = pattern("cues", "no_name")
_INFLECTED_ONLY = re.compile(r"(?:innen|in|en|er|es|e|n|s)?(?:[^\w.]|$)")


def no_name(name: str) -> bool:
    """Whether a word only looks like a name."""
    match = _NO_NAME.match(name)
    return not name[0].isupper() or bool(match and _INFLECTED_ONLY.match(name, match.end()))


def limit(document: Document, position: int) -> int:
    """Return where the block around a position ends: no name reaches beyond."""
    return document.blocks[document.block_at(position)].end


def name_end(view: str, start: int, limit: int, most: int = 8) -> int:
    """Where a run of capitalised words, with small words between them, ends."""
    end = start
    for _ in range(most):
        if end > start and _COUNT.match(view, end, limit):
            break
        joint = _CONNECTORS.match(view, end, limit)
        token = _NAME_TOKEN.match(view, joint.end() if joint and end > start else end, limit)
        if token is None:
            break
        end = token.end()
    while end > start and view[end - 1] in " –-&":
        end -= 1
    return end


def after_naming(document: Document) -> list[Candidate]:
    """``heißt SalzachMobil autonom``: a name without marks after a naming verb."""
    found = []
    view = document.view
    for head in document.heads.all:
        if head.kind != NAMING or head.lemma not in {
            "namens",
            "heißt",
            "genannt",
            "nennt",
            "namen",
        }:
            continue
        if head.lemma == "namen" and not _BEARS.search(view[max(0, head.start - 24) : head.start]):
            continue
        if head.lemma == "genannt" and head.end - head.start > len("genannt"):
            continue
        after = head.end
        if head.lemma == "nennt":
            if not view.startswith(" sich ", after):
                continue
            after += 5
        end = name_end(view, after, limit(document, after), most=5)
        name = view[after:end].strip()
        if len(name) < 4 or no_name(name) or _of_a_group(view, head):
            continue
        noun = beyond_naming(document, head) or _before_pronoun(document, head)
        if head.lemma in {"heißt", "nennt"} and noun is None:
            continue
        kind = HEAD_KIND[noun.kind] if noun else ThingKind.PROJECT
        start = view.index(name, head.end)
        index = document.block_at(start)
        found.append(
            Candidate(kind, name, start, start + len(name), index, 0.6, f"Name nach „{head.lemma}“")
        )
    return found


_NO_PROJECT_NOUN = pattern("cues", "not_before_names")


_PRONOUN_CALLED = re.compile(r"(?:Es|Sie|Er|Das|Dieses|Diese|Dieser) $")


def _before_pronoun(document: Document, naming: Head) -> Head | None:
    """``Die Stadt baut ein Funknetz auf. Es heißt X.``: the noun of the sentence before."""
    start, _ = document.sentence_at(naming.start)
    block = document.blocks[document.block_at(start)]
    if start <= block.start or not _PRONOUN_CALLED.fullmatch(document.view, start, naming.start):
        return None
    a, b = document.sentence_at(start - 2)
    heads = [head for head in document.heads.within(a, b) if head.kind == "project"]
    return heads[-1] if heads else None


def _of_a_group(view: str, naming: Head) -> bool:
    """``ein Team namens Ost``: what is named is no project."""
    before = view[max(0, naming.start - 30) : naming.start].split()
    return bool(before) and _NO_PROJECT_NOUN.search(before[-1]) is not None


_NAMING_WORD = re.compile(r"heißt |getauft|Arbeitstitel|nennt sich|lautet der|haben wir |ist der ")


_CLAUSE = re.compile(r"[.!?:,] |\n|- ")


_NAMED_THUS = re.compile(
    r"(?P<name>[A-ZÄÖÜ0-9][\w/&-]*(?: [A-ZÄÖÜ0-9][\w-]*){0,3}) "
    r"(?:heißt (?:das|der|die|es|unser|dort|bei|dieses|dieser)|ist der (?:Arbeits)?[Tt]itel|"
    r"haben (?:wir|sie) (?:das|es|ihn|sie) (?:getauft|genannt)|nennt sich (?:das|der|die)|"
    r"lautet der (?:Name|Titel))\b"
)


_GIVEN = ("ame: ", "ame des ", "ame der ", "titel: ")
_NAME_GIVEN = re.compile(
    r"\b(?:(?:Projekt|Arbeits)?[Nn]ame(?: (?:des|der) \w+)?|Projekttitel|Arbeitstitel): "
    r"(?P<name>[A-ZÄÖÜ][\w-]+(?: [A-ZÄÖÜ][\w-]+){0,4})"
)


def before_naming(document: Document) -> list[Candidate]:
    """``Schulwolke Breisgau heißt das``, ``Name des Dienstes: Grafi``."""
    found: list[Candidate] = []
    if "heißt" not in document.view and "ame" not in document.view and "itel" not in document.view:
        return found
    given = any(mark in document.view for mark in _GIVEN)
    matches = list(_NAME_GIVEN.finditer(document.view)) if given else []
    for word in _NAMING_WORD.finditer(document.view):
        window = max(0, word.start() - 80)
        starts = [window + m.end() for m in _CLAUSE.finditer(document.view[window : word.start()])]
        starts.append(document.sentence_at(word.start())[0])
        for start in sorted(set(starts), reverse=True):
            match = _NAMED_THUS.match(document.view, start)
            if match and match.end() > word.start():
                matches.append(match)
                break
    for match in matches:
        name = match["name"]
        if len(name) < 4 or no_name(name) or _PRONOUN.match(name):
            continue
        start = match.start("name")
        found.append(
            Candidate(
                ThingKind.PROJECT,
                name,
                start,
                start + len(name),
                document.block_at(start),
                0.6,
                "Name vor „heißt“",
            )
        )
    return found


_PRONOUN = re.compile(r"(?:Das|Dies|Was|Wie|So|Es|Sie|Er|Wer|Dort|Hier|Nun|Jetzt|Noch|Und)\b")


OF_THE_STATE = re.compile(
    r" (?:des (?:Bund(?:es)?|Landes|Freistaat(?:e?s)?|(?:Bundes|Landes|Staats)?\w*[Mm]inisteriums)|"
    r"der (?:Bundesregierung|Landesregierung|Staatsregierung|EU|Europäischen Union))\b"
)
"""What the federation or a state sets up is a programme that towns apply to."""


def of_the_state(document: Document, head: Head, name: str, end: int) -> tuple[str, int, ThingKind]:
    """``Modellvorhaben Landaufschwung des Bundes``: a programme, named without its owner."""
    if state := OF_THE_STATE.search(name):
        return name[: state.start()], head.end + 1 + state.start(), ThingKind.FUNDING
    if OF_THE_STATE.match(document.view, end):
        return name, end, ThingKind.FUNDING
    return name, end, HEAD_KIND[head.kind]

"""Noun phrases: the adjectives that belong to a noun, its article, its plain (nominative) form."""

import re

from stadtwabe.reading.document import Document
from stadtwabe.reading.lexica import words
from stadtwabe.reading.mentions.heads import Head

_OPENERS = "|".join(sorted(words("cues", "openers")))
_OPENING = re.compile(rf"(?:\b(?:{_OPENERS}) )+$")
_OPENER_ENDS = tuple(f"{opener} " for opener in words("cues", "openers"))
_GENERIC_ADJECTIVES = words("cues", "generic_adjectives")
_NOT_ADJECTIVES = words("cues", "not_adjectives")
_NAMING_ADJECTIVE = re.compile(
    r"(?:Digital|Kommunal|Gemeinsam|Regional|Intelligent|Smart|Elektronisch|Virtuell|Mobil|"
    r"Strategisch|Integriert|Offen|\\w+politisch)"
)
_TELLING_ADJECTIVE = re.compile(
    rf"(?:{'|'.join(sorted(words('cues', 'telling_adjectives'), key=len, reverse=True))})"
    r"(?:e|en|er|es|em)$",
    re.IGNORECASE,
)
_ADJECTIVES = re.compile(r"((?:[A-ZÄÖÜa-zäöüß][\wäöüß*-]*(?:e|en|er|es|em) ){1,2})$")
_ADJECTIVE_ENDS = ("e ", "en ", "er ", "es ", "em ")
_INFLECTED = re.compile(r"(?:en|er|es|em|e)$")
_FEMININE = re.compile(r"(?:ung|heit|keit|schaft|tion|ität|tur|ik|ei|[^sß]e)$")
_ARTICLES = (
    ("negated", re.compile(r"\b[Kk]ein(?:e|en|em|er|es)? $")),
    ("indefinite", re.compile(r"\b[Ee]in(?:e|en|em|er|es)? $")),
    ("possessive", re.compile(r"\b(?:[Ii]hr|[Ss]ein|[Uu]nser|[Mm]ein)(?:e|en|em|er|es)? $")),
    (
        "definite",
        re.compile(r"\b(?:[Dd](?:er|ie|as|en|em|es)|[Ii]m|[Aa]m|[Vv]om|[Zz]u[mr]|[Ii]ns) $"),
    ),
    ("pointing", re.compile(r"\b(?:[Dd]iese|[Jj]ede|[Ss]olche|[Ww]elche)[rnsm]? $")),
)


def opening_of(before: str) -> re.Match[str] | None:
    """The words at the end of a text that open a name: ``Smart ``, ``Open ``."""
    return _OPENING.search(before) if before.endswith(_OPENER_ENDS) else None


def phrase_start(
    document: Document, head: Head, start: int, *, telling: bool = False
) -> tuple[int, bool]:
    """Take adjectives in front that say something: ``gemeinsame Digitalstrategie``.

    `telling`: only those that belong to what is made (*digital*, *mobil*), not what one thinks
    of it (*geeignet*).
    """
    view = document.view
    before = view[start : head.start]
    if opening := opening_of(before):
        return head.start - len(opening.group()), True
    match = _ADJECTIVES.search(before) if before.endswith(_ADJECTIVE_ENDS) else None
    if match is None:
        return head.start, False
    kept: list[str] = []
    for word in reversed(match.group().split()):
        if not (_TELLING_ADJECTIVE.match(word) if telling else _adjective(word)):
            break
        kept.insert(0, word)
    while kept and kept[0].lower() in _GENERIC_ADJECTIVES:
        kept.pop(0)
    if not kept:
        return head.start, False
    return head.start - len(" ".join(kept)) - 1, True


def _adjective(word: str) -> bool:
    if word[0].isupper():
        return bool(_NAMING_ADJECTIVE.match(word))
    return len(word) > 4 and word.lower() not in _NOT_ADJECTIVES


def article_before(view: str, start: int, begin: int) -> str:
    """What stands before a phrase that begins at `begin`: ``indefinite``, … or nothing.

    Up to two words that are no part of the phrase may stand between: ``ein neues Portal``.
    """
    before = view[max(start, begin - 60) : begin]
    for _ in range(3):
        for kind, article in _ARTICLES:
            if article.search(before):
                return kind
        shorter = re.sub(
            r"(?:[a-zäöüß]+(?:e|en|er|es|em)|neu|so|ganz|bereits|ab sofort) $", "", before
        )
        if shorter == before:
            break
        before = shorter
    return ""


def nominative(document: Document, head: Head, begin: int, stop: int) -> str:
    """The phrase without the genitive of its noun: ``LoRaWAN-Netzwerkes``."""
    view = document.view
    word = view[head.start : head.end]
    cut = word.lower().rfind(head.lemma) + len(head.lemma)
    if word[cut:] in {"s", "es", "ses"}:
        word = word[:cut]
    return view[begin : head.start] + word + view[head.end : stop]


def plain_form(document: Document, head: Head, begin: int, stop: int) -> str:
    """As a person would list it: ``einen digitalen Zwilling`` gives ``digitaler Zwilling``."""
    view = document.view
    whole = nominative(document, head, begin, stop)
    adjectives = view[begin : head.start].split()
    if not adjectives or opening_of(view[begin : head.start]):
        return whole
    word = view[head.start : head.end].lower()
    cut = word.rfind(head.lemma) + len(head.lemma)
    if word[cut:] in {"n", "en", "e", "er", "ern"}:
        return whole
    ending = _ending(head.lemma)
    plain = [_INFLECTED.sub("", one) + ending for one in adjectives]
    if view[begin : begin + 1].isupper():
        plain[0] = plain[0][0].upper() + plain[0][1:]
    return " ".join(plain) + whole[head.start - begin - 1 :]


def _ending(lemma: str) -> str:
    if any(lemma.endswith(noun) for noun in words("cues", "masculine_nouns")):
        return "er"
    if _FEMININE.search(lemma) or any(
        lemma.endswith(noun) for noun in words("cues", "feminine_nouns")
    ):
        return "e"
    return "es"

"""Organisations: by legal form, by head noun, by known short name, by what announces them."""

import re
from bisect import bisect_right
from collections import defaultdict
from functools import cache

import ahocorasick

from stadtwabe.reading.lexica import load, words
from stadtwabe.reading.mentions.organisation import Organisation
from stadtwabe.reading.mentions.reach import MAX_TOKENS, NOT_INSIDE, WORD, clip, extend
from stadtwabe.reading.mentions.span import Spans
from stadtwabe.reading.mentions.speakers import speakers_in

_TOKEN = re.compile(r"[^\s]+")
_STOP_PUNCTUATION = re.compile(r"[,;:!?()„“”\"»«|/]|[.…]$")
_ACRONYM = re.compile(r" ?\((?:kurz:? |Abk\. )?[„“\"]?([A-ZÄÖÜ][\w.&-]{1,11}[A-Za-z0-9])[“”\"]?\)")
_CONNECTORS = frozenset(
    [
        "für", "und", "u.", "&", "der", "des", "von", "vom", "zur", "zum", "im", "in", "an", "am",
        "auf", "i.", "a.", "d.", "bei", "zu", "pro", "+", "the", "of", "e.", "ob", "vor", "–",
    ]
)  # fmt: skip
_GENITIVE = frozenset(["der", "des", "vom", "von", "zum", "zur", "den", "die"])
_GENITIVE_HEAD = re.compile(
    r"(?:[Gg]esellschaft|[Vv]erein|[Vv]erband|Freunde|Förderung|Bund|zentrum|[Gg]emeinschaft|"
    r"Bündnis|[Vv]ereinigung|Kreis|Zentralverband|Förderkreis|Haus|Netzwerk)$"
)
_NAMED_BEFORE = frozenset(
    ["Agentur", "Klinikum", "Stiftung", "Akademie", "Krankenhaus", "Museum", "Hochschule"]
)
_STANDS_ALONE = re.compile(r"(?:Landkreis|Städte|Volkshochschulverband|Gemeinde)(?:tag)?(?:e?s)?")


def organisations_in(view: str, masked: Spans) -> list[Organisation]:
    """Find mentions of organisations, longest first where they overlap."""
    found: list[Organisation] = []
    for start, end, rule in _triggers(view):
        if masked.touch(start, end):
            continue
        one = _RULES[rule](view, start, end)
        if one is not None and not masked.touch(one.start, one.end):
            found.append(one)
    found += (one for one in speakers_in(view) if not masked.touch(one.start, one.end))
    return _disjoint(found)


def _disjoint(found: list[Organisation]) -> list[Organisation]:
    """Of overlapping mentions keep the longest, of equal ones the surest."""
    kept: list[Organisation] = []
    starts: list[int] = []
    ends: list[int] = []
    for one in sorted(found, key=lambda one: (one.start - one.end, -one.confidence)):
        i = bisect_right(starts, one.start)
        if (i and ends[i - 1] > one.start) or (i < len(starts) and starts[i] < one.end):
            continue
        starts.insert(i, one.start)
        ends.insert(i, one.end)
        kept.append(one)
    return sorted(kept, key=lambda one: one.start)


@cache
def _automaton() -> ahocorasick.Automaton:
    lexicon = load("organisations")
    entries: dict[str, str] = dict.fromkeys(lexicon["nouns_after_adjective"].split(), "after")
    for word in lexicon["announcers"].split():
        entries[word] = "announcer"
    for word in lexicon["endings"].split():
        entries[word] = "ending"
    entries["ministerium"] = "ministry"
    entries["ministerkonferenz"] = "ministry"
    for word in lexicon["institutions"].split():
        entries[word] = "institution"
        entries.setdefault(word.capitalize(), "institution")
    for word in lexicon["heads"].split():
        entries[word] = "head"
    for form in lexicon["legal_forms"].strip().split("|"):
        entries[form] = "form"
    for line in lexicon["known"].strip().splitlines():
        entries[line.split("=")[0]] = "known"
    for word in ("Fraunhofer", "Stiftung"):
        entries[word] = "head"
    automaton = ahocorasick.Automaton()
    for word, rule in entries.items():
        automaton.add_word(word, (len(word), rule))
    automaton.make_automaton()
    return automaton


def _triggers(view: str) -> list[tuple[int, int, str]]:
    """Whole-word hits; of hits that begin at the same place the longest."""
    best: dict[int, tuple[int, int, str]] = {}
    for last, (size, rule) in _automaton().iter(view):
        hit = _whole(view, last + 1 - size, last + 1, rule)
        if hit is not None and (hit[0] not in best or best[hit[0]][1] < hit[1]):
            best[hit[0]] = hit
    return sorted(best.values())


def _whole(view: str, start: int, end: int, rule: str) -> tuple[int, int, str] | None:
    """The word around a hit and its rule; nothing where the rule asks for another word."""
    begin = start
    if rule in {"ending", "institution", "ministry"}:
        tail = end + 1 if rule != "institution" and view[end : end + 1] == "s" else end
        begin = _word_start(view, start)
        least = 2 if rule == "institution" else 3
        goes_on = view[tail : tail + 1].isalnum() or (
            rule == "institution" and view[end : end + 1] == "-"
        )
        whole = view[begin].isupper() and start - begin >= least
        return (begin, end, rule) if whole and not goes_on else None
    if rule == "head" and start > 1 and view[start - 1] == "-" and view[start - 2].isalpha():
        begin = _word_start(view, start)
        rule = "compound" if view[begin].isupper() else rule
    if begin and (view[begin - 1].isalnum() or view[begin - 1] in "-_@"):
        return None
    if view[end : end + 1].isalnum() or view[end : end + 1] == "_":
        return None
    if view[end : end + 1] == "-" and rule != "head" and view[end + 1 : end + 2].isalpha():
        return None
    return begin, end, rule


def _word_start(view: str, at: int) -> int:
    while at and (view[at - 1].isalnum() or view[at - 1] == "-"):
        at -= 1
    return at - len("St.") if view[at : at + 1] == "-" and view[at - 3 : at] == "St." else at


def _by_form(view: str, start: int, end: int) -> Organisation | None:
    """``Pegelwerk Dresden GmbH``: walk back over capitalised words."""
    window = max(0, start - 110)
    tokens = list(_TOKEN.finditer(view, window, start))
    begin, count = start, 0
    for i in range(len(tokens) - 1, -1, -1):
        token, word = tokens[i], tokens[i].group()
        gap = view[token.end() : begin]
        if (token.start() == window and window > 0) or "\n" in gap or gap.count(" ") > 4:
            break
        opened = len(word) - len(word.lstrip('(„“"»'))
        word = word[opened:]
        if not word or count >= MAX_TOKENS:
            break
        if not _goes_on(word) and not (count == 0 and _LOWER_BRAND.fullmatch(word)):
            break
        if word in NOT_INSIDE or _announces(word):
            break
        if word in _GENITIVE and not (i and _takes_genitive(tokens[i - 1].group())):
            break
        begin, count = token.start() + opened, count + 1
        if opened:
            break
    begin = _skip_connectors(view, begin, start)
    if begin >= start or view[begin:start].strip().lower() in {"die", "der"}:
        return None
    return _named(view, begin, end, "legal form", 0.95, view[start:end])


_LOWER_BRAND = re.compile(
    r"[a-zäöü]{3,}\d+|(?!(?:gemeinnützig|städtisch|kommunal|kreiseigen|stadteigen|neu|eigen|gemeinsam|örtlich|lokal|"
    r"dies|ein|die|der|das|als|und|oder|von|beim|zur|zum|mit|einer?|ihr|sein|unser)\w*$)[a-zäöü][a-zäöü0-9]{2,}"
)


def _takes_genitive(word: str) -> bool:
    """``Gesellschaft der Freunde e. V.``, ``Verein zur Förderung des Sports e. V.``"""
    return bool(_GENITIVE_HEAD.search(word))


def _goes_on(word: str) -> bool:
    if _STOP_PUNCTUATION.search(word) and not re.fullmatch(
        r"(?:[a-z]|St|Rbge|Inn|Nr)\.|[A-Z]\.", word
    ):
        return False
    return word[0].isupper() or word[0].isdigit() or word in _CONNECTORS or _brand(word)


def _brand(word: str) -> bool:
    """``regioIT``, ``meinestadt.digital``: lower-case brands carry a capital or a dot inside."""
    return bool(re.fullmatch(r"[a-zäöü]+(?:[A-Z][\w]*|\.(?:digital|de|it|one|online|nrw))", word))


def _announces(word: str) -> bool:
    return word in words("organisations", "announcers")


def _skip_connectors(view: str, begin: int, limit: int) -> int:
    """A name does not begin with "und" or "der"."""
    for token in _TOKEN.finditer(view, begin, limit):
        if token.group() not in _CONNECTORS and token.group() not in NOT_INSIDE:
            return token.start()
    return limit


def _by_head(view: str, start: int, end: int) -> Organisation | None:
    """``Universität Kassel``, ``Ministerium für Inneres``, ``Deutscher Landkreistag``."""
    head = view[start:end]
    begin = _adjective_before(view, start)
    stop = end
    if view[end : end + 1] == "-" and not head.endswith("-") and view[end + 1 : end + 2].isalpha():
        return None
    hyphen = re.match(r" und [A-Z][\w-]*(?:bund|tag|verein)\w*", view[end : end + 40])
    if hyphen:
        stop = end + hyphen.end()
    stop = extend(view, stop, head)
    if stop == end and head != "Fraunhofer":
        alone = _name_before(view, start, head)
        if alone is None and not _STANDS_ALONE.fullmatch(head):
            return None
        begin = start if alone is None else alone
    if "inisterium" in head and (land := _OF_A_LAND.match(view, stop)):
        stop = clip(view, land.end())
    if stop > end and view[end : end + 1] == " " and _person_follows(view, end, stop):
        return None
    return _named(view, begin, stop, "head noun", 0.85)


def _name_before(view: str, start: int, head: str) -> int | None:
    """Where a name ends in its head: ``Mühldorfer Stadtwerke``, ``Deutscher Städtetag``."""
    before = re.search(r"([A-ZÄÖÜa-zäöü][\w-]+) $", view[max(0, start - 40) : start])
    if before is None:
        return None
    word, begin = before.group(1), start - len(before.group())
    if word in words("organisations", "adjectives"):
        begin = start if word[0].islower() else begin
        if word.endswith("er") and head.endswith(("betriebe", "werke")):
            return begin  # "Berliner Verkehrsbetriebe"
        return begin if head in words("organisations", "nouns_after_adjective") else None
    if not word[0].isupper() or word in NOT_INSIDE or _announces(word):
        return None
    if word.endswith("er") and len(word) > 5 and head not in {"Agentur", "Institut", "Verband"}:
        return begin
    proper = "-" in word and word.rsplit("-", 1)[1][:1].isupper()
    introduced = re.search(
        r"(?:\b(?:der|die|das|dem|mit|von|bei|und)|^|[:,(]) ?$", view[:begin][-6:]
    )
    named = head in _NAMED_BEFORE and introduced is not None and len(word) > 4
    return begin if proper or named else None


def _person_follows(view: str, end: int, stop: int) -> bool:
    first = view[end:stop].split()[:1]
    return bool(first) and first[0] in words("persons", "first_names") and view[stop - 1] != "."


def _adjective_before(view: str, start: int) -> int:
    before = re.search(r"([A-ZÄÖÜ][\w-]+) $", view[max(0, start - 40) : start])
    if before and before.group(1) in words("organisations", "adjectives"):
        return start - len(before.group())
    if before and re.fullmatch(r"[A-ZÄÖÜ]\w+er", before.group(1)):
        return start - len(before.group()) if len(before.group(1)) > 5 else start
    return start


def _by_compound(view: str, start: int, end: int) -> Organisation | None:
    """``Bauhaus-Universität Weimar``, ``Kepler-Gymnasium``."""
    head = view[start:end].rsplit("-", 1)[1]
    return _named(view, start, extend(view, end, head), "compound", 0.85)


_OF_A_LAND = re.compile(
    r" (?:de[rs] )?(?:Landes|Freistaate?s|Bundeslandes)(?: [A-ZÄÖÜ][\w-]+(?: [A-ZÄÖÜ][\w-]+)?)?"
)


def _by_ministry(view: str, start: int, end: int) -> Organisation | None:
    """``das Bundesverkehrsministerium``, ``Innenministerium des Landes Schleswig-Holstein``."""
    stop = end + (view[end : end + 1] == "s")
    begin = _adjective_before(view, start)
    if view.startswith((" für ", " der ", " des "), stop):
        stop = extend(view, stop, view[start:end])
    if land := _OF_A_LAND.match(view, stop):
        stop = clip(view, land.end())
    return _named(view, begin, stop, "ministry", 0.8)


def _by_adjective(view: str, start: int, end: int) -> Organisation | None:
    """``Deutsche Forschungsgemeinschaft``: a noun that is a name only after an adjective."""
    before = re.search(r"([A-ZÄÖÜa-zäöü][\w-]+) $", view[max(0, start - 40) : start])
    if before is None or before.group(1) not in words("organisations", "adjectives"):
        return None
    begin = start - len(before.group())
    return _named(view, begin, end, "adjective and noun", 0.8)


def _by_ending(view: str, start: int, end: int) -> Organisation | None:
    """``Oberfrankenstiftung`` alone, ``Rheinische Quartiersstiftung``, ``Stiftung X`` elsewhere."""
    begin = _adjective_before(view, start)
    stop = end
    stop = extend(view, end, "Stiftung")
    return _named(view, begin, stop, "ending", 0.8)


_HYPHENATED = re.compile(r"(?:St\.-)?(?:[A-ZÄÖÜ0-9]\w*-)+[A-ZÄÖÜ]\w+")
_COINED = re.compile(r"[a-zäöüß][A-ZÄÖÜ]")
_PROPER = re.compile(rf" (?!\w+(?:tag|woch)\b)({WORD})")


def _by_institution(view: str, start: int, end: int) -> Organisation | None:
    """``Kreiswerke Main-Kinzig``, ``Polizeidirektion Celle``, ``Theodor-Storm-Schule``.

    A compound alone says what it is; with a name behind or inside, which one.
    """
    proper = _PROPER.match(view, end)
    named = proper is not None and proper.group(1) not in NOT_INSIDE
    if _COINED.search(view, start, end):
        return None
    if not named and not _HYPHENATED.fullmatch(view, start, end):
        return None
    stop = extend(view, end, view[start:end]) if named else end
    return _named(view, _adjective_before(view, start), stop, "institution", 0.8)


_UP_TO_FORM = re.compile(
    r" (?:namens )?([A-ZÄÖÜ0-9][^,;:.!?()\n„“]{2,50}?"
    r" (e\. ?V\.|gGmbH|GmbH|mbH|eG|AG|UG|GbR|AöR))(?!\w)"
)


def _by_announcer(view: str, start: int, end: int) -> Organisation | None:
    """``mit der Firma Mammut Media``; a legal form at the end is found by its own rule."""
    whole = _UP_TO_FORM.match(view, end)
    if whole:
        begin = whole.start(1)
        return _named(view, begin, whole.end(), "legal form", 0.95, whole.group(2))
    piece = re.match(
        rf" (?:namens )?((?:{WORD})(?: (?:& )?(?:{WORD})){{0,4}})", view[end : end + 80]
    )
    if piece is None:
        brand = re.match(
            r" ([a-zäöü]+(?:[A-Z]\w*|\.(?:digital|de|it|one|online)))", view[end : end + 40]
        )
        piece = brand
    if piece is None:
        return None
    first = piece.group(1).split()[0]
    if first in NOT_INSIDE or first in words("persons", "first_names"):
        return None
    begin = end + piece.start(1)
    return _named(view, begin, clip(view, end + piece.end(1)), "announced", 0.75)


def _by_known(view: str, start: int, end: int) -> Organisation | None:
    return Organisation(start, end, view[start:end], *_defined(view, end), "known", 0.92)


def _named(
    view: str, begin: int, stop: int, rule: str, confidence: float, form: str = ""
) -> Organisation | None:
    name = view[begin:stop].strip()
    if len(name) < 2:
        return None
    if name[0].islower() and not (form or _brand(name.split()[0]) or "-" in name):
        return None
    return Organisation(begin, stop, name, *_defined(view, stop), rule, confidence, form)


def _defined(view: str, stop: int) -> tuple[str, int]:
    """The short name that a bracket behind a name defines, and where that ends."""
    acronym = _ACRONYM.match(view, stop)
    if acronym and sum(1 for char in acronym.group(1) if char.isupper()) >= (
        1 if len(acronym.group(1)) <= 5 else 2
    ):
        return acronym.group(1), stop + acronym.end() - acronym.start()
    return "", stop


_RULES = {
    "form": _by_form,
    "head": _by_head,
    "known": _by_known,
    "announcer": _by_announcer,
    "ending": _by_ending,
    "ministry": _by_ministry,
    "compound": _by_compound,
    "institution": _by_institution,
    "after": _by_adjective,
}


@cache
def long_names() -> dict[str, str]:
    """Short name to long name, for those that are known."""
    pairs = defaultdict(str)
    for line in load("organisations")["known"].strip().splitlines():
        short, _, long = line.partition("=")
        if long:
            pairs[short] = long
    return dict(pairs)

"""Finds places in a text: every name is a hit, and the words around it decide what it is.

Three passes: collect hits with the evidence beside them (here); let hits of one list, and hits of
one name in the document, support or refute each other (``agreement``); rank the places of the same
name (``ranking``).
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence

from stadtwabe.places.gazetteer import lexicon
from stadtwabe.places.gazetteer.agreement import agree
from stadtwabe.places.gazetteer.forms import Form
from stadtwabe.places.gazetteer.hit import TOWN_SIZE, Hit, prior
from stadtwabe.places.gazetteer.index import Written
from stadtwabe.places.gazetteer.lookup import Lookup
from stadtwabe.places.gazetteer.model import Level
from stadtwabe.places.gazetteer.register import WordLists

# The capital first, then that no letter stands before it: the search skips to the next capital.
_CAPITALISED = re.compile(r"[A-ZÄÖÜ](?<!\w.)\w+")
_BLANKS = "\n\r\t\u00a0\u2009\u202f\u2007"
_ADDRESS = re.compile(
    # "w" first, then that no letter stands before it: an expression of literals scans faster
    r"://|@|w(?<!\ww)ww\.|\.(?:de|com|org|net|eu|info|digital|city|nrw|bayern|berlin|example)\b"
)
_MARKS = '(„“”"»«:–-'
_NEXT_WORD = re.compile(r"\s+([\w-]+)(\.?)")
_POSTCODE = re.compile(r"(?<!\d)(?:D-?)?\d{5}\s+$")
_DATE_BEFORE = re.compile(r"\b\d{1,2}\.\s?(?:\d{1,2}\.|[A-ZÄ]\w+ )\s?\d{2,4}\s+$")
_BOTH = re.compile(r"\b(?:Stadt und (?:Land)?[Kk]reis|(?:Land)?[Kk]reis und Stadt)\s+$")
_DISTRICT_AFTER = re.compile(
    r",?\s*\(?(?:Land)?[Kk]reis\b(?! [A-ZÄÖÜ])|"
    r" (?:Landrat|Landrätin)\b|"
    r" (?:ist|war|wurde) (?:als )?(?:eine[rs] )?(?:von|der|unter) (?:[\w-]+ ){0,2}Landkreisen?\b"
)
"""``Peine, Landkreis``, ``Wolfenbüttels Landrätin``, ``Höxter ist einer von 16 Landkreisen``."""
_INITIAL = re.compile(r"(?<!\w)[A-ZÄÖÜ]\.\s*$")
_NUMBER_AFTER = re.compile(r"\s+\d")
_STATE_CUES = ("Land", "Landes", "Lande", "Bundesland", "Bundeslandes", "Freistaat", "Freistaates")
_REGIONAL = (  # "im oberpfälzischen Weiden": only a town follows such an adjective without a noun
    "ländischen",
    "fränkischen",
    "pfälzischen",
    "bayerischen",
    "sächsischen",
    "hessischen",
    "fälischen",
    "thüringischen",
    "rheinischen",
    "schwäbischen",
    "badischen",
    "märkischen",
    "friesischen",
    "steinischen",
    "bergischen",
    "burgischen",
    "anhaltischen",
    "pommerschen",
)
_ABROAD = re.compile(
    r"(?:\bSchweizer|\bTiroler|\b(?:österreich|schweizer|poln|tschech|französ|niederländ|belg|dän|"
    r"luxemburg|italien|engl|brit|europä)ische[nrms]?) (?:\w*(?:[Ss]tadt|[Gg]emeinde|[Oo]rt) )?$"
)
_CUT_SHORT = re.compile(r"- (?:und|oder|bzw\.|sowie)\b|-, ")
_LOOK_BACK = 48

_SURE = 0.95
_RIVER = ("an der ", "a. d. ", "a.d. ")


class Finder:
    """Finds hits in texts; holds the index and the word lists, no state of a document."""

    def __init__(self, index: Mapping[str, Sequence[Written]], words: WordLists) -> None:
        self._lookup = Lookup(index)
        self._words = words

    def hits(self, text: str, masked: Iterable[tuple[int, int]]) -> list[Hit]:
        """Give all hits outside the masked passages, with beliefs, in the order of the text."""
        plain = text
        for blank in _BLANKS:
            plain = plain.replace(blank, " ")
        masks = sorted([*masked, *_addresses(plain)])
        mask_starts = [start for start, _ in masks]
        mask_ends: list[int] = []
        for _, end in masks:
            mask_ends.append(max(end, mask_ends[-1]) if mask_ends else end)
        hits: list[Hit] = []
        first_words = self._lookup.first_words
        done = 0
        for match in _CAPITALISED.finditer(plain):
            word = match[0]
            if not (word in first_words or word.isupper()):
                continue
            start = match.start()
            if start < done:
                continue
            if masks:
                at = bisect_right(mask_starts, start)
                if at and mask_ends[at - 1] > start:
                    continue
            found = self._lookup.longest(word, plain, match.end())
            if found is None:
                continue
            written, end = found
            hit = Hit(start, end, written)
            self._judge(hit, text, plain, hits[-1] if hits else None)
            hits.append(hit)
            done = end
        agree(hits, text, plain)
        return hits

    def _judge(self, hit: Hit, text: str, plain: str, last: Hit | None) -> None:
        before = plain[max(0, hit.start - _LOOK_BACK) : hit.start]
        following = _NEXT_WORD.match(plain, hit.end)
        hit.followed_by = following[1] if following else ""
        words = before.rstrip(_MARKS + " ")
        gap = before[len(words) :]
        cut = max(words.rfind(" "), words.rfind("/"))
        previous = words[cut + 1 :].lstrip(_MARKS)
        hit.belief = prior(hit.written)
        if hit.form is Form.ADJECTIVE:
            self._judge_adjective(hit, plain)
        self._judge_hyphens(hit, plain, last)
        if hit.belief == 0.0:
            return
        written = text[max(0, hit.start - _LOOK_BACK) : hit.start].rpartition("\n\n")[2]
        if self._is_person(before[len(before) - len(written) :], previous, gap):
            hit.person = True
            hit.refute("Name einer Person")
            return
        if _follows_role(previous, gap, written):
            hit.refute("Name einer Person")  # of this one; elsewhere it may be the town
            return
        if hit.form is not Form.ADJECTIVE and _is_abroad(before):
            hit.refute("liegt im Ausland")
            return
        if hit.form is not Form.ADJECTIVE and before.endswith(_RIVER):
            hit.refute("Name eines Flusses")
            return
        self._judge_cue(hit, before, previous, gap)
        if not hit.town and not hit.district and self._introduces_person(hit):
            hit.refute("Vorname")
            return
        if hit.belief and not hit.town and not hit.district:
            self._judge_syntax(hit, text, before, previous, gap)
        if hit.has_level(Level.DISTRICT) and _DISTRICT_AFTER.match(plain, hit.end):
            hit.district = True
            hit.believe(0.97, "als Kreis bezeichnet")

    def _judge_adjective(self, hit: Hit, plain: str) -> None:
        population = max(entry.population or 0 for entry, _ in hit.written.readings)
        word = hit.followed_by
        lowered = word.lower()
        if hit.written.text in lexicon.NO_ADJECTIVES:
            hit.refute("ein anderes Wort")
        elif word in lexicon.CALLED_AFTER:
            hit.refute("nur nach dem Ort benannt")
        elif (
            lowered in lexicon.STREET
            or lowered.endswith(("straße", "-platz", "-allee"))
            or (
                lowered in lexicon.STREET_WITH_NUMBER
                and _NUMBER_AFTER.match(plain, hit.end + len(word) + 1)
            )
        ):
            hit.refute("Straßenname")
        elif word in lexicon.NEWSPAPER or word.endswith("-Anzeiger"):
            hit.refute("Zeitung oder Verlag")
        elif word in lexicon.LANDSCAPE:
            hit.refute("Name einer Landschaft")
        elif population >= TOWN_SIZE and not hit.written.common:
            hit.belief = 0.85 if word[:1].isupper() else 0.55
            hit.reasons.append("Eigenschaftswort zum Ortsnamen")
        elif population >= 5_000 and word[:1].isupper() and not hit.written.common:
            hit.belief = 0.65
            hit.reasons.append("Eigenschaftswort zum Ortsnamen")
        else:
            hit.belief = min(hit.belief, 0.3)
            hit.reasons.append("vielleicht Eigenschaftswort zum Ortsnamen")

    def _judge_hyphens(self, hit: Hit, plain: str, last: Hit | None) -> None:
        if (
            hit.start
            and plain[hit.start - 1] in "-–"
            and plain[hit.start - 2 : hit.start - 1] != " "
        ):
            if plain[hit.end : hit.end + 1] == "-" and not hit.written.rest:
                hit.refute("zwischen Bindestrichen: wohl der Name einer Person")
            elif last is not None and last.end == hit.start - 1 and not _bears(plain, last):
                hit.refute("zweiter Teil einer Zusammensetzung: wohl ein Ortsteil")
            elif hit.written.common or hit.written.verb:
                hit.refute("Teil einer Zusammensetzung")
            else:
                hit.doubt(0.7, "Teil einer Zusammensetzung")
        if hit.form is Form.GENITIVE and _CUT_SHORT.match(plain, hit.end):
            hit.refute("Teil einer Zusammensetzung")  # "Bundes- und Europaangelegenheiten"
        if plain[hit.end : hit.end + 1] == "-" and plain[hit.end + 1 : hit.end + 2].isalpha():
            if hit.written.common or hit.written.verb:
                hit.refute("Teil einer Zusammensetzung")
            else:
                hit.doubt(0.92, "Teil einer Zusammensetzung")

    def _is_person(self, before: str, previous: str, gap: str) -> bool:
        if gap.strip(" "):
            return False
        if previous in self._words.given_names or previous.rstrip(".") in lexicon.TITLES:
            return True
        if before.rstrip().endswith(".") and _INITIAL.search(before):
            return True
        parts = before.split()
        if len(parts) > 1 and parts[-2].rstrip(".") in lexicon.TITLES and _is_name(parts[-1]):
            return True  # "Prof. Ulrike Hamm", whatever the given name
        if len(parts) > 1 and parts[-1] in ("von", "van", "zu", "vom", "de", "der"):
            earlier = parts[-2] if parts[-2] not in ("von", "van", "de") else parts[-3:-2][0]
            return earlier in self._words.given_names
        return previous.rpartition("-")[2] in self._words.given_names and "-" in previous

    def _introduces_person(self, hit: Hit) -> bool:
        """Whether the name is a given name and a surname follows: "Achim Berg"."""
        return hit.written.text in self._words.given_names and (
            hit.followed_by[:1].isupper() or hit.form is Form.ADJECTIVE
        )

    def _judge_cue(self, hit: Hit, before: str, previous: str, gap: str) -> None:
        close = not gap.strip(' (:„“”"»«')
        if close and previous in lexicon.TOWN:
            hit.town = True
            hit.plural_cue = previous.endswith(("e", "en", "n")) and previous != "Gemeinde"
            hit.both = bool(_BOTH.search(before)) and hit.has_level(Level.DISTRICT)
            if hit.form is not Form.ADJECTIVE:
                hit.believe(0.98, f"steht hinter „{previous}“")
        elif close and (
            previous in lexicon.DISTRICT
            or previous.endswith(("landkreis", "landkreise", "landkreisen"))
        ):
            hit.plural_cue = previous.endswith(("reise", "reisen"))
            hit.both = bool(_BOTH.search(before))
            if hit.has_level(Level.DISTRICT):
                hit.district = True
                hit.believe(0.98, f"steht hinter „{previous}“")
            else:
                hit.believe(0.5, f"steht hinter „{previous}“, ist aber kein Kreis")
        elif previous in _STATE_CUES and hit.has_level(Level.STATE):
            hit.state = True
            hit.believe(0.97, f"steht hinter „{previous}“")
        elif close and previous.endswith("ischen") and previous.endswith(_REGIONAL):
            hit.town = True
            hit.believe(0.9, f"steht hinter „{previous}“")
        elif before.rstrip()[-1:].isdecimal() and _POSTCODE.search(before):
            hit.town = True
            hit.believe(0.97, "steht hinter einer Postleitzahl")
        elif (
            previous in lexicon.PART_OF_TOWN or previous.startswith(("Stadtteil", "Ortsteil"))
        ) and not gap.strip(" "):
            if hit.form is not Form.ADJECTIVE:
                hit.part_of_town = True
                hit.refute(f"steht hinter „{previous}“: kein Ort für sich")
        elif (
            previous in lexicon.INSTITUTION
            and not gap.strip(" ")
            and hit.form is not Form.ADJECTIVE
        ):
            hit.cued = True
            hit.believe(0.8 if hit.written.common else 0.95, f"steht hinter „{previous}“")
        elif (
            hit.form is Form.NAME
            and before.rstrip()[-1:].isdecimal()
            and _DATE_BEFORE.search(before)
        ):
            hit.believe(0.92, "steht hinter einem Datum")

    def _judge_syntax(self, hit: Hit, text: str, before: str, previous: str, gap: str) -> None:
        lowered = previous.lower()
        spaced = bool(previous) and gap == " "
        written = hit.written
        if spaced and lowered in lexicon.DETERMINERS:
            _judge_article(hit, lowered)
        elif spaced and lowered in lexicon.PREPOSITIONS and hit.form is not Form.ADJECTIVE:
            if written.text in lexicon.ORDINARY_AFTER_PREPOSITION.get(lowered, ()):
                return
            hit.prepositional = True
            if not (written.common or written.verb):
                hit.believe(min(0.97, hit.belief + 0.1), f"steht hinter „{previous}“")
            elif lowered in lexicon.STRONG_PREPOSITIONS:
                hit.believe(0.82, f"steht hinter „{previous}“")
            elif written.verb:
                hit.believe(0.7, f"steht hinter „{previous}“")
            else:
                hit.believe(0.3, f"steht hinter „{previous}“")
        elif written.verb and not hit.cued:
            starts_sentence = not previous or gap != " " or previous.endswith((".", ":"))
            hit.belief = 0.35 if starts_sentence or "\n" in text[hit.start - 1 : hit.start] else 0.7
        if hit.followed_by in ("Sie", "Ihr", "Ihre", "wir", "sich") and written.verb:
            hit.refute("Zeitwort am Anfang des Satzes")
        if (
            hit.followed_by in lexicon.COMPANY
            and not hit.is_shown_to_be_a_place
            and prior(hit.written) < _SURE
        ):
            hit.doubt(0.5, "vielleicht Name eines Unternehmens")


def _follows_role(previous: str, gap: str, written: str) -> bool:
    """``Chefredakteurin Nußbaum``, ``Kurdirektor Menno Varel``, whatever the given name."""
    if gap.strip(" "):
        return False
    if previous.endswith(lexicon.ROLE_ENDINGS) and "\n" not in written[-len(previous) - 1 :]:
        return True
    parts = written.split()
    return len(parts) > 1 and parts[-2].endswith(lexicon.ROLE_ENDINGS) and _is_name(parts[-1])


def _bears(plain: str, first: Hit) -> bool:
    """``Hochschule Gera-Eisenach``: an institution bears the names of two towns."""
    before = plain[max(0, first.start - _LOOK_BACK) : first.start].split()
    return bool(before) and before[-1] in lexicon.INSTITUTION


def _addresses(plain: str) -> Iterable[tuple[int, int]]:
    """Give the words that are or hold a web or mail address."""
    for match in _ADDRESS.finditer(plain):
        end = plain.find(" ", match.end())
        yield plain.rfind(" ", 0, match.start()) + 1, end if end >= 0 else len(plain)


_SMALL_WORDS = lexicon.PREPOSITIONS | lexicon.DETERMINERS
_NO_NAMES = (
    lexicon.TOWN | lexicon.INSTITUTION | lexicon.DISTRICT | lexicon.PART_OF_TOWN | lexicon.TITLES
)


def _is_name(word: str) -> bool:
    """Whether a word between a title and a hit is a given name, and not what the hit belongs to."""
    return (
        word.isalpha()
        and word.istitle()
        and word not in _NO_NAMES
        and word.lower() not in _SMALL_WORDS
    )


def _is_abroad(before: str) -> bool:
    hinted = "ische" in before or "Schweizer" in before or "Tiroler" in before
    return hinted and _ABROAD.search(before) is not None


def _judge_article(hit: Hit, article: str) -> None:
    """A town takes no article: ``die Essen`` are meals, ``des Bundes`` is the federation's."""
    hit.determined = True
    if hit.form is Form.ADJECTIVE or hit.has_level(Level.STATE):
        return
    if hit.has_level(Level.REGION) or hit.has_level(Level.DISTRICT):
        return
    if article == "des" and hit.form is Form.GENITIVE:
        hit.refute("steht im Genitiv mit Artikel: ein anderes Wort")
        return
    small = hit.belief < 0.85
    common = hit.written.verb or hit.written.common
    hit.doubt(0.4 if small or common else 0.8, "steht mit Artikel")

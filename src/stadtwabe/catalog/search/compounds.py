"""German compounds to their parts: *Luftqualität* to *Luft* and *Qualität*.

A search engine that stems words still does not find *Luft* in *Luftqualität*. The words known to
``simplemma`` decide where a compound may be cut. Loading them takes about a second and 100 MB,
so they are loaded with the first word that is looked up, never at start.
"""

import re
from collections.abc import Iterable
from functools import cache, lru_cache

import simplemma

SHORTEST_COMPOUND = 7
SHORTEST_PART = 4
_SHORT_PARTS = """
amt bad bau bio bus eis gas hof kfz lkw not ort pkw rad rat see tag tal tee tür uhr weg zoo zug öko
öl
"""
SHORT_PARTS = frozenset(_SHORT_PARTS.split())
"""Words of fewer than four letters that do stand in compounds."""

LINKS = ("", "s", "es", "n", "en", "er", "e", "ns")
"""What German puts between two parts (Fugenelemente)."""

_NO_PARTS = """
schaft barschaft heit keit haft sche schen ling lings bare ende enden enten erin eren erung elle
ellen ation ationen tion tionen tation ismus isten dung unter über ober wider wieder hinter durch
gegen zwischen voll lose losen lich liche nisse mein dein sein kein eine einen einer platt ster
inne innen verb igen iger ität sion ress ande
"""
NO_PARTS = frozenset(_NO_PARTS.split())
"""Endings, prefixes and chance finds that look like words."""

_WORD = re.compile(rf"[A-Za-zÄÖÜäöüß]{{{SHORTEST_COMPOUND},40}}")


def long_words_in(text: str) -> set[str]:
    """Return the words of ``text`` that are long enough to be compounds, in lower case."""
    return {word.lower() for word in _WORD.findall(text)}


def parts_in(texts: Iterable[str]) -> str:
    """Return the parts of all compounds of ``texts``, each once, sorted, as one text."""
    parts: set[str] = set()
    for text in texts:
        for word in long_words_in(text):
            parts.update(all_parts(word))
    return " ".join(sorted(parts))


@lru_cache(maxsize=50_000)
def all_parts(word: str) -> tuple[str, ...]:
    """Return the parts of ``word`` and the parts of those, without the word itself."""
    found: list[str] = []
    for part in split(word):
        found.append(part)
        found.extend(all_parts(part))
    return tuple(found)


@lru_cache(maxsize=50_000)
def split(word: str) -> tuple[str, ...]:
    """Return the two parts of a compound, or nothing when ``word`` is none.

    Known nouns go before stems and short parts; among equals the cut furthest to the right wins,
    as German compounds mostly branch to the left: *Grundwasser|pegel*, *Fahrrad|weg*.
    """
    word = word.lower()
    if len(word) < SHORTEST_COMPOUND:
        return ()
    best: tuple[int, tuple[str, ...]] = (0, ())
    for cut in range(len(word) - 3, 2, -1):
        head = word[cut:]
        head_score = _score(head, links=("",), stems=False)[0]
        if not head_score:
            continue
        modifier_score, modifier = _score(word[:cut], links=LINKS, stems=True)
        if modifier_score and head_score + modifier_score > best[0]:
            best = (head_score + modifier_score, (modifier, head))
    return best[1]


def _score(part: str, *, links: tuple[str, ...], stems: bool) -> tuple[int, str]:
    """Return how sure ``part`` is a part of a compound (0: it is none), and it without link."""
    best = (0, "")
    for link in links:
        stem = part.removesuffix(link)
        if (link and stem == part) or stem in NO_PARTS:
            continue
        if len(stem) < SHORTEST_PART and stem not in SHORT_PARTS:
            continue
        score = 6 if _is_noun(stem) else 4 if split(stem) else 3 * (stems and _is_stem(stem))
        if score:
            score = score - 2 * (len(stem) < SHORTEST_PART) - bool(link)
        if score > best[0]:
            best = (score, stem)
    return best


@cache
def _known(word: str) -> bool:
    return bool(simplemma.is_known(word, lang="de"))


def _is_noun(part: str) -> bool:
    capital = part[0].upper() + part[1:]
    return _known(capital) and simplemma.lemmatize(capital, lang="de")[0].isupper()


def _is_stem(part: str) -> bool:
    """Whether ``part`` is the stem of a verb (*Mess|station*) or an adjective (*Hoch|wasser*)."""
    return len(part) >= SHORTEST_PART and (
        _is_lemma(part) or _is_lemma(part + "en") or _is_lemma(part + "n")
    )


def _is_lemma(word: str) -> bool:
    return _known(word) and simplemma.lemmatize(word, lang="de") == word

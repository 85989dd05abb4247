"""How far a name of an organisation reaches: ``Ministerium für Wirtschaft, Bau und Arbeit``."""

import re

from stadtwabe.reading.lexica import words

UPPER = "A-ZÄÖÜ"
WORD = rf"[{UPPER}0-9][\w.&+’'-]*[\w+]|[{UPPER}0-9]"
MAX_TOKENS = 9
NOT_INSIDE = words("cues", "not_in_names")
_EXTENSION = re.compile(
    rf"(?: (?:für|der|des|von|vom|zur|zum|im|in|am|an|auf|bei)(?: (?:die|den|dem|der|das))?)?"
    rf" (?:{WORD}|(?:angewandte|kommunale|kommunaler|digitale|öffentliche|regionale|ländliche|"
    rf"nachhaltige|experimentelles) {WORD})"
    rf"| für (?:(?:die|den|das) )?[a-zäöü]{{4,}}(?:e|en|er|es) {WORD}"
)
_LIST_ON = re.compile(
    rf", (?:[a-zäöü]{{4,}}(?:e|en) )?(?:{WORD})(?=(?:,| und| sowie) )|"
    rf" und (?:für )?(?:[a-zäöü]{{4,}}(?:e|en) )?(?:{WORD})"
)
_OWNERS = frozenset(["Stadt", "Gemeinde", "Stiftung", "Kommune", "Region", "Länder"])
_OF_MINISTRIES = frozenset(["Finanzen", "Justiz", "Verteidigung"])
_ENUMERATING = re.compile(
    r"inisterium|Senatsverwaltung|Institut|Gesellschaft|Zentrum|Landesamt|Bundes|Verband|Landesbeauftragte"
)


def extend(view: str, end: int, head: str) -> int:
    """Take the words that belong to the head: ``für Wirtschaft, Infrastruktur und Arbeit``."""
    stop, count, fuer = end, 0, False
    while count < MAX_TOKENS:
        piece = _EXTENSION.match(view, stop)
        if piece is None:
            if (
                (fuer or view.startswith(" und für ", stop))
                and _ENUMERATING.search(head)
                and (piece := _LIST_ON.match(view, stop))
            ):
                stop = clip(view, piece.end())
                count += 1
                continue
            break
        words_of = piece.group().split()
        if words_of[0] in {"in", "im", "am", "an", "auf", "bei", "zum", "vom"} and not _bound(
            head, words_of
        ):
            break
        if words_of[-1][0].isdigit() or words_of[0] == "digitale":
            break
        if words_of[0] == "der" and "inisterium" in head and words_of[-1] not in _OF_MINISTRIES:
            break
        if words_of[-1] in NOT_INSIDE or (
            count == 0 and words_of[0] == "der" and len(words_of) < 2
        ):
            break
        genitive = words_of[0] in {"der", "des"} and count == 0
        if genitive and words_of[-1] in _OWNERS and not _ENUMERATING.search(head):
            break
        fuer = fuer or words_of[0] == "für"
        stop = clip(view, piece.end())
        count += 1
        if stop < piece.end():
            break
    return stop


def _bound(head: str, words_of: list[str]) -> bool:
    """``Bundesamt für Sicherheit in der Technik``, but not ``Hochschule in Bochum``."""
    if words_of[0] == "in" and len(words_of) > 2 and head.startswith(("Bundesamt", "Landesamt")):
        return True
    if words_of[0] in {"im", "am"} and head in {"Sparkasse", "Volksbank", "Volkshochschule"}:
        return True
    return words_of[0] in {"im", "am"} and head in {"Museum", "Gymnasium", "Stiftung", "Amt"}


def clip(view: str, stop: int) -> int:
    """A name does not end in the sentence's punctuation."""
    while view[stop - 1] in ".,’'":
        stop -= 1
    return stop

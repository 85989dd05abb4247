"""Explicit sums in euros: ``1,5 Mio. €``, ``EUR 20.000``, ``zwei Millionen Euro``."""

import re
from collections.abc import Sequence
from decimal import Decimal

from stadtwabe.reading.extract.extracted import Block, BlockKind
from stadtwabe.reading.model import ReadAmount

_DIGITS = r"\d{1,3}(?:[.’' ]\d{3})+(?:,\d{1,2})?|\d+(?:,\d+)?½?|½"
_ONES = {
    "ein": 1, "zwei": 2, "drei": 3, "vier": 4, "fünf": 5, "sechs": 6, "sieben": 7, "acht": 8,
    "neun": 9, "zehn": 10, "elf": 11, "zwölf": 12, "fünfzehn": 15, "zwanzig": 20,
    "fünfundzwanzig": 25, "dreißig": 30, "vierzig": 40, "fünfzig": 50, "sechzig": 60,
    "siebzig": 70, "achtzig": 80, "neunzig": 90, "hundert": 100,
}  # fmt: skip
_ARTICLES = {"eine": 1, "einer": 1, "einen": 1, "einem": 1}
_HALVES = {
    f"{word}einhalb": Decimal(number) + Decimal("0.5")
    for word, number in _ONES.items()
    if 1 < number < 10
} | {"anderthalb": Decimal("1.5"), "eineinhalb": Decimal("1.5")}
_WORDS: dict[str, int | Decimal] = {
    **_ONES,
    **_ARTICLES,
    **_HALVES,
    **{f"{word}hundert": number * 100 for word, number in _ONES.items() if number < 10},
    **{f"{word}tausend": number * 1_000 for word, number in _ONES.items()},
    **{f"{word}hunderttausend": number * 100_000 for word, number in _ONES.items() if number < 10},
}
_LONGEST_FIRST = "|".join(sorted(_WORDS, key=len, reverse=True))
_SCALES = (
    ("mrd", 1_000_000_000),
    ("milliard", 1_000_000_000),
    ("mio", 1_000_000),
    ("mill.", 1_000_000),
    ("million", 1_000_000),
    ("tsd", 1_000),
    ("tausend", 1_000),
    ("t", 1_000),
    ("k", 1_000),
)
_SCALE = r"Mrd\.?|Milliarden?|Mill\.|Mio\.?|Million(?:en)?|Tsd\.?|[Tt]ausend"
_NUMBER = rf"(?:{_DIGITS})(?:,[-–—]+)?"
_BEFORE_UNIT = re.compile(
    rf"(?<![\w.,])(?P<low>{_NUMBER})?"
    rf"(?P<lowscale>\s?(?:{_SCALE}))?(?P<lowunit>\s?(?:€|Euro|EUR))?"
    rf"(?P<to>\s?(?:-|–|—|bis(?:\szu)?|und|oder|auf|bzw\.)\s?)?"
    rf"(?<![\d.,])(?:(?P<high>{_NUMBER})|(?P<word>{_LONGEST_FIRST}))"
    rf"[\s-]?(?P<half>halbe\s)?(?P<scale>{_SCALE})?[\s-]?$",
    re.IGNORECASE,
)
_AFTER_UNIT = re.compile(rf"\s?(?P<number>{_NUMBER})(?:\s?(?P<scale>{_SCALE}))?(?![\w.])")
# €, T€, k€, EUR, TEUR, kEUR, Euro; a set of first letters lets the search skip to them.
_UNIT = re.compile(r"[Tk€E](?:(?<=€)|(?<=E)(?:UR|uro)|(?<![€E])(?:€|EUR))")
_ENUMERATED = re.compile(rf"(?<![\w.,])(?:(?:{_DIGITS}), )+$")
_TOKEN = re.compile(r"[^\W_]+")
_TICKET = re.compile(r"-(?:Ticket|Job|Stück|Schein|Münze|Norm)")
_PLAIN_DIGITS = str.maketrans({",": ".", **dict.fromkeys(".’' ", "")})
_WINDOW = 60
_DECLARED = re.compile(
    r"(?:\b(?:in|Angaben in|Beträge in) |\()"
    r"(?P<scale>Tsd\.? |Mio\.? |T)?(?:Euro|EUR|€)(?![^\W\d_])"
)
_GAP = re.compile(r"(?<=\S)(?: {2,}|\t+)(?=\S)")
_BAR = re.compile(r" ?\| ?")
DECLARATION = 100
"""A line above a table that gives its unit is no longer than this."""
TABLE_WIDTH = 200
_DECLARING = ("in Euro", "in EUR", "in €", "in T", "in Mio", "(T", "(Euro", "(EUR", "(€")
_FIGURE = re.compile(
    r"(?<![\w.,/:])(?:\d{1,3}(?:\.\d{3})+(?:,\d{1,2})?|\d+(?:,\d{1,2})?)(?![\w.,/:%])"
)


def amounts_in(view: str) -> list[ReadAmount]:
    """Find sums with their value; both ends of a range (``10.000 bis 50.000 Euro``)."""
    found: list[ReadAmount] = []
    taken = 0
    for unit in _UNIT.finditer(view):
        if not _is_unit(view, unit):
            continue
        if _TICKET.match(view, unit.end()):
            continue
        start_of_window = max(taken, unit.start() - _WINDOW)
        window = view[start_of_window : unit.start()]
        window = window[window.rfind("\n") + 1 :]
        base = unit.start() - len(window)
        scale = "t" if unit.group()[0] in "Tk" else ""
        if amounts := _before(view, window, base, unit, scale):
            found += amounts
            taken = unit.end()
        elif amount := _after(view, unit):
            found.append(amount)
            taken = amount.end
    return found


def _is_unit(view: str, unit: re.Match[str]) -> bool:
    """Not "Europa", not "Neuro": only the sign may touch a letter."""
    if unit.group() == "€":
        return True
    if unit.start() and view[unit.start() - 1].isalpha():
        return False
    return unit.group().endswith("€") or not view[unit.end() : unit.end() + 1].isalpha()


def declared_amounts(view: str, blocks: Sequence[Block]) -> list[ReadAmount]:
    """Figures of a table whose head, or the line above it, says ``in Euro``."""
    found: list[ReadAmount] = []
    if not any(words in view for words in _DECLARING):
        return found
    scale: str | None = None
    columns: dict[int, str] = {}
    for i, block in enumerate(blocks):
        line = view[block.start : block.end]
        tabular = block.kind == BlockKind.ROW or (
            len(line) <= TABLE_WIDTH and bool(_GAP.search(line))
        )
        if scale is None and not tabular and block.end - block.start > DECLARATION:
            continue
        cells = _cells(line)
        declared = list(_DECLARED.finditer(line))
        if declared and (tabular or _is_table(view, blocks[i + 1 : i + 2])):
            scale = (declared[0]["scale"] or "").strip().lower()
            # The unit may stand at the head of one column or of the whole table.
            columns = {_cell(cells, one.start()): (one["scale"] or "") for one in declared}
            columns = {} if 0 in columns else columns
            continue
        if not tabular:
            scale = None
        if scale is None:
            continue
        found += _of_row(view, block.start, line, cells, scale, columns)
    return found


def _of_row(
    view: str, base: int, line: str, cells: list[int], scale: str, columns: dict[int, str]
) -> list[ReadAmount]:
    """The sums of a row: of the declared columns all, of a declared table what looks like a sum."""
    found = []
    for figure in _FIGURE.finditer(line):
        column = _cell(cells, figure.start())
        if not column:
            continue
        if columns and column not in columns:
            continue
        value = _value(figure.group(), columns.get(column, scale).strip().lower())
        if (columns and value) or (value >= 100 and not 1900 <= value <= 2100):
            found.append(_amount(view, value, base + figure.start(), base + figure.end()))
    return found


def _cells(line: str) -> list[int]:
    """Where the second and later cells of a row begin."""
    return [match.end() for match in (_BAR if "|" in line else _GAP).finditer(line)]


def _cell(cells: list[int], position: int) -> int:
    return sum(1 for begin in cells if begin <= position)


def _is_table(view: str, blocks: Sequence[Block]) -> bool:
    return any(
        block.kind == BlockKind.ROW or bool(_GAP.search(view, block.start, block.end))
        for block in blocks
    )


def _before(view: str, window: str, base: int, unit: re.Match[str], scale: str) -> list[ReadAmount]:
    match = None
    for position in _number_starts(window):
        match = _BEFORE_UNIT.match(window, position)
        if match and (match["high"] or match["scale"] or _counts(match["word"])):
            break
        match = None
    if match is None:
        return []
    scale = (match["scale"] or scale).lower()
    found = []
    group = "high" if match["high"] else "word"
    value = _value(match[group], scale)
    if match["half"]:
        value /= 2
    start = base + match.start(group)
    if match["low"] and match["to"] and _is_range(match, window):
        low_scale = (match["lowscale"] or "").strip().lower() or scale
        low = _value(match["low"], low_scale)
        if low > value and not match["lowscale"]:
            low = _value(match["low"], "")
        low_start = base + match.start("low")
        found.append(_amount(view, low, low_start, unit.end()))
        found += _listed(view, window[: match.start()], base, unit, scale)
    found.append(_amount(view, value, start, unit.end()))
    return found


def _counts(word: str) -> bool:
    """Without a scale "ein Euro" is a way of speaking, "fünfzig Euro" a sum."""
    return _WORDS[word.lower()] > 1


def _listed(view: str, before: str, base: int, unit: re.Match[str], scale: str) -> list[ReadAmount]:
    """The first sums of ``500, 1.000 und 2.500 Euro``."""
    listed = _ENUMERATED.search(before)
    if listed is None:
        return []
    return [
        _amount(view, _value(one.group(), scale), base + listed.start() + one.start(), unit.end())
        for one in re.finditer(_DIGITS, listed.group())
    ]


def _is_range(match: re.Match[str], window: str) -> bool:
    """Two bare numbers are a range after "zwischen", with "bis" or a dash; a year is no sum."""
    if match["lowunit"] or match["lowscale"]:
        return True
    if match["to"].strip().lower() in {"und", "oder", "bzw."} and _is_sum(match["low"]):
        return True
    before = window[: match.start()].rstrip().lower()
    if before.endswith(("von", "zwischen")) and match["to"].strip().lower() in {
        "auf",
        "und",
        "bis",
    }:
        return True
    if match["to"].strip().lower() == "und":
        return bool(_ENUMERATED.search(window[: match.start()]))
    if match["to"].strip().lower() in {"oder", "auf", "bzw."}:
        return False
    return not re.fullmatch(r"(?:19|20)\d\d", match["low"])


def _is_sum(number: str) -> bool:
    """``12.500``, ``1,2``: neither a year nor a count of something else."""
    return "." in number or "," in number


def _number_starts(window: str) -> list[int]:
    """Where a number may begin, earliest first, so that ranges are taken whole."""
    return [
        match.start()
        for match in _TOKEN.finditer(window)
        if match[0][0].isdecimal() or match[0].lower() in _WORDS
    ]


def _after(view: str, unit: re.Match[str]) -> ReadAmount | None:
    match = _AFTER_UNIT.match(view, unit.end())
    if match is None:
        return None
    number = match["number"]
    if unit.group() == "Euro" and not ("." in number or "," in number or match["scale"]):
        return None  # "Euro 6" is an emission standard
    value = _value(number, (match["scale"] or "").lower())
    return _amount(view, value, unit.start(), match.end())


def _value(number: str, scale: str) -> Decimal:
    word = _WORDS.get(number.lower())
    if word is not None:
        value = Decimal(word)
    else:
        digits = number.rstrip("-–—").rstrip(",")
        digits = digits.replace("½", ",5" if digits[:1] != "½" else "0,5")
        value = Decimal(digits.translate(_PLAIN_DIGITS))
    for prefix, factor in _SCALES if scale else ():
        if scale.startswith(prefix):
            return value * factor
    return value


def _amount(view: str, value: Decimal, start: int, end: int) -> ReadAmount:
    return ReadAmount(value.normalize(), start, end, view[start:end], 0.97)

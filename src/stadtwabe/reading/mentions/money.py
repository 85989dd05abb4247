"""Explicit sums in euros: ``1,5 Mio. €``, ``EUR 20.000``, ``zwei Millionen Euro``."""

import re
from collections.abc import Sequence
from decimal import Decimal

from stadtwabe.reading.extract.extracted import Block, BlockKind
from stadtwabe.reading.model import ReadAmount

_DIGITS = r"\d{1,3}(?:[.’' ]\d{3})+(?:,\d{1,2})?|\d+(?:,\d+)?"
_WORDS = {
    "eine": 1,
    "einer": 1,
    "einen": 1,
    "ein": 1,
    "zwei": 2,
    "drei": 3,
    "vier": 4,
    "fünf": 5,
    "sechs": 6,
    "sieben": 7,
    "acht": 8,
    "neun": 9,
    "zehn": 10,
    "zwölf": 12,
    "fünfzehn": 15,
    "zwanzig": 20,
    "dreißig": 30,
    "fünfzig": 50,
    "hundert": 100,
}
_SCALES = (
    ("mrd", 1_000_000_000),
    ("milliard", 1_000_000_000),
    ("mio", 1_000_000),
    ("million", 1_000_000),
    ("tsd", 1_000),
    ("tausend", 1_000),
    ("t", 1_000),
)
_SCALE = r"Mrd\.?|Milliarden?|Mio\.?|Million(?:en)?|Tsd\.?|[Tt]ausend"
_NUMBER = rf"(?:{_DIGITS})(?:,[-–—]+)?"
_BEFORE_UNIT = re.compile(
    rf"(?<![\w.,])(?P<low>{_NUMBER})?"
    rf"(?P<lowscale>\s?(?:{_SCALE}))?(?P<lowunit>\s?(?:€|Euro|EUR))?"
    rf"(?P<to>\s?(?:-|–|—|bis(?:\szu)?|und|oder|auf)\s?)?"
    rf"(?<![\d.,])(?:(?P<high>{_NUMBER})|(?P<word>{'|'.join(_WORDS)}))"
    rf"[\s-]?(?P<half>halbe\s)?(?P<scale>{_SCALE})?[\s-]?$",
    re.IGNORECASE,
)
_AFTER_UNIT = re.compile(rf"\s?(?P<number>{_NUMBER})(?:\s?(?P<scale>{_SCALE}))?(?![\w.])")
_UNIT = re.compile(r"(?:T€|€|TEUR|EUR|Euro)")
_ENUMERATED = re.compile(rf"(?<![\w.,])(?:(?:{_DIGITS}), )+$")
_NUMBER_START = re.compile(rf"(?<![^\W_])(?:\d|(?:{'|'.join(_WORDS)})(?![^\W_]))", re.IGNORECASE)
_TICKET = re.compile(r"-(?:Ticket|Job|Stück|Schein|Münze|Norm)")
_WINDOW = 60
_DECLARED = re.compile(
    r"(?:\b(?:in|Angaben in|Beträge in) |\()"
    r"(?P<scale>Tsd\.? |Mio\.? |T)?(?:Euro|EUR|€)(?![^\W\d_])"
)
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
        scale = "t" if unit.group().startswith("T") else ""
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
    return unit.group() == "T€" or not view[unit.end() : unit.end() + 1].isalpha()


def declared_amounts(view: str, blocks: Sequence[Block]) -> list[ReadAmount]:
    """Figures of a table whose head says ``in Euro``: they carry no unit of their own."""
    found: list[ReadAmount] = []
    if not any(words in view for words in _DECLARING):
        return found
    scale: str | None = None
    column: int | None = None
    for block in blocks:
        line = view[block.start : block.end]
        if block.kind != BlockKind.ROW and scale is None and "  " not in line:
            continue
        if declared := _DECLARED.search(line):
            tabular = "  " in line or "|" in line
            scale = (declared["scale"] or "").strip().lower() if tabular else None
            # The unit may stand at the head of one column or of the whole table.
            first = line.find("|") < declared.start()
            column = line[: declared.start()].count("|") if "|" in line and first else None
            continue
        if block.kind != BlockKind.ROW:
            scale = None
        if scale is None:
            continue
        for figure in _FIGURE.finditer(line):
            if column is not None and line[: figure.start()].count("|") != column:
                continue
            value = _value(figure.group(), scale)
            start = block.start + figure.start()
            if figure.start() > 0 and value >= 100 and not 1900 <= value <= 2100:
                found.append(_amount(view, value, start, block.start + figure.end()))
    return found


def _before(view: str, window: str, base: int, unit: re.Match[str], scale: str) -> list[ReadAmount]:
    match = None
    for position in _number_starts(window):
        match = _BEFORE_UNIT.match(window, position)
        if match and (match["high"] or (match["scale"] and match["word"])):
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
    before = window[: match.start()].rstrip().lower()
    if before.endswith(("von", "zwischen")) and match["to"].strip().lower() in {
        "auf",
        "und",
        "bis",
    }:
        return True
    if match["to"].strip().lower() == "und":
        return bool(_ENUMERATED.search(window[: match.start()]))
    if match["to"].strip().lower() in {"oder", "auf"}:
        return False
    return not re.fullmatch(r"(?:19|20)\d\d", match["low"])


def _number_starts(window: str) -> list[int]:
    """Where a number may begin, earliest first, so that ranges are taken whole."""
    return [match.start() for match in _NUMBER_START.finditer(window)]


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
        digits = re.sub(r",[-–—]+$", "", number)
        value = Decimal(re.sub(r"[.’' ]", "", digits).replace(",", "."))
    for prefix, factor in _SCALES:
        if scale.startswith(prefix):
            return value * factor
    return value


def _amount(view: str, value: Decimal, start: int, end: int) -> ReadAmount:
    return ReadAmount(value.normalize(), start, end, view[start:end], 0.97)

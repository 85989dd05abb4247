"""What stands in one cell: a number, yes or no, a text. German and English ways of writing."""

import re
from datetime import date, datetime, time

from django.utils.translation import gettext as _

from stadtwabe.hub.rules import ObservationType

Cell = str | float | int | bool | datetime | date | time | None
"""CSV has texts only; Excel has all of them."""

LONGEST_SHOWN = 80
_SPACES = re.compile(r"[\s\u00a0\u202f']")
_COMMA = re.compile(r"[-+]?(\d+|\d{1,3}(\.\d{3})+)(,\d+)?([eE][-+]?\d{1,3})?")
_POINT = re.compile(r"[-+]?(\d+|\d{1,3}(,\d{3})+)(\.\d+)?([eE][-+]?\d{1,3})?")
_FORMULA = re.compile(r"[=@]|[-+](?![\d.,])")
_ERRORS = re.compile(r"#(N/?[AV]|DIV/0!|WERT!|VALUE!|BEZUG!|REF!|NAME\?|ZAHL!|NUM!|NULL!)", re.I)
_YES = frozenset({"ja", "wahr", "true", "yes", "1", "an", "on", "x"})
_NO = frozenset({"nein", "falsch", "false", "no", "0", "aus", "off"})


class BadCell(ValueError):
    """A cell cannot be read; the message says why, and what to write instead."""


def shown(cell: Cell) -> str:
    """Return a cell as a person wrote it, shortened."""
    if cell is None:
        return ""
    text = f"{cell:%d.%m.%Y %H:%M:%S}" if isinstance(cell, datetime) else str(cell)
    return text if len(text) <= LONGEST_SHOWN else f"{text[: LONGEST_SHOWN - 1]}…"


def is_blank(cell: Cell) -> bool:
    """Whether nothing stands there."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def plain(text: str) -> str:
    """Return a text without the spaces around it and the apostrophe that marks it as text."""
    return text.strip().removeprefix("'").strip()


def read_value(cell: Cell, kind: str, decimal: str) -> object:
    """Return what ``cell`` says, as a datastream of the observation type ``kind`` wants it.

    ``decimal`` is the sign before the decimals. Raises BadCell.
    """
    if kind == ObservationType.TRUTH:
        return _truth(cell)
    if kind == ObservationType.CATEGORY:
        return _text(cell)
    try:
        found = read_number(cell, decimal)
    except BadCell:
        if kind == ObservationType.ANY and isinstance(cell, str):
            return _text(cell)
        raise
    if kind == ObservationType.COUNT:
        if found != int(found):
            raise BadCell(_("Erwartet ist eine ganze Zahl."))
        return int(found)
    return found


def read_number(cell: Cell, decimal: str) -> float:
    """Return the number in ``cell``. Raises BadCell.

    Thousands may be grouped in threes; what could be read in two ways is refused.
    """
    if isinstance(cell, bool):
        raise BadCell(_("Erwartet ist eine Zahl, nicht wahr oder falsch."))
    if isinstance(cell, int | float):
        return _finite(float(cell))
    if not isinstance(cell, str):
        raise BadCell(_("Erwartet ist eine Zahl, nicht ein Datum."))
    text = plain(cell)
    pressed = _SPACES.sub("", text).replace("−", "-")
    pattern, group = (_COMMA, ".") if decimal == "," else (_POINT, ",")
    if pattern.fullmatch(pressed):
        return _finite(float(pressed.replace(group, "").replace(decimal, ".")))
    if pressed.lower().lstrip("+-") in {"nan", "inf", "infinity", "∞"}:
        raise BadCell(_("NaN und unendlich sind keine Messwerte. Lassen Sie die Zelle leer."))
    _refuse_special(text)
    other = _POINT if decimal == "," else _COMMA
    if other.fullmatch(pressed):
        raise BadCell(
            _("Die Zahl hat nicht das Dezimalzeichen „%s“. Ändern Sie es unter „Erkannt“.")
            % decimal
        )
    raise BadCell(_("Das ist keine Zahl."))


def looks_like_number(text: str) -> str:
    """Return the decimal sign that ``text`` must have as a number, "" when it can be any.

    None at all: raises BadCell.
    """
    pressed = _SPACES.sub("", plain(text))
    comma, point = _COMMA.fullmatch(pressed), _POINT.fullmatch(pressed)
    if comma and point:
        return ""
    if comma or point:
        return "," if comma else "."
    raise BadCell


def _finite(number: float) -> float:
    if number != number or number in {float("inf"), float("-inf")}:
        raise BadCell(_("NaN und unendlich sind keine Messwerte. Lassen Sie die Zelle leer."))
    return number


def _refuse_special(text: str) -> None:
    if _ERRORS.fullmatch(text):
        raise BadCell(_("Die Tabelle enthält hier einen Fehlerwert."))
    if _FORMULA.match(text):
        raise BadCell(_("Formeln werden nicht ausgerechnet. Tragen Sie den Wert ein."))


def _truth(cell: Cell) -> bool:
    if isinstance(cell, bool):
        return cell
    word = plain(str(cell)).lower().removesuffix(".0")
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise BadCell(_("Erwartet ist ja oder nein."))


def _text(cell: Cell) -> str:
    text = plain(str(cell))
    _refuse_special(text)
    if "\x00" in text:
        raise BadCell(_("Das Zeichen NUL ist nicht erlaubt."))
    return text

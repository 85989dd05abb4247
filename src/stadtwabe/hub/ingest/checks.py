"""Is a result what its datastream measures? And how does the database keep it?"""

import math
from typing import Any

import msgspec

LONGEST_DETAIL = 1_000_000
"""Bytes of everything but time and number, of one observation."""

MOST_EXACT = 2**53
"""Whole numbers beyond it lose digits as floating point."""

_encode = msgspec.json.Encoder(order="sorted").encode


class BadResult(ValueError):
    """A result does not fit its datastream; the message says why."""


def number(value: Any) -> float:
    """Return a finite number. Raises BadResult."""
    if type(value) is float:
        found = value
    elif type(value) is int:
        try:
            found = float(value)
        except OverflowError:
            raise BadResult("Die Zahl ist zu groß.") from None
    else:
        raise BadResult(f"Erwartet ist eine Zahl, nicht {named(value)}.")
    if not math.isfinite(found):
        raise BadResult("NaN und unendlich sind keine Messwerte.")
    return found


def split(value: Any, kind: str) -> tuple[float | None, Any]:
    """Return a result as the column ``result`` and the member ``r`` of the detail keep it.

    ``kind`` is the last part of the observation type. One of the two is always None. Raises
    BadResult.
    """
    if value is None:
        raise BadResult("Der Messwert (result) fehlt.")
    if kind == "OM_Measurement":
        return number(value), None
    if kind == "OM_CountObservation":
        return _count(value)
    if kind == "OM_TruthObservation":
        if type(value) is not bool:
            raise BadResult(f"Erwartet ist true oder false, nicht {named(value)}.")
        return None, value
    if kind == "OM_CategoryObservation":
        if not isinstance(value, str):
            raise BadResult(f"Erwartet ist ein Text, nicht {named(value)}.")
        return None, value
    if type(value) in {int, float} and abs(number(value)) <= MOST_EXACT:
        return float(value), None
    return None, value


def split_multi(value: Any, kinds: tuple[str, ...]) -> list[Any]:
    """Return the result of a MultiDatastream: one value for each property, null where one failed.

    Raises BadResult.
    """
    if not isinstance(value, list):
        raise BadResult(f"Erwartet ist eine Liste von {len(kinds)} Werten, nicht {named(value)}.")
    if len(value) != len(kinds):
        raise BadResult(f"Erwartet sind {len(kinds)} Werte, es sind {len(value)}.")
    if all(part is None for part in value):
        raise BadResult("Alle Werte fehlen.")
    for position, (part, kind) in enumerate(zip(value, kinds, strict=True)):
        if part is not None:
            try:
                split(part, kind)
            except BadResult as error:
                raise BadResult(f"Wert {position}: {error}") from None
    return value


def detail(members: dict[str, Any]) -> bytes:
    """Return what stands in the column ``detail``, as JSON. Raises BadResult."""
    try:
        encoded = _encode(members)
    except (UnicodeEncodeError, RecursionError, TypeError) as error:
        raise BadResult("Das lässt sich nicht als JSON speichern.") from error
    if b"\\u0000" in encoded:
        raise BadResult("Das Zeichen NUL ist nicht erlaubt.")
    if len(encoded) > LONGEST_DETAIL:
        raise BadResult(f"Mehr als {LONGEST_DETAIL // 1000} kB in einer Beobachtung.")
    return encoded


def named(value: Any) -> str:
    """Return what sort of JSON value it is, for a message."""
    names = {
        bool: "ein Wahrheitswert",
        str: "ein Text",
        int: "eine Zahl",
        float: "eine Zahl",
        list: "eine Liste",
        dict: "ein Objekt",
        type(None): "null",
    }
    return names.get(type(value), type(value).__name__)


def _count(value: Any) -> tuple[float | None, Any]:
    if type(value) is float and value.is_integer():
        value = int(value)
    if type(value) is not int:
        raise BadResult(f"Erwartet ist eine ganze Zahl, nicht {named(value)}.")
    if abs(value) > MOST_EXACT:
        if abs(value) > 10**1000:
            raise BadResult("Die Zahl ist zu groß.")
        return None, value
    return float(value), None

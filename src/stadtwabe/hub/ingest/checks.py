"""Is a result what its datastream measures? And how does the database keep it?"""

import math
from typing import Any

import msgspec

from stadtwabe.hub.ingest.said import BadValue, Said

LONGEST_DETAIL = 1_000_000
"""Bytes of everything but time and number, of one observation."""

MOST_EXACT = 2**53
"""Whole numbers beyond it lose digits as floating point."""

_encode = msgspec.json.Encoder(order="sorted").encode


class BadResult(BadValue):
    """A result does not fit its datastream."""


def number(value: Any) -> float:
    """Return a finite number. Raises BadResult."""
    if type(value) is float:
        found = value
    elif type(value) is int:
        try:
            found = float(value)
        except OverflowError:
            raise BadResult("Die Zahl ist zu groß.", "The number is too large.") from None
    else:
        raise _unlike("eine Zahl", "a number", value)
    if not math.isfinite(found):
        raise BadResult(
            "NaN und unendlich sind keine Messwerte.", "NaN and infinity are no results."
        )
    return found


def split(value: Any, kind: str) -> tuple[float | None, Any]:
    """Return a result as the column ``result`` and the member ``r`` of the detail keep it.

    ``kind`` is the last part of the observation type. One of the two is always None. Raises
    BadResult.
    """
    if value is None:
        raise BadResult("Der Messwert (result) fehlt.", "The result is missing.")
    if kind == "OM_Measurement":
        return number(value), None
    if kind == "OM_CountObservation":
        return _count(value)
    if kind == "OM_TruthObservation":
        if type(value) is not bool:
            raise _unlike("true oder false", "true or false", value)
        return None, value
    if kind == "OM_CategoryObservation":
        if not isinstance(value, str):
            raise _unlike("ein Text", "a text", value)
        return None, value
    if type(value) in {int, float} and abs(number(value)) <= MOST_EXACT:
        return float(value), None
    return None, value


def split_multi(value: Any, kinds: tuple[str, ...]) -> list[Any]:
    """Return the result of a MultiDatastream: one value for each property, null where one failed.

    Raises BadResult.
    """
    if not isinstance(value, list):
        raise _unlike(
            f"eine Liste von {len(kinds)} Werten", f"a list of {len(kinds)} values", value
        )
    if len(value) != len(kinds):
        raise BadResult(
            f"Erwartet sind {len(kinds)} Werte, es sind {len(value)}.",
            f"{len(kinds)} values are expected, there are {len(value)}.",
        )
    if all(part is None for part in value):
        raise BadResult("Alle Werte fehlen.", "All values are missing.")
    for position, (part, kind) in enumerate(zip(value, kinds, strict=True)):
        if part is not None:
            try:
                split(part, kind)
            except BadResult as error:
                raise BadResult(
                    f"Wert {position}: {error.said.german}",
                    f"Value {position}: {error.said.english}",
                ) from None
    return value


def detail(members: dict[str, Any]) -> bytes:
    """Return what stands in the column ``detail``, as JSON. Raises BadResult."""
    try:
        encoded = _encode(members)
    except (UnicodeEncodeError, RecursionError, TypeError) as error:
        raise BadResult(
            "Das lässt sich nicht als JSON speichern.", "This cannot be stored as JSON."
        ) from error
    if b"\\u0000" in encoded:
        raise BadResult("Das Zeichen NUL ist nicht erlaubt.", "The character NUL is not allowed.")
    if len(encoded) > LONGEST_DETAIL:
        most = LONGEST_DETAIL // 1000
        raise BadResult(
            f"Mehr als {most} kB in einer Beobachtung.", f"More than {most} kB in one observation."
        )
    return encoded


def _unlike(german: str, english: str, value: Any) -> BadResult:
    there = named(value)
    return BadResult(
        f"Erwartet ist {german}, nicht {there.german}.",
        f"Expected is {english}, not {there.english}.",
    )


def named(value: Any) -> Said:
    """Return what sort of JSON value it is, for a message."""
    names = {
        bool: Said("ein Wahrheitswert", "a boolean"),
        str: Said("ein Text", "a text"),
        int: Said("eine Zahl", "a number"),
        float: Said("eine Zahl", "a number"),
        list: Said("eine Liste", "a list"),
        dict: Said("ein Objekt", "an object"),
        type(None): Said("null", "null"),
    }
    return names[type(value)]


def _count(value: Any) -> tuple[float | None, Any]:
    if type(value) is float and value.is_integer():
        value = int(value)
    if type(value) is not int:
        raise _unlike("eine ganze Zahl", "a whole number", value)
    if abs(value) > MOST_EXACT:
        if abs(value) > 10**1000:
            raise BadResult("Die Zahl ist zu groß.", "The number is too large.")
        return None, value
    return float(value), None

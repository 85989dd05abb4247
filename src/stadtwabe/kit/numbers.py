"""Numbers as people read them, with the decimal separator of their language, and type them."""

from django.utils.formats import get_format

LONGEST = 1e15
"""From here on a float does not hold every whole number any more."""


def decimal_separator() -> str:
    """Return the sign between whole and part in the language of this page."""
    return str(get_format("DECIMAL_SEPARATOR"))


def shown_number(value: float, *, decimals: int | None = None) -> str:
    """Return ``value`` with six significant digits and never fewer whole ones: ``21,5``.

    With ``decimals`` it has so many behind the separator at most.
    """
    if decimals is None:
        text = f"{value + 0.0:.6g}"  # no negative zero
        if "e+" in text and abs(value) < LONGEST:
            text = f"{value:.0f}"
    else:
        text = f"{round(value, decimals) + 0.0:.{decimals}f}"
        text = text.rstrip("0").rstrip(".") if decimals else text
    return text.replace(".", decimal_separator())


def whole_number(text: object, *, digits: int = 18) -> int | None:
    """Return the number that the digits 0 to 9 in ``text`` write; None for anything else.

    Other signs that Python calls digits (``²``, ``٣``) are none, nor is what has more than so many
    ``digits``: the default fits every id in the database.
    """
    written = str(text)
    if written.isascii() and written.isdigit() and len(written) <= digits:
        return int(written)
    return None

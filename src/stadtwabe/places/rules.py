"""The levels of the official register and the shape of its keys.

Source: Gemeindeverzeichnis of the Federal Statistical Office (AGS, ARS).
"""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Level(models.TextChoices):
    """Level of a place; the length of its key follows from it."""

    STATE = "state", _("Land")
    DISTRICT = "district", _("Kreis")
    MUNICIPALITY = "municipality", _("Gemeinde")


CITY_DISTRICT_KINDS = frozenset({"Kreisfreie Stadt", "Stadtkreis"})
"""Kinds of districts that are one town: the page of the town stands for both."""

KEY_LENGTHS = {Level.STATE: 2, Level.DISTRICT: 5, Level.MUNICIPALITY: 8}
"""Digits of the official key (AGS) by level."""

KEY_PATTERNS = {level: f"^[0-9]{{{length}}}$" for level, length in KEY_LENGTHS.items()}
"""The same as regular expressions, for constraints of the database."""


def level_of_key(key: str) -> Level:
    """Return the level that a key's length tells.

    Raises ValueError when ``key`` is not 2, 5 or 8 digits.
    """
    if key.isascii() and key.isdigit():
        for level, length in KEY_LENGTHS.items():
            if len(key) == length:
                return level
    message = f"Not an official key of 2, 5 or 8 digits: {key!r}"
    raise ValueError(message)


def ancestors_of_key(key: str) -> tuple[str, ...]:
    """Return the keys above ``key``, state first: ``"05515000"`` gives ``("05", "05515")``."""
    return tuple(key[:length] for length in (2, 5) if length < len(key))

"""A position on Earth as people copy it from a map."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from stadtwabe.kit.numbers import shown_number

Position = tuple[float, float]
"""Longitude and latitude in degrees (WGS 84), as GeoJSON has them."""

DECIMALS = 6
"""Eleven centimetres at most; what is known more exactly is rounded."""

_NUMBER = re.compile(r"[-+]?\d{1,3}(?:[.,]\d+)?")
_LATITUDES, _LONGITUDES = (47.0, 55.2), (5.5, 15.6)
"""Where Germany lies: tells a swapped pair from a far one."""


class PositionField(forms.CharField):
    """Latitude and longitude in one field; gives longitude and latitude, or None.

    Takes what map services copy: ``51.4430, 7.7780``, ``51,4430 7,7780``, ``51.443° N 7.778° O``.
    """

    def clean(self, value: Any) -> Position | None:
        """Read the two numbers."""
        text = super().clean(value)
        if not text:
            return None
        numbers = [float(each.replace(",", ".")) for each in _NUMBER.findall(_apart(text))]
        if len(numbers) != 2:
            raise ValidationError(
                _("Bitte zwei Zahlen angeben, Breite und Länge: zum Beispiel 51,4430 7,7780.")
            )
        latitude, longitude = numbers
        if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
            raise ValidationError(_("Die Breite geht von -90 bis 90, die Länge von -180 bis 180."))
        if _lies_in(longitude, _LATITUDES) and _lies_in(latitude, _LONGITUDES):
            raise ValidationError(
                _("Breite und Länge sind vertauscht: zuerst die Breite (in Deutschland 47 bis 55).")
            )
        return round(longitude, DECIMALS), round(latitude, DECIMALS)

    def prepare_value(self, value: Any) -> Any:
        """Show a known position as one would type it."""
        if isinstance(value, tuple):
            return " ".join(shown_number(each, decimals=DECIMALS) for each in reversed(value))
        return value


def _apart(text: str) -> str:
    """Return ``text`` with a comma that divides two numbers turned into a space."""
    return re.sub(r",(?=\s)|;", " ", text) if "." not in text else text.replace(",", " ")


def _lies_in(value: float, least_and_most: tuple[float, float]) -> bool:
    return least_and_most[0] <= value <= least_and_most[1]

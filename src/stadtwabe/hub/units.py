"""Units by their UCUM codes (ucum.org): is it one, and how does it convert to another?

The library with all units takes a second to load, so it is loaded by who first needs it.
"""

import contextlib
import re
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import import_module
from math import isfinite
from typing import Any

from django.utils.translation import gettext as _

from stadtwabe.hub.measures import UNITS, unit_of
from stadtwabe.kit.errors import Invalid

LONGEST = 100
TOO_GREAT = re.compile(r"\d{5}")
"""No unit has such a number; as an exponent (``10*999999999``) it would never be worked out."""
URI = re.compile(
    r"^(?:https?://(?:www\.)?opengis\.net/def/uom/UCUM/(?:0/)?|urn:ogc:def:uom:UCUM:[^:]*:"
    r"|https?://(?:www\.)?unitsofmeasure\.org/ucum(?:\.html)?#(?!para)|ucum:)(?P<code>.+)$",
    re.IGNORECASE,
)
"""Addresses in which the code of a unit is the last part (OGC 09-048, definitions of units)."""


@dataclass(frozen=True, slots=True)
class Conversion:
    """``to`` = ``factor`` × value + ``offset``; the factor is greater than zero."""

    to: str
    factor: float
    offset: float

    def of(self, value: float) -> float:
        """Return a value in the other unit, to twelve digits: without the noise of calculating."""
        return float(f"{value * self.factor + self.offset:.12g}")


def code_of(definition: str) -> str:
    """Return the UCUM code in the definition of a unit: the code itself or its address."""
    text = definition.strip()
    found = URI.match(text)
    return found["code"] if found else text


@lru_cache(maxsize=1000)
def is_known(code: str) -> bool:
    """Whether ``code`` is one of UCUM. Those that are common need no library."""
    if code in _COMMON:
        return True
    if not code or len(code) > LONGEST or TOO_GREAT.search(code):
        return False
    with contextlib.suppress(Exception):  # the parser has errors of many kinds
        _parser().parse(code)
        return True
    return False


_COMMON = frozenset(unit.code for unit in UNITS)


def conversion(definition: str, wanted: str) -> Conversion:
    """Return how values in the unit ``definition`` become such in ``wanted``.

    ``wanted`` is a UCUM code, its address, or the symbol of a common unit. Raises Invalid where
    one of them is unknown, they measure different things, or what lies between is no straight
    line (decibels).
    """
    code = code_of(definition)
    target = code_of(wanted)
    common = unit_of(target)
    if not is_known(target) and common is not None:
        target = common.code
    for each in (code, target):
        if not is_known(each):
            raise Invalid(
                _("Die Einheit „%(unit)s“ ist kein UCUM-Code.") % {"unit": each[:LONGEST]},
                field="unit",
                remedy=_("Solche Codes sind zum Beispiel Cel, [degF] oder ug/m3."),
            )
    found = _between(code, target)
    if found is None:
        raise Invalid(
            _("%(unit)s lässt sich nicht in %(other)s umrechnen.")
            % {"unit": code, "other": target},
            field="unit",
        )
    return found


@lru_cache(maxsize=1000)
def _between(code: str, target: str) -> Conversion | None:
    if code == target:
        return Conversion(target, 1.0, 0.0)
    try:
        registry = _registry()
        one, other = registry.from_ucum(code), registry.from_ucum(target)

        def convert(value: float) -> float:
            found = registry.Quantity(value * one.magnitude, one.units).to(other.units)
            return float(found.magnitude) / float(other.magnitude)

        start, end, further = (convert(value) for value in (0.0, 1000.0, 2000.0))
    except Exception:  # the library has errors of many kinds, all meaning no
        return None
    factor = (end - start) / 1000
    if (
        not isfinite(further)
        or factor <= 0
        or abs(further - end - (end - start)) > 1e-9 * abs(end - start)
    ):
        return None
    return Conversion(target, float(f"{factor:.15g}"), float(f"{start:.15g}"))


@cache
def _parser() -> Any:
    return import_module("ucumvert").get_ucum_parser()


@cache
def _registry() -> Any:
    return import_module("ucumvert").PintUcumRegistry()

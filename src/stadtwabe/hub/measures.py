"""What towns commonly measure, in which units, and the themes under which pages show it.

Names are content, written into entries as they stand here; whoever measures something else types
it. Definitions are addresses of the European Environment Agency's list of pollutants
(dd.eionet.europa.eu) and of QUDT's kinds of quantities, where one fits. Codes of units are UCUM
(ucum.org), which SensorThings asks for as the definition of a unit.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_AIR = "http://dd.eionet.europa.eu/vocabulary/aq/pollutant/"
_QUDT = "http://qudt.org/vocab/quantitykind/"


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit: its German name, what stands behind a number, and its UCUM code."""

    name: str
    symbol: str
    code: str

    @property
    def typed(self) -> str:
        """What one types for it: the symbol, or for plain numbers the name."""
        return self.symbol or self.name


@dataclass(frozen=True, slots=True)
class Measure:
    """Something that is measured; ``unit`` is the UCUM code of the usual unit."""

    name: str
    unit: str
    definition: str = ""


@dataclass(frozen=True, slots=True)
class Theme:
    """A theme of pages: what belongs to it by definition, or by ``words`` in the name.

    ``words`` is a regular expression, matched without regard to case, both by Python and by
    PostgreSQL.
    """

    slug: str
    title: str | Promise
    lead: str | Promise
    icon: str
    words: str
    measures: Sequence[Measure]

    @property
    def definitions(self) -> list[str]:
        """The definitions of its measures."""
        return [measure.definition for measure in self.measures if measure.definition]

    def covers(self, name: str, definition: str) -> bool:
        """Whether an observed property of that name and definition belongs to it."""
        if definition and definition in self.definitions:
            return True
        return re.search(self.words, name, re.IGNORECASE) is not None


UNITS = (
    Unit("Grad Celsius", "°C", "Cel"),
    Unit("Grad Fahrenheit", "°F", "[degF]"),
    Unit("Kelvin", "K", "K"),
    Unit("Prozent", "%", "%"),
    Unit("Teile je Million", "ppm", "[ppm]"),
    Unit("Mikrogramm je Kubikmeter", "µg/m³", "ug/m3"),
    Unit("Milligramm je Kubikmeter", "mg/m³", "mg/m3"),
    Unit("Hektopascal", "hPa", "hPa"),
    Unit("Kilopascal", "kPa", "kPa"),
    Unit("Bar", "bar", "bar"),
    Unit("Meter je Sekunde", "m/s", "m/s"),
    Unit("Grad (Winkel)", "°", "deg"),
    Unit("Millimeter", "mm", "mm"),
    Unit("Zentimeter", "cm", "cm"),
    Unit("Meter", "m", "m"),
    Unit("Kilometer", "km", "km"),
    Unit("Kubikmeter je Sekunde", "m³/s", "m3/s"),
    Unit("Kubikmeter", "m³", "m3"),
    Unit("Liter", "l", "l"),
    Unit("Watt", "W", "W"),
    Unit("Kilowatt", "kW", "kW"),
    Unit("Kilowattstunde", "kWh", "kW.h"),
    Unit("Megawattstunde", "MWh", "MW.h"),
    Unit("Watt je Quadratmeter", "W/m²", "W/m2"),
    Unit("Volt", "V", "V"),
    Unit("Dezibel (A)", "dB(A)", "dB"),
    Unit("Lux", "lx", "lx"),
    Unit("Kilometer je Stunde", "km/h", "km/h"),
    Unit("Stunde", "h", "h"),
    Unit("Minute", "min", "min"),
    Unit("Sekunde", "s", "s"),
    Unit("Anzahl", "", "1"),
)
BY_CODE = {unit.code: unit for unit in UNITS}
SAME_KIND = (
    ("Cel", "[degF]", "K"),
    ("ug/m3", "mg/m3"),
    ("hPa", "kPa", "bar"),
    ("m/s", "km/h"),
    ("mm", "cm", "m", "km"),
    ("m3", "l"),
    ("W", "kW"),
    ("kW.h", "MW.h"),
    ("s", "min", "h"),
)
"""Codes of common units that convert into each other, so that a page need not work it out."""

THEMES = (
    Theme(
        "luft",
        _("Luft und Wetter"),
        _("Temperatur, Feuchte und Schadstoffe in der Luft."),
        "theme-air",
        r"(?<!wasser)(?<!boden)temperatur|(?<!boden)feuchte|feinstaub|pm ?(1|2|10)|stickstoff"
        r"|stickoxid|ozon|luftdruck|wind|niederschlag|regen|sonnenschein|strahlung|luftgüte",
        (
            Measure("Lufttemperatur", "Cel", _QUDT + "Temperature"),
            Measure("Relative Luftfeuchte", "%", _QUDT + "RelativeHumidity"),
            Measure("Feinstaub PM2,5", "ug/m3", _AIR + "6001"),
            Measure("Feinstaub PM10", "ug/m3", _AIR + "5"),
            Measure("Stickstoffdioxid", "ug/m3", _AIR + "8"),
            Measure("Ozon", "ug/m3", _AIR + "7"),
            Measure("Luftdruck", "hPa", _QUDT + "AtmosphericPressure"),
            Measure("Windgeschwindigkeit", "m/s"),
            Measure("Windrichtung", "deg"),
            Measure("Niederschlag", "mm"),
            Measure("Globalstrahlung", "W/m2"),
        ),
    ),
    Theme(
        "raumluft",
        _("CO₂ in Schulen und Räumen"),
        _("Wann ist es Zeit zu lüften? Ab 1.000 ppm lohnt es sich, ab 2.000 ppm ist es nötig."),
        "theme-room",
        r"kohlendioxid|co2|co₂|raumluft",
        (Measure("Kohlendioxid in der Raumluft", "[ppm]", _AIR + "71"),),
    ),
    Theme(
        "wasser",
        _("Wasserstand"),
        _("Wie hoch Flüsse, Bäche und das Grundwasser stehen."),
        "theme-water",
        r"wasserstand|pegel|abfluss|grundwasser|wassertemperatur|bodenfeuchte",
        (
            Measure("Wasserstand", "cm"),
            Measure("Abfluss", "m3/s"),
            Measure("Grundwasserstand", "m"),
            Measure("Wassertemperatur", "Cel"),
            Measure("Bodenfeuchte", "%"),
        ),
    ),
    Theme(
        "parken",
        _("Parken"),
        _("Wo noch Plätze frei sind."),
        "theme-parking",
        r"stellpl|parkpl|parkhaus|parken|belegung",
        (Measure("Freie Stellplätze", "1"), Measure("Belegung", "%")),
    ),
    Theme(
        "verkehr",
        _("Verkehr und Lärm"),
        _("Wie viel auf Straßen und Radwegen unterwegs ist, und wie laut es ist."),
        "theme-traffic",
        r"fahrzeuge|fahrräder|verkehr|passant|lärm|schall",
        (
            Measure("Gezählte Fahrräder", "1"),
            Measure("Gezählte Fahrzeuge", "1"),
            Measure("Schallpegel", "dB", _QUDT + "SoundPressureLevel"),
        ),
    ),
    Theme(
        "energie",
        _("Zähler und Energie"),
        _("Was Gebäude brauchen und was Anlagen erzeugen."),
        "theme-meter",
        r"(?<!rad)zähler|energie|wärmemenge|strom|gasverbrauch|wasserverbrauch|leistung",
        (
            Measure("Stromverbrauch", "kW.h", _QUDT + "ActiveEnergy"),
            Measure("Stromerzeugung", "kW.h"),
            Measure("Wärmemenge", "kW.h"),
            Measure("Gasverbrauch", "m3"),
            Measure("Wasserverbrauch", "m3"),
            Measure("Elektrische Leistung", "kW", _QUDT + "ActivePower"),
        ),
    ),
)
THEME_OF_SLUG = {theme.slug: theme for theme in THEMES}
MEASURES = {measure.name: measure for theme in THEMES for measure in theme.measures}


def unit_of(text: str) -> Unit | None:
    """Return the common unit that ``text`` names by symbol, name or UCUM code; None: another."""
    wanted = text.strip()
    for unit in UNITS:
        if wanted and wanted in {unit.symbol, unit.name, unit.code}:
            return unit
    lower = wanted.casefold()
    return next(
        (
            unit
            for unit in UNITS
            if lower and lower in {unit.symbol.casefold(), unit.name.casefold()}
        ),
        None,
    )


def units_beside(code: str) -> list[Unit]:
    """Return the common units into which values in the unit ``code`` convert, without itself."""
    group = next((group for group in SAME_KIND if code in group), ())
    return [BY_CODE[each] for each in group if each != code]


def theme_of(name: str, definition: str) -> Theme | None:
    """Return the first theme that an observed property belongs to."""
    return next((theme for theme in THEMES if theme.covers(name, definition)), None)

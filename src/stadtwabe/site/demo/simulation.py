"""The simulated sensor network of the demo: five towns, and what their devices would say.

Every value is a function of place and time alone, so the same moment gives the same value however
often it is asked for. Nothing here is measured; the pages say so.
"""

import hashlib
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from stadtwabe.catalog.rules import Audience
from stadtwabe.hub.models import MeterKind

EVERY = timedelta(minutes=15)
"""How often the devices have measured before the demo was started."""
EVERY_NOW = timedelta(minutes=1)
"""How often they do while it runs: a page that shows live values should be seen to live."""
HISTORY = timedelta(days=60)

TOWNS = {
    "05958004": ("Arnsberg", 8.064, 51.397),
    "05970004": ("Bad Berleburg", 8.392, 51.052),
    "05962040": ("Menden", 7.778, 51.443),
    "05966024": ("Olpe", 7.851, 51.029),
    "05974040": ("Soest", 8.107, 51.573),
}
"""The towns of the network "5 für Südwestfalen": key, name, longitude and latitude (WGS 84)."""

Curve = Callable[[datetime, float], float]
"""From a moment (UTC) and the device's own number between 0 and 1 to a value."""


@dataclass(frozen=True, slots=True)
class SimulatedStream:
    """One datastream: name, observed property, unit (name, symbol, UCUM code) and its values."""

    name: str
    observed_property: str
    unit: tuple[str, str, str]
    curve: Curve
    decimals: int = 1
    is_counter: bool = False
    """Whether it only ever grows, as a meter does."""
    meter_kind: str = ""
    """What it counts for a bill; only with a ``unit`` of its thing."""


@dataclass(frozen=True, slots=True)
class SimulatedThing:
    """One device in each town; ``shift`` moves it away from the town's middle, in degrees."""

    name: str
    description: str
    place: str
    shift: tuple[float, float]
    audience: str
    streams: tuple[SimulatedStream, ...]
    unit: tuple[str, str] | None = None
    """Building and unit whose meters it has."""


def _hours(at: datetime) -> float:
    return at.hour + at.minute / 60


def _season(at: datetime) -> float:
    """-1 in the middle of January, 1 in the middle of July."""
    return -math.cos(2 * math.pi * (at.timetuple().tm_yday - 15) / 365.25)


def _daytime(at: datetime, peak: float) -> float:
    """1 at the hour ``peak`` (UTC), -1 twelve hours away."""
    return math.cos(2 * math.pi * (_hours(at) - peak) / 24)


def _noise(at: datetime, own: float) -> float:
    """Between -1 and 1, smooth over some hours and the same whenever it is asked."""
    hour = at.timestamp() / 3600
    slow = math.sin(hour / 5.3 + own * 40) + math.sin(hour / 17.1 + own * 90)
    quick = _grain(f"{own:.6f}/{int(at.timestamp())}")
    return 0.4 * slow + 0.2 * quick


def _grain(word: str) -> float:
    return hashlib.blake2b(word.encode(), digest_size=2).digest()[0] / 127.5 - 1


def _temperature(at: datetime, own: float) -> float:
    return 9.5 + 9 * _season(at) + 4 * _daytime(at, 13) + 2.2 * _noise(at, own) + own


def _humidity(at: datetime, own: float) -> float:
    return min(100.0, 76 - 8 * _season(at) - 12 * _daytime(at, 13) + 6 * _noise(at, own))


def _fine_dust(at: datetime, own: float) -> float:
    rush = max(0.0, _daytime(at, 6)) + max(0.0, _daytime(at, 17))
    return max(1.0, 8 - 3 * _season(at) + 3 * rush + 3 * _noise(at, own + 0.3))


def _carbon_dioxide(at: datetime, own: float) -> float:
    """A class room: lessons from 7 to 13 UTC on working days, windows opened in the breaks."""
    if at.weekday() >= 5 or not 6 <= at.hour < 13:
        return 430 + 15 * abs(_noise(at, own))
    lesson = (at.hour * 60 + at.minute - 360) % 90
    return 480 + 14 * min(lesson, 75) + 60 * own + 40 * _noise(at, own)


def _water_level(at: datetime, own: float) -> float:
    rain = max(0.0, math.sin(at.timestamp() / 86400 / 4.7 + own * 9)) ** 3
    return 42 + 20 * own - 8 * _season(at) + 55 * rain + 2 * _noise(at, own)


def _free_places(at: datetime, own: float) -> float:
    total = 120 + round(80 * own)
    busy = 0.35 + 0.5 * max(0.0, _daytime(at, 11)) * (0.6 if at.weekday() == 6 else 1.0)
    return max(0, round(total * (1 - busy) + 6 * _noise(at, own)))


def _heat_meter(at: datetime, own: float) -> float:
    """Kilowatt hours since the beginning of 2026; more of them in winter."""
    days = (at - datetime(2026, 1, 1, tzinfo=at.tzinfo)).total_seconds() / 86400
    season = 365.25 / (2 * math.pi) * math.sin(2 * math.pi * (days - 15) / 365.25)
    return 12_000 + (300 + 200 * own) * (days + 0.8 * season)


def _flat_heat(at: datetime, own: float) -> float:
    """Kilowatt hours of a flat; it never falls, for the season stays below one."""
    return _heat_meter(at, own) / 15


def _flat_water(at: datetime, own: float) -> float:
    """Cubic metres of a flat: most of it in the morning and in the evening."""
    days = (at - datetime(2026, 1, 1, tzinfo=at.tzinfo)).total_seconds() / 86400
    rush = math.sin(4 * math.pi * (days - 0.15)) / (4 * math.pi)
    return 40 + 100 * own + (0.08 + 0.12 * own) * (days + 0.9 * rush)


DEGREE = ("Grad Celsius", "°C", "Cel")
PERCENT = ("Prozent", "%", "%")
DUST = ("Mikrogramm je Kubikmeter", "µg/m³", "ug/m3")
PARTS = ("Teile je Million", "ppm", "[ppm]")
CENTIMETRE = ("Zentimeter", "cm", "cm")
COUNT = ("Anzahl", "", "1")
ENERGY = ("Kilowattstunde", "kWh", "kW.h")
VOLUME = ("Kubikmeter", "m³", "m3")
BUILDING = "Wohnhaus am Stadtpark"

THINGS = (
    SimulatedThing(
        "Umweltstation Marktplatz",
        "Simulierte Station für Luft und Wetter in der Innenstadt.",
        "Marktplatz",
        (0.0, 0.0),
        Audience.PUBLIC,
        (
            SimulatedStream("Lufttemperatur", "Lufttemperatur", DEGREE, _temperature),
            SimulatedStream("Luftfeuchte", "Relative Luftfeuchte", PERCENT, _humidity, 0),
            SimulatedStream("Feinstaub PM2,5", "Feinstaub PM2,5", DUST, _fine_dust),
        ),
    ),
    SimulatedThing(
        "Raumluft Grundschule",
        "Simulierter Fühler in einem Klassenraum: zeigt, wann zu lüften ist.",
        "Klassenraum 1a",
        (0.006, 0.004),
        Audience.PUBLIC,
        (
            SimulatedStream(
                "Kohlendioxid", "Kohlendioxid in der Raumluft", PARTS, _carbon_dioxide, 0
            ),
        ),
    ),
    SimulatedThing(
        "Pegel Stadtbrücke",
        "Simulierter Pegel am Fluss.",
        "Stadtbrücke",
        (-0.005, 0.003),
        Audience.PUBLIC,
        (SimulatedStream("Wasserstand", "Wasserstand", CENTIMETRE, _water_level, 0),),
    ),
    SimulatedThing(
        "Parkhaus am Bahnhof",
        "Simulierte Zählung freier Stellplätze.",
        "Bahnhofstraße",
        (0.003, -0.006),
        Audience.PUBLIC,
        (SimulatedStream("Freie Stellplätze", "Freie Stellplätze", COUNT, _free_places, 0),),
    ),
    SimulatedThing(
        "Wärmezähler Rathaus",
        "Simulierter Zähler; sichtbar nur für die eigene Kommune.",
        "Rathaus, Keller",
        (0.001, 0.001),
        Audience.OWNER,
        (
            SimulatedStream(
                "Wärmemenge",
                "Wärmemenge",
                ENERGY,
                _heat_meter,
                0,
                is_counter=True,
                meter_kind=MeterKind.HEAT,
            ),
        ),
        unit=("Rathaus", "gesamtes Haus"),
    ),
    *(
        SimulatedThing(
            f"Zähler Wohnung {number}",
            "Simulierte Zähler einer Wohnung; sichtbar nur für die eigene Kommune.",
            BUILDING,
            (-0.004, -0.002),
            Audience.OWNER,
            (
                SimulatedStream(
                    "Wärmemenge",
                    "Wärmemenge",
                    ENERGY,
                    _flat_heat,
                    is_counter=True,
                    meter_kind=MeterKind.HEAT,
                ),
                SimulatedStream(
                    "Kaltwasser",
                    "Wassermenge",
                    VOLUME,
                    _flat_water,
                    3,
                    is_counter=True,
                    meter_kind=MeterKind.COLD_WATER,
                ),
            ),
            unit=(BUILDING, f"Wohnung {number}"),
        )
        for number in (1, 2)
    ),
)


def own_number(town: str, thing: SimulatedThing, stream: SimulatedStream) -> float:
    """Return the number between 0 and 1 that tells a stream from the same one elsewhere."""
    word = f"{town}/{thing.name}/{stream.name}".encode()
    return int.from_bytes(hashlib.blake2b(word, digest_size=4).digest()) / 2**32


def value_at(stream: SimulatedStream, own: float, at: datetime) -> float:
    """Return what the stream says at ``at`` (UTC)."""
    return round(stream.curve(at, own), stream.decimals)


def moments(start: datetime, end: datetime, every: timedelta) -> Iterator[datetime]:
    """Yield the moments of measuring after ``start`` up to and including ``end``."""
    step = every.total_seconds()
    number = math.floor(start.timestamp() / step) + 1
    while number * step <= end.timestamp():
        yield datetime.fromtimestamp(number * step, tz=end.tzinfo)
        number += 1

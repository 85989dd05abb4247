"""The air of a room, judged by its carbon dioxide: the traffic light of a class room."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from stadtwabe.hub.models import Datastream
from stadtwabe.hub.queries.alerts import FUTURE
from stadtwabe.hub.rules import Quality

NOTICEABLE_FROM = 1000.0
UNACCEPTABLE_ABOVE = 2000.0
"""In ppm: below 1,000 harmless, from 1,000 to 2,000 noticeable, above unacceptable.

Guide values for a moment, not means: Ad-hoc-Arbeitsgruppe Innenraumrichtwerte der
Innenraumlufthygiene-Kommission des Umweltbundesamtes und der Obersten Landesgesundheitsbehörden,
"Gesundheitliche Bewertung von Kohlendioxid in der Innenraumluft", Bundesgesundheitsblatt 51 (2008),
1358–1369, doi:10.1007/s00103-008-0707-2; for schools: Umweltbundesamt, "Leitfaden für die
Innenraumhygiene in Schulgebäuden" (2008).
"""

FRESH = timedelta(minutes=30)
"""An older value says nothing about the air in the room now."""

_PPM = frozenset({"[ppm]", "ppm"})
_CARBON_DIOXIDE = re.compile(r"kohlen(stoff)?dioxid|carbon\s*dioxide|\bco[2₂]", re.IGNORECASE)


class Air(TextChoices):
    """What there is to do, as it stands on the traffic light."""

    GOOD = "good", _("Die Luft ist gut")
    NOTICEABLE = "noticeable", _("Bitte lüften")
    UNACCEPTABLE = "unacceptable", _("Jetzt sofort lüften")
    UNKNOWN = "unknown", _("Keine aktuellen Werte")


@dataclass(frozen=True, slots=True)
class RoomAir:
    """The air of a room; ``value`` in ppm, None when it is unknown."""

    datastream: Datastream
    air: Air
    value: float | None
    at: datetime | None
    """When the last value was measured, however old."""


def is_carbon_dioxide(datastream: Datastream) -> bool:
    """Whether a datastream is of carbon dioxide in ppm: by its unit and by what it is called."""
    if len(datastream.units) != 1 or datastream.is_multi:
        return False
    unit = datastream.units[0]
    is_ppm = unit.get("definition") in _PPM or unit.get("symbol") in _PPM
    observed = datastream.observed_property
    names = (datastream.name, observed.name if observed else "")
    return is_ppm and any(map(_CARBON_DIOXIDE.search, names))


def of_carbon_dioxide(datastreams: Iterable[Datastream]) -> list[Datastream]:
    """Return those of carbon dioxide."""
    return [each for each in datastreams if is_carbon_dioxide(each)]


def room_air(datastream: Datastream, *, now: datetime) -> RoomAir:
    """Judge the latest value; without one that is fresh and possible the air is unknown."""
    state = datastream.state
    at, value = state.last_time, state.last_result
    is_usable = (
        at is not None
        and value is not None
        and now - FRESH <= at <= now + FUTURE
        and not state.last_quality & Quality.RANGE
    )
    if not is_usable or value is None:
        return RoomAir(datastream, Air.UNKNOWN, None, at)
    if value < NOTICEABLE_FROM:
        air = Air.GOOD
    else:
        air = Air.NOTICEABLE if value <= UNACCEPTABLE_ABOVE else Air.UNACCEPTABLE
    return RoomAir(datastream, air, value, at)

"""What datastreams say now."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from stadtwabe.hub.models import Datastream, Thing
from stadtwabe.hub.queries.visible import datastreams_visible_to
from stadtwabe.kit.actor import Actor
from stadtwabe.kit.numbers import shown_number
from stadtwabe.kit.prepared import prepared
from stadtwabe.places.models import Place

OLD = timedelta(hours=6)
"""After this a latest value is said to be old."""

MOST_OF_PLACE = 12

AS_STORED = 9
"""Decimals that show a value as it will be stored, before somebody decides to."""


@dataclass(frozen=True, slots=True)
class Reading:
    """The latest value of a datastream, in words for a page."""

    datastream: Datastream
    value: str
    unit: str
    at: datetime | None
    is_old: bool
    place: str = ""
    """Name of the place where its thing belongs."""


def readings_of(actor: Actor, things: Iterable[Thing], *, now: datetime) -> list[Reading]:
    """Return the latest values of what ``actor`` may see of ``things``, by name."""
    streams = streams_with_state(actor).filter(thing__in=[thing.pk for thing in things])
    ordered = streams.order_by("thing__name", "name", "pk")
    return [reading_of(stream, now=now) for stream in ordered]


def readings_in(actor: Actor, place: Place, *, now: datetime) -> list[Reading]:
    """Return the latest values from a place: of what its own party or its organisations own."""
    return [reading_of(stream, now=now) for stream in _newest_in(actor, place.key)]


@prepared
def _newest_in(actor: Actor, place: str) -> QuerySet[Datastream]:
    streams = streams_with_state(actor).filter(
        thing__card__place=place, state__last_time__isnull=False
    )
    return streams.order_by("-state__last_time", "name", "pk")[:MOST_OF_PLACE]


def streams_with_state(actor: Actor) -> QuerySet[Datastream]:
    """Return what ``actor`` may see, with all that a reading tells."""
    return datastreams_visible_to(actor).select_related(
        "state", "thing__card__place", "observed_property"
    )


def reading_of(stream: Datastream, *, now: datetime) -> Reading:
    """Return the latest value of one datastream, whose ``state`` is there."""
    state, place = stream.state, stream.thing.card.place
    return Reading(
        stream,
        shown_value(result_of(state.last_result, state.last_detail)),
        stream.symbol,
        state.last_time,
        is_old=state.last_time is None or now - state.last_time > OLD,
        place=place.name if place else "",
    )


def result_of(number: float | None, detail: Mapping[str, Any] | None) -> Any:
    """Return an observation's result; ``detail`` holds what is no number."""
    return (detail or {}).get("r") if number is None else number


def shown_value(value: Any, *, decimals: int | None = None) -> str:
    """Return a value in words of the reader's language: a number, yes or no, or a list.

    ``decimals`` as in ``shown_number``.
    """
    if isinstance(value, bool):
        return _("ja") if value else _("nein")
    if isinstance(value, int | float):
        return shown_number(value, decimals=decimals)
    if isinstance(value, list):
        return " · ".join(shown_value(each, decimals=decimals) for each in value)
    return "" if value is None else str(value)

"""Several datastreams of one unit in one picture and one table."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from stadtwabe.hub.models import Datastream
from stadtwabe.hub.queries.readings import streams_with_state
from stadtwabe.hub.queries.series import Resolution, Series, series
from stadtwabe.kit.actor import Actor

MOST_LINES = 4
MOST_OFFERED = 100


@dataclass(frozen=True, slots=True)
class Line:
    """One datastream of the picture; ``name`` tells it from the others."""

    stream: Datastream
    series: Series
    name: str


def comparable(actor: Actor, stream: Datastream) -> QuerySet[Datastream]:
    """Return the datastreams that ``actor`` may see beside ``stream``: with the same unit.

    Those of the same thing come first, then those that measure the same.
    """
    if stream.is_multi or not stream.units:
        return Datastream.objects.none()
    observed = stream.observed_property
    same = Q(thing=stream.thing_id)
    if observed is not None:
        same |= Q(observed_property__name=observed.name)
    return (
        streams_with_state(actor)
        .filter(
            same, is_multi=False, units__0__symbol=stream.symbol, state__last_time__isnull=False
        )
        .exclude(pk=stream.pk)
        .order_by("thing__card__place__name", "thing__name", "name", "pk")
    )


def lines_of(
    streams: Sequence[Datastream], *, start: datetime, end: datetime, resolution: Resolution
) -> list[Line]:
    """Return the lines of ``streams`` in one period; what is the same in all names is left out."""
    return [
        Line(stream, series(stream, start=start, end=end, resolution=resolution), name)
        for stream, name in zip(streams, _names(streams), strict=True)
    ]


def rows_of(lines: Sequence[Line]) -> list[tuple[datetime, list[float | None]]]:
    """Return a row for every time, the newest first: the value of each line then, or None."""
    values = [{point.at: point.value for point in line.series.points} for line in lines]
    times = sorted({at for of_line in values for at in of_line}, reverse=True)
    return [(at, [of_line.get(at) for of_line in values]) for at in times]


def _names(streams: Sequence[Datastream]) -> list[str]:
    """Return the shortest names that tell ``streams`` apart."""
    places = [each.thing.card.place.name if each.thing.card.place else "" for each in streams]
    for names in (
        [each.name for each in streams],
        places,
        [f"{each.thing.name}: {each.name}" for each in streams],
        [f"{place}: {each.name}" for place, each in zip(places, streams, strict=True)],
    ):
        if len(set(names)) == len(names) and all(names):
            return names
    return [
        f"{place}, {each.thing.name}: {each.name}"
        for place, each in zip(places, streams, strict=True)
    ]

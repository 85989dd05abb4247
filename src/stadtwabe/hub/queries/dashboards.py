"""The latest values of a town or a theme, each with its last day."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from stadtwabe.hub.measures import THEMES, Theme, theme_of
from stadtwabe.hub.models import Datastream, Hour
from stadtwabe.hub.queries.readings import (
    Reading,
    reading_of,
    shown_value,
    streams_with_state,
)
from stadtwabe.hub.queries.themes import of_theme
from stadtwabe.kit.actor import Actor
from stadtwabe.kit.drawing.spark import spark
from stadtwabe.places.models import Place

DAY = timedelta(hours=24)
MOST_TILES = 120


@dataclass(frozen=True, slots=True)
class Tile:
    """A datastream as it is now; ``line`` is the path of its last day, empty without numbers.

    ``low`` and ``high`` are the least and greatest value of that day, in words.
    """

    reading: Reading
    line: str
    low: str
    high: str


@dataclass(frozen=True, slots=True)
class Section:
    """Tiles under one heading: a theme (None: all else) on a town's page, a town on a theme's."""

    theme: Theme | None
    place: Place | None
    tiles: Sequence[Tile]


@dataclass(frozen=True, slots=True)
class Dashboard:
    """All of a page; ``is_demo``: some of it is simulated; ``left``: how many did not fit."""

    sections: Sequence[Section]
    is_demo: bool
    left: int

    @property
    def streams(self) -> list[int]:
        """The ids of all datastreams shown."""
        return [tile.reading.datastream.pk for section in self.sections for tile in section.tiles]


def town_dashboard(actor: Actor, place: Place, *, now: datetime) -> Dashboard:
    """Return what ``actor`` may see of a place, by theme."""
    streams = (
        streams_with_state(actor)
        .filter(thing__card__place=place)
        .select_related("observed_property")
        .order_by("thing__name", "name", "pk")
    )
    tiles = _tiles(streams[:MOST_TILES], now=now)
    by_theme: dict[str, list[Tile]] = defaultdict(list)
    for tile in tiles:
        found = _theme(tile.reading.datastream)
        by_theme[found.slug if found else ""].append(tile)
    sections = [
        Section(theme, None, by_theme[theme.slug]) for theme in THEMES if by_theme[theme.slug]
    ]
    if by_theme[""]:
        sections.append(Section(None, None, by_theme[""]))
    return _dashboard(sections, tiles, streams.count() if len(tiles) == MOST_TILES else 0)


def theme_dashboard(actor: Actor, theme: Theme, *, now: datetime) -> Dashboard:
    """Return what ``actor`` may see of a theme, by town."""
    streams = of_theme(streams_with_state(actor), theme).order_by(
        "thing__card__place__name", "thing__name", "name", "pk"
    )
    tiles = _tiles(streams[:MOST_TILES], now=now)
    places: dict[str | None, Place | None] = {}
    by_place: dict[str | None, list[Tile]] = defaultdict(list)
    for tile in tiles:
        place = tile.reading.datastream.thing.card.place
        key = place.pk if place else None
        places[key] = place
        by_place[key].append(tile)
    sections = [Section(theme, places[key], of_place) for key, of_place in by_place.items()]
    return _dashboard(sections, tiles, streams.count() if len(tiles) == MOST_TILES else 0)


def _dashboard(sections: Sequence[Section], tiles: Sequence[Tile], count: int) -> Dashboard:
    is_demo = any(tile.reading.datastream.thing.is_demo for tile in tiles)
    return Dashboard(sections, is_demo, max(count - len(tiles), 0))


def _tiles(streams: Iterable[Datastream], *, now: datetime) -> list[Tile]:
    shown = list(streams)
    start = now - DAY
    hours: dict[int, list[Hour]] = defaultdict(list)
    rows = Hour.objects.filter(
        datastream_id__in=[stream.pk for stream in shown], start__gte=start, start__lte=now, n__gt=0
    )
    for hour in rows.order_by("datastream_id", "start"):
        hours[hour.datastream_id].append(hour)
    return [_tile(stream, hours[stream.pk], start=start, now=now) for stream in shown]


def _tile(stream: Datastream, hours: Sequence[Hour], *, start: datetime, now: datetime) -> Tile:
    points = [(hour.start, hour.sum / hour.n) for hour in hours]
    low = shown_value(min((hour.min for hour in hours), default=None))
    high = shown_value(max((hour.max for hour in hours), default=None))
    return Tile(reading_of(stream, now=now), spark(points, start=start, end=now), low, high)


def _theme(stream: Datastream) -> Theme | None:
    observed = stream.observed_property
    if observed is None:
        return theme_of(stream.name, "")
    return theme_of(observed.name, observed.definition)

"""The entrance of the hub: what comes in now, as list, map and file; and its things as a list."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Max, Min, QuerySet
from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils.timesince import timesince
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from stadtwabe.catalog.kinds import kind_of
from stadtwabe.catalog.pages.lists import card_list
from stadtwabe.hub.live.topics import topic_of
from stadtwabe.hub.measures import THEME_OF_SLUG
from stadtwabe.hub.models import Datastream
from stadtwabe.hub.queries.datasets import datasets_visible_to
from stadtwabe.hub.queries.readings import Reading, reading_of, result_of, streams_with_state
from stadtwabe.hub.queries.themes import (
    measuring,
    of_theme,
    theme_counts,
    town_counts,
)
from stadtwabe.hub.queries.visible import things_visible_to
from stadtwabe.kit.clock import now
from stadtwabe.kit.formats.csv_text import write_csv
from stadtwabe.kit.formats.geojson import Feature, write_geojson
from stadtwabe.kit.formats.json_text import write_json
from stadtwabe.kit.formats.negotiation import HTML, MEDIA_TYPES, wanted_format
from stadtwabe.people.actors import actor_of
from stadtwabe.people.rules import Role

FORMATS = ("json", "csv", "geojson")
PER_PAGE = 24
MOST_IN_FILE = 5000
AIR = 0.02
"""Around what the map shows at first; degrees."""

NEW, OLD = 4, 1
"""Classes of colour on the map: values of now, and old ones."""

COLUMNS = (
    "Messreihe",
    "Gerät",
    "Ort",
    "Wert",
    "Einheit",
    "Zeit",
    "veraltet",
    "simuliert",
    "Längengrad",
    "Breitengrad",
    "Adresse",
)


@dataclass(frozen=True, slots=True)
class Choice:
    """What the list is narrowed to: a theme's slug or the name of what is measured, and a town."""

    what: str
    town: str

    def narrow(self, streams: QuerySet[Datastream]) -> QuerySet[Datastream]:
        """Narrow ``streams`` to what was chosen."""
        if self.what in THEME_OF_SLUG:
            streams = of_theme(streams, THEME_OF_SLUG[self.what])
        elif self.what:
            streams = measuring(streams, self.what)
        return streams.filter(thing__card__place=self.town) if self.town else streams


@require_safe
def overview(request: HttpRequest) -> HttpResponseBase:
    """Show what comes in now, by theme and town, and the ways into the data."""
    actor = actor_of(request)
    accept = request.headers.get("Accept", "")
    wanted = wanted_format(request.GET, accept, offered=FORMATS)
    choice = Choice(request.GET.get("was", ""), request.GET.get("ort", ""))
    everything = streams_with_state(actor).filter(state__last_time__isnull=False)
    streams = choice.narrow(everything)
    if wanted != HTML:
        return _file(request, wanted, streams.order_by("pk")[:MOST_IN_FILE])
    ordered = streams.order_by("thing__card__place__name", "thing__name", "name", "pk")
    page = Paginator(ordered, PER_PAGE).get_page(request.GET.get("seite"))
    readings = [reading_of(stream, now=now()) for stream in page]
    query = request.GET.copy()
    query.pop("seite", None)
    query["format"] = "geojson"
    return render(
        request,
        "hub/overview.html",
        {
            "themes": theme_counts(everything),
            "towns": town_counts(everything),
            "choice": choice,
            "is_narrowed": bool(choice.what or choice.town),
            "page": page,
            "readings": readings,
            "topic": topic_of(reading.datastream.pk for reading in readings),
            "points": f"?{query.urlencode()}",
            "bounds": _bounds(streams),
            "formats": " ".join(FORMATS),
            "alternates": [(name, MEDIA_TYPES[name].split(";")[0]) for name in FORMATS],
            "title": _("Messwerte"),
            "is_demo": any(reading.datastream.thing.is_demo for reading in readings),
            "thing_count": things_visible_to(actor).count(),
            "dataset_count": datasets_visible_to(actor).count(),
            "is_steward": actor.is_operator or actor.holds_anywhere(Role.STEWARD),
        },
    )


@require_safe
def things(request: HttpRequest) -> HttpResponseBase:
    """List the things with facets and map."""
    return card_list(
        request,
        kinds=("thing",),
        title=_("Geräte"),
        lead=_("Was misst, wo es steht und wem es gehört."),
        template="hub/things.html",
        context={"kind": kind_of("thing")},
    )


def _file(
    request: HttpRequest, wanted: str, streams: QuerySet[Datastream]
) -> StreamingHttpResponse:
    root = request.build_absolute_uri("/")[:-1]
    readings = [reading_of(stream, now=now()) for stream in streams]
    rows: Iterator[str]
    if wanted == "csv":
        rows = write_csv(COLUMNS, (tuple(_entry(each, root).values()) for each in readings))
    elif wanted == "json":
        about = {"title": _("Messwerte"), "count": len(readings)}
        rows = write_json((_named(_entry(each, root)) for each in readings), about=about)
    else:
        rows = write_geojson(_features(readings))
    response = StreamingHttpResponse(rows, content_type=MEDIA_TYPES[wanted])
    response["Vary"] = "Accept, Cookie"
    return response


def _entry(reading: Reading, root: str) -> dict[str, Any]:
    stream, card = reading.datastream, reading.datastream.thing.card
    state = stream.state
    return {
        "name": stream.name,
        "thing": stream.thing.name,
        "place": reading.place,
        "value": result_of(state.last_result, state.last_detail),
        "unit": reading.unit,
        "time": reading.at,
        "is_old": reading.is_old,
        "is_simulated": stream.thing.is_demo,
        "longitude": card.longitude,
        "latitude": card.latitude,
        "url": root + stream.path,
    }


def _named(entry: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in entry.items() if value not in (None, "")}


def _features(readings: list[Reading]) -> Iterator[Feature]:
    """Yield one point for each thing, with all that it says now."""
    by_thing: dict[int, list[Reading]] = {}
    for reading in readings:
        by_thing.setdefault(reading.datastream.thing_id, []).append(reading)
    for of_thing in by_thing.values():
        thing = of_thing[0].datastream.thing
        if thing.card.longitude is None:
            continue
        newest = max(reading.at for reading in of_thing if reading.at is not None)
        lines = [f"{each.datastream.name}: {each.value} {each.unit}".strip() for each in of_thing]
        age = _("vor %(time)s") % {"time": timesince(newest, now(), depth=1)}
        simulated = [_("simuliert")] if thing.is_demo else []
        only = of_thing[0]
        label = {"label": f"{only.value} {only.unit}".strip()} if len(of_thing) == 1 else {}
        yield Feature(
            thing.card.path,
            {
                "title": f"{thing.name}, {of_thing[0].place}".rstrip(", "),
                "href": thing.card.path,
                "hint": "\n".join([*lines, *simulated, age]),
                "time": localtime(newest).isoformat(),
                "group": OLD if all(each.is_old for each in of_thing) else NEW,
                **label,
            },
            thing.card.longitude,
            thing.card.latitude,
        )


def _bounds(streams: QuerySet[Datastream]) -> str:
    """Return the box around the things of ``streams`` with some air, empty for none."""
    box = streams.order_by().aggregate(
        west=Min("thing__card__longitude"),
        south=Min("thing__card__latitude"),
        east=Max("thing__card__longitude"),
        north=Max("thing__card__latitude"),
    )
    if box["west"] is None:
        return ""
    air = {"west": -AIR, "south": -AIR, "east": AIR, "north": AIR}
    return ",".join(f"{box[side] + more:.4f}" for side, more in air.items())

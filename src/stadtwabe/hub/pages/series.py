"""A thing with what it measures, and one datastream over time."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _

from stadtwabe.hub.alerting.words import advice, sentence
from stadtwabe.hub.live.topics import topic_of
from stadtwabe.hub.measures import BY_CODE, Unit, units_beside
from stadtwabe.hub.models import Datastream
from stadtwabe.hub.pages.series_files import definition_of, series_as_csv, unit_for
from stadtwabe.hub.queries.alerts import shown_alerts
from stadtwabe.hub.queries.comparison import (
    MOST_LINES,
    MOST_OFFERED,
    Line,
    comparable,
    lines_of,
    rows_of,
)
from stadtwabe.hub.queries.quality import flagged
from stadtwabe.hub.queries.readings import (
    reading_of,
    readings_of,
    shown_value,
    streams_with_state,
)
from stadtwabe.hub.queries.room_air import of_carbon_dioxide
from stadtwabe.hub.queries.series import Resolution, Series, resolution_for
from stadtwabe.hub.queries.visible import things_visible_to
from stadtwabe.hub.rules import Quality
from stadtwabe.hub.units import code_of
from stadtwabe.kit.actor import Actor
from stadtwabe.kit.clock import now
from stadtwabe.kit.dates import read_date
from stadtwabe.kit.drawing.curve import Point, draw
from stadtwabe.kit.errors import Invalid
from stadtwabe.kit.numbers import decimal_separator, whole_number
from stadtwabe.people.actors import actor_of
from stadtwabe.people.permissions import can

PERIODS = {
    "24h": timedelta(days=1),
    "7t": timedelta(days=7),
    "30t": timedelta(days=30),
    "1j": timedelta(days=366),
}
DEFAULT_PERIOD = "7t"
ROWS_SHOWN = 100


def thing(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a thing: what it says now, where it is, whose it is."""
    actor = actor_of(request)
    things = things_visible_to(actor).select_related("card", "card__place", "owner")
    found = get_object_or_404(things, card__slug=slug)
    readings = readings_of(actor, [found], now=now())
    return render(
        request,
        "hub/thing.html",
        {
            "thing": found,
            "card": found.card,
            "readings": readings,
            "topic": topic_of(reading.datastream.pk for reading in readings),
            "locations": found.locations.order_by("name"),
            "may_edit": can(actor, "hub.edit_thing", found),
            **_noticed(actor, [reading.datastream for reading in readings]),
        },
    )


def datastream(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Show a datastream as curve and table, or hand it out as CSV (``?format=csv``).

    ``?mit=…`` puts further ones of the same unit beside it.
    """
    actor = actor_of(request)
    streams = streams_with_state(actor).select_related("sensor", "observed_property", "owner")
    found = get_object_or_404(streams, pk=pk)
    start, end, chosen, problem = _period(request, found)
    resolution = _resolution(request, end - start)
    offered = comparable(actor, found)
    beside = list(offered.filter(pk__in=_chosen(request))[: MOST_LINES - 1])
    lines = lines_of([found, *beside], start=start, end=end, resolution=resolution)
    flags = _flags(found, lines[0].series)
    if request.GET.get("format") == "csv":
        return series_as_csv(found, lines, flags, request.GET.get("einheit", ""))
    wanted, unit, lines, refused = _in_unit(found, lines, request.GET.get("einheit", ""))
    context = _context(found, lines, flags, chosen, problem or refused)
    context |= _noticed(actor, [found])
    context |= {"unit": unit, "unit_chosen": wanted, "units": _units_of(found)}
    context["offered"] = list(offered[:MOST_OFFERED])
    context["beside"] = {stream.pk for stream in beside}
    context["may_edit"] = can(actor, "hub.edit_datastream", found)
    context["topic"] = topic_of([pk])
    context["kept"] = "".join(f"&mit={stream.pk}" for stream in beside)
    context["kept"] += f"&einheit={quote(wanted)}" if wanted else ""
    return render(request, "hub/series.html", context)


def _units_of(stream: Datastream) -> list[Unit]:
    """Return the units in which a reader may see the datastream, its own first."""
    own = code_of(definition_of(stream))
    others = units_beside(own)
    return [BY_CODE[own], *others] if others else []


def _in_unit(
    stream: Datastream, lines: list[Line], wanted: str
) -> tuple[str, str, list[Line], str]:
    """Return the unit that is shown, its symbol, the lines in it, and what was wrong with it."""
    try:
        symbol, converted = unit_for(stream, wanted)
    except Invalid as error:
        return "", stream.symbol, lines, str(error)
    if not wanted:
        return "", symbol, lines, ""

    def shown(line: Line) -> Line:
        points = [
            Point(point.at, value, converted(point.least), converted(point.most))
            for point in line.series.points
            if (value := converted(point.value)) is not None
        ]
        return replace(line, series=replace(line.series, points=points))

    return wanted, symbol, [shown(line) for line in lines], ""


def _chosen(request: HttpRequest) -> list[int]:
    chosen = (whole_number(each, digits=9) for each in request.GET.getlist("mit"))
    return [pk for pk in chosen if pk is not None]


def _period(request: HttpRequest, stream: Datastream) -> tuple[datetime, datetime, str, str]:
    """Return start and end (local time), the name of the chosen period, and what was wrong."""
    last = stream.state.last_time or now()
    end = timezone.localtime(min(max(last, now() - timedelta(hours=1)), now()))
    chosen = request.GET.get("zeitraum", DEFAULT_PERIOD)
    if request.GET.get("von") or request.GET.get("bis"):
        try:
            return *_days(request, stream), "", ""
        except Invalid as error:
            return end - PERIODS[DEFAULT_PERIOD], end, DEFAULT_PERIOD, str(error)
    if chosen == "alles":
        first = timezone.localtime(stream.state.first_time or end)
        return first, max(end, timezone.localtime(last)), chosen, ""
    if chosen not in PERIODS:
        raise Http404
    # What ended long ago is shown at its end, not as an empty chart.
    latest = timezone.localtime(last)
    end = latest if end - latest > PERIODS[chosen] else end
    return end - PERIODS[chosen], end, chosen, ""


def _days(request: HttpRequest, stream: Datastream) -> tuple[datetime, datetime]:
    zone = timezone.get_current_timezone()
    first = timezone.localtime(stream.state.first_time or now())
    last = timezone.localtime(stream.state.last_time or now())
    if text := request.GET.get("von"):
        first = datetime.combine(read_date(text)[0], datetime.min.time(), zone)
    if text := request.GET.get("bis"):
        last = datetime.combine(read_date(text)[0], datetime.max.time(), zone)
    if last < first:
        raise Invalid(_("Das Ende liegt vor dem Anfang."), field="bis")
    return first, last


def _resolution(request: HttpRequest, length: timedelta) -> Resolution:
    wanted = request.GET.get("aufloesung", "")
    return Resolution(wanted) if wanted in Resolution.values else resolution_for(length)


def _flags(stream: Datastream, shown: Series) -> dict[datetime, Quality]:
    """Return what looks wrong among single values; means have no flags."""
    if shown.resolution is not Resolution.VALUES or not shown.points:
        return {}
    return flagged(stream, start=shown.points[0].at, end=shown.points[-1].at)


def _noticed(actor: Actor, streams: Sequence[Datastream]) -> dict[str, Any]:
    """Return the alerts that go on and are to be shown here, and the traffic lights."""
    return {
        "alerts_shown": [
            (sentence(alert), advice(alert.rule)) for alert in shown_alerts(actor, streams)
        ],
        "lights": of_carbon_dioxide(streams),
    }


def _context(
    stream: Datastream,
    lines: Sequence[Line],
    flags: Mapping[datetime, Quality],
    chosen: str,
    problem: str,
) -> dict[str, Any]:
    shown = lines[0].series
    points = [line.series.points for line in lines]
    curve = None
    if any(points):
        curve = draw(
            points[0],
            *points[1:],
            start=shown.start,
            end=shown.end,
            marked=flags,
            decimal_separator=decimal_separator(),
        )
    has_range = shown.resolution is not Resolution.VALUES and len(lines) == 1
    return {
        "stream": stream,
        "reading": reading_of(stream, now=now()),
        "series": shown,
        "is_cut": any(line.series.is_cut for line in lines),
        "curve": curve,
        "names": [line.name for line in lines] if len(lines) > 1 else [],
        "rows": [
            (at, cells, flags[at].words if at in flags else [])
            for at, cells in _rows(lines, has_range=has_range)
        ],
        "has_flags": bool(flags),
        "has_range": has_range,
        "is_live": chosen in PERIODS and now() - shown.end < timedelta(hours=2),
        "chosen": chosen,
        "problem": problem,
        "periods": (
            ("24h", _("24 Stunden")),
            ("7t", _("7 Tage")),
            ("30t", _("30 Tage")),
            ("1j", _("1 Jahr")),
            ("alles", _("alles")),
        ),
        "resolutions": Resolution.choices,
    }


def _rows(lines: Sequence[Line], *, has_range: bool) -> list[tuple[datetime, list[str]]]:
    """Return the newest rows of the table: time, and a cell for each column."""
    if has_range:
        newest = reversed(lines[0].series.points[-ROWS_SHOWN:])
        rows = [(point.at, [point.value, point.least, point.most]) for point in newest]
    else:
        rows = rows_of(lines)[:ROWS_SHOWN]
    return [(at, [shown_value(value) for value in values]) for at, values in rows]

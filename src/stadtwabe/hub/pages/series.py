"""A thing with what it measures, and one datastream over time."""

from datetime import datetime, timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _

from stadtwabe.hub.models import Datastream
from stadtwabe.hub.queries.readings import reading_of, readings_of, shown_value
from stadtwabe.hub.queries.series import Resolution, Series, resolution_for, series
from stadtwabe.hub.queries.visible import datastreams_visible_to, things_visible_to
from stadtwabe.kit.clock import now
from stadtwabe.kit.dates import read_date
from stadtwabe.kit.drawing.curve import draw
from stadtwabe.kit.errors import Invalid
from stadtwabe.kit.formats.csv_text import MEDIA_TYPE, write_csv
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
    return render(
        request,
        "hub/thing.html",
        {
            "thing": found,
            "card": found.card,
            "readings": readings_of(actor, [found], now=now()),
            "locations": found.locations.order_by("name"),
            "may_edit": can(actor, "hub.edit_thing", found),
        },
    )


def datastream(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Show a datastream as curve and table, or hand it out as CSV (``?format=csv``)."""
    actor = actor_of(request)
    streams = datastreams_visible_to(actor).select_related(
        "state", "thing__card__place", "sensor", "observed_property", "owner"
    )
    found = get_object_or_404(streams, pk=pk)
    start, end, chosen, problem = _period(request, found)
    resolution = _resolution(request, end - start)
    shown = series(found, start=start, end=end, resolution=resolution)
    if request.GET.get("format") == "csv":
        return _csv(found, shown)
    return render(request, "hub/series.html", _context(found, shown, chosen, problem))


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


def _csv(stream: Datastream, shown: Series) -> StreamingHttpResponse:
    unit = stream.units[0].get("symbol", "") if stream.units else ""
    columns = ["Zeit (UTC)", f"{stream.name} [{unit}]", "kleinster Wert", "größter Wert"]
    rows = ((point.at, point.value, point.least, point.most) for point in shown.points)
    response = StreamingHttpResponse(write_csv(columns, rows), content_type=MEDIA_TYPE)
    response["Content-Disposition"] = f'attachment; filename="messreihe-{stream.pk}.csv"'
    return response


def _context(stream: Datastream, shown: Series, chosen: str, problem: str) -> dict[str, Any]:
    latest = [
        (point, *(shown_value(each, None) for each in (point.value, point.least, point.most)))
        for point in reversed(shown.points[-ROWS_SHOWN:])
    ]
    return {
        "stream": stream,
        "reading": reading_of(stream, now=now()),
        "series": shown,
        "curve": draw(shown.points, start=shown.start, end=shown.end) if shown.points else None,
        "rows": latest,
        "has_range": shown.resolution is not Resolution.VALUES,
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

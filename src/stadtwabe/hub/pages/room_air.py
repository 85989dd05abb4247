"""The traffic light of a room: readable from the back, by word and sign, not by colour alone."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _

from stadtwabe.hub.live.topics import topic_of
from stadtwabe.hub.queries.readings import shown_value
from stadtwabe.hub.queries.room_air import Air, is_carbon_dioxide, of_carbon_dioxide, room_air
from stadtwabe.hub.queries.visible import datastreams_visible_to, things_visible_to
from stadtwabe.kit.clock import now
from stadtwabe.people.actors import actor_of

REFRESH_SECONDS = 20
LIVE_REFRESH_SECONDS = 15 * 60
"""Of the page that a script keeps up to date: should it fail, the value is still not called new."""
SIGNS = {Air.GOOD: "success", Air.NOTICEABLE: "warning", Air.UNACCEPTABLE: "danger"}


def of_datastream(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the traffic light; it loads itself again, unless ``?anhalten=1`` (WCAG 2.2.2).

    Where scripts run, one leads to ``?laufend=1`` and keeps it up to date by live values.
    """
    streams = datastreams_visible_to(actor_of(request)).select_related(
        "state", "thing__card__place", "observed_property"
    )
    stream = get_object_or_404(streams, pk=pk)
    if not is_carbon_dioxide(stream):
        raise Http404
    shown = room_air(stream, now=now())
    is_held = request.GET.get("anhalten") == "1"
    is_live = request.GET.get("laufend") == "1" and not is_held
    response = render(
        request,
        "hub/room_air.html",
        {
            "stream": stream,
            "place": stream.thing.card.place,
            "location": stream.thing.locations.order_by("name").first(),
            "shown": shown,
            "value": shown_value(shown.value),
            "sign": SIGNS.get(shown.air, "info"),
            "advice": _advice(shown.air),
            "is_held": is_held,
            "topic": topic_of([pk]) if is_live else "",
            "seconds": REFRESH_SECONDS,
        },
    )
    add_never_cache_headers(response)
    if not is_held:
        # A header, because it works without JavaScript and leaves the page to the address alone.
        seconds, query = (LIVE_REFRESH_SECONDS, "?laufend=1") if is_live else (REFRESH_SECONDS, "")
        response["Refresh"] = f"{seconds};url={request.path}{query}"
    return response


def of_thing(request: HttpRequest, slug: str) -> HttpResponse:
    """Lead to the traffic light of a thing that measures carbon dioxide."""
    actor = actor_of(request)
    thing = get_object_or_404(things_visible_to(actor), card__slug=slug)
    streams = datastreams_visible_to(actor).filter(thing=thing).select_related("observed_property")
    for stream in of_carbon_dioxide(streams.order_by("pk")):
        return redirect("hub:room-air", stream.pk)
    raise Http404


def _advice(air: Air) -> str:
    return {
        Air.GOOD: _("So kann es bleiben."),
        Air.NOTICEABLE: _("Fenster weit öffnen, am besten alle, fünf Minuten lang."),
        Air.UNACCEPTABLE: _("Alle Fenster und die Tür öffnen, bis die Ampel umspringt."),
        Air.UNKNOWN: _("Der Fühler meldet sich gerade nicht. Lüften Sie wie gewohnt."),
    }[air]

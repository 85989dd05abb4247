"""/daten/orte/… and /daten/themen/…: what a town or a theme looks like now, also to embed."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from stadtwabe.hub.live.topics import topic_of
from stadtwabe.hub.measures import THEME_OF_SLUG, Theme
from stadtwabe.hub.queries.dashboards import Dashboard, theme_dashboard, town_dashboard
from stadtwabe.kit.actor import VISITOR
from stadtwabe.kit.clock import now
from stadtwabe.people.actors import actor_of
from stadtwabe.places.models import Place

EMBED_POLICY = "; ".join(
    (
        "default-src 'self'",
        "img-src 'self' data:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'none'",
    )
)
"""As on every page, but other sites may frame it, and nothing can be sent from it."""


@require_safe
def town(request: HttpRequest, key: str, slug: str) -> HttpResponse:
    """Show what is measured in a place, by theme; visitors see what is public."""
    place = get_object_or_404(Place, pk=key)
    if slug != place.slug:
        return redirect("hub:town", key=place.key, slug=place.slug, permanent=True)
    dashboard = town_dashboard(actor_of(request), place, now=now())
    return _page(
        request,
        dashboard,
        {
            "place": place,
            "title": _("Messwerte in %(place)s") % {"place": place.name},
            "lead": _("Was hier gemessen wird, so aktuell, wie es ankommt."),
            "embed": reverse("hub:embed-town", args=[place.key, place.slug]),
            "all": f"{reverse('hub:overview')}?ort={place.key}",
            "crumbs": [(_("Daten"), "/daten/"), (place.name, "")],
        },
    )


@require_safe
def theme(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what is measured of a theme, by town."""
    found = _theme(slug)
    dashboard = theme_dashboard(actor_of(request), found, now=now())
    return _page(
        request,
        dashboard,
        {
            "theme": found,
            "title": found.title,
            "lead": found.lead,
            "embed": reverse("hub:embed-theme", args=[found.slug]),
            "all": f"{reverse('hub:overview')}?was={found.slug}",
            "crumbs": [(_("Daten"), "/daten/"), (str(found.title), "")],
        },
    )


@xframe_options_exempt
@require_safe
def embedded_town(request: HttpRequest, key: str, slug: str) -> HttpResponse:
    """Show the public values of a place inside another site's page."""
    place = get_object_or_404(Place, pk=key, slug=slug)
    dashboard = town_dashboard(VISITOR, place, now=now())
    title = _("Messwerte in %(place)s") % {"place": place.name}
    whole = reverse("hub:town", args=[place.key, place.slug])
    return _embedded(request, dashboard, {"place": place, "title": title, "whole": whole})


@xframe_options_exempt
@require_safe
def embedded_theme(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the public values of a theme inside another site's page."""
    found = _theme(slug)
    dashboard = theme_dashboard(VISITOR, found, now=now())
    whole = reverse("hub:theme", args=[found.slug])
    return _embedded(request, dashboard, {"theme": found, "title": found.title, "whole": whole})


def _theme(slug: str) -> Theme:
    if slug not in THEME_OF_SLUG:
        raise Http404
    return THEME_OF_SLUG[slug]


def _page(request: HttpRequest, dashboard: Dashboard, context: dict[str, Any]) -> HttpResponse:
    embed = request.build_absolute_uri(context["embed"])
    topic = topic_of(dashboard.streams)
    shown = {**context, "dashboard": dashboard, "topic": topic, "embed_address": embed}
    return render(request, "hub/dashboard.html", shown)


def _embedded(request: HttpRequest, dashboard: Dashboard, context: dict[str, Any]) -> HttpResponse:
    """Answer without any cookie, for whoever looks: an embedding site must not learn who it is."""
    topic = topic_of(dashboard.streams)
    shown = {**context, "dashboard": dashboard, "topic": topic}
    response = render(request, "hub/embedded.html", shown)
    ancestors = settings.EMBED_ANCESTORS
    response.headers["Content-Security-Policy"] = f"{EMBED_POLICY}; frame-ancestors {ancestors}"
    return response

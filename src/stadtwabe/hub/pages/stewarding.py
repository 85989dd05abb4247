"""/daten/pflege/: what a steward looks after, how it is, and where to go from there."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from stadtwabe.hub.pages.access import for_stewards
from stadtwabe.hub.queries.devices import LOW_PERCENT
from stadtwabe.hub.queries.stewarding import SILENT_AFTER, silent, things_of
from stadtwabe.kit.clock import now
from stadtwabe.people.actors import actor_of

PER_PAGE = 50
SILENT = "still"


@for_stewards
@require_safe
def stewarding(request: HttpRequest) -> HttpResponse:
    """List one's own things with last value, battery and signal."""
    things = things_of(actor_of(request))
    state = request.GET.get("zustand", "")
    shown = silent(things, now=now()) if state == SILENT else things
    return render(
        request,
        "hub/stewarding.html",
        {
            "page": Paginator(shown, PER_PAGE).get_page(request.GET.get("seite")),
            "state": state,
            "silent_count": silent(things, now=now()).count(),
            "silent_before": now() - SILENT_AFTER,
            "low_percent": LOW_PERCENT,
            "crumbs": [(_("Daten"), "/daten/"), (_("Datenpflege"), "")],
        },
    )

"""How long the values of a datastream are kept: what would go is shown before anything is set."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from stadtwabe.evidence.pages.editing import errors_shown
from stadtwabe.hub.commands.retention import set_retention
from stadtwabe.hub.forms.retention import RetentionForm
from stadtwabe.hub.models import Datastream
from stadtwabe.hub.pages.access import for_stewards
from stadtwabe.hub.queries.retention import expiring
from stadtwabe.hub.queries.visible import datastreams_visible_to
from stadtwabe.kit.clock import now
from stadtwabe.kit.methods import get_or_post
from stadtwabe.people.actors import actor_of
from stadtwabe.people.permissions import can


@for_stewards
@get_or_post
def retention(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for days (GET shows what they would delete), and set them (POST)."""
    stream = _stream_at(request, pk)
    given = request.POST if request.method == "POST" else request.GET
    form = RetentionForm(given if "days" in given else None, initial=_initial(stream))
    is_fine = form.is_valid()
    if is_fine and request.method == "POST":
        with errors_shown(form):
            days = form.cleaned_data["days"]
            set_retention(actor=actor_of(request), datastream=stream, days=days, now=now())
            messages.success(request, _("Gespeichert."))
            return redirect("hub:series", pk)
    days = form.cleaned_data.get("days") if is_fine else None
    context = {
        "stream": stream,
        "form": form,
        "is_previewed": is_fine and not form.errors,
        "days": days,
        "expiring": expiring(stream, days=days, now=now()) if days else None,
        "crumbs": [
            (_("Daten"), "/daten/"),
            (stream.thing.name, stream.thing.card.get_absolute_url()),
            (stream.name, stream.path),
            (_("Aufbewahrung"), ""),
        ],
    }
    return render(request, "hub/retention.html", context, status=422 if form.errors else 200)


def _stream_at(request: HttpRequest, pk: int) -> Datastream:
    actor = actor_of(request)
    streams = datastreams_visible_to(actor).select_related("state", "thing__card")
    found = streams.filter(pk=pk).first()
    if found is None or not can(actor, "hub.edit_datastream", found):
        raise Http404
    return found


def _initial(stream: Datastream) -> dict[str, int | None]:
    return {"days": stream.retention_days}

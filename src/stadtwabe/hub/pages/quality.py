"""The page on which a steward says what looks wrong in a datastream."""

from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from stadtwabe.evidence.pages.editing import errors_shown
from stadtwabe.hub.commands.quality import set_quality_rules
from stadtwabe.hub.forms.quality import QualityForm
from stadtwabe.hub.models import Observation
from stadtwabe.hub.pages.access import for_stewards
from stadtwabe.hub.queries.quality import flagged
from stadtwabe.hub.queries.readings import result_of, shown_value
from stadtwabe.hub.queries.visible import datastreams_visible_to
from stadtwabe.kit.clock import now
from stadtwabe.kit.methods import get_or_post
from stadtwabe.people.actors import actor_of
from stadtwabe.people.permissions import require

LOOKED_AT = timedelta(days=7)
MOST_SHOWN = 20


@for_stewards
@get_or_post
def quality(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the rules and what they have found lately; POST sets them."""
    actor = actor_of(request)
    streams = datastreams_visible_to(actor).select_related("state", "thing__card", "owner")
    stream = get_object_or_404(streams, pk=pk)
    require(actor, "hub.edit_datastream", stream)
    form = QualityForm(request.POST or None, initial=QualityForm.initial_of(stream.quality_rules))
    if request.method == "POST" and form.is_valid():
        with errors_shown(form):
            set_quality_rules(
                actor=actor,
                datastream=stream,
                rules=form.rules,
                review=form.cleaned_data["review"],
                now=now(),
            )
            messages.success(
                request,
                _("Gespeichert. Vorhandene Werte werden gleich neu geprüft.")
                if form.cleaned_data["review"]
                else _("Gespeichert. Die Regeln gelten für neue Werte."),
            )
            return redirect("hub:quality", pk)
    last = stream.state.last_time or now()
    found = flagged(stream, start=last - LOOKED_AT, end=last, most=MOST_SHOWN)
    values = Observation.objects.filter(datastream_id=stream.pk, phenomenon_time__in=found)
    shown = {row.phenomenon_time: row for row in values}
    context = {
        "stream": stream,
        "unit": stream.symbol,
        "form": form,
        "found": [
            (at, shown_value(result_of(shown[at].result, shown[at].detail)), flags.words)
            for at, flags in found.items()
            if at in shown
        ],
        "crumbs": [
            (_("Daten"), "/daten/"),
            (stream.thing.name, stream.thing.card.get_absolute_url()),
            (stream.name, stream.path),
            (_("Qualität"), ""),
        ],
    }
    return render(request, "hub/quality.html", context, status=422 if form.errors else 200)

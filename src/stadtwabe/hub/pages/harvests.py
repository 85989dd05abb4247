"""The pages on which stewards take over datasets from elsewhere."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from stadtwabe.evidence.pages.editing import errors_shown
from stadtwabe.hub.commands.harvests import (
    create_harvest,
    edit_harvest,
    end_harvest,
    request_harvest,
)
from stadtwabe.hub.forms.harvests import HarvestForm, RhythmForm
from stadtwabe.hub.harvest.queue import defer_harvest
from stadtwabe.hub.models import Harvest
from stadtwabe.hub.pages.access import for_stewards
from stadtwabe.hub.queries.datasets import harvests_of, with_last_log
from stadtwabe.kit.clock import now
from stadtwabe.kit.methods import get_or_post
from stadtwabe.people.actors import actor_of

LIST = "/daten/uebernahmen/"
LOGS_PER_PAGE = 20


@for_stewards
@require_safe
def harvests(request: HttpRequest) -> HttpResponse:
    """List the sources that one answers for, with what their last run did."""
    found = with_last_log(harvests_of(actor_of(request)))
    page = Paginator(found, LOGS_PER_PAGE).get_page(request.GET.get("seite"))
    context = {
        "title": _("Übernahmen"),
        "lead": _(
            "Datensätze anderer Kataloge, die hier mit zu finden sind:"
            " von DCAT-Katalogen, CKAN-Portalen und SensorThings-Servern."
        ),
        "page": page,
        "rows": page,
        "crumbs": _crumbs(),
    }
    return render(request, "hub/harvests.html", context)


@for_stewards
@get_or_post
def new_harvest(request: HttpRequest) -> HttpResponse:
    """Note a source, and ask it for the first time."""
    actor = actor_of(request)
    form = HarvestForm(request.POST or None, actor=actor)
    if request.method == "POST" and form.is_valid():
        with errors_shown(form):
            harvest = create_harvest(actor=actor, now=now(), **form.cleaned_data)
            request_harvest(actor=actor, harvest=harvest, now=now())
            defer_harvest(harvest)
            messages.success(request, _("„%s“ wird jetzt zum ersten Mal übernommen.") % harvest)
            return redirect("hub:harvest", harvest.pk)
    context = {
        "title": _("Datensätze einer anderen Quelle übernehmen"),
        "lead": _("Die Beschreibungen kommen hierher, die Daten bleiben, wo sie sind."),
        "form": form,
        "back": LIST,
        "action": _("Übernehmen"),
        "crumbs": _crumbs((_("Neue Quelle"), "")),
    }
    return render(request, "hub/simple_form.html", context, status=422 if form.errors else 200)


@for_stewards
@get_or_post
def harvest(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a source with the log of its runs; POST changes its name and rhythm."""
    actor, found = actor_of(request), _harvest_at(request, pk)
    initial = {"name": found.name, "rhythm": found.rhythm}
    form = RhythmForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        with errors_shown(form):
            edit_harvest(actor=actor, harvest=found, now=now(), **form.cleaned_data)
            messages.success(request, _("Gespeichert."))
            return redirect("hub:harvest", pk)
    context = {
        "harvest": found,
        "form": form,
        "is_waiting": found.is_waiting,
        "live": found.datasets.filter(card__withdrawn_at__isnull=True).count(),
        "page": Paginator(found.logs.all(), LOGS_PER_PAGE).get_page(request.GET.get("seite")),
        "crumbs": _crumbs((found.name, "")),
    }
    return render(request, "hub/harvest.html", context, status=422 if form.errors else 200)


@for_stewards
@require_POST
def start_harvest(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for a run now."""
    found = _harvest_at(request, pk)
    request_harvest(actor=actor_of(request), harvest=found, now=now())
    defer_harvest(found)
    messages.success(request, _("„%s“ wird gleich übernommen.") % found)
    return redirect("hub:harvest", pk)


@for_stewards
@get_or_post
def stop_harvest(request: HttpRequest, pk: int) -> HttpResponse:
    """End a harvest, after a question."""
    found = _harvest_at(request, pk)
    if request.method == "POST":
        count = end_harvest(actor=actor_of(request), harvest=found, now=now())
        text = ngettext(
            "„%(name)s“ ist beendet, %(count)s Datensatz ist zurückgezogen.",
            "„%(name)s“ ist beendet, %(count)s Datensätze sind zurückgezogen.",
            count,
        )
        messages.success(request, text % {"name": found, "count": count})
        return redirect(LIST)
    context = {
        "title": _("Übernahme beenden: %s") % found,
        "question": _("Soll diese Quelle nicht mehr übernommen werden?"),
        "consequence": _("Alle Datensätze, die von dort kommen, werden zurückgezogen."),
        "action": _("Beenden"),
        "is_danger": True,
        "back": f"{LIST}{pk}/",
        "crumbs": _crumbs((found.name, f"{LIST}{pk}/"), (_("Beenden"), "")),
    }
    return render(request, "kit/confirm.html", context)


def _harvest_at(request: HttpRequest, pk: int) -> Harvest:
    return get_object_or_404(harvests_of(actor_of(request)), pk=pk)


def _crumbs(*below: tuple[str, str]) -> list[tuple[str, str]]:
    above = [(_("Daten"), "/daten/"), (_("Datensätze"), "/daten/datensaetze/")]
    return [*above, (_("Übernahmen"), LIST if below else ""), *below]

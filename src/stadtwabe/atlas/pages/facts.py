"""Pages on which editors say who runs a solution, who took over what, what it brought."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stadtwabe.atlas.commands import add_deployment, add_effect, add_grant, add_reuse
from stadtwabe.atlas.forms import DeploymentForm, EffectForm, FactForm, GrantForm, ReuseForm
from stadtwabe.atlas.models import Project
from stadtwabe.evidence.pages.editing import errors_shown, speaking_for
from stadtwabe.evidence.pages.things import View, crumbs_of, thing_at
from stadtwabe.evidence.rules import RELATION
from stadtwabe.evidence.sources import Source
from stadtwabe.evidence.things import thing_kind
from stadtwabe.kit.actor import Actor
from stadtwabe.kit.clock import day_of
from stadtwabe.kit.clock import now as clock_now
from stadtwabe.kit.methods import get_or_post
from stadtwabe.people.actors import actor_of
from stadtwabe.people.drafts import draft_of, keeps_draft
from stadtwabe.people.permissions import require

Save = Callable[[Actor, Any, Any, Source, datetime], object]


def fact_page(kind_name: str, form_class: type[FactForm], title: Promise, save: Save) -> View:
    """Return the page that adds a fact to a thing of a kind, for those who may edit the thing."""

    @get_or_post
    @keeps_draft
    def page(request: HttpRequest, slug: str) -> HttpResponse:
        kind, actor, now = thing_kind(kind_name), actor_of(request), clock_now()
        thing = thing_at(request, kind, slug)
        require(actor, kind.action("edit"), thing)
        sent = request.POST or draft_of(request)
        form = form_class(sent, actor=actor, today=day_of(now), card=thing.card)
        if request.method == "POST" and form.is_valid():
            with errors_shown(form):
                source = form.source(speaking_for(request, thing.card.owner))
                save(actor, thing, form, source, now)
                messages.success(request, _("Eingetragen."))
                return redirect(thing.card.path)
        context = {
            "form": form,
            "card": thing.card,
            "title": str(title) % thing,
            "crumbs": crumbs_of(kind, thing.card.title),
        }
        status = 422 if request.method == "POST" and form.errors else 200
        return render(request, "atlas/fact_form.html", context, status=status)

    return page


def _given(form: FactForm, source: Source) -> dict[str, Any]:
    values = form.values
    claims = frozenset([RELATION, *values]) if form.cleaned_data["is_claim"] else frozenset()
    sources = dict.fromkeys([RELATION, *values], source)
    return {"values": values, "sources": sources, "claims": claims}


def _save_deployment(actor: Actor, thing: Any, form: Any, source: Source, now: datetime) -> object:
    party = form.cleaned_data["party"]
    return add_deployment(actor=actor, party=party, solution=thing, now=now, **_given(form, source))


def _save_grant(actor: Actor, thing: Any, form: Any, source: Source, now: datetime) -> object:
    party = form.cleaned_data["party"]
    return add_grant(actor=actor, recipient=party, programme=thing, now=now, **_given(form, source))


def _save_reuse(actor: Actor, thing: Any, form: Any, source: Source, now: datetime) -> object:
    original = Project.objects.select_related("card").get(card=form.cleaned_data["original"])
    return add_reuse(actor=actor, project=thing, original=original, now=now, **_given(form, source))


def _save_effect(actor: Actor, thing: Any, form: Any, source: Source, now: datetime) -> object:
    return add_effect(actor=actor, project=thing, values=form.values, source=source, now=now)


new_deployment = fact_page(
    "solution", DeploymentForm, gettext_lazy("Einsatz von %s eintragen"), _save_deployment
)
new_grant = fact_page("funding", GrantForm, gettext_lazy("Zuwendung aus %s eintragen"), _save_grant)
new_reuse = fact_page("project", ReuseForm, gettext_lazy("Vorbild von %s eintragen"), _save_reuse)
new_effect = fact_page(
    "project", EffectForm, gettext_lazy("Wirkung von %s eintragen"), _save_effect
)

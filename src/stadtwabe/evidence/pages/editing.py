"""Creating, editing, withdrawing and merging things by form; denied unless a rule allows it."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from stadtwabe.evidence.commands import create_thing, edit_thing, withdraw_thing
from stadtwabe.evidence.forms.newer import say_newer_values, with_newer_values
from stadtwabe.evidence.forms.things import PARTIES, ReasonForm, ThingForm
from stadtwabe.evidence.pages.things import View, crumbs_of, thing_at
from stadtwabe.evidence.sources import Source
from stadtwabe.evidence.things import SourcedThing, ThingKind, thing_kind
from stadtwabe.kit.clock import day_of
from stadtwabe.kit.clock import now as clock_now
from stadtwabe.kit.errors import DomainError, NotAllowed
from stadtwabe.kit.methods import get_or_post
from stadtwabe.people.actors import actor_of
from stadtwabe.people.drafts import draft_of, keeps_draft
from stadtwabe.people.models import Party
from stadtwabe.people.permissions import require
from stadtwabe.people.rules import Role


def create_page(name: str, create: Callable[..., Any] = create_thing) -> View:
    """Return the page that makes a new thing of the kind ``name`` by the command ``create``."""

    @get_or_post
    @keeps_draft
    def page(request: HttpRequest) -> HttpResponse:
        kind, actor, now = thing_kind(name), actor_of(request), clock_now()
        if not (actor.is_operator or actor.holds_anywhere(Role.EDITOR)):
            raise NotAllowed(
                _("Neue Einträge macht die Redaktion."),
                remedy=_("Melden Sie sich mit einem Konto der Redaktion an."),
            )
        form = ThingForm(
            request.POST or draft_of(request),
            kind=kind,
            actor=actor,
            today=day_of(now),
            initial=_from_query(request, kind),
        )
        if request.method == "POST" and form.is_valid():
            owner: Party = form.cleaned_data["owner"]
            with errors_shown(form):
                thing, _change = create(
                    actor=actor,
                    kind=kind,
                    owner=owner,
                    values=form.values,
                    sources=_sources(form, owner),
                    parties=form.parties or (),
                    now=now,
                    claims=_claims(form),
                )
                messages.success(request, _("„%s“ ist eingetragen.") % thing)
                return redirect(thing.card.path)
        return _form_page(request, kind, form, _("Neu: %s") % kind.card_kind.label)

    return page


def edit_page(name: str, edit: Callable[..., Any] = edit_thing) -> View:
    """Return the page that edits a thing of the kind ``name`` by the command ``edit``."""

    @get_or_post
    @keeps_draft
    def page(request: HttpRequest, slug: str) -> HttpResponse:
        kind, actor, now = thing_kind(name), actor_of(request), clock_now()
        thing = thing_at(request, kind, slug)
        require(actor, kind.action("edit"), thing)
        sent = request.POST or draft_of(request)
        form = ThingForm(sent, kind=kind, actor=actor, today=day_of(now), thing=thing)
        title = _("%s bearbeiten") % thing
        if request.method == "POST" and form.is_valid():
            values, parties = form.values, form.parties
            if not values and parties is None:
                messages.info(request, _("Es hat sich nichts geändert."))
                return redirect(thing.card.path)
            if _is_overtaken(form, thing):
                form = _opened_now(form, thing)
                return _form_page(request, kind, form, title, back=thing.card.path)
            with errors_shown(form):
                party = speaking_for(request, thing.card.owner)
                edit(
                    actor=actor,
                    kind=kind,
                    thing=thing,
                    values=values,
                    sources=_sources(form, party),
                    parties=parties,
                    now=now,
                    beside=bool(form.cleaned_data.get("beside")),
                    claims=_claims(form),
                )
                messages.success(request, _("Gespeichert. Die Änderung steht in der Geschichte."))
                return redirect(thing.card.path)
        return _form_page(request, kind, form, title, back=thing.card.path)

    return page


def withdraw_page(name: str) -> View:
    """Return the page that takes a thing of the kind ``name`` out of the public."""

    @get_or_post
    def page(request: HttpRequest, slug: str) -> HttpResponse:
        kind, actor = thing_kind(name), actor_of(request)
        thing = thing_at(request, kind, slug)
        require(actor, kind.action("withdraw"), thing)
        form = ReasonForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            withdraw_thing(
                actor=actor,
                kind=kind,
                thing=thing,
                because=form.cleaned_data["because"],
                now=clock_now(),
            )
            messages.success(request, _("„%s“ ist zurückgezogen.") % thing)
            return redirect(kind.card_kind.prefix)
        context = {
            "title": _("%s zurückziehen") % thing,
            "question": _("Soll dieser Eintrag nicht mehr zu sehen sein?"),
            "consequence": _(
                "An seiner Adresse steht dann, dass und warum er zurückgezogen wurde."
            ),
            "action": _("Zurückziehen"),
            "is_danger": True,
            "back": thing.card.path,
            "form": form,
            "crumbs": crumbs_of(kind, str(thing), _("Zurückziehen")),
        }
        status = 422 if form.errors else 200
        return render(request, "kit/confirm.html", context, status=status)

    return page


@contextmanager
def errors_shown(form: Any) -> Iterator[None]:
    """Go on behind it with an error of the domain, put where the person can see what to change."""
    try:
        yield
    except DomainError as error:
        field = "party_0" if error.field == PARTIES else error.field
        form.add_error(field if field in form.fields else None, str(error))


def _is_overtaken(form: ThingForm, thing: SourcedThing) -> bool:
    """Whether somebody else has changed the same meanwhile; other changes do no harm."""
    if form.cleaned_data["version"] == thing.card.changed_at.isoformat():
        return False
    knows_base = form.fields["title"].show_hidden_initial
    return bool(form.overtaken) or not knows_base


def _opened_now(form: ThingForm, thing: SourcedThing) -> ThingForm:
    """Return the form with what was typed, beside what somebody else has saved meanwhile."""
    version = thing.card.changed_at.isoformat()
    again = ThingForm(
        with_newer_values(form, version),
        kind=form.kind,
        actor=form.actor,
        today=form.today,
        thing=thing,
    )
    again.is_valid()
    say_newer_values(again, form.overtaken)
    again.add_error(
        None,
        _(
            "Inzwischen hat jemand diesen Eintrag geändert. Ihre Eingaben stehen noch da. "
            "Vergleichen Sie die markierten Felder, und speichern Sie noch einmal."
        ),
    )
    return again


def _form_page(
    request: HttpRequest, kind: ThingKind, form: ThingForm, title: str, back: str = ""
) -> HttpResponse:
    context = {
        "form": form,
        "title": title,
        "kind": kind.card_kind,
        "back": back or kind.card_kind.prefix,
        "crumbs": crumbs_of(kind, title),
    }
    status = 422 if request.method == "POST" and not form.is_valid() else 200
    return render(request, "evidence/thing_form.html", context, status=status)


def _from_query(request: HttpRequest, kind: ThingKind) -> Mapping[str, Any]:
    """Return what a link to an empty form may fill in: ``?title=…``."""
    return {name: request.GET[name] for name in kind.shown_fields if name in request.GET}


def _sources(form: ThingForm, party: Party) -> dict[str, Source]:
    source = form.source(party)
    return dict.fromkeys([*form.kind.stated, PARTIES], source)


def _claims(form: ThingForm) -> frozenset[str]:
    return frozenset(form.kind.stated) if form.cleaned_data.get("is_claim") else frozenset()


def speaking_for(request: HttpRequest, owner: Party | None) -> Party:
    """Return the party whose editors declare a change: the owner's, or the person's own."""
    actor = actor_of(request)
    mine = actor.parties_with(Role.EDITOR)
    if owner is not None and (owner.pk in mine or not mine):
        return owner
    if mine:
        return Party.objects.get(pk=mine[0])
    raise NotAllowed(_("Für diesen Eintrag ist keine Redaktion zuständig."))

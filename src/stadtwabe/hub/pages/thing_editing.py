"""Making, changing and deleting things; the first step of connecting a sensor."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from stadtwabe.evidence.pages.editing import errors_shown
from stadtwabe.hub.cards import place_of
from stadtwabe.hub.commands import create_location, create_thing, delete_thing, edit_thing
from stadtwabe.hub.commands.locations import edit_location
from stadtwabe.hub.forms.things import ThingForm, point_of
from stadtwabe.hub.models import Location, Thing
from stadtwabe.hub.pages.access import for_stewards
from stadtwabe.hub.queries.stewarding import observation_count, things_of
from stadtwabe.hub.queries.viewers import Viewers, narrower_streams, viewers_of
from stadtwabe.hub.queries.visible import things_visible_to
from stadtwabe.kit.actor import Actor
from stadtwabe.kit.clock import now
from stadtwabe.kit.methods import get_or_post
from stadtwabe.kit.numbers import whole_number
from stadtwabe.people.actors import actor_of
from stadtwabe.people.models import Party
from stadtwabe.people.permissions import require
from stadtwabe.places.boundaries import bounds_of
from stadtwabe.places.rules import Level

PREVIEW = "vorschau"
"""The name of the button that shows who would see it, without saving."""


@for_stewards
@get_or_post
def connect(request: HttpRequest) -> HttpResponse:
    """Begin to connect a sensor: make a thing, or choose one that is there."""
    actor = actor_of(request)
    known = things_of(actor)
    if request.method == "GET" and (chosen := whole_number(request.GET.get("geraet"))) is not None:
        return redirect("hub:new-stream", slug=get_object_or_404(known, pk=chosen).card.slug)
    form = ThingForm(request.POST or None, actor=actor)
    owner = _owner(form)
    if request.method == "POST" and form.is_valid() and PREVIEW not in request.POST:
        with errors_shown(form):
            thing = _create(actor, form)
            messages.success(request, _("„%s“ ist angelegt.") % thing)
            return redirect("hub:new-stream", slug=thing.card.slug)
    return render(
        request,
        "hub/thing_form.html",
        {
            "title": _("Sensor anschließen"),
            "lead": _("In drei Schritten zum ersten Wert."),
            "step": 1,
            "known": known.only("name", "card__slug", "owner_id")[:200] if known.exists() else [],
            "form": form,
            "action": _("Weiter"),
            "back": "/daten/pflege/",
            "viewers": _viewers(form, owner),
            **_picker(owner),
            "crumbs": [*_crumbs(), (_("Sensor anschließen"), "")],
        },
        status=422 if form.errors and PREVIEW not in request.POST else 200,
    )


@for_stewards
@get_or_post
def edit(request: HttpRequest, slug: str) -> HttpResponse:
    """Change what is said about a thing, where it stands and who sees it."""
    actor, thing = actor_of(request), thing_at(request, slug)
    require(actor, "hub.edit_thing", thing)
    form = ThingForm(request.POST or None, actor=actor, thing=thing)
    if request.method == "POST" and form.is_valid() and PREVIEW not in request.POST:
        with errors_shown(form):
            _change(actor, form, thing)
            messages.success(request, _("Gespeichert."))
            return redirect(thing.card.path)
    return render(
        request,
        "hub/thing_form.html",
        {
            "title": _("%s bearbeiten") % thing,
            "thing": thing,
            "form": form,
            "action": _("Speichern"),
            "back": thing.card.path,
            "viewers": _viewers(form, thing.owner),
            "narrower": narrower_streams(thing),
            **_picker(thing.owner),
            "crumbs": [*_crumbs(), (thing.name, thing.card.path), (_("Bearbeiten"), "")],
        },
        status=422 if form.errors and PREVIEW not in request.POST else 200,
    )


@for_stewards
@get_or_post
def delete(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask, then delete a thing with all it has measured."""
    actor, thing = actor_of(request), thing_at(request, slug)
    require(actor, "hub.delete_thing", thing)
    if request.method == "POST":
        delete_thing(actor=actor, thing=thing, now=now())
        messages.success(request, _("„%s“ ist gelöscht.") % thing)
        return redirect("hub:stewarding")
    count = observation_count(thing.datastreams.all())
    return render(
        request,
        "kit/confirm.html",
        {
            "title": _("Gerät löschen"),
            "question": _("Möchten Sie „%s“ löschen?") % thing,
            "consequence": _(
                "Mit ihm gehen seine Messreihen (%(streams)d) und alle ihre Werte (%(count)s)"
                " verloren, endgültig."
            )
            % {"streams": thing.datastreams.count(), "count": number_format(count)},
            "action": _("Endgültig löschen"),
            "is_danger": True,
            "back": thing.card.path,
            "crumbs": [*_crumbs(), (thing.name, thing.card.path), (_("Löschen"), "")],
        },
    )


def thing_at(request: HttpRequest, slug: str) -> Thing:
    """Return the thing at that address, 404 for who may not see it."""
    things = things_visible_to(actor_of(request)).select_related(
        "card", "owner__place", "owner__organisation", "owner__network"
    )
    return get_object_or_404(things, card__slug=slug)


def _crumbs() -> list[tuple[str, str]]:
    return [(_("Daten"), "/daten/"), (_("Datenpflege"), "/daten/pflege/")]


def _owner(form: ThingForm) -> Party | None:
    """Return for whom the thing is to be, as far as that is clear yet."""
    if form.is_bound and form.is_valid():
        owner: Party = form.cleaned_data["owner"]
        return owner
    field: Any = form.fields["owner"]
    first: Party | None = field.queryset.first()
    return first


def _viewers(form: ThingForm, owner: Party | None) -> Viewers | None:
    """Return who would see it, by what the form holds now."""
    if owner is None:
        return None
    audience: str = form.fields["audience"].initial
    networks: Sequence[Any] = ()
    if form.is_bound:
        form.is_valid()
        audience = form.cleaned_data.get("audience") or audience
        networks = form.wanted_networks
    elif form.thing is not None:
        audience, networks = form.thing.audience, list(form.thing.networks.all())
    return viewers_of(owner, audience, networks, now=now())


def _picker(owner: Party | None) -> dict[str, str]:
    """Return where the map for choosing a place begins, and whose boundaries it shows."""
    place = place_of(owner) if owner is not None else None
    if place is None or place.level != Level.MUNICIPALITY:
        return {}
    bounds = ",".join(map(str, bounds_of(place.key) or ()))
    return {"picker_bounds": bounds, "picker_district": place.key[:5]}


@transaction.atomic
def _create(actor: Actor, form: ThingForm) -> Thing:
    owner: Party = form.cleaned_data["owner"]
    return create_thing(
        actor=actor,
        owner=owner,
        values=form.values,
        networks=form.wanted_networks,
        locations=_locations(actor, form, owner) or [],
        now=now(),
    )


@transaction.atomic
def _change(actor: Actor, form: ThingForm, thing: Thing) -> None:
    edit_thing(
        actor=actor,
        thing=thing,
        values=form.values,
        networks=form.wanted_networks,
        locations=_locations(actor, form, thing.owner),
        now=now(),
    )


def _locations(actor: Actor, form: ThingForm, owner: Party) -> list[Location] | None:
    """Return where the thing is now, None where that has not changed.

    Another position is another place: where the thing has been stays in its history. A new name
    for the same position is only a correction, unless other things stand there too.
    """
    known, wanted = form.location, form.location_values
    if wanted is None:
        return [] if known is not None and _is_told_by_the_form(known) else None
    if known is not None and _is_told_by_the_form(known):
        at_the_same = wanted["location"] == known.location or (
            point_of(known) is not None and point_of(known) == form.cleaned_data["position"]
        )
        if at_the_same and known.name == wanted["name"]:
            return None
        if at_the_same and known.things.count() == 1:
            edit_location(actor=actor, location=known, values={"name": wanted["name"]}, now=now())
            return None
    elif known is not None and form.cleaned_data["position"] is None:
        return None
    return [create_location(actor=actor, owner=owner, values=wanted, now=now())]


def _is_told_by_the_form(location: Location) -> bool:
    """Whether the form can say it: a point, or words; areas come by SensorThings."""
    return point_of(location) is not None or isinstance(location.location, str)

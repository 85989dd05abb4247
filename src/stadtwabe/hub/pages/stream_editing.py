"""Making, changing and deleting datastreams; the second step of connecting a sensor."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from stadtwabe.catalog.rules import Audience
from stadtwabe.evidence.pages.editing import errors_shown
from stadtwabe.hub.commands import create_datastream, delete_datastream, edit_datastream
from stadtwabe.hub.commands.named import property_called, sensor_called
from stadtwabe.hub.forms.datastreams import DatastreamForm, known_measures, known_units
from stadtwabe.hub.measures import MEASURES
from stadtwabe.hub.models import Datastream, ObservedProperty, Sensor, Thing
from stadtwabe.hub.pages.access import for_stewards
from stadtwabe.hub.pages.thing_editing import PREVIEW, thing_at
from stadtwabe.hub.queries.stewarding import observation_count, sensor_names
from stadtwabe.hub.queries.viewers import Viewers, viewers_of
from stadtwabe.hub.queries.visible import datastreams_visible_to
from stadtwabe.kit.actor import Actor
from stadtwabe.kit.clock import now
from stadtwabe.kit.methods import get_or_post
from stadtwabe.people.actors import actor_of
from stadtwabe.people.permissions import require


@for_stewards
@get_or_post
def new_stream(request: HttpRequest, slug: str) -> HttpResponse:
    """Say what a thing measures; how to send values comes next."""
    actor, thing = actor_of(request), thing_at(request, slug)
    require(actor, "hub.create_datastream", thing)
    form = DatastreamForm(request.POST or None, actor=actor, thing=thing)
    if request.method == "POST" and form.is_valid() and PREVIEW not in request.POST:
        with errors_shown(form):
            stream = _create(actor, form, thing)
            return redirect("hub:connection", pk=stream.pk)
    return _form(
        request,
        form,
        {
            "title": _("Was misst „%s“?") % thing,
            "step": 2,
            "action": _("Weiter"),
            "back": thing.card.path,
            "crumbs": [*_crumbs(thing), (_("Neue Messreihe"), "")],
        },
    )


@for_stewards
@get_or_post
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what is said about a datastream, and who sees it."""
    actor, stream = actor_of(request), stream_at(request, pk)
    require(actor, "hub.edit_datastream", stream)
    form = DatastreamForm(request.POST or None, actor=actor, thing=stream.thing, stream=stream)
    if request.method == "POST" and form.is_valid() and PREVIEW not in request.POST:
        with errors_shown(form):
            _change(actor, form, stream)
            messages.success(request, _("Gespeichert."))
            return redirect("hub:series", pk=stream.pk)
    return _form(
        request,
        form,
        {
            "title": _("%s bearbeiten") % stream,
            "stream": stream,
            "action": _("Speichern"),
            "back": stream.path,
            "crumbs": [
                *_crumbs(stream.thing),
                (stream.name, stream.path),
                (_("Bearbeiten"), ""),
            ],
        },
    )


@for_stewards
@get_or_post
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, then delete a datastream with its values."""
    actor, stream = actor_of(request), stream_at(request, pk)
    require(actor, "hub.delete_datastream", stream)
    thing = stream.thing
    if request.method == "POST":
        delete_datastream(actor=actor, datastream=stream, now=now())
        messages.success(request, _("„%s“ ist gelöscht.") % stream)
        return redirect(thing.card.path)
    count = observation_count(Datastream.objects.filter(pk=stream.pk))
    return render(
        request,
        "kit/confirm.html",
        {
            "title": _("Messreihe löschen"),
            "question": _("Möchten Sie „%s“ löschen?") % stream,
            "consequence": ngettext(
                "Mit ihr geht %(count)s Wert verloren, endgültig.",
                "Mit ihr gehen %(count)s Werte verloren, endgültig.",
                count,
            )
            % {"count": number_format(count)},
            "action": _("Endgültig löschen"),
            "is_danger": True,
            "back": stream.path,
            "crumbs": [*_crumbs(thing), (stream.name, ""), (_("Löschen"), "")],
        },
    )


def stream_at(request: HttpRequest, pk: int) -> Datastream:
    """Return the datastream at that address, 404 for who may not see it."""
    streams = datastreams_visible_to(actor_of(request)).select_related(
        "state",
        "sensor",
        "observed_property",
        "thing__card",
        "owner__place",
        "owner__organisation",
        "owner__network",
    )
    return get_object_or_404(streams, pk=pk)


def _crumbs(thing: Thing) -> list[tuple[str, str]]:
    return [(_("Daten"), "/daten/"), (thing.name, thing.card.path)]


def _form(request: HttpRequest, form: DatastreamForm, context: dict[str, Any]) -> HttpResponse:
    return render(
        request,
        "hub/stream_form.html",
        {
            "form": form,
            "thing": form.thing,
            "viewers": _viewers(form),
            "units": known_units(),
            "measures": known_measures(),
            "sensors": sensor_names(form.actor),
            **context,
        },
        status=422 if form.errors and PREVIEW not in request.POST else 200,
    )


def _viewers(form: DatastreamForm) -> Viewers:
    """Return who would see it, by what the form holds now."""
    thing, stream = form.thing, form.stream
    wished = stream.narrowed_to if stream is not None else None
    networks = list(stream.narrowed_networks.all()) if stream is not None else []
    if form.is_bound:
        form.is_valid()
        wished = form.wish
        networks = form.wanted_networks
    of_thing = list(thing.networks.all())
    if wished is None:
        return viewers_of(thing.owner, thing.audience, of_thing, now=now())
    if wished == Audience.NETWORKS == thing.audience:
        networks = [network for network in networks if network in of_thing]
    return viewers_of(thing.owner, wished, networks, now=now())


def _sensor(actor: Actor, form: DatastreamForm) -> Sensor:
    owner, name = form.thing.owner, form.cleaned_data["sensor"]
    return sensor_called(name, actor=actor, owner=owner, now=now())


def _property(actor: Actor, form: DatastreamForm) -> ObservedProperty:
    name = form.cleaned_data["measure"]
    known = MEASURES.get(name)
    definition = known.definition if known is not None else ""
    owner = form.thing.owner
    return property_called(name, actor=actor, owner=owner, now=now(), definition=definition)


@transaction.atomic
def _create(actor: Actor, form: DatastreamForm, thing: Thing) -> Datastream:
    return create_datastream(
        actor=actor,
        thing=thing,
        sensor=_sensor(actor, form),
        observed_properties=[_property(actor, form)],
        values=form.values,
        narrowed_networks=form.wanted_networks,
        now=now(),
    )


@transaction.atomic
def _change(actor: Actor, form: DatastreamForm, stream: Datastream) -> None:
    """Save the form; sensor and measure only where another one was named."""
    edit_datastream(
        actor=actor,
        datastream=stream,
        sensor=_sensor(actor, form) if "sensor" in form.changed_data else None,
        observed_properties=[_property(actor, form)] if "measure" in form.changed_data else None,
        values=form.values,
        narrowed_networks=form.wanted_networks if "networks" in form.fields else None,
        now=now(),
    )

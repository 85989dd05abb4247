"""/daten/funk/: radio devices with battery, signal and last message; registering them."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from stadtwabe.hub.commands import (
    create_device_token,
    create_thing,
    revoke_device_token,
)
from stadtwabe.hub.commands.devices import (
    Target,
    connect_outputs,
    create_device,
    delete_device,
    edit_device,
)
from stadtwabe.hub.commands.uplinks import forget_unknown_device
from stadtwabe.hub.forms.devices import (
    NEW,
    DeviceForm,
    GatewayKeyForm,
    OutputForm,
    output_forms,
)
from stadtwabe.hub.models import Datastream, Device, Thing
from stadtwabe.hub.pages.access import for_stewards
from stadtwabe.hub.queries.codecs import codecs_visible_to
from stadtwabe.hub.queries.devices import (
    SHOWN_UPLINKS,
    DeviceState,
    devices_of,
    in_state,
    known_outputs,
    last_uplinks,
    unknown_devices_of,
)
from stadtwabe.hub.queries.stewarding import SILENT_AFTER, keys_of, stewarded, stewarded_parties
from stadtwabe.hub.rules import TokenReach
from stadtwabe.kit.actor import Actor
from stadtwabe.kit.clock import now
from stadtwabe.kit.errors import DomainError
from stadtwabe.kit.methods import get_or_post
from stadtwabe.kit.numbers import whole_number
from stadtwabe.people.actors import actor_of

PER_PAGE = 50


def _crumbs(*more: tuple[str, str]) -> list[tuple[str, str]]:
    return [
        (_("Daten"), "/daten/"),
        (_("Funkgeräte"), "/daten/funk/" if more else ""),
        *more,
    ]


def _states() -> list[tuple[str, str]]:
    return [
        (DeviceState.FAILED.value, _("nicht lesbar")),
        (DeviceState.SILENT.value, _("seit einem Tag still")),
        (DeviceState.LOW_BATTERY.value, _("Batterie schwach")),
        (DeviceState.FINE.value, _("in Ordnung")),
    ]


@for_stewards
@require_safe
def device_list(request: HttpRequest) -> HttpResponse:
    """List the radio devices of one's own parties, and those that nobody has registered."""
    actor = actor_of(request)
    devices = devices_of(actor)
    state = request.GET.get("zustand", "")
    if state in list(DeviceState):
        devices = in_state(devices, DeviceState(state), now=now())
    return render(
        request,
        "hub/devices.html",
        {
            "crumbs": _crumbs(),
            "page": Paginator(devices, PER_PAGE).get_page(request.GET.get("seite")),
            "state": state,
            "states": _states(),
            "silent_before": now() - SILENT_AFTER,
            "unknown": list(unknown_devices_of(actor)) if not state else [],
        },
    )


@for_stewards
@require_safe
def device_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a radio device: how it is, where its values go, its last messages."""
    device = _device(request, pk)
    return render(
        request,
        "hub/device.html",
        {
            "crumbs": _crumbs((device.name, "")),
            "device": device,
            "outputs": device.outputs.select_related("datastream").order_by("output"),
            "uplinks": last_uplinks(device)[:SHOWN_UPLINKS],
        },
    )


@for_stewards
@get_or_post
def new_device(request: HttpRequest) -> HttpResponse:
    """Register a radio device, if need be with a new thing."""
    actor = actor_of(request)
    initial = {
        "dev_eui": request.GET.get("eui", ""),
        "owner": request.GET.get("fuer", ""),
        "thing": request.GET.get("messstelle", ""),
        "codec": codecs_visible_to(actor).filter(slug=request.GET.get("codec", "")).first(),
    }
    form = _form(request, actor, initial=initial, is_new=True)
    if request.method == "POST" and form.is_valid():
        try:
            device = _create(actor, form.cleaned_data)
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        else:
            messages.success(request, _("Das Funkgerät ist angemeldet."))
            return redirect("hub:device-outputs", pk=device.pk)
    return render(
        request,
        "hub/device_form.html",
        {"crumbs": _crumbs((_("Anmelden"), "")), "form": form, "device": None},
    )


@for_stewards
@get_or_post
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a radio device."""
    actor, device = actor_of(request), _device(request, pk)
    initial = {
        "dev_eui": device.dev_eui,
        "name": device.name,
        "codec": device.codec,
        "thing": device.thing,
    }
    form = _form(request, actor, initial=initial, is_new=False)
    if request.method == "POST" and form.is_valid():
        try:
            edit_device(actor=actor, device=device, now=now(), **form.cleaned_data)
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        else:
            messages.success(request, _("Gespeichert."))
            return redirect("hub:device", pk=device.pk)
    return render(
        request,
        "hub/device_form.html",
        {
            "crumbs": _crumbs((device.name, f"/daten/funk/{device.pk}/"), (_("Bearbeiten"), "")),
            "form": form,
            "device": device,
        },
    )


@for_stewards
@get_or_post
def outputs(request: HttpRequest, pk: int) -> HttpResponse:
    """Say which output goes to which datastream; new ones are made in one go."""
    actor, device = actor_of(request), _device(request, pk)
    datastreams = list(device.thing.datastreams.filter(is_multi=False).order_by("name"))
    found = known_outputs(device, device.codec)
    forms_ = output_forms(device, found, datastreams, request.POST or None)
    problem = ""
    if request.method == "POST" and all(form.is_valid() for form in forms_):
        try:
            made = connect_outputs(
                actor=actor, device=device, targets=_targets(forms_, datastreams), now=now()
            )
        except DomainError as error:
            problem = str(error)
        else:
            messages.success(request, _connected(made))
            return redirect("hub:device", pk=device.pk)
    return render(
        request,
        "hub/device_outputs.html",
        {
            "crumbs": _crumbs((device.name, f"/daten/funk/{device.pk}/"), (_("Messwerte"), "")),
            "device": device,
            "forms": forms_,
            "problem": problem,
        },
    )


@for_stewards
@get_or_post
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, then delete a radio device."""
    actor, device = actor_of(request), _device(request, pk)
    if request.method == "POST":
        delete_device(actor=actor, device=device, now=now())
        messages.success(request, _("Das Funkgerät ist abgemeldet."))
        return redirect("hub:devices")
    return render(
        request,
        "kit/confirm.html",
        {
            "title": _("Funkgerät abmelden"),
            "question": _("Möchten Sie „%(name)s“ abmelden?") % {"name": device.name},
            "consequence": _(
                "Seine aufbewahrten Nachrichten werden gelöscht, seine Messwerte bleiben."
            ),
            "action": _("Funkgerät abmelden"),
            "is_danger": True,
            "back": f"/daten/funk/{device.pk}/",
        },
    )


@for_stewards
@require_POST
def forget(request: HttpRequest) -> HttpResponse:
    """Delete what waits of a device that is not ours."""
    actor = actor_of(request)
    owner = get_object_or_404(
        stewarded_parties(actor), pk=whole_number(request.POST.get("owner")) or 0
    )
    count = forget_unknown_device(
        actor=actor, owner=owner, dev_eui=request.POST.get("eui", ""), now=now()
    )
    messages.success(
        request,
        ngettext(
            "%(count)d wartende Nachricht ist gelöscht.",
            "%(count)d wartende Nachrichten sind gelöscht.",
            count,
        )
        % {"count": count},
    )
    return redirect("hub:devices")


@for_stewards
@get_or_post
def network_server(request: HttpRequest) -> HttpResponse:
    """Tell how to connect a network server; a POST makes a key, shown this once."""
    actor = actor_of(request)
    owners = stewarded_parties(actor)
    form = GatewayKeyForm(request.POST or None, owners=owners)
    secret = ""
    if request.method == "POST" and form.is_valid():
        _token, secret = create_device_token(actor=actor, now=now(), **form.cleaned_data)
        form = GatewayKeyForm(owners=owners)
    response = render(
        request,
        "hub/network_server.html",
        {
            "crumbs": _crumbs((_("Netzwerkserver verbinden"), "")),
            "form": form,
            "secret": secret,
            "keys": _keys(actor).order_by("label"),
            "ttn": request.build_absolute_uri("/lorawan/ttn/"),
            "chirpstack": request.build_absolute_uri("/lorawan/chirpstack/"),
        },
    )
    response.headers["Cache-Control"] = "no-store"
    return response


@for_stewards
@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Revoke the key of a network server."""
    actor = actor_of(request)
    token = get_object_or_404(_keys(actor), pk=pk)
    revoke_device_token(actor=actor, token=token, now=now())
    messages.success(request, _("Der Schlüssel gilt nicht mehr."))
    return redirect("hub:network-server")


def _keys(actor: Actor) -> Any:
    return keys_of(actor).filter(reach=TokenReach.GATEWAY)


def _device(request: HttpRequest, pk: int) -> Device:
    return get_object_or_404(devices_of(actor_of(request)), pk=pk)


def _form(request: HttpRequest, actor: Actor, *, initial: Any, is_new: bool) -> DeviceForm:
    return DeviceForm(
        request.POST or None,
        initial=initial,
        codecs=codecs_visible_to(actor),
        things=stewarded(Thing.objects.order_by("name"), actor),
        owners=stewarded_parties(actor),
        is_new=is_new,
    )


@transaction.atomic
def _create(actor: Actor, values: dict[str, Any]) -> Device:
    thing = values["thing"] or create_thing(
        actor=actor,
        owner=values["owner"],
        values={"name": values["name"], "audience": values["audience"]},
        now=now(),
    )
    return create_device(
        actor=actor,
        thing=thing,
        codec=values["codec"],
        dev_eui=values["dev_eui"],
        name=values["name"],
        now=now(),
    )


def _targets(forms_: Sequence[OutputForm], datastreams: Sequence[Datastream]) -> list[Target]:
    by_key = {str(each.pk): each for each in datastreams}
    return [
        Target(
            output=form.output,
            datastream=None if target == NEW else by_key[target],
            factor=1.0 if values["factor"] is None else values["factor"],
            addend=values["addend"] or 0.0,
        )
        for form in forms_
        for values in [form.cleaned_data]
        for target in [values["target"]]
        if target
    ]


def _connected(made: int) -> str:
    if not made:
        return _("Gespeichert. Aufbewahrte Nachrichten werden neu gelesen.")
    return ngettext(
        "Gespeichert. %(count)d Messreihe ist neu angelegt.",
        "Gespeichert. %(count)d Messreihen sind neu angelegt.",
        made,
    ) % {"count": made}

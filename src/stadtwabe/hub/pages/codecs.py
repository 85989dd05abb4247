"""/daten/codecs/: which payloads are understood, and trying out others."""

import json
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from stadtwabe.hub.codecs.engine import Decoded, Encoded, Scalar
from stadtwabe.hub.codecs.faults import CodecError
from stadtwabe.hub.codecs.outputs import describe
from stadtwabe.hub.commands.codec_faults import explain
from stadtwabe.hub.commands.codecs import (
    create_codec,
    delete_codec,
    edit_codec,
    try_codec,
    try_downlink,
)
from stadtwabe.hub.forms.codecs import CodecForm, TrialForm, lines_of
from stadtwabe.hub.models import Codec
from stadtwabe.hub.pages.access import for_stewards
from stadtwabe.hub.queries.codecs import codecs_visible_to
from stadtwabe.hub.queries.stewarding import stewarded_parties
from stadtwabe.hub.rules import SensorClass
from stadtwabe.kit.actor import Actor
from stadtwabe.kit.clock import now
from stadtwabe.kit.errors import DomainError
from stadtwabe.kit.methods import get_or_post
from stadtwabe.kit.rate_limit import is_too_often
from stadtwabe.people.actors import actor_of
from stadtwabe.people.permissions import can, require

TRIES_A_MINUTE = 30
STARTER = """function decodeUplink(input) {
  return {
    data: { bytes: input.bytes.length },
  };
}
"""


@require_safe
def codec_list(request: HttpRequest) -> HttpResponse:
    """List the codecs by class of sensor."""
    actor = actor_of(request)
    codecs = list(codecs_visible_to(actor))
    groups = [
        (label, [codec for codec in codecs if codec.sensor_class == value])
        for value, label in SensorClass.choices
    ]
    return render(
        request,
        "hub/codecs.html",
        {
            "crumbs": [(_("Daten"), "/daten/"), (_("Codecs"), "")],
            "groups": [(label, found) for label, found in groups if found],
            "may_try": can(actor, "hub.try_codec"),
        },
    )


@require_safe
def codec_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a codec with its source, outputs and test vectors."""
    actor = actor_of(request)
    codec = get_object_or_404(codecs_visible_to(actor), slug=slug)
    return render(
        request,
        "hub/codec.html",
        {
            "crumbs": [
                (_("Daten"), "/daten/"),
                (_("Codecs"), "/daten/codecs/"),
                (codec.name, ""),
            ],
            "codec": codec,
            "outputs": list(codec.described_outputs),
            "versions": codec.versions.all(),
            "may_edit": codec.owner is not None and can(actor, "hub.edit_codec", codec),
            "may_try": can(actor, "hub.try_codec"),
        },
    )


@for_stewards
@get_or_post
def workbench(request: HttpRequest, slug: str = "") -> HttpResponse:
    """Try out a codec on a message; keep it, or change one's own."""
    actor = actor_of(request)
    codec = _own_codec(actor, slug) if slug else None
    start = codec or codecs_visible_to(actor).filter(slug=request.GET.get("von", "")).first()
    trial = TrialForm(request.POST or None, initial=_first_trial(start))
    owners = stewarded_parties(actor)
    keep = None
    decoded, problem = None, ""
    encoded, downlink_problem = None, ""
    if request.method == "POST" and trial.is_valid():
        decoded, problem, log = _try(request, actor, trial)
        if decoded is not None and trial.cleaned_data["downlink"]:
            encoded, downlink_problem, more = _try_downlink(actor, trial)
            log += more
        is_saving = request.POST.get("handlung") == "behalten"
        values = request.POST if is_saving else None
        keep = CodecForm(values, owners=owners, initial=_first_values(start, decoded))
        if codec is not None:
            del keep.fields["owner"]
        if is_saving and decoded is not None and keep.is_valid():
            try:
                return _keep(request, actor, codec, trial, keep, decoded, encoded)
            except DomainError as error:
                keep.add_error(error.field if error.field in keep.fields else None, str(error))
    else:
        log = ()
    return render(
        request,
        "hub/workbench.html",
        {
            "crumbs": [
                (_("Daten"), "/daten/"),
                (_("Codecs"), "/daten/codecs/"),
                *([(codec.name, f"/daten/codecs/{codec.slug}/")] if codec else []),
                (_("Bearbeiten") if codec else _("Ausprobieren"), ""),
            ],
            "codec": codec,
            "trial": trial,
            "keep": keep if decoded is not None else None,
            "rows": _rows(start, decoded) if decoded else [],
            "decoded": decoded,
            "problem": problem,
            "encoded": encoded,
            "encoded_bytes": encoded.payload.hex(" ").upper() if encoded else "",
            "downlink_problem": downlink_problem,
            "log": log,
        },
    )


@for_stewards
@get_or_post
def delete(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask, then delete one's own codec."""
    actor = actor_of(request)
    codec = _own_codec(actor, slug)
    if request.method == "POST":
        delete_codec(actor=actor, codec=codec, now=now())
        messages.success(request, _("Der Codec ist gelöscht."))
        return redirect("hub:codecs")
    return render(
        request,
        "kit/confirm.html",
        {
            "title": _("Codec löschen"),
            "question": _("Möchten Sie den Codec „%(name)s“ löschen?") % {"name": codec.name},
            "consequence": _("Gespeicherte Messwerte bleiben."),
            "action": _("Codec löschen"),
            "is_danger": True,
            "back": f"/daten/codecs/{codec.slug}/",
        },
    )


def _own_codec(actor: Actor, slug: str) -> Codec:
    codec = get_object_or_404(codecs_visible_to(actor), slug=slug)
    require(actor, "hub.edit_codec", codec)
    return codec


def _try(
    request: HttpRequest, actor: Actor, trial: TrialForm
) -> tuple[Decoded | None, str, tuple[str, ...]]:
    """Run the codec; return what came out, or what is wrong with it, and its console."""
    if is_too_often("codec", actor.person, most=TRIES_A_MINUTE, seconds=60):
        return None, _("Das waren viele Versuche. Warten Sie bitte eine Minute."), ()
    try:
        given = {name: trial.cleaned_data[name] for name in ("source", "payload", "f_port")}
        decoded = try_codec(actor=actor, **given, now=now())
    except CodecError as error:
        return None, explain(error), error.log
    if decoded.errors:
        return None, _("Der Codec meldet: %(text)s") % {"text": decoded.errors[0]}, decoded.log
    return decoded, "", decoded.log


def _try_downlink(actor: Actor, trial: TrialForm) -> tuple[Encoded | None, str, tuple[str, ...]]:
    """Let the codec encode; return the message, or what is wrong, and its console."""
    source, data = trial.cleaned_data["source"], trial.cleaned_data["downlink"]
    try:
        encoded = try_downlink(actor=actor, source=source, data=data)
    except CodecError as error:
        return None, explain(error), error.log
    if encoded.errors:
        return None, _("Der Codec meldet: %(text)s") % {"text": encoded.errors[0]}, encoded.log
    return encoded, "", encoded.log


def _keep(
    request: HttpRequest,
    actor: Actor,
    codec: Codec | None,
    trial: TrialForm,
    keep: CodecForm,
    decoded: Decoded,
    encoded: Encoded | None,
) -> HttpResponse:
    values = dict(keep.cleaned_data)
    owner = values.pop("owner", None)
    values["source"] = trial.cleaned_data["source"]
    payload = trial.cleaned_data["payload"].hex().upper()
    former = codec.vectors if codec is not None else []
    down = [each for each in former if "data" in each]
    if encoded is not None:
        data = trial.cleaned_data["downlink"]
        down = [each for each in down if each["data"] != data]
        down.append(
            {
                "payload": encoded.payload.hex().upper(),
                "f_port": encoded.f_port,
                "data": data,
                "origin": "tried",
                "note": "",
            }
        )
    up = (each for each in former if "data" not in each and each["payload"] != payload)
    values["vectors"] = [
        *up,
        {
            "payload": payload,
            "f_port": trial.cleaned_data["f_port"],
            "outputs": decoded.outputs,
            "origin": "tried",
            "note": "",
        },
    ][-10:] + down[-10:]
    if codec is None:
        assert owner is not None
        codec = create_codec(actor=actor, owner=owner, values=values, now=now())
        messages.success(request, _("Der Codec ist gespeichert."))
    else:
        count = edit_codec(actor=actor, codec=codec, values=values, now=now())
        messages.success(request, _saved(count))
    return redirect("hub:codec", slug=codec.slug)


def _saved(count: int) -> str:
    if not count:
        return _("Der Codec ist gespeichert.")
    return ngettext(
        "Der Codec ist gespeichert. %(count)d aufbewahrte Nachricht wird neu gelesen.",
        "Der Codec ist gespeichert. %(count)d aufbewahrte Nachrichten werden neu gelesen.",
        count,
    ) % {"count": count}


def _first_trial(codec: Codec | None) -> dict[str, Any]:
    if codec is None:
        return {"source": STARTER}
    up, down = codec.uplink_vectors, codec.downlink_vectors
    vector = up[0] if up else {"payload": "", "f_port": 1}
    return {
        "source": codec.source,
        "payload": vector["payload"],
        "f_port": vector["f_port"],
        "downlink": json.dumps(down[0]["data"], ensure_ascii=False) if down else "",
    }


def _first_values(codec: Codec | None, decoded: Decoded | None) -> dict[str, Any]:
    described = list(codec.described_outputs) if codec is not None else []
    names = list(decoded.outputs) if decoded is not None else []
    listed = [*described, *(describe(name, described) for name in names)]
    values: dict[str, Any] = {
        "outputs": lines_of({output.name: output for output in listed}.values())
    }
    if codec is not None:
        for name in ("name", "vendor", "sensor_class", "reference"):
            values[name] = getattr(codec, name)
    return values


@dataclass(frozen=True)
class _Row:
    """One value that came out."""

    name: str
    label: str
    value: Scalar
    unit: str


def _rows(codec: Codec | None, decoded: Decoded) -> list[_Row]:
    described = list(codec.described_outputs) if codec is not None else []
    return [
        _Row(name, output.label, value, output.symbol)
        for name, value in decoded.outputs.items()
        for output in [describe(name, described)]
    ]

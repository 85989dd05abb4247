"""How to send values to a datastream: address, key, examples; the last step of connecting."""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from stadtwabe.hub.commands import create_device_token, revoke_device_token
from stadtwabe.hub.forms.device_tokens import KeyForm
from stadtwabe.hub.models import Datastream
from stadtwabe.hub.pages.access import for_stewards
from stadtwabe.hub.pages.stream_editing import stream_at
from stadtwabe.hub.queries.readings import reading_of
from stadtwabe.hub.queries.stewarding import keys_for, keys_of
from stadtwabe.hub.rules import ObservationType, TokenReach
from stadtwabe.hub.topics import incoming_topic
from stadtwabe.kit.clock import now
from stadtwabe.kit.methods import get_or_post
from stadtwabe.kit.numbers import whole_number
from stadtwabe.people.actors import actor_of
from stadtwabe.people.permissions import require

NO_KEY, NO_ACCOUNT = "IHR-SCHLÜSSEL", "NAME"
"""What stands in the examples until a key was made."""

EXAMPLES = {
    ObservationType.TRUTH.value: "true",
    ObservationType.CATEGORY.value: '"offen"',
    ObservationType.COUNT.value: "12",
}


@for_stewards
@get_or_post
def connection(request: HttpRequest, pk: int) -> HttpResponse:
    """Show how to send values; a POST makes a key, which is shown this once."""
    actor, stream = actor_of(request), stream_at(request, pk)
    require(actor, "hub.edit_datastream", stream)
    form = KeyForm(request.POST or None, initial={"label": stream.thing.name})
    account, secret = NO_ACCOUNT, ""
    if request.method == "POST" and form.is_valid():
        reach = form.cleaned_data["reach"]
        token, secret = create_device_token(
            actor=actor,
            owner=stream.owner,
            label=form.cleaned_data["label"],
            datastream=stream if reach == TokenReach.DATASTREAM else None,
            thing=stream.thing if reach == TokenReach.THING else None,
            now=now(),
        )
        account = token.broker_name
        form = KeyForm(initial={"label": stream.thing.name})
    response = render(
        request,
        "hub/connection.html",
        {
            "stream": stream,
            "thing": stream.thing,
            "form": form,
            "secret": secret,
            "key": secret or NO_KEY,
            "keys": keys_for(stream),
            "address": request.build_absolute_uri(f"{stream.sta_path}/Observations"),
            "account": account,
            "topic": incoming_topic(account, stream.pk, is_multi=stream.is_multi, prefix=_prefix()),
            "broker": urlsplit(settings.MQTT_PUBLIC_URL),
            "example": _example(stream),
            "reading": reading_of(stream, now=now()),
            "step": 3,
            "crumbs": [
                (_("Daten"), "/daten/"),
                (stream.thing.name, stream.thing.card.path),
                (stream.name, stream.path),
                (_("Anschluss"), ""),
            ],
        },
        status=422 if form.errors else 200,
    )
    response.headers["Cache-Control"] = "no-store"
    return response


@for_stewards
@require_safe
def arrival(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer whether a value has come in yet: a part of the page, asked again and again."""
    stream = stream_at(request, pk)
    require(actor_of(request), "hub.edit_datastream", stream)
    return render(
        request,
        "hub/_arrival.html",
        {"stream": stream, "reading": reading_of(stream, now=now())},
    )


@for_stewards
@require_safe
def keys(request: HttpRequest) -> HttpResponse:
    """List all keys of devices that one looks after."""
    return render(
        request,
        "hub/keys.html",
        {
            "keys": keys_of(actor_of(request)),
            "crumbs": [
                (_("Daten"), "/daten/"),
                (_("Datenpflege"), "/daten/pflege/"),
                (_("Schlüssel"), ""),
            ],
        },
    )


@for_stewards
@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a key worthless at once."""
    actor = actor_of(request)
    token = get_object_or_404(keys_of(actor), pk=pk)
    revoke_device_token(actor=actor, token=token, now=now())
    messages.success(request, _("Der Schlüssel „%s“ gilt nicht mehr.") % token.label)
    if (back := whole_number(request.POST.get("zurueck"))) is not None:
        return redirect("hub:connection", pk=back)
    return redirect("hub:device-tokens")


def _prefix() -> str:
    broker = settings.MQTT_BROKER or {}
    return str(broker.get("prefix", ""))


def _example(stream: Datastream) -> str:
    """Return a result such as the datastream takes, as JSON."""
    if stream.is_multi:
        return f"[{', '.join(['21.5'] * len(stream.units))}]"
    return EXAMPLES.get(stream.observation_type, "21.5")

"""/lorawan/: where LoRaWAN network servers send the messages of radio devices.

Answered when the raw message is committed; decoding is a job. The answers are for machines and
their administrators: English, JSON, naming the field that is wrong.
"""

from http import HTTPStatus

from django.http import HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from stadtwabe.hub.commands.uplinks import receive_message
from stadtwabe.hub.lorawan import chirpstack, ttn
from stadtwabe.hub.lorawan.message import BadMessage, Message
from stadtwabe.hub.models import DeviceToken
from stadtwabe.hub.queries.device_tokens import living_device_token
from stadtwabe.hub.rules import NetworkServer
from stadtwabe.kit.clock import now
from stadtwabe.kit.errors import NotAllowed
from stadtwabe.kit.numbers import whole_number

MOST_BYTES = 64 * 1024
"""A message of The Things Stack heard by a hundred gateways has about 40 KB."""


@csrf_exempt
@require_POST
def the_things_stack(request: HttpRequest) -> JsonResponse:
    """Take a webhook of The Things Stack, version 3."""
    return _receive(request, NetworkServer.TTN)


@csrf_exempt
@require_POST
def chirp_stack(request: HttpRequest) -> JsonResponse:
    """Take an event of ChirpStack, version 4."""
    return _receive(request, NetworkServer.CHIRPSTACK)


def _receive(request: HttpRequest, server: NetworkServer) -> JsonResponse:
    token = _token(request)
    if token is None:
        refusal = _refusal(
            HTTPStatus.UNAUTHORIZED,
            "Send the key of a gateway as the header 'Authorization: Bearer swd_...'.",
            field="Authorization",
        )
        refusal.headers["WWW-Authenticate"] = 'Bearer realm="Stadtwabe"'
        return refusal
    if (whole_number(request.headers.get("Content-Length")) or 0) > MOST_BYTES:
        return _refusal(
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"A message has at most {MOST_BYTES} bytes."
        )
    body = request.body
    try:
        message = _read(server, request, body)
    except BadMessage as error:
        return _refusal(HTTPStatus.BAD_REQUEST, str(error), field=error.field)
    try:
        received = receive_message(
            token=token, server=server, message=message, body=body.decode(), now=now()
        )
    except NotAllowed as error:
        return _refusal(HTTPStatus.FORBIDDEN, str(error), field=error.field or "Authorization")
    if received.uplink is None:
        return JsonResponse({"state": "heard", "known": received.is_known})
    return JsonResponse(
        {
            "state": "repeated" if received.is_repeated else "received",
            "uplink": received.uplink.pk,
            "known": received.is_known,
        },
        status=HTTPStatus.OK if received.is_repeated else HTTPStatus.ACCEPTED,
    )


def _token(request: HttpRequest) -> DeviceToken | None:
    scheme, _space, secret = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not secret:
        return None
    return living_device_token(secret.strip())


def _read(server: NetworkServer, request: HttpRequest, body: bytes) -> Message:
    if server == NetworkServer.TTN:
        return ttn.read_message(body)
    event = request.GET.get("event", "")
    if not event:
        raise BadMessage("ChirpStack names the event in the address: ?event=up", field="event")
    return chirpstack.read_message(body, event)


def _refusal(status: HTTPStatus, problem: str, *, field: str = "") -> JsonResponse:
    return JsonResponse(
        {"code": int(status), "type": "error", "message": problem, "field": field}, status=status
    )

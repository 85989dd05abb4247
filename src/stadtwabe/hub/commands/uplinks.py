"""Messages of radio devices: taken in fast, decoded in a job, decoded again when that is better."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from stadtwabe.hub.codecs.engine import Decoded, Scalar, decode
from stadtwabe.hub.codecs.faults import PASSING, CodecError
from stadtwabe.hub.codecs.outputs import battery_of
from stadtwabe.hub.commands.codec_faults import explain
from stadtwabe.hub.commands.observations import store_observations
from stadtwabe.hub.ingest.batch import NewObservation
from stadtwabe.hub.ingest.outcome import Fate
from stadtwabe.hub.lorawan.message import Message
from stadtwabe.hub.models import Device, DeviceOutput, DeviceToken, Uplink
from stadtwabe.hub.rules import NetworkServer, ObservationType, TokenReach, UplinkState
from stadtwabe.kit.actor import SYSTEM, Actor
from stadtwabe.kit.errors import NotAllowed
from stadtwabe.kit.jobs import queue_job
from stadtwabe.people.audit import record
from stadtwabe.people.models import Party
from stadtwabe.people.permissions import require

DECODE_UPLINKS = "stadtwabe.hub.decode_uplinks"
TOGETHER = 200
"""So many messages are decoded and stored at once."""

MOST_ATTEMPTS = 5
KEPT_FOR = timedelta(days=90)
"""Decoded messages are kept so long, in case a better codec comes; others until they are."""

TOKEN_SEEN_EVERY = timedelta(minutes=1)


@dataclass(frozen=True)
class Received:
    """What became of a message: its uplink, if it brought data, and whether it was there already.

    ``is_known`` says whether the device is registered.
    """

    uplink: Uplink | None
    is_repeated: bool = False
    is_known: bool = True


@transaction.atomic
def receive_message(
    *,
    token: DeviceToken,
    server: NetworkServer,
    message: Message,
    body: str,
    now: datetime,
) -> Received:
    """Keep a message of the owner of ``token`` and queue it for decoding.

    The same message (DevEUI, counter, time of the network server) is kept once. A message of an
    unknown device waits until somebody registers it. Raises NotAllowed for a device that the
    token does not reach.
    """
    device = Device.objects.filter(owner=token.owner_id, dev_eui=message.dev_eui).first()
    _refuse_unreached(token, device)
    if token.last_used is None or token.last_used < now - TOKEN_SEEN_EVERY:
        DeviceToken.objects.filter(pk=token.pk).update(last_used=now)
    if device is not None:
        _notice(device, message, now=now)
    if message.payload is None:
        return Received(None, is_known=device is not None)
    uplink, is_new = Uplink.objects.get_or_create(
        owner_id=token.owner_id,
        dev_eui=message.dev_eui,
        f_cnt=message.f_cnt,
        received_at=message.received_at,
        defaults={
            "device": device,
            "server": server,
            "f_port": message.f_port,
            "payload": message.payload,
            "arrived_at": now,
            "rssi": message.rssi,
            "snr": message.snr,
            "gateway": message.gateway,
            "body": body,
        },
    )
    if is_new and device is not None:
        defer_decoding(device)
    return Received(uplink, is_repeated=not is_new, is_known=device is not None)


def defer_decoding(device: Device) -> None:
    """Queue the waiting messages of ``device``; two jobs for one device never run at once."""
    queue_job(DECODE_UPLINKS, f"device-{device.pk}", device_id=device.pk)


def decode_again(uplinks: QuerySet[Uplink]) -> int:
    """Let kept messages be decoded once more; return how many. Inside a transaction."""
    kept = uplinks.filter(device__isnull=False)
    devices = list(Device.objects.filter(pk__in=kept.values("device_id")))
    count = kept.update(
        state=UplinkState.RECEIVED, problem="", attempts=0, revision=F("revision") + 1
    )
    for device in devices:
        defer_decoding(device)
    return count


def decode_uplinks(*, device: Device, now: datetime) -> int:
    """Decode what waits of ``device`` and store its values; return how many messages.

    Values go to the datastreams of the device's outputs, at the time when the network server
    received the message. May be done twice without harm. Raises Conflict when the database
    cannot take the observations now: the messages wait on.
    """
    count = 0
    while waiting := list(
        device.uplinks.filter(state=UplinkState.RECEIVED).order_by("received_at", "pk")[:TOGETHER]
    ):
        device.refresh_from_db(fields=["codec"])
        _decode(device, waiting, now=now)
        count += len(waiting)
    return count


@transaction.atomic
def forget_unknown_device(*, actor: Actor, owner: Party, dev_eui: str, now: datetime) -> int:
    """Delete what waits of a device that nobody knows; return how many messages that were."""
    require(actor, "hub.delete_device", owner)
    waiting = Uplink.objects.filter(owner=owner, dev_eui=dev_eui, device__isnull=True)
    count, _each = waiting.delete()
    record(
        actor=actor,
        command="hub.forget_unknown_device",
        subject=owner,
        now=now,
        details={"dev_eui": dev_eui, "count": count},
    )
    return count


def forget_old_uplinks(*, now: datetime) -> int:
    """Delete messages that were decoded long ago; their observations stay."""
    old = Uplink.objects.filter(state=UplinkState.DECODED, arrived_at__lt=now - KEPT_FOR)
    count, _each = old.delete()
    return count


def _refuse_unreached(token: DeviceToken, device: Device | None) -> None:
    if token.reach == TokenReach.DATASTREAM:
        raise NotAllowed(
            _("Dieser Schlüssel gilt nur für eine Messreihe."),
            remedy=_("Nehmen Sie für den Netzwerkserver den Schlüssel eines Gateways."),
        )
    if token.reach == TokenReach.THING and (device is None or device.thing_id != token.thing_id):
        raise NotAllowed(_("Dieser Schlüssel gilt für ein anderes Gerät."), field="dev_eui")


def _notice(device: Device, message: Message, *, now: datetime) -> None:
    """Keep on the device what the newest message tells of it."""
    seen = min(message.received_at, now)
    if device.last_seen is not None and seen < device.last_seen:
        return
    device.last_seen = seen
    if message.rssi is not None:
        device.rssi, device.snr, device.gateway = message.rssi, message.snr, message.gateway
    if message.battery_percent is not None and 0 <= message.battery_percent <= 100:
        device.battery_percent = message.battery_percent
    device.save(update_fields=["last_seen", "rssi", "snr", "gateway", "battery_percent"])


@dataclass
class _Work:
    """A message being decoded: what came out, and what was wrong."""

    uplink: Uplink
    decoded: Decoded | None = None
    problems: list[str] = field(default_factory=list)
    waits_on: bool = False


def _decode(device: Device, uplinks: list[Uplink], *, now: datetime) -> None:
    outputs = list(device.outputs.select_related("datastream").order_by("output"))
    codec = device.codec
    works = [_run(codec.source, uplink) for uplink in uplinks]
    observations, of_work = [], []
    for work in works:
        values = work.decoded.outputs if work.decoded else {}
        for output in outputs:
            if output.output in values:
                observations.append(_observation(output, work.uplink, values[output.output]))
                of_work.append((work, output.output))
    if observations:
        outcomes = store_observations(actor=SYSTEM, observations=observations)
        for (work, name), outcome in zip(of_work, outcomes, strict=True):
            if outcome.fate == Fate.REFUSED:
                work.problems.append(f"{name}: {outcome.reason}")
    with transaction.atomic():
        for work in works:
            _finish(work, now=now)
        _notice_decoded(device, works)


def _run(source: str, uplink: Uplink) -> _Work:
    work = _Work(uplink)
    try:
        decoded = decode(
            source, bytes(uplink.payload), f_port=uplink.f_port, received_at=uplink.received_at
        )
    except CodecError as error:
        work.problems.append(explain(error))
        work.waits_on = error.fault in PASSING and uplink.attempts + 1 < MOST_ATTEMPTS
        return work
    if decoded.errors:
        work.problems += [_("Der Codec meldet: %(text)s") % {"text": decoded.errors[0]}]
    else:
        work.decoded = decoded
    return work


def _observation(output: DeviceOutput, uplink: Uplink, value: Scalar) -> NewObservation:
    is_truth = output.datastream.observation_type == ObservationType.TRUTH
    if isinstance(value, bool) and not is_truth:
        value = float(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        # Twelve digits: what a sensor measures, without the noise of binary fractions.
        value = float(f"{value * output.factor + output.addend:.12g}")
    return NewObservation(
        datastream_id=output.datastream_id,
        result=value,
        phenomenon_time=uplink.received_at,
    )


def _finish(work: _Work, *, now: datetime) -> None:
    uplink = work.uplink
    uplink.attempts += 1
    uplink.problem = "\n".join(work.problems)
    uplink.outputs = work.decoded.outputs if work.decoded else None
    if not work.waits_on:
        uplink.state = UplinkState.FAILED if work.problems else UplinkState.DECODED
        uplink.decoded_at = now
    if uplink.state == UplinkState.DECODED:
        uplink.body = None
    # When the codec changed meanwhile, the revision has too: then this result is worth nothing.
    Uplink.objects.filter(pk=uplink.pk, revision=uplink.revision).update(
        attempts=uplink.attempts,
        state=uplink.state,
        problem=uplink.problem,
        outputs=uplink.outputs,
        decoded_at=uplink.decoded_at,
        body=uplink.body,
    )


def _notice_decoded(device: Device, works: list[_Work]) -> None:
    newest = works[-1].uplink
    if device.uplinks.filter(received_at__gt=newest.received_at).exists():
        return
    changes: dict[str, object] = {"last_state": newest.state, "last_problem": newest.problem}
    for work in works:
        battery = battery_of(work.decoded.outputs if work.decoded else {})
        if battery.percent is not None:
            changes["battery_percent"] = battery.percent
        if battery.volts is not None:
            changes["battery_volts"] = battery.volts
    Device.objects.filter(pk=device.pk).update(**changes)

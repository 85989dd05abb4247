"""Registering, editing and deleting radio devices, and saying where their values go."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from stadtwabe.hub.codecs.outputs import Output
from stadtwabe.hub.commands.datastreams import create_datastream
from stadtwabe.hub.commands.named import property_called, sensor_called
from stadtwabe.hub.commands.uplinks import decode_again
from stadtwabe.hub.models import (
    Codec,
    Datastream,
    Device,
    DeviceOutput,
    Thing,
    Uplink,
)
from stadtwabe.hub.models.device import DEV_EUI, DEV_EUI_MESSAGE
from stadtwabe.hub.queries.codecs import codecs_visible_to
from stadtwabe.kit.actor import Actor
from stadtwabe.kit.errors import Conflict, Invalid, NotFound
from stadtwabe.people.audit import record
from stadtwabe.people.permissions import require

NAME_LENGTH = 200


@dataclass(frozen=True)
class Target:
    """Where an output goes: to ``datastream``, or with None to a new one made for it.

    What is stored is ``value * factor + addend``.
    """

    output: Output
    datastream: Datastream | None = None
    factor: float = 1.0
    addend: float = 0.0


@transaction.atomic
def create_device(
    *, actor: Actor, thing: Thing, codec: Codec, dev_eui: str, name: str, now: datetime
) -> Device:
    """Register a radio device of ``thing``; messages that waited for it are decoded.

    Raises NotAllowed, Invalid for a DevEUI that is none, Conflict for one registered already.
    """
    require(actor, "hub.create_device", thing)
    device = Device(owner=thing.owner, thing=thing, created_at=now)
    _fill(actor, device, codec=codec, dev_eui=dev_eui, name=name)
    device.save()
    _adopt(device)
    record(actor=actor, command="hub.create_device", subject=device, now=now)
    return device


@transaction.atomic
def edit_device(
    *,
    actor: Actor,
    device: Device,
    thing: Thing,
    codec: Codec,
    dev_eui: str,
    name: str,
    now: datetime,
) -> Device:
    """Change a radio device; with another codec its kept messages are decoded again.

    To another thing it goes without its outputs, which belong to the former.
    """
    require(actor, "hub.edit_device", device)
    before = (device.codec_id, device.dev_eui)
    if thing != device.thing:
        require(actor, "hub.create_device", thing)
        device.outputs.all().delete()
        device.thing, device.owner = thing, thing.owner
    _fill(actor, device, codec=codec, dev_eui=dev_eui, name=name)
    device.save()
    if (device.codec_id, device.dev_eui) != before:
        _adopt(device)
        decode_again(device.uplinks.all())
    record(actor=actor, command="hub.edit_device", subject=device, now=now)
    return device


@transaction.atomic
def delete_device(*, actor: Actor, device: Device, now: datetime) -> None:
    """Delete a radio device with its kept messages; its observations stay."""
    require(actor, "hub.delete_device", device)
    record(
        actor=actor,
        command="hub.delete_device",
        subject=device,
        now=now,
        details={"name": device.name, "dev_eui": device.dev_eui},
    )
    device.delete()


@transaction.atomic
def connect_outputs(
    *, actor: Actor, device: Device, targets: Sequence[Target], now: datetime
) -> int:
    """Say where the outputs of ``device`` go, all at once; return how many datastreams are new.

    A new datastream gets name, unit and observed property of its output. Kept messages are
    decoded again. Raises NotAllowed, NotFound, Invalid for two outputs into one datastream.
    """
    require(actor, "hub.edit_device", device)
    wanted = [target.datastream for target in targets if target.datastream is not None]
    if any(datastream.thing_id != device.thing_id for datastream in wanted):
        raise NotFound(_("Diese Messreihe gehört nicht zu diesem Gerät."), field="datastream")
    if len(wanted) != len(set(wanted)):
        raise Invalid(_("Zwei Werte können nicht in dieselbe Messreihe gehen."), field="datastream")
    device.outputs.all().delete()
    made = 0
    for target in targets:
        datastream = target.datastream
        if datastream is None:
            datastream = _new_datastream(actor, device, target.output, now=now)
            made += 1
        DeviceOutput.objects.create(
            device=device,
            output=target.output.name,
            datastream=datastream,
            factor=target.factor,
            addend=target.addend,
        )
    decode_again(device.uplinks.all())
    record(
        actor=actor,
        command="hub.connect_outputs",
        subject=device,
        now=now,
        details={"outputs": [target.output.name for target in targets]},
    )
    return made


def _fill(actor: Actor, device: Device, *, codec: Codec, dev_eui: str, name: str) -> None:
    if not codecs_visible_to(actor).filter(pk=codec.pk).exists():
        raise NotFound(_("Diesen Codec gibt es nicht."), field="codec")
    # The network server shows a DevEUI with or without separators, in both cases.
    eui = "".join(sign for sign in dev_eui.upper() if sign not in " :-")
    if not re.match(DEV_EUI, eui):
        raise Invalid(str(DEV_EUI_MESSAGE), field="dev_eui")
    if not name.strip():
        raise Invalid(_("Das Gerät braucht einen Namen."), field="name")
    known = Device.objects.filter(owner=device.owner, dev_eui=eui).exclude(pk=device.pk).first()
    if known is not None:
        raise Conflict(
            _("Diese DevEUI hat schon das Gerät „%(name)s“.") % {"name": known.name},
            field="dev_eui",
        )
    device.codec, device.dev_eui, device.name = codec, eui, name.strip()[:NAME_LENGTH]


def _adopt(device: Device) -> None:
    """Take the messages that waited for this DevEUI."""
    waiting = Uplink.objects.filter(
        owner=device.owner, dev_eui=device.dev_eui, device__isnull=True
    ).order_by("-received_at")
    newest = waiting.first()
    if newest is None:
        return
    if device.last_seen is None or device.last_seen < newest.received_at:
        device.last_seen = min(newest.received_at, newest.arrived_at)
        device.rssi, device.snr, device.gateway = newest.rssi, newest.snr, newest.gateway
        device.save(update_fields=["last_seen", "rssi", "snr", "gateway"])
    Uplink.objects.filter(pk__in=list(waiting.values_list("pk", flat=True))).update(device=device)
    decode_again(device.uplinks.all())


def _new_datastream(actor: Actor, device: Device, output: Output, *, now: datetime) -> Datastream:
    codec = device.codec
    label = output.label[:NAME_LENGTH]
    sensor = sensor_called(
        codec.name,
        actor=actor,
        owner=device.owner,
        now=now,
        description=codec.description,
        metadata=codec.reference,
    )
    observed_property = property_called(
        label, actor=actor, owner=device.owner, now=now, definition=output.definition
    )
    unit = {"name": output.symbol, "symbol": output.symbol, "definition": output.ucum}
    return create_datastream(
        actor=actor,
        thing=device.thing,
        sensor=sensor,
        observed_properties=[observed_property],
        values={"name": label, "units": [unit]},
        now=now,
    )

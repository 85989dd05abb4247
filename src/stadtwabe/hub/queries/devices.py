"""Radio devices and their messages, for those who look after them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db.models import Count, Max, Min, Q, QuerySet

from stadtwabe.hub.codecs.outputs import Output, describe
from stadtwabe.hub.models import Codec, Device, Uplink
from stadtwabe.hub.queries.stewarding import SILENT_AFTER, stewarded
from stadtwabe.hub.rules import UplinkState
from stadtwabe.kit.actor import Actor
from stadtwabe.people.models import Party

LOW_PERCENT = 20.0
SHOWN_UPLINKS = 20
MOST_UNKNOWN = 100


class DeviceState(StrEnum):
    """By what the list of devices can be narrowed."""

    FINE = "ok"
    FAILED = "fehler"
    SILENT = "still"
    LOW_BATTERY = "batterie"


def devices_of(actor: Actor) -> QuerySet[Device]:
    """Return the radio devices that the actor looks after, by name."""
    devices = Device.objects.select_related(
        "thing__card", "codec", "owner__place", "owner__organisation", "owner__network"
    )
    return stewarded(devices, actor).order_by("name", "pk")


def in_state(devices: QuerySet[Device], state: DeviceState, *, now: datetime) -> QuerySet[Device]:
    """Narrow ``devices``; a device may be in several states but not in FINE and another."""
    silent = Q(last_seen__isnull=True) | Q(last_seen__lt=now - SILENT_AFTER)
    failed = Q(last_state=UplinkState.FAILED)
    low = Q(battery_percent__lt=LOW_PERCENT)
    chosen = {
        DeviceState.SILENT: silent,
        DeviceState.FAILED: failed,
        DeviceState.LOW_BATTERY: low,
        DeviceState.FINE: ~silent & ~failed & ~(low & Q(battery_percent__isnull=False)),
    }
    return devices.filter(chosen[state])


@dataclass(frozen=True)
class UnknownDevice:
    """A DevEUI whose messages wait until somebody registers it."""

    dev_eui: str
    owner_id: int
    owner: Party
    count: int
    first: datetime
    last: datetime


def unknown_devices_of(actor: Actor) -> list[UnknownDevice]:
    """Return the DevEUIs that nobody has registered, the one heard last first."""
    rows = (
        stewarded(Uplink.objects.filter(device__isnull=True), actor)
        .values("dev_eui", "owner_id")
        .annotate(count=Count("pk"), first=Min("received_at"), last=Max("received_at"))
        .order_by("-last")
    )[:MOST_UNKNOWN]
    owners = Party.objects.select_related("place", "network", "organisation").in_bulk(
        {row["owner_id"] for row in rows}
    )
    return [UnknownDevice(owner=owners[row["owner_id"]], **row) for row in rows]


def last_uplinks(device: Device) -> QuerySet[Uplink]:
    """Return the newest messages of a device."""
    return device.uplinks.order_by("-received_at", "-pk")


def known_outputs(device: Device, codec: Codec) -> list[Output]:
    """Return what the codec offers and what has come out of it lately, described."""
    described = list(codec.described_outputs)
    names = [output.name for output in described if "*" not in output.name]
    for uplink in last_uplinks(device).filter(outputs__isnull=False)[:SHOWN_UPLINKS]:
        names += uplink.outputs or {}
    names += device.outputs.values_list("output", flat=True)
    return [describe(name, described) for name in dict.fromkeys(names)]

"""What a steward looks after: parties, their things, how they are, and the keys.

Operators look after everything.
"""

from datetime import datetime, timedelta
from typing import TypeVar

from django.db.models import Count, Max, Model, OuterRef, Prefetch, Q, QuerySet, Subquery, Sum

from stadtwabe.hub.models import Datastream, Device, DeviceToken, Sensor, Thing
from stadtwabe.kit.actor import Actor
from stadtwabe.people.models import Party
from stadtwabe.people.queries import parties_with
from stadtwabe.people.rules import Role

SILENT_AFTER = timedelta(days=1)
"""A radio device, or a thing, from which nothing came for so long is shown as silent."""

Row = TypeVar("Row", bound=Model)


def stewarded_parties(actor: Actor) -> QuerySet[Party]:
    """Return the parties whose data ``actor`` looks after, by name."""
    return parties_with(actor, Role.STEWARD)


def stewarded(rows: QuerySet[Row], actor: Actor, owner: str = "owner") -> QuerySet[Row]:
    """Narrow ``rows`` to those of the parties whose data ``actor`` looks after.

    ``owner`` is the way to the party, as filters write it.
    """
    if actor.is_operator:
        return rows
    return rows.filter(**{f"{owner}__in": actor.parties_with(Role.STEWARD)})


def things_of(actor: Actor) -> QuerySet[Thing]:
    """Return the things that ``actor`` looks after, by name.

    Each has ``stream_count``, ``last_received`` (None: never) and ``radio``, a list of its radio
    devices.
    """
    received = (
        Datastream.objects.filter(thing=OuterRef("pk"))
        .values("thing")
        .annotate(last=Max("state__last_received"))
        .values("last")
    )
    return (
        stewarded(Thing.objects.all(), actor)
        .select_related("card", "owner__place", "owner__organisation", "owner__network")
        .annotate(stream_count=Count("datastreams"), last_received=Subquery(received))
        .prefetch_related(
            Prefetch("radio_devices", Device.objects.order_by("-last_seen"), to_attr="radio")
        )
        .order_by("name", "pk")
    )


def silent(things: QuerySet[Thing], *, now: datetime) -> QuerySet[Thing]:
    """Narrow ``things`` to those from which nothing came for a day, or ever."""
    return things.filter(Q(last_received__isnull=True) | Q(last_received__lt=now - SILENT_AFTER))


def keys_of(actor: Actor) -> QuerySet[DeviceToken]:
    """Return the keys of devices that ``actor`` looks after, the newest first."""
    living = DeviceToken.objects.filter(revoked_at__isnull=True).select_related(
        "datastream", "thing", "owner__place", "owner__organisation", "owner__network"
    )
    return stewarded(living, actor).order_by("-created_at", "-pk")


def keys_for(stream: Datastream) -> QuerySet[DeviceToken]:
    """Return the keys by which values for ``stream`` may be sent, the newest first."""
    reaching = (
        Q(datastream=stream)
        | Q(thing=stream.thing_id)
        | Q(datastream__isnull=True, thing__isnull=True)
    )
    living = DeviceToken.objects.filter(owner=stream.owner_id, revoked_at__isnull=True)
    return living.filter(reaching).order_by("-created_at", "-pk")


def sensor_names(actor: Actor) -> list[str]:
    """Return the names of the sensors that the actor's parties have, for suggestions."""
    owned = stewarded(Sensor.objects.all(), actor)
    return list(owned.order_by("name").values_list("name", flat=True).distinct()[:200])


def observation_count(streams: QuerySet[Datastream]) -> int:
    """Return how many observations ``streams`` hold."""
    return streams.aggregate(total=Sum("state__observation_count"))["total"] or 0

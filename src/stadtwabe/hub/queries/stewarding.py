"""What a steward looks after: the things of their parties, how they are, and the keys."""

from datetime import datetime

from django.db.models import Count, Max, OuterRef, Prefetch, Q, QuerySet, Subquery, Sum

from stadtwabe.hub.models import Datastream, Device, DeviceToken, Sensor, Thing
from stadtwabe.hub.queries.devices import SILENT_AFTER
from stadtwabe.hub.queries.stewarded import stewarded
from stadtwabe.kit.actor import Actor


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

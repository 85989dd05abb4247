"""The connection to the broker, its accounts, and what was refused there."""

from datetime import datetime, timedelta
from enum import StrEnum

from django.db.models import QuerySet

from stadtwabe.hub.models import DeviceToken, MqttRefusal, MqttSession
from stadtwabe.hub.queries.stewarding import stewarded
from stadtwabe.kit.actor import Actor
from stadtwabe.people.models import Party

SILENT_AFTER = timedelta(seconds=30)
"""Whoever holds the connection says so every two seconds."""


class MqttHealth(StrEnum):
    """How the connection is."""

    CONNECTED = "connected"
    AWAY = "away"
    """The service runs, but the broker is away or does not let us in."""
    SILENT = "silent"
    """No process holds the connection, or ever did."""


def mqtt_session() -> MqttSession | None:
    """Return what is known of the connection; None: there never was one."""
    return MqttSession.objects.first()


def health_of(session: MqttSession | None, *, now: datetime) -> MqttHealth:
    """Return how the connection is."""
    if session is None or session.seen_at is None or now - session.seen_at > SILENT_AFTER:
        return MqttHealth.SILENT
    return MqttHealth.CONNECTED if session.is_connected else MqttHealth.AWAY


def living_mqtt_accounts() -> QuerySet[DeviceToken]:
    """Return all accounts that may connect to the broker."""
    return DeviceToken.objects.filter(revoked_at__isnull=True).exclude(broker_hash="")


def mqtt_accounts_of(owner: Party) -> QuerySet[DeviceToken]:
    """Return the accounts of ``owner`` that may connect to the broker."""
    return living_mqtt_accounts().filter(owner=owner)


def mqtt_refusals_of(actor: Actor) -> QuerySet[MqttRefusal]:
    """Return what was refused of the actor's accounts, newest first; operators see all."""
    refusals = MqttRefusal.objects.select_related("token").order_by("-last_at", "-pk")
    return stewarded(refusals, actor, "token__owner")

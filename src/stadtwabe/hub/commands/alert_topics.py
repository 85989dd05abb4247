"""Telling of alerts by MQTT: which messages are due, where they go, and what became of them.

An account with the broker reads below its own name alone, so an alert goes to the accounts that
the owner has named in the rule; to everybody only while the rule is shown and its datastream is
public, which is asked right before publishing.
"""

from datetime import datetime
from typing import NamedTuple

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from stadtwabe.hub.alerting import webhook
from stadtwabe.hub.commands.alert_deliveries import needless, note_failure
from stadtwabe.hub.models import AlertDelivery, AlertRule
from stadtwabe.hub.queries.mqtt import mqtt_accounts_of
from stadtwabe.hub.queries.visible import datastreams_visible_to
from stadtwabe.hub.rules import TOPICS, Channel, DeliveryState
from stadtwabe.hub.topics import EVERYBODY, alert_topic
from stadtwabe.kit.actor import VISITOR

AT_ONCE = 20


class Due(NamedTuple):
    """A message to be published."""

    delivery_id: int
    topic: str
    payload: bytes


def told_by_topic(rule: AlertRule) -> list[tuple[str, int | None]]:
    """Return channel and account of each topic to which alerts of ``rule`` go.

    None without a broker: what waits for none would wait for ever.
    """
    if settings.MQTT_BROKER is None:
        return []
    named = mqtt_accounts_of(rule.owner).filter(alert_rules=rule).order_by("pk")
    told: list[tuple[str, int | None]] = [
        (Channel.MQTT.value, pk) for pk in named.values_list("pk", flat=True)
    ]
    return [*told, (Channel.PUBLIC.value, None)] if _is_public(rule) else told


@transaction.atomic
def due_messages(*, prefix: str, root: str, now: datetime) -> list[Due]:
    """Return what is to be published now; drop what nobody needs or may read any more."""
    due = (
        AlertDelivery.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related(
            "account",
            "alert__rule__owner__place",
            "alert__rule__datastream__state",
            "alert__rule__datastream__thing__card__place",
        )
        .filter(channel__in=TOPICS, state=DeliveryState.WAITING, due_at__lte=now)
        .order_by("due_at", "pk")[:AT_ONCE]
    )
    return [
        _message(delivery, prefix=prefix, root=root, now=now)
        for delivery in due
        if not _drop(delivery, now=now)
    ]


@transaction.atomic
def note_message(delivery_id: int, *, problem: str, now: datetime) -> None:
    """Note that the broker has a message, or why it denies it."""
    delivery = AlertDelivery.objects.select_for_update().filter(pk=delivery_id).first()
    if delivery is None or delivery.state != DeliveryState.WAITING:
        return
    delivery.attempts += 1
    if problem:
        said = _("Der Broker nimmt sie nicht an: %s") % problem
        note_failure(delivery, said, is_final=False, now=now)
    else:
        delivery.state, delivery.problem, delivery.done_at = DeliveryState.SENT, "", now
    delivery.save()


def _drop(delivery: AlertDelivery, *, now: datetime) -> bool:
    reason = needless(delivery, now=now) or _unreadable(delivery)
    if reason:
        delivery.state, delivery.problem, delivery.done_at = DeliveryState.DROPPED, reason, now
        delivery.save(update_fields=["state", "problem", "done_at"])
    return bool(reason)


def _unreadable(delivery: AlertDelivery) -> str:
    """Say why nobody may read this message any more; else ""."""
    rule = delivery.alert.rule
    if delivery.channel == Channel.PUBLIC:
        return "" if _is_public(rule) else _("Die Warnung ist nicht mehr öffentlich.")
    named = mqtt_accounts_of(rule.owner).filter(alert_rules=rule)
    is_named = delivery.account is not None and named.filter(pk=delivery.account.pk).exists()
    return "" if is_named else _("Der Zugang gehört nicht mehr dazu.")


def _message(delivery: AlertDelivery, *, prefix: str, root: str, now: datetime) -> Due:
    alert, stream = delivery.alert, delivery.alert.rule.datastream
    delivery.told_the_end = alert.ended_at is not None
    delivery.save(update_fields=["told_the_end"])
    reader = delivery.account.broker_name if delivery.account else EVERYBODY
    with translation.override(settings.LANGUAGE_CODE):
        payload = webhook.message(alert, delivery.occasion, root=root, now=now)
    topic = alert_topic(reader, stream.pk, is_multi=stream.is_multi, prefix=prefix)
    return Due(delivery.pk, topic, payload)


def _is_public(rule: AlertRule) -> bool:
    return rule.is_shown and datastreams_visible_to(VISITOR).filter(pk=rule.datastream_id).exists()

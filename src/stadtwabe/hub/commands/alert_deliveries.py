"""Telling people and programs of alerts: queued from the table, tried again, each noted there."""

from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _

from stadtwabe.hub.alerting import mail, webhook
from stadtwabe.hub.commands.alert_rules import webhook_secret_of
from stadtwabe.hub.models import AlertDelivery, AlertRule
from stadtwabe.hub.queries.alerts import rules_in_force
from stadtwabe.hub.rules import TOPICS, Channel, DeliveryState, Occasion
from stadtwabe.kit.clock import day_of
from stadtwabe.kit.jobs import queue_once
from stadtwabe.kit.posting import Undelivered, post
from stadtwabe.kit.sealed import Unsealable
from stadtwabe.people.models import User
from stadtwabe.people.queries import reachable_accounts, reachable_members

DELIVER_ALERT = "stadtwabe.hub.deliver_alert"
AT_ONCE = 200
QUEUED_AGAIN_AFTER = timedelta(minutes=10)
"""A job that has done nothing by then is gone with its worker."""

MOST_ATTEMPTS = 8
FIRST_PAUSE = timedelta(minutes=1)
"""Between attempts, doubled each time: one, two, four … minutes, two hours in all."""


def queue_deliveries(*, now: datetime) -> int:
    """Queue what is due; return how many. May be done twice without harm."""
    waiting = Q(state=DeliveryState.WAITING, due_at__lte=now) & ~Q(channel__in=TOPICS)
    lost = Q(queued_at__isnull=True) | Q(queued_at__lt=now - QUEUED_AGAIN_AFTER)
    with transaction.atomic():
        due = AlertDelivery.objects.select_for_update(skip_locked=True).filter(waiting & lost)
        found = list(due.order_by("due_at", "pk").values_list("pk", flat=True)[:AT_ONCE])
        AlertDelivery.objects.filter(pk__in=found).update(queued_at=now)
        for pk in found:
            queue_once(DELIVER_ALERT, f"alert-delivery-{pk}", delivery_id=pk)
    return len(found)


def deliver_alert(*, delivery_id: int, now: datetime) -> DeliveryState | None:
    """Send one message, unless it is of no use any more; return its state, None: it is gone.

    What fails is due again later, and given up after ``MOST_ATTEMPTS``.
    """
    delivery = (
        AlertDelivery.objects.select_related(
            "recipient",
            "alert__rule__owner__place",
            "alert__rule__datastream__state",
            "alert__rule__datastream__thing__card__place",
        )
        .filter(pk=delivery_id, state=DeliveryState.WAITING, due_at__lte=now)
        .first()
    )
    if delivery is None:
        return None
    delivery.queued_at = None
    reason = needless(delivery, now=now)
    if reason:
        delivery.state, delivery.problem, delivery.done_at = DeliveryState.DROPPED, reason, now
    else:
        _attempt(delivery, now=now)
    delivery.save()
    return DeliveryState(delivery.state)


def _attempt(delivery: AlertDelivery, *, now: datetime) -> None:
    delivery.attempts += 1
    delivery.told_the_end = delivery.alert.ended_at is not None
    try:
        if delivery.channel == Channel.MAIL:
            _mail(delivery, now=now)
        else:
            _post(delivery, now=now)
    # Everything that a mail server may answer: it is noted, and tried again.
    except (Undelivered, OSError, ValueError) as error:
        problem = str(error) or _("Die Gegenstelle antwortet nicht.")
        is_final = isinstance(error, Undelivered) and error.is_final
        note_failure(delivery, problem, is_final=is_final, now=now)
    else:
        delivery.state, delivery.problem, delivery.done_at = DeliveryState.SENT, "", now


def note_failure(delivery: AlertDelivery, problem: str, *, is_final: bool, now: datetime) -> None:
    """Put an attempt that failed off to later, or give up. Saves nothing."""
    delivery.problem = problem[:300]
    if is_final or delivery.attempts >= MOST_ATTEMPTS:
        delivery.state, delivery.done_at = DeliveryState.FAILED, now
    else:
        delivery.due_at = now + FIRST_PAUSE * 2 ** (delivery.attempts - 1)


def needless(delivery: AlertDelivery, *, now: datetime) -> str:
    """Say why nobody needs this message any more; else ""."""
    alert, rule = delivery.alert, delivery.alert.rule
    if not rule.is_active or not rules_in_force().filter(pk=rule.pk).exists():
        return _("Die Regel ist ausgeschaltet.")
    if delivery.channel == Channel.MAIL and not _may_be_told(rule, delivery.recipient, now):
        return _("Das Konto gehört nicht mehr dazu.")
    if delivery.occasion == Occasion.BEGAN:
        if alert.acknowledged_at is not None:
            return _("Die Warnung ist bestätigt.")
        waited = delivery.attempts == 0 and delivery.due_at > alert.noticed_at
        if waited and alert.ended_at is not None:
            return _("Es war vor dem Ende der Ruhezeit vorbei.")
        return ""
    began = alert.deliveries.filter(
        occasion=Occasion.BEGAN,
        channel=delivery.channel,
        recipient=delivery.recipient_id,
        account=delivery.account_id,
    ).first()
    if began is None or began.state != DeliveryState.SENT:
        return _("Vom Beginn war nichts verschickt.")
    return _("Das Ende stand schon in der ersten Nachricht.") if began.told_the_end else ""


def _may_be_told(rule: AlertRule, user: User | None, now: datetime) -> bool:
    if user is None or not reachable_accounts().filter(pk=user.pk).exists():
        return False
    members = reachable_members(rule.owner, today=day_of(now))
    return user.is_operator or members.filter(pk=user.pk).exists()


def _mail(delivery: AlertDelivery, *, now: datetime) -> None:
    user, alert, occasion = delivery.recipient, delivery.alert, delivery.occasion
    if user is None:  # the command never makes such a one
        message = "No recipient"
        raise Undelivered(message, is_final=True)
    with translation.override(user.language):
        subject = mail.subject(alert, occasion)
        text = mail.body(alert, occasion, root=settings.ADDRESS, now=now)
    send_mail(subject, text, None, [user.email])


def _post(delivery: AlertDelivery, *, now: datetime) -> None:
    rule = delivery.alert.rule
    with translation.override(settings.LANGUAGE_CODE):
        body = webhook.message(delivery.alert, delivery.occasion, root=settings.ADDRESS, now=now)
    number = f"alert-{delivery.alert_id}-{delivery.occasion}"
    try:
        secret = webhook_secret_of(rule)
    except Unsealable as error:
        raise Undelivered(
            _(
                "Das Geheimnis der Unterschrift lässt sich nicht mehr öffnen. Speichern Sie die"
                " Regel noch einmal: Sie bekommt ein neues."
            ),
            is_final=True,
        ) from error
    headers = webhook.signed_headers(secret, number, now, body)
    post(rule.webhook_address, body, headers)

"""Making and changing rules of alerts."""

import math
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from stadtwabe.hub.alerting.webhook import draw_secret
from stadtwabe.hub.commands.kept_secrets import WEBHOOK
from stadtwabe.hub.commands.values import take
from stadtwabe.hub.models import AlertRule, Datastream, DeviceToken
from stadtwabe.hub.queries.alerts import recipients_for
from stadtwabe.hub.queries.mqtt import mqtt_accounts_of
from stadtwabe.hub.rules import AlertKind, DeliveryState
from stadtwabe.kit.actor import Actor
from stadtwabe.kit.errors import Invalid, NotFound
from stadtwabe.kit.posting import check_target
from stadtwabe.kit.sealed import Unsealable, seal, unseal
from stadtwabe.people.audit import record
from stadtwabe.people.models import User
from stadtwabe.people.permissions import require

LIMITS = ("kind", "threshold", "clear_at", "minimum_minutes", "period_minutes", "is_active")
"""When one of these changes, the rule begins anew."""

COLUMNS = (
    *LIMITS,
    "name",
    "quiet_from",
    "quiet_until",
    "advice",
    "webhook_address",
    "is_shown",
)
LONGEST = 60 * 24 * 31
"""Minutes: periods and least durations are a month at most."""

LOOKS_BACK = timedelta(hours=1)
"""A new rule judges what has come in so long ago, or within its own period, besides."""


@transaction.atomic
def create_alert_rule(
    *,
    actor: Actor,
    datastream: Datastream,
    values: Mapping[str, Any],
    now: datetime,
    recipients: Iterable[User] = (),
    accounts: Iterable[DeviceToken] = (),
    is_demo: bool = False,
) -> AlertRule:
    """Make a rule for ``datastream``. ``values`` as in ``COLUMNS``.

    ``clear_at`` is the threshold itself when it is not given. ``recipients`` are members of the
    owner, or the actor; ``accounts`` with the MQTT broker are the owner's. Raises NotAllowed,
    Invalid.
    """
    require(actor, "hub.create_alert_rule", datastream)
    rule = AlertRule(datastream=datastream, owner=datastream.owner, created_at=now, is_demo=is_demo)
    _fill(rule, values)
    _begin_anew(rule, now)
    rule.save()
    _set_recipients(actor, rule, recipients, now)
    _set_accounts(rule, accounts)
    record(actor=actor, command="hub.create_alert_rule", subject=rule, now=now)
    return rule


@transaction.atomic
def edit_alert_rule(
    *,
    actor: Actor,
    rule: AlertRule,
    values: Mapping[str, Any],
    now: datetime,
    recipients: Iterable[User] | None = None,
    accounts: Iterable[DeviceToken] | None = None,
) -> AlertRule:
    """Change a rule; what is not named stays.

    With other limits it begins anew: an alert that goes on is closed without a message.
    """
    require(actor, "hub.edit_alert_rule", rule)
    rule = AlertRule.objects.select_for_update().get(pk=rule.pk)
    if rule.owner_id != rule.datastream.owner_id:
        raise NotFound(_("Diese Messreihe gehört jetzt jemand anderem."))
    changed = _fill(rule, values)
    if set(changed) & set(LIMITS):
        for alert in rule.alerts.filter(ended_at__isnull=True):
            alert.ended_at = max(now, alert.began_at)
            alert.save(update_fields=["ended_at"])
            alert.deliveries.filter(state=DeliveryState.WAITING).update(
                state=DeliveryState.DROPPED, problem=_("Die Regel wurde geändert."), done_at=now
            )
        _begin_anew(rule, now)
    rule.save()
    if recipients is not None:
        _set_recipients(actor, rule, recipients, now)
    if accounts is not None:
        _set_accounts(rule, accounts)
    record(
        actor=actor,
        command="hub.edit_alert_rule",
        subject=rule,
        now=now,
        details={"changed": changed},
    )
    return rule


@transaction.atomic
def delete_alert_rule(*, actor: Actor, rule: AlertRule, now: datetime) -> None:
    """Delete a rule with the history of its alerts."""
    require(actor, "hub.delete_alert_rule", rule)
    details = {"name": rule.name, "datastream": rule.datastream_id}
    record(actor=actor, command="hub.delete_alert_rule", subject=rule, now=now, details=details)
    rule.delete()


def _fill(rule: AlertRule, values: Mapping[str, Any]) -> list[str]:
    changed = take(rule, values, COLUMNS, required=("name", "kind"))
    _check_numbers(rule)
    if rule.kind == AlertKind.SILENCE:
        rule.threshold = rule.clear_at = None
        rule.minimum_minutes = 0
    else:
        _check_limits(rule)
    if (rule.quiet_from is None) != (rule.quiet_until is None):
        raise Invalid(
            _("Zur Ruhezeit gehören Anfang und Ende."),
            field="quiet_until" if rule.quiet_until is None else "quiet_from",
        )
    if rule.webhook_address:
        rule.webhook_address = check_target(rule.webhook_address, field="webhook_address")
        if not _opens(rule.webhook_secret):
            rule.webhook_secret = seal(draw_secret(), purpose=WEBHOOK)
    return changed


def webhook_secret_of(rule: AlertRule) -> str:
    """Return what both sides sign with, "" for none. Raises Unsealable."""
    return unseal(rule.webhook_secret, purpose=WEBHOOK)


def _opens(sealed: str) -> bool:
    try:
        return bool(unseal(sealed, purpose=WEBHOOK))
    except Unsealable:
        return False


def _check_numbers(rule: AlertRule) -> None:
    for name in ("threshold", "clear_at"):
        value = getattr(rule, name)
        if value is not None and not math.isfinite(value):
            raise Invalid(_("Das ist keine Zahl."), field=name)
    for name in ("minimum_minutes", "period_minutes"):
        if (getattr(rule, name) or 0) > LONGEST:
            raise Invalid(_("Höchstens 31 Tage."), field=name)
    needs_period = rule.kind not in {AlertKind.ABOVE, AlertKind.BELOW}
    if needs_period and not rule.period_minutes:
        raise Invalid(_("Bitte geben Sie einen Zeitraum an."), field="period_minutes")


def _check_limits(rule: AlertRule) -> None:
    if rule.datastream.is_multi:
        raise Invalid(
            _("Für mehrere Werte zugleich gibt es nur die Warnung, dass keine mehr kommen."),
            field="kind",
        )
    if rule.threshold is None:
        raise Invalid(_("Bitte geben Sie eine Grenze an."), field="threshold")
    if rule.clear_at is None:
        rule.clear_at = rule.threshold
    is_below = rule.kind == AlertKind.BELOW
    if rule.clear_at < rule.threshold if is_below else rule.clear_at > rule.threshold:
        raise Invalid(
            _("Die Entwarnung muss auf der anderen Seite der Grenze liegen, oder auf ihr."),
            field="clear_at",
        )
    if rule.kind in {AlertKind.RISE, AlertKind.FALL} and rule.threshold <= 0:
        raise Invalid(_("Um wie viel? Bitte eine Zahl über 0."), field="threshold")


def _begin_anew(rule: AlertRule, now: datetime) -> None:
    period = timedelta(minutes=max(rule.minimum_minutes, rule.period_minutes or 0))
    rule.seen_time, rule.seen_result = now - max(LOOKS_BACK, period), None
    rule.exceeded_since = rule.exceeded_extreme = None


def _set_recipients(
    actor: Actor, rule: AlertRule, recipients: Iterable[User], now: datetime
) -> None:
    wanted = {user.pk for user in recipients}
    allowed = recipients_for(rule.owner, actor, now=now).filter(pk__in=wanted)
    if wanted - set(allowed.values_list("pk", flat=True)):
        raise Invalid(
            _("Nachrichten gehen nur an Mitglieder von %(owner)s oder an Sie selbst.")
            % {"owner": rule.owner},
            field="recipients",
        )
    rule.recipients.set(wanted)


def _set_accounts(rule: AlertRule, accounts: Iterable[DeviceToken]) -> None:
    wanted = {account.pk for account in accounts}
    allowed = mqtt_accounts_of(rule.owner).filter(pk__in=wanted)
    if wanted - set(allowed.values_list("pk", flat=True)):
        raise Invalid(
            _("Über MQTT geht eine Warnung nur an Zugänge von %(owner)s.") % {"owner": rule.owner},
            field="accounts",
        )
    rule.accounts.set(wanted)

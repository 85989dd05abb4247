"""Noticing alerts, and acknowledging them.

The rules are followed from the tables, not from notifications: each knows up to which time it has
judged the values of its datastream, in the transaction that notices an alert and notes whom to
tell. Whatever ends in between, the next look goes on there. What comes later than newer values is
not judged.
"""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils.translation import gettext as _

from stadtwabe.hub.alerting.course import Began, Course, Ended, Limits, follow
from stadtwabe.hub.alerting.quiet import told_at
from stadtwabe.hub.commands.alert_topics import told_by_topic
from stadtwabe.hub.models import Alert, AlertDelivery, AlertRule, DatastreamState, Watch
from stadtwabe.hub.queries.alerts import FUTURE, due_rules, newest_until, values_between
from stadtwabe.hub.rules import AlertKind, Channel, Occasion, Quality
from stadtwabe.kit.actor import Actor
from stadtwabe.kit.errors import Conflict
from stadtwabe.people.audit import record
from stadtwabe.people.permissions import require

ANNOUNCED = "hub_alert"
"""The channel of PostgreSQL on which every beginning and end is announced: JSON with ``alert``,
``datastream`` and ``occasion``. It names private ones too; ``alerting.webhook.described`` has the
rest."""

BREAK = timedelta(minutes=2)
"""After so long without a look devices may have been unable to send all the time."""

LOOK_NOTED_EVERY = timedelta(seconds=20)
VALUES_AT_ONCE = 5_000
TOO_OLD = timedelta(days=1)
"""What was over so long ago when it came in is kept in the list, and nobody is told."""

MOST_TOLD_PER_HOUR = 6
"""Of one rule; more are kept in the list only. Whoever gets more reads none."""

Row = tuple[datetime, float | None, int]


def watch_alerts(*, now: datetime) -> int:
    """Follow every rule for which something may have happened; return how many those were."""
    since = _note_look(now)
    due = due_rules(now=now, since=since)
    for pk in due:
        while _follow(pk, now=now, since=since):
            pass
    return len(due)


@transaction.atomic
def acknowledge_alert(*, actor: Actor, alert: Alert, note: str, now: datetime) -> Alert:
    """Say that somebody sees to it; what has not been sent of its beginning is not sent any more.

    Raises NotAllowed, and Conflict when somebody was faster.
    """
    require(actor, "hub.edit_alert_rule", alert.rule)
    mine = Alert.objects.filter(pk=alert.pk, acknowledged_at__isnull=True)
    note = note.strip()[:500]
    if not mine.update(acknowledged_at=now, acknowledged_by=actor.person, note=note):
        raise Conflict(_("Jemand war schneller: Diese Warnung ist schon bestätigt."))
    record(actor=actor, command="hub.acknowledge_alert", subject=alert, now=now)
    alert.refresh_from_db()
    return alert


@transaction.atomic
def _note_look(now: datetime) -> datetime:
    """Note that somebody looks, and return since when without a break."""
    watch = Watch.objects.select_for_update().filter(pk=1).first()
    if watch is None:
        Watch.objects.bulk_create([Watch(pk=1, checked_at=now, since=now)], ignore_conflicts=True)
        return now
    if abs(now - watch.checked_at) > BREAK:
        watch.since = now
    elif now - watch.checked_at < LOOK_NOTED_EVERY:
        return watch.since
    watch.checked_at = now
    watch.save()
    return watch.since


@transaction.atomic
def _follow(pk: int, *, now: datetime, since: datetime) -> bool:
    """Follow one rule; return whether there is more. Somebody else may be at it."""
    rule = (
        AlertRule.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("datastream__thing")
        .filter(pk=pk, is_active=True)
        .first()
    )
    if rule is None:
        return False
    state = DatastreamState.objects.get(pk=rule.datastream_id)
    alert = rule.alerts.filter(ended_at__isnull=True).first()
    if rule.kind == AlertKind.SILENCE:
        _follow_silence(rule, state, alert, now=now, since=since)
        return False
    return _follow_values(rule, state, alert, now=now)


def _follow_silence(
    rule: AlertRule,
    state: DatastreamState,
    alert: Alert | None,
    *,
    now: datetime,
    since: datetime,
) -> None:
    """Judge by the newest value that is not of the future: a clock that is wrong says nothing."""
    horizon = now + FUTURE
    last = state.last_time
    if last is not None and last > horizon:
        last = newest_until(rule.datastream_id, horizon)
    if alert is not None:
        if last is not None and last > alert.began_at:
            _end(alert, last, None, now=now)
    else:
        silent_since = last or rule.created_at
        if now - max(silent_since, since) > timedelta(minutes=rule.period_minutes or 0):
            alert = _begin(rule, silent_since, now=now)
            _tell(alert, Occasion.BEGAN, now=now)
    if last is not None:
        rule.seen_time = last
        rule.save(update_fields=["seen_time"])


def _follow_values(
    rule: AlertRule, state: DatastreamState, alert: Alert | None, *, now: datetime
) -> bool:
    limits = _limits(rule)
    rows: Sequence[Row] = values_between(
        rule.datastream_id, rule.seen_time, now + FUTURE, most=VALUES_AT_ONCE
    )
    if not rows:
        is_corrected = state.last_time == rule.seen_time and state.last_result != rule.seen_result
        if not is_corrected or state.last_time is None:
            return False
        rows = [(state.last_time, state.last_result, state.last_quality)]
    course = Course(
        since=rule.exceeded_since,
        is_open=alert is not None,
        extreme=alert.extreme if alert else rule.exceeded_extreme,
        last=alert.last_value if alert else None,
    )
    before: list[tuple[datetime, float]] = []
    if limits.is_of_change:
        start = rows[0][0] - limits.period - timedelta(microseconds=1)
        until = rows[0][0] - timedelta(microseconds=1)
        before = _numbers(values_between(rule.datastream_id, start, until, most=VALUES_AT_ONCE))
    begun: Alert | None = None
    for change in follow(limits, course, _numbers(rows), before=before):
        if isinstance(change, Began):
            alert = begun = _begin(rule, change.since, now=now, value=change.value)
        elif isinstance(change, Ended) and alert is not None:
            alert.extreme = change.extreme
            _end(alert, change.at, change.value, now=now, is_told=alert is not begun)
            if alert is begun and now - change.at < TOO_OLD:
                _tell(alert, Occasion.BEGAN, now=now)
            alert = begun = None
    if begun is not None:
        _tell(begun, Occasion.BEGAN, now=now)
    if alert is not None:
        alert.extreme, alert.last_value = course.extreme, course.last
        alert.save(update_fields=["extreme", "last_value"])
    rule.seen_time, rule.seen_result = rows[-1][:2]
    rule.exceeded_since = None if course.is_open else course.since
    rule.exceeded_extreme = None if course.is_open else course.extreme
    rule.save(update_fields=["seen_time", "seen_result", "exceeded_since", "exceeded_extreme"])
    return len(rows) == VALUES_AT_ONCE


def _limits(rule: AlertRule) -> Limits:
    if rule.threshold is None or rule.clear_at is None:  # the database forbids it
        message = f"Rule {rule.pk} has no limits"
        raise AssertionError(message)
    return Limits(
        AlertKind(rule.kind),
        rule.threshold,
        rule.clear_at,
        timedelta(minutes=rule.minimum_minutes),
        timedelta(minutes=rule.period_minutes or 0),
    )


def _numbers(rows: Sequence[Row]) -> list[tuple[datetime, float]]:
    """Leave out what is no number, and what no working sensor can have measured."""
    return [
        (at, result)
        for at, result, flags in rows
        if result is not None and not flags & Quality.RANGE
    ]


def _begin(
    rule: AlertRule, began_at: datetime, *, now: datetime, value: float | None = None
) -> Alert:
    alert = Alert.objects.create(
        rule=rule, began_at=began_at, noticed_at=now, value=value, extreme=value, last_value=value
    )
    _announce(alert, Occasion.BEGAN)
    return alert


def _end(
    alert: Alert, at: datetime, value: float | None, *, now: datetime, is_told: bool = True
) -> None:
    alert.ended_at = max(at, alert.began_at)
    alert.last_value = value
    alert.save(update_fields=["ended_at", "last_value", "extreme"])
    _announce(alert, Occasion.ENDED)
    if is_told:
        _tell(alert, Occasion.ENDED, now=now)


def _tell(alert: Alert, occasion: Occasion, *, now: datetime) -> None:
    """Note whom to tell, and when; of an end those who are told of the beginning."""
    rule = alert.rule
    due = told_at(now, rule.quiet_from, rule.quiet_until)
    if occasion == Occasion.ENDED:
        targets = [
            (each.channel, each.recipient_id, each.account_id)
            for each in alert.deliveries.filter(occasion=Occasion.BEGAN)
        ]
    else:
        told = AlertDelivery.objects.filter(
            alert__rule=rule,
            occasion=Occasion.BEGAN,
            alert__noticed_at__gt=now - timedelta(hours=1),
        )
        if told.values("alert").distinct().count() >= MOST_TOLD_PER_HOUR:
            return
        people = rule.recipients.order_by("pk").values_list("pk", flat=True)
        targets = [(Channel.MAIL.value, pk, None) for pk in people]
        targets += [(Channel.WEBHOOK.value, None, None)] if rule.webhook_address else []
        targets += [(channel, None, account) for channel, account in told_by_topic(rule)]
    AlertDelivery.objects.bulk_create(
        AlertDelivery(
            alert=alert,
            occasion=occasion,
            channel=channel,
            recipient_id=recipient,
            account_id=account,
            due_at=due,
        )
        for channel, recipient, account in targets
    )


def _announce(alert: Alert, occasion: Occasion) -> None:
    about = {"alert": alert.pk, "datastream": alert.rule.datastream_id, "occasion": occasion.value}
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [ANNOUNCED, json.dumps(about)])

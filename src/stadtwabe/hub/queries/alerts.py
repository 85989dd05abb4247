"""Rules of alerts, alerts, and which of them it is time to look at."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import F, Prefetch, Q, QuerySet

from stadtwabe.hub.models import Alert, AlertDelivery, AlertRule, Datastream
from stadtwabe.hub.queries.stewarding import stewarded
from stadtwabe.hub.queries.visible import datastreams_visible_to
from stadtwabe.kit.actor import Actor
from stadtwabe.kit.clock import day_of
from stadtwabe.people.models import Party, User
from stadtwabe.people.queries import reachable_accounts, reachable_members

FUTURE = timedelta(minutes=5)
"""Values with later times come from a clock that is wrong, and are not judged."""


def rules_in_force() -> QuerySet[AlertRule]:
    """Return the rules whose datastream still belongs to whom they were made for."""
    return AlertRule.objects.filter(owner=F("datastream__owner"))


def alert_rules_of(actor: Actor) -> QuerySet[AlertRule]:
    """Return the rules for datastreams that ``actor`` stewards, with what pages say of them."""
    rules = rules_in_force().select_related(
        "datastream__thing__card__place", "datastream__state", "owner"
    )
    return stewarded(rules, actor).order_by(
        "datastream__thing__name", "datastream__name", "name", "pk"
    )


def alerts_of(actor: Actor) -> QuerySet[Alert]:
    """Return the alerts of rules that ``actor`` stewards: those that go on first, then by time."""
    return (
        Alert.objects.filter(rule__in=alert_rules_of(actor).order_by().values("pk"))
        .select_related("rule__datastream__thing__card__place", "rule__datastream__state")
        .order_by(F("ended_at").desc(nulls_first=True), "-began_at", "-pk")
    )


def with_deliveries(alerts: QuerySet[Alert]) -> QuerySet[Alert]:
    """Return ``alerts`` with who was told of them."""
    told = AlertDelivery.objects.select_related("recipient", "account").order_by("pk")
    return alerts.prefetch_related(Prefetch("deliveries", queryset=told))


def shown_alerts(actor: Actor, datastreams: Iterable[Datastream]) -> list[Alert]:
    """Return the alerts that go on and that the steward wants shown where the values are.

    Only of those among ``datastreams`` that ``actor`` may see.
    """
    seen = datastreams_visible_to(actor).filter(pk__in=[each.pk for each in datastreams])
    found = Alert.objects.filter(
        ended_at__isnull=True,
        rule__is_shown=True,
        rule__is_active=True,
        rule__in=rules_in_force().values("pk"),
        rule__datastream__in=seen.values("pk"),
    )
    return list(
        found.select_related(
            "rule__datastream__thing__card__place", "rule__datastream__state"
        ).order_by("-began_at", "pk")
    )


def recipients_for(owner: Party, actor: Actor, *, now: datetime) -> QuerySet[User]:
    """Return who may be told of what belongs to ``owner``: its members, and ``actor`` itself."""
    members = reachable_members(owner, today=day_of(now)).values("pk")
    return reachable_accounts().filter(Q(pk__in=members) | Q(number=actor.person))


def newest_until(datastream_id: int, until: datetime) -> datetime | None:
    """Return the phenomenon time of the last observation up to ``until``."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT phenomenon_time FROM hub_observation WHERE datastream_id = %s"
            " AND phenomenon_time <= %s ORDER BY phenomenon_time DESC LIMIT 1",
            [datastream_id, until],
        )
        row = cursor.fetchone()
    return row[0] if row else None


def values_between(
    datastream_id: int, after: datetime, until: datetime, *, most: int
) -> list[tuple[datetime, float | None, int]]:
    """Return time, result and flags after a time, up to and including another, oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT phenomenon_time, result, quality FROM hub_observation"
            " WHERE datastream_id = %s AND phenomenon_time > %s AND phenomenon_time <= %s"
            " ORDER BY phenomenon_time LIMIT %s",
            [datastream_id, after, until, most],
        )
        return list(cursor.fetchall())


def due_rules(*, now: datetime, since: datetime) -> list[int]:
    """Return the rules for which something may have happened; ``since`` somebody watches.

    One query over small tables: the states of datastreams, kept by ingest, beside the rules.
    """
    with connection.cursor() as cursor:
        cursor.execute(_DUE, {"now": now, "since": since, "horizon": now + FUTURE})
        return [pk for (pk,) in cursor.fetchall()]


_DUE = """
SELECT r.id FROM hub_alertrule r
JOIN hub_datastream d ON d.id = r.datastream_id AND d.owner_id = r.owner_id
JOIN hub_datastreamstate s ON s.datastream_id = d.id
LEFT JOIN hub_alert a ON a.rule_id = r.id AND a.ended_at IS NULL
WHERE r.is_active AND CASE WHEN r.kind <> 'silence' THEN
    s.last_time > r.seen_time
    OR (s.last_time = r.seen_time AND s.last_result IS DISTINCT FROM r.seen_result)
WHEN a.id IS NOT NULL THEN s.last_time IS DISTINCT FROM r.seen_time
ELSE s.last_time > %(horizon)s
    OR greatest(coalesce(s.last_time, r.created_at), %(since)s)
       < %(now)s - r.period_minutes * interval '1 minute'
END
ORDER BY r.id
"""

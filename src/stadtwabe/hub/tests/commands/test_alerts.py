"""Alerts from the tables: nothing lost, nothing twice, nobody told who should not be."""

from datetime import time, timedelta

import pytest
from django.core import mail
from django.db import connection

from stadtwabe.hub.alerting.words import suspicion
from stadtwabe.hub.commands.alert_deliveries import deliver_alert, queue_deliveries
from stadtwabe.hub.commands.alert_rules import (
    create_alert_rule,
    delete_alert_rule,
    edit_alert_rule,
)
from stadtwabe.hub.commands.alerts import acknowledge_alert, watch_alerts
from stadtwabe.hub.models import Alert, AlertDelivery, AlertRule, Watch
from stadtwabe.hub.rules import DeliveryState
from stadtwabe.hub.tests.factories import (
    make_datastream,
    make_multi_datastream,
    make_thing,
    put_observations,
)
from stadtwabe.kit.actor import SYSTEM
from stadtwabe.kit.errors import Conflict, Invalid, NotAllowed
from stadtwabe.people.models import Membership
from stadtwabe.people.tests.factories import NOW, Cast

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
AIR = {"name": "Lüften", "kind": "above", "threshold": 1000, "clear_at": 800}
SILENT = {"name": "Ausfall", "kind": "silence", "period_minutes": 60}


@pytest.fixture
def cast():
    return Cast()


@pytest.fixture
def stream(cast):
    ppm = {"name": "Teile je Million", "symbol": "ppm", "definition": "[ppm]"}
    return make_datastream(make_thing(cast.menden, "Klassenraum 1a"), "Kohlendioxid", units=[ppm])


def make_rule(stream, cast=None, **values):
    """A rule that tells Menden's steward, when there is a cast."""
    return create_alert_rule(
        actor=SYSTEM,
        datastream=stream,
        values={**AIR, **values},
        recipients=[cast.users["steward"]] if cast else [],
        now=NOW,
    )


def look(now):
    """Look, and deliver what is due; returns the subjects of what was sent."""
    before = len(mail.outbox)
    watch_alerts(now=now)
    queue_deliveries(now=now)
    for pk in (
        AlertDelivery.objects.filter(state="waiting").order_by("pk").values_list("pk", flat=True)
    ):
        deliver_alert(delivery_id=pk, now=now)
    return [each.subject for each in mail.outbox[before:]]


def watched_until(now):
    """As if somebody had looked every other second until ``now``."""
    Watch.objects.update(checked_at=now)


def test_a_mail_says_what_since_when_where_and_what_to_do(stream, cast):
    make_rule(stream, cast, advice="Bitte lüften: Fenster für fünf Minuten ganz öffnen.")
    put_observations(stream, 700, 1100, 1240, start=NOW, every=5 * MINUTE)
    assert look(NOW + 11 * MINUTE) == ["Stadtwabe: Kohlendioxid über 1000 ppm, Klassenraum 1a"]
    text = mail.outbox[0].body
    assert mail.outbox[0].to == ["daten@menden.example"]
    assert "liegt seit 22. November 2026, 10:05 Uhr über 1000 ppm. Höchster Wert: 1240 ppm." in text
    assert "Wo: Klassenraum 1a, Menden (Sauerland)" in text
    assert "Zu tun: Bitte lüften" in text
    assert f"/daten/warnungen/{Alert.objects.get().pk}/" in text
    assert look(NOW + 12 * MINUTE) == []
    put_observations(stream, 900, 790, start=NOW + 15 * MINUTE, every=5 * MINUTE)
    ended = ["Stadtwabe: Entwarnung: Kohlendioxid über 1000 ppm, Klassenraum 1a"]
    assert look(NOW + 21 * MINUTE) == ended
    assert Alert.objects.get().ended_at == NOW + 20 * MINUTE


def test_nothing_is_lost_that_came_while_nobody_looked_and_nothing_comes_twice(stream, cast):
    make_rule(stream, cast)
    put_observations(stream, 1100, 700, 1200, 600, 1300, start=NOW + MINUTE, every=MINUTE)
    # Two were over when somebody looked: one message each, which says so. The third goes on.
    subjects = look(NOW + timedelta(hours=5))
    assert len(subjects) == 3
    assert [("schon wieder vorbei" in each.body) for each in mail.outbox] == [True, True, False]
    assert look(NOW + timedelta(hours=5)) == []
    assert Alert.objects.filter(ended_at__isnull=True).count() == 1


def test_backfilled_days_are_kept_in_the_list_and_tell_nobody(stream, cast):
    make_rule(stream, cast)
    AlertRule.objects.update(seen_time=NOW - timedelta(days=3))
    put_observations(stream, 1100, 700, start=NOW - timedelta(days=2))
    assert look(NOW) == []
    assert Alert.objects.count() == 1


def test_many_alerts_an_hour_are_told_six_times(stream, cast):
    make_rule(stream, cast)
    put_observations(stream, *[1100, 700] * 10, start=NOW + MINUTE, every=MINUTE)
    assert len(look(NOW + 30 * MINUTE)) == 6
    assert Alert.objects.count() == 10


def test_a_clock_that_jumps_ahead_neither_raises_an_alert_nor_hides_the_next(stream, cast):
    make_rule(stream, cast)
    create_alert_rule(actor=SYSTEM, datastream=stream, values=SILENT, now=NOW)
    put_observations(stream, 700, start=NOW + MINUTE)
    put_observations(stream, 5000, start=NOW.replace(year=2031))
    assert look(NOW + 2 * MINUTE) == []
    # The clock is right again: for ingest what comes now is late, for the rule it is the present.
    put_observations(stream, 1100, start=NOW + 3 * MINUTE)
    type(stream.state).objects.update(last_time=NOW.replace(year=2031), last_result=5000)
    assert len(look(NOW + 4 * MINUTE)) == 1
    # It stays silent but for times of the future: that is noticed, with the reason.
    watched_until(NOW + 64 * MINUTE)
    assert look(NOW + 64 * MINUTE) == []
    silent = Alert.objects.get(rule__kind="silence")
    assert silent.began_at == NOW + 3 * MINUTE


def test_a_clock_that_jumps_back_makes_silence_that_names_it(stream, cast):
    rule = make_rule(stream, cast, **SILENT)
    put_observations(stream, 700, start=NOW)
    look(NOW)
    watched_until(NOW + 61 * MINUTE)
    assert len(look(NOW + 61 * MINUTE)) == 1
    assert "Uhr des Geräts" not in mail.outbox[-1].body
    put_observations(stream, 700, start=NOW - timedelta(days=400))
    type(stream.state).objects.update(last_time=NOW, last_received=NOW + 70 * MINUTE)
    assert look(NOW + 71 * MINUTE) == []
    alert = rule.alerts.select_related("rule__datastream__state").get()
    assert alert.is_open
    assert "Die Uhr des Geräts geht nach." in suspicion(alert, now=NOW + 71 * MINUTE)
    # Our own clock going back breaks nothing and ends nothing before it began.
    assert look(NOW - timedelta(days=1)) == []
    put_observations(stream, 700, start=NOW + 75 * MINUTE)
    look(NOW + 75 * MINUTE)
    assert rule.alerts.get().ended_at == NOW + 75 * MINUTE


def test_silence_is_not_counted_while_nobody_could_be_heard(stream, cast):
    make_rule(stream, cast, **SILENT)
    put_observations(stream, 700, start=NOW)
    look(NOW + 10 * MINUTE)
    # Down for three hours: the devices get their hour to be heard first.
    back = NOW + timedelta(hours=3, minutes=10)
    assert look(back) == []
    watched_until(back + 59 * MINUTE)
    assert look(back + 59 * MINUTE) == []
    assert len(look(back + 61 * MINUTE)) == 1
    assert Alert.objects.get().began_at == NOW
    # An alert that goes on outlives the next break, and ends once.
    later = back + timedelta(hours=30)
    assert look(later) == []
    put_observations(stream, 700, start=later + MINUTE)
    assert len(look(later + 2 * MINUTE)) == 1
    assert look(later + 3 * MINUTE) == []


def test_in_quiet_hours_nothing_is_sent_and_what_is_over_by_then_never(stream, cast):
    make_rule(stream, cast, quiet_from=time(9, 30), quiet_until=time(11))
    put_observations(stream, 1100, 700, start=NOW + MINUTE, every=5 * MINUTE)
    assert look(NOW + 7 * MINUTE) == []
    put_observations(stream, 1200, start=NOW + 20 * MINUTE)
    assert look(NOW + 21 * MINUTE) == []
    # 11:00 in Germany is 10:00 UTC.
    assert look(NOW + 59 * MINUTE) == []
    assert len(look(NOW + 60 * MINUTE)) == 1
    assert AlertDelivery.objects.filter(state=DeliveryState.DROPPED).count() == 1


def test_an_acknowledged_alert_is_not_told_any_more_and_only_once_acknowledged(stream, cast):
    make_rule(stream, cast, quiet_from=time(9, 30), quiet_until=time(11))
    put_observations(stream, 1100, start=NOW + MINUTE)
    look(NOW + 2 * MINUTE)
    alert = Alert.objects.get()
    steward = cast.actor("steward")
    acknowledge_alert(actor=steward, alert=alert, note="Ich lüfte.", now=NOW + 3 * MINUTE)
    with pytest.raises(Conflict):
        acknowledge_alert(actor=steward, alert=alert, note="", now=NOW + 3 * MINUTE)
    assert look(NOW + 61 * MINUTE) == []


def test_who_has_left_the_town_is_told_nothing_and_neither_after_the_thing_has_moved(stream, cast):
    rule = make_rule(stream, cast)
    put_observations(stream, 1100, start=NOW + MINUTE)
    Membership.objects.filter(user=cast.users["steward"]).update(until=NOW.date() - timedelta(1))
    assert look(NOW + 2 * MINUTE) == []
    delivery = AlertDelivery.objects.get()
    assert (delivery.state, delivery.problem) == ("dropped", "Das Konto gehört nicht mehr dazu.")
    type(stream).objects.update(owner=cast.beckum)
    put_observations(stream, 700, 1100, start=NOW + 5 * MINUTE)
    assert watch_alerts(now=NOW + 15 * MINUTE) == 0
    assert rule.alerts.count() == 1


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"threshold": None}, "threshold"),
        ({"threshold": float("nan")}, "threshold"),
        ({"clear_at": 1200}, "clear_at"),
        ({"kind": "below", "clear_at": 800}, "clear_at"),
        ({"kind": "rise"}, "period_minutes"),
        ({"kind": "rise", "period_minutes": 60, "threshold": 0, "clear_at": 0}, "threshold"),
        ({"kind": "silence"}, "period_minutes"),
        ({"quiet_from": time(22)}, "quiet_until"),
        ({"webhook_address": "ftp://beispiel.de/"}, "webhook_address"),
        ({"webhook_address": "http://127.0.0.1:8000/"}, "webhook_address"),
        ({"webhook_address": "http://[::1]/"}, "webhook_address"),
        ({"name": ""}, "name"),
    ],
)
def test_rules_that_make_no_sense_are_refused_by_field(stream, values, field):
    with pytest.raises(Invalid) as caught:
        make_rule(stream, **values)
    assert caught.value.field == field


def test_of_several_values_at_once_only_silence_is_noticed(cast):
    multi = make_multi_datastream(make_thing(cast.menden))
    with pytest.raises(Invalid):
        make_rule(multi)
    make_rule(multi, **SILENT)


def test_only_stewards_of_the_owner_and_only_members_are_told(stream, cast):
    rule = make_rule(stream)
    for name in ("foreign_steward", "editor", "citizen", "visitor"):
        actor = cast.actor(name)
        for attempt in (
            lambda who=actor: create_alert_rule(actor=who, datastream=stream, values=AIR, now=NOW),
            lambda who=actor: edit_alert_rule(actor=who, rule=rule, values={}, now=NOW),
            lambda who=actor: delete_alert_rule(actor=who, rule=rule, now=NOW),
        ):
            with pytest.raises(NotAllowed):
                attempt()
    steward = cast.actor("steward")
    mine = [cast.users["steward"], cast.users["editor"]]
    edit_alert_rule(actor=steward, rule=rule, values={}, recipients=mine, now=NOW)
    for name in ("foreign_steward", "citizen"):
        with pytest.raises(Invalid) as caught:
            edit_alert_rule(
                actor=steward, rule=rule, values={}, recipients=[cast.users[name]], now=NOW
            )
        assert caught.value.field == "recipients"
    assert rule.recipients.count() == 2


def test_with_other_limits_a_rule_begins_anew(stream, cast):
    rule = make_rule(stream, cast, quiet_from=time(9, 30), quiet_until=time(11))
    put_observations(stream, 1100, start=NOW + MINUTE)
    look(NOW + 2 * MINUTE)
    edit_alert_rule(actor=SYSTEM, rule=rule, values={"threshold": 1050}, now=NOW + 3 * MINUTE)
    watch_alerts(now=NOW + 4 * MINUTE)
    assert [alert.is_open for alert in rule.alerts.order_by("pk")] == [False, True]
    assert list(AlertDelivery.objects.order_by("pk").values_list("state", flat=True)) == [
        "dropped",
        "waiting",
    ]
    edit_alert_rule(actor=SYSTEM, rule=rule, values={"is_active": False}, now=NOW + 5 * MINUTE)
    assert not rule.alerts.filter(ended_at__isnull=True).exists()
    assert watch_alerts(now=NOW + 6 * MINUTE) == 0


def test_a_corrected_last_value_is_judged_again(stream):
    rule = make_rule(stream)
    put_observations(stream, 700, start=NOW + MINUTE)
    watch_alerts(now=NOW + 2 * MINUTE)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE hub_observation SET result = 1700")
        cursor.execute("UPDATE hub_datastreamstate SET last_result = 1700")
    watch_alerts(now=NOW + 3 * MINUTE)
    assert rule.alerts.get().value == 1700
    assert watch_alerts(now=NOW + 3 * MINUTE) == 0

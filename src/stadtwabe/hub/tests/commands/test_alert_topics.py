"""Which alerts go to the MQTT broker: the table says so, whoever holds the connection."""

from datetime import time, timedelta

import pytest

from stadtwabe.hub.commands import create_device_token
from stadtwabe.hub.commands.alert_deliveries import MOST_ATTEMPTS, queue_deliveries
from stadtwabe.hub.commands.alert_rules import create_alert_rule, edit_alert_rule
from stadtwabe.hub.commands.alert_topics import due_messages, note_message
from stadtwabe.hub.commands.alerts import watch_alerts
from stadtwabe.hub.models import AlertDelivery
from stadtwabe.hub.tests.factories import make_datastream, make_thing, put_observations
from stadtwabe.kit.actor import SYSTEM
from stadtwabe.kit.errors import Invalid
from stadtwabe.people.tests.factories import NOW, Cast

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
VALUES = {"name": "Hochwasser", "kind": "above", "threshold": 300, "is_shown": True}


@pytest.fixture(autouse=True)
def _broker(settings):
    settings.MQTT_BROKER = {"prefix": "stadt/"}


@pytest.fixture
def cast():
    return Cast()


@pytest.fixture
def stream(cast):
    return make_datastream(make_thing(cast.menden, "Pegel"), "Wasserstand")


def account_of(owner):
    return create_device_token(actor=SYSTEM, owner=owner, label="Sirene", now=NOW)[0]


def due(now=NOW + 5 * MINUTE):
    return due_messages(prefix="stadt/", root="https://wabe.example", now=now)


def test_each_reader_has_a_topic_and_no_job_sends_them(stream, cast):
    account = account_of(cast.menden)
    values = {**VALUES}
    create_alert_rule(actor=SYSTEM, datastream=stream, values=values, accounts=[account], now=NOW)
    put_observations(stream, 350, start=NOW)
    watch_alerts(now=NOW + MINUTE)
    assert queue_deliveries(now=NOW + MINUTE) == 0
    assert [message.topic for message in due()] == [
        f"stadt/alerts/swd{account.pk}/Datastreams({stream.pk})",
        f"stadt/alerts/public/Datastreams({stream.pk})",
    ]
    for message in due():
        note_message(message.delivery_id, problem="", now=NOW)
    assert due() == []
    put_observations(stream, 100, start=NOW + 2 * MINUTE)
    watch_alerts(now=NOW + 3 * MINUTE)
    assert len(due()) == 2, "both hear of the end"


def test_without_a_broker_nothing_waits(stream, cast, settings):
    settings.MQTT_BROKER = None
    create_alert_rule(
        actor=SYSTEM,
        datastream=stream,
        values=VALUES,
        accounts=[account_of(cast.menden)],
        now=NOW,
    )
    put_observations(stream, 350, start=NOW)
    watch_alerts(now=NOW + MINUTE)
    assert not AlertDelivery.objects.exists()


def test_quiet_hours_hold_here_too(stream, cast):
    quiet = {**VALUES, "quiet_from": time(9), "quiet_until": time(11)}
    create_alert_rule(actor=SYSTEM, datastream=stream, values=quiet, now=NOW)
    put_observations(stream, 350, start=NOW)
    watch_alerts(now=NOW + MINUTE)
    assert due() == []
    assert len(due(NOW + timedelta(hours=2))) == 1


def test_what_the_broker_denies_is_tried_again_and_given_up_at_last(stream):
    create_alert_rule(actor=SYSTEM, datastream=stream, values=VALUES, now=NOW)
    put_observations(stream, 350, start=NOW)
    watch_alerts(now=NOW + MINUTE)
    moment = NOW + 5 * MINUTE
    for _ in range(MOST_ATTEMPTS):
        (message,) = due(moment)
        note_message(message.delivery_id, problem="Not authorized", now=moment)
        assert due(moment) == [], "not at once again"
        moment += timedelta(days=1)
    assert AlertDelivery.objects.get().state == "failed"
    assert "Not authorized" in AlertDelivery.objects.get().problem


def test_only_accounts_of_the_owner_are_told(stream, cast):
    foreign = account_of(cast.beckum)
    with pytest.raises(Invalid, match="Menden"):
        create_alert_rule(
            actor=SYSTEM, datastream=stream, values=VALUES, accounts=[foreign], now=NOW
        )
    rule = create_alert_rule(actor=SYSTEM, datastream=stream, values=VALUES, now=NOW)
    with pytest.raises(Invalid):
        edit_alert_rule(actor=SYSTEM, rule=rule, values={}, accounts=[foreign], now=NOW)


def test_the_form_offers_ones_own_accounts_and_the_page_tells_the_topics(client, stream, cast):
    account, foreign = account_of(cast.menden), account_of(cast.beckum)
    client.force_login(cast.users["steward"])
    address = f"/daten/reihen/{stream.pk}/warnen/"
    sent = {**VALUES, "is_active": "on", "minimum_minutes": "0", "accounts": [foreign.pk]}
    page = client.post(address, sent)
    assert page.status_code == 422
    page = client.post(address, {**sent, "accounts": [account.pk]}, follow=True).content.decode()
    assert f"stadt/alerts/swd{account.pk}/Datastreams({stream.pk})" in page
    assert f"stadt/alerts/public/Datastreams({stream.pk})" in page

"""Alerts by MQTT: whom the owner has named hears of them, everybody of public ones alone."""

import json
from datetime import timedelta
from typing import Any

import pytest

from stadtwabe.hub.commands import create_device_token, edit_datastream, revoke_device_token
from stadtwabe.hub.commands.alert_rules import create_alert_rule
from stadtwabe.hub.commands.alerts import watch_alerts
from stadtwabe.hub.models import AlertDelivery, AlertRule, Datastream
from stadtwabe.hub.tests.factories import make_datastream, put_observations
from stadtwabe.hub.tests.mqtt.broker import until
from stadtwabe.hub.tests.mqtt.conftest import Scene
from stadtwabe.kit.actor import SYSTEM
from stadtwabe.people.tests.factories import NOW

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _broker(settings: Any) -> None:
    settings.MQTT_BROKER = {"prefix": ""}


def make_rule(scene: Scene, stream: Datastream, **more: Any) -> AlertRule:
    values = {"name": "Hochwasser", "kind": "above", "threshold": 300, "is_shown": True, **more}
    return create_alert_rule(
        actor=SYSTEM, datastream=stream, values=values, accounts=[scene.token], now=NOW
    )


def flood(stream: Datastream, *results: float, minute: int = 0) -> None:
    put_observations(stream, *results, start=NOW + minute * MINUTE, every=MINUTE)
    watch_alerts(now=NOW + (minute + 5) * MINUTE)


def states(stream: Datastream) -> dict[tuple[str, str], str]:
    found = AlertDelivery.objects.filter(alert__rule__datastream=stream)
    return {(each.channel, each.occasion): each.state for each in found}


def topics(heard: list[tuple[str, bytes]]) -> list[str]:
    return [topic for topic, _payload in heard if topic.startswith("alerts/")]


def test_begin_and_end_reach_the_account_and_everybody(scene: Scene) -> None:
    scene.start()
    everybody, lamp = scene.listener(), scene.device()
    lamp.listen("alerts/#")
    stream = scene.stream()
    make_rule(scene, stream)
    flood(stream, 200, 350)
    flood(stream, 250, minute=6)
    public, own = (f"alerts/{who}/Datastreams({stream.pk})" for who in ("public", scene.name))
    until(lambda: topics(everybody.heard) == [public, public], "everybody hears both")
    until(lambda: sorted(topics(lamp.heard)) == sorted([public, own] * 2), "so does the lamp")
    told = [json.loads(payload) for topic, payload in lamp.heard if topic == own]
    assert [each["type"] for each in told] == ["alert.began", "alert.ended"]
    assert told[0]["data"]["headline"].endswith("über 300 °C")
    assert told[0]["data"]["id"] == told[1]["data"]["id"]
    until(lambda: set(states(stream).values()) == {"sent"}, "each is noted as sent")
    late = scene.listener()
    late.listen("alerts/#")
    assert topics(late.heard) == [], "nothing stays with the broker"


@pytest.mark.parametrize("kind", ["owner", "networks"])
def test_nobody_else_hears_of_what_is_not_public(scene: Scene, kind: str) -> None:
    scene.start()
    everybody, lamp, reader = scene.listener(), scene.device(), scene.client("leserin", "liest")
    other, secret = create_device_token(
        actor=SYSTEM, owner=scene.foreign.owner, label="Fremd", now=NOW
    )
    scene.mosquitto.add(other.broker_name, secret)
    stranger = scene.client(other.broker_name, secret)
    for client in (lamp, reader, stranger):
        client.listen("#", "alerts/#", f"alerts/{scene.name}/#")
    private = make_datastream(scene.streams["menden", kind].thing, f"Leise {kind}")
    make_rule(scene, private)
    flood(private, 350)
    public = scene.stream()
    make_rule(scene, public)
    flood(public, 350)
    until(lambda: len(topics(everybody.heard)) == 1, "the public one has come, after the other")
    until(lambda: len(topics(stranger.heard)) >= 1, "to all")
    until(lambda: states(private) == {("mqtt", "began"): "sent"}, "the named one is told")
    for client in (everybody, reader, stranger):
        assert not [topic for topic in topics(client.heard) if f"({private.pk})" in topic]
        assert f"Leise {kind}".encode() not in b"".join(payload for _, payload in client.heard)
    until(lambda: f"alerts/{scene.name}/Datastreams({private.pk})" in topics(lamp.heard), "heard")


def test_what_became_narrower_or_was_revoked_meanwhile_is_dropped(scene: Scene) -> None:
    scene.stop()
    stream = scene.stream()
    token, secret = create_device_token(actor=SYSTEM, owner=stream.owner, label="Neu", now=NOW)
    scene.mosquitto.add(token.broker_name, secret)
    rule = make_rule(scene, stream)
    rule.accounts.add(token)
    flood(stream, 350)
    edit_datastream(actor=SYSTEM, datastream=stream, values={"narrowed_to": "owner"}, now=NOW)
    revoke_device_token(actor=SYSTEM, token=token, now=NOW)
    everybody, lamp = scene.listener(), scene.client(token.broker_name, secret)
    lamp.listen("alerts/#")
    scene.start()

    def done() -> dict[int | None, str]:
        found = AlertDelivery.objects.filter(alert__rule=rule)
        return {each.account_id: each.state for each in found}

    expected = {None: "dropped", token.pk: "dropped", scene.token.pk: "sent"}
    until(lambda: done() == expected, "two are dropped")
    assert topics(everybody.heard) == topics(lamp.heard) == []


def test_while_the_broker_is_away_it_waits(scene: Scene) -> None:
    scene.start()
    lamp, stream = scene.device(), scene.stream()
    lamp.listen("alerts/#")
    make_rule(scene, stream, is_shown=False)
    scene.mosquitto.stop()
    flood(stream, 350)
    assert states(stream) == {("mqtt", "began"): "waiting"}
    scene.mosquitto.start()
    until(lambda: states(stream) == {("mqtt", "began"): "sent"}, "it is sent afterwards")
    until(lambda: len(topics(lamp.heard)) >= 1, "and heard")


def test_nobody_writes_alerts_in_our_name(scene: Scene) -> None:
    scene.start()
    everybody, device = scene.listener(), scene.device()
    for topic in ("alerts/public/Datastreams(1)", f"alerts/{scene.name}/Datastreams(1)"):
        device.send(topic, "{}")
    stream = scene.stream()
    make_rule(scene, stream)
    flood(stream, 350)
    until(lambda: len(topics(everybody.heard)) >= 1, "ours comes")
    assert topics(everybody.heard) == [f"alerts/public/Datastreams({stream.pk})"]

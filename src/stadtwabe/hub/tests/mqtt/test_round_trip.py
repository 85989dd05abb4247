"""Observations come in from devices and go out to whoever may read them."""

import json
from typing import Any

import pytest

from stadtwabe.hub.commands import create_device_token, edit_datastream
from stadtwabe.hub.commands.device_tokens import revoke_device_token
from stadtwabe.hub.commands.observations import store_observations
from stadtwabe.hub.ingest.batch import NewObservation
from stadtwabe.hub.models import MqttRefusal, MqttSession, Observation
from stadtwabe.hub.tests.factories import make_multi_datastream
from stadtwabe.hub.tests.mqtt.broker import Client, until
from stadtwabe.hub.tests.mqtt.conftest import ROOT, Scene, results, topic
from stadtwabe.hub.topics import incoming_topic, username
from stadtwabe.kit.actor import SYSTEM
from stadtwabe.people.tests.factories import NOW

pytestmark = pytest.mark.django_db


def said_on(channel: str, listener: Client) -> list[Any]:
    return [json.loads(payload) for name, payload in listener.heard if name == channel]


def test_what_a_device_sends_is_stored_and_everybody_hears_of_it(scene: Scene) -> None:
    scene.start()
    stream, listener = scene.stream(), scene.listener()
    whole = {"result": 21.5, "phenomenonTime": "2026-11-01T12:00:00Z", "parameters": {"n": 3}}
    scene.device().send(topic(scene, stream), json.dumps(whole))
    out = f"v1.1/Datastreams({stream.pk})"
    until(lambda: f"{out}/resultTime" in dict(listener.heard), "the datastream is published")

    heard = dict(listener.heard)
    observation = Observation.objects.get(datastream_id=stream.pk)
    body = json.loads(heard[f"{out}/Observations"])
    # What an earlier test left behind may still be published beside it on the topics of all.
    assert body in said_on("v1.1/Observations", listener)
    assert body["result"] == 21.5
    assert body["phenomenonTime"] == "2026-11-01T12:00:00Z"
    assert body["parameters"] == {"n": 3}
    assert body["@iot.selfLink"] == f"{ROOT}/Observations({observation.pk})"
    assert json.loads(heard[out])["name"] == stream.name
    assert stream.pk in [each["@iot.id"] for each in said_on("v1.1/Datastreams", listener)]
    assert json.loads(heard[f"{out}/phenomenonTime"])["phenomenonTime"].startswith("2026-11-01T12")
    assert listener.retained == []


def test_payloads_may_be_as_simple_as_a_number(scene: Scene) -> None:
    stream, multi = scene.stream(), make_multi_datastream(scene.public.thing)
    scene.start()
    device = scene.device()
    for payload in ("21.5", " 22 ", '{"result": 23}'):
        device.send(topic(scene, stream), payload)
    body = {"result": 24, "Datastream": {"@iot.id": stream.pk}}
    device.send(f"in/{scene.name}/v1.1/Observations", json.dumps(body))
    device.send(f"in/{scene.name}/v1.1/MultiDatastreams({multi.pk})/Observations", "[1.5, 270]")
    until(lambda: results(multi) == [None], "the last one is stored")
    assert results(stream) == [21.5, 22.0, 23.0, 24.0]


def test_nobody_hears_of_what_is_private(scene: Scene) -> None:
    scene.start()
    stream, listener, device = scene.stream(), scene.listener(), scene.device()
    device.listen("#", "v1.1/#", "in/#")  # with an account there is no more to hear
    secret = [each for (_town, kind), each in scene.streams.items() if kind != "public"]
    for number, each in enumerate(secret):
        new = NewObservation(datastream_id=each.pk, result=1000.5 + number)
        store_observations(actor=SYSTEM, observations=[new])
    device.send(topic(scene, scene.private), "987.5")
    device.send(topic(scene, stream), "1")
    until(lambda: any(b'"result":1.0' in body for _topic, body in listener.heard), "the public one")
    until(lambda: any("/phenomenonTime" in name for name, _body in listener.heard), "its stream")
    assert 987.5 in results(scene.private)
    numbers = {f"({each.pk})" for each in secret}
    for name, body in listener.heard + device.heard:
        assert not any(number in name for number in numbers)
        assert b"00.5" not in body
        assert b"987.5" not in body
        assert b"Geheimnis" not in body


def test_a_stream_that_becomes_narrower_stops_at_once(scene: Scene) -> None:
    scene.start()
    stream, listener, device = scene.stream(), scene.listener(), scene.device()
    device.send(topic(scene, stream), "31")
    until(lambda: any(b'"result":31.0' in body for _topic, body in listener.heard), "it is public")
    edit_datastream(actor=SYSTEM, datastream=stream, values={"narrowed_to": "owner"}, now=NOW)
    device.send(topic(scene, stream), "32")
    until(lambda: results(stream) == [31.0, 32.0], "the second is stored")
    new = NewObservation(datastream_id=scene.foreign.pk, result=33.0)
    store_observations(actor=SYSTEM, observations=[new])
    until(lambda: any(b'"result":33.0' in body for _topic, body in listener.heard), "the next one")
    assert not any(b'"result":32.0' in body for _topic, body in listener.heard)


def test_what_others_left_in_our_topics_is_no_new_value(scene: Scene) -> None:
    scene.stop()
    stream, device = scene.stream(), scene.device()
    session = MqttSession.objects.first()
    device.send(topic(scene, stream), "1", retain=True)
    if session is not None:  # the broker has kept it for us as a message of its own
        MqttSession.objects.update(client_id=f"{session.client_id}-new")
    scene.start()
    device.send(topic(scene, stream), "2")
    until(lambda: 2.0 in results(stream), "the new one is stored")
    device.send(topic(scene, stream), "", retain=True)
    assert results(stream) == [2.0]


def test_accounts_reach_what_is_theirs_and_the_broker_keeps_them_apart(scene: Scene) -> None:
    scene.start()
    stream, listener = scene.stream(), scene.listener()
    token, secret = create_device_token(
        actor=SYSTEM,
        owner=stream.owner,
        datastream=stream,
        label="Nur eine",
        now=NOW,
    )
    name = username(token.pk)
    scene.mosquitto.add(name, secret)
    device, other = scene.client(name, secret), scene.client()
    # What the broker does not let through.
    other.send(incoming_topic(name, stream.pk), "11")
    device.send(topic(scene, scene.public), "12")
    device.send(f"v1.1/Datastreams({stream.pk})/Observations", "13")
    device.send("$SYS/broker/version", "14")
    # What we refuse: another's, and the own town's for which this account was not made.
    for foreign in (scene.foreign, scene.private):
        device.send(incoming_topic(name, foreign.pk), "15")
    device.send(incoming_topic(name, stream.pk), "16")
    until(lambda: results(stream) == [16.0], "only the own one is stored")
    refusals = MqttRefusal.objects.filter(token=token)
    until(lambda: refusals.count() == 2, "the refusals are noted")
    reasons = refusals.order_by("reason")
    assert [each.reason for each in reasons] == [
        "Diese Messreihe gibt es nicht.",
        "Dieser Schlüssel gilt nicht für diese Messreihe.",
    ]
    assert 15.0 not in results(scene.foreign) + results(scene.private)
    assert not any(body in {b"11", b"12", b"13", b"14"} for _topic, body in listener.heard)

    revoke_device_token(actor=SYSTEM, token=token, now=NOW)
    device.send(incoming_topic(name, stream.pk), "17")
    until(lambda: refusals.count() == 3, "the revoked account is noted")
    assert results(stream) == [16.0]


def test_bad_messages_are_listed_and_do_not_stand_in_the_way(scene: Scene) -> None:
    scene.start()
    stream, device = scene.stream(), scene.device()
    former = MqttSession.objects.get().refused
    bad = [
        b"",
        b"nan",
        b"offen",
        b"true",
        b"{",
        b'{"temperature": 3}',
        b'{"result": 1e999}',
        b'{"result": 1, "phenomenonTime": "morgen"}',
        b"\xff\xfe\x00",
        b"[1, 2]",
        b'"21,5"',
        b"[" * 200_000,
        b"9" * 1_000_000,
        b'{"result": 1, "FeatureOfInterest": {"name": "neu"}}',
        b'{"result": 1, "FeatureOfInterest": {"@iot.id": 999999}}',
    ]
    wrong = ("Things", "Datastreams(0)/Observations", "Datastreams(1)", "$SYS", "Observations")
    for payload in bad:
        device.send(topic(scene, stream), payload)
    for rest in wrong:
        device.send(f"in/{scene.name}/v1.1/{rest}", "1")
    device.send(topic(scene, stream), "1")
    until(lambda: results(stream) == [1.0], "the good one is stored")
    count = len(bad) + len(wrong)
    until(lambda: MqttSession.objects.get().refused == former + count, "all are refused")
    refusals = MqttRefusal.objects.filter(token=scene.token)
    assert sum(refusals.values_list("count", flat=True)) == count
    reasons = set(refusals.values_list("reason", flat=True))
    assert "Die Nachricht ist leer." in reasons
    assert "Mehr als 64 kB auf einmal." in reasons
    assert all(len(refusal.payload) <= 300 for refusal in refusals)

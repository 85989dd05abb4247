"""From the webhook of a network server to observations; nothing is lost, nothing is twice."""

import pytest

from stadtwabe.hub.codecs.outputs import Output
from stadtwabe.hub.commands import (
    create_device_token,
    revoke_device_token,
    store_observations,
    uplinks,
)
from stadtwabe.hub.commands.codecs import edit_codec
from stadtwabe.hub.commands.devices import Target, connect_outputs
from stadtwabe.hub.lorawan.tests.bodies import AM103, EUI, chirpstack_body, text, ttn_body
from stadtwabe.hub.models import Codec, Device, DeviceToken, Uplink
from stadtwabe.hub.rules import UplinkState
from stadtwabe.hub.tests.factories import make_datastream, make_thing
from stadtwabe.kit.actor import SYSTEM
from stadtwabe.people.tests.factories import NOW

BODIES = {"ttn": ttn_body, "chirpstack": chirpstack_body}


@pytest.mark.parametrize("server", ["ttn", "chirpstack"])
def test_a_message_becomes_observations_at_the_network_servers_time(station, server):
    device = station.register()
    streams = station.connect(device, "co2", "temperature")
    answer = station.send(text(BODIES[server]()), server=server)
    assert (answer.status_code, answer.json()["state"]) == (202, "received")
    assert Uplink.objects.get().body
    station.work()
    assert station.results(streams["co2"]) == [("08:59:58", 787.0)]
    assert station.results(streams["temperature"]) == [("08:59:58", 27.2)]
    uplink = Uplink.objects.get()
    assert (uplink.state, uplink.body, uplink.attempts) == (UplinkState.DECODED, None, 1)
    assert uplink.outputs == {"battery": 100, "temperature": 27.2, "humidity": 56.5, "co2": 787}


def test_the_device_knows_battery_signal_and_when_it_was_heard(radio):
    device = radio.register()
    radio.send(text(ttn_body()))
    device.refresh_from_db()
    assert f"{device.last_seen:%H:%M:%S}" == "08:59:58"
    assert (device.rssi, device.snr, device.gateway) == (-97, 7.5, "menden-rathaus")
    assert round(device.battery_percent) == 81
    radio.work()
    device.refresh_from_db()
    assert (device.battery_percent, device.last_state) == (100, UplinkState.DECODED)


def test_a_network_server_whose_clock_is_ahead_cannot_make_a_device_seem_alive_for_ever(radio):
    device = radio.register()
    radio.send(text(ttn_body(at="2099-01-01T00:00:00")))
    device.refresh_from_db()
    assert device.last_seen.year < 2099


def test_the_same_message_twice_is_kept_once(station):
    streams = station.connect(station.register(), "co2")
    assert station.send(text(ttn_body())).status_code == 202
    again = station.send(text(ttn_body()))
    assert (again.status_code, again.json()["state"]) == (200, "repeated")
    station.work()
    assert station.send(text(ttn_body())).status_code == 200
    station.work()
    assert Uplink.objects.count() == 1
    assert station.results(streams["co2"]) == [("08:59:58", 787.0)]


def test_after_joining_again_the_counter_starts_anew_and_nothing_is_lost(radio):
    radio.register()
    radio.send(text(ttn_body(f_cnt=1, at="2026-09-22T08:00:00")))
    radio.send(text(ttn_body(f_cnt=1, at="2026-09-22T08:30:00")))
    assert Uplink.objects.count() == 2


def test_messages_of_an_unknown_device_wait_until_it_is_registered(station):
    answer = station.send(text(ttn_body()))
    assert answer.status_code == 202
    assert answer.json()["known"] is False
    station.send(text(ttn_body(f_cnt=4712, at="2026-09-22T09:10:00")))
    station.work()
    assert set(Uplink.objects.values_list("state", flat=True)) == {UplinkState.RECEIVED}
    device = station.register()
    assert f"{Device.objects.get(pk=device.pk).last_seen:%H:%M}" == "09:10"
    streams = station.connect(device, "co2")
    station.work()
    assert station.results(streams["co2"]) == [("08:59:58", 787.0), ("09:10:00", 787.0)]


def test_a_new_source_decodes_kept_messages_again_and_stores_nothing_twice(station):
    device = station.register()
    streams = station.connect(device, "co2", "humidity")
    station.send(text(ttn_body()))
    station.work()
    codec = device.codec
    wetter = codec.source.replace("per: 2 }", "per: 4 }")
    assert wetter != codec.source
    assert edit_codec(actor=SYSTEM, codec=codec, values={"source": wetter}, now=NOW) == 1
    assert Codec.objects.get(pk=codec.pk).number == 2
    station.work()
    assert station.results(streams["co2"]) == [("08:59:58", 787.0)]
    assert station.results(streams["humidity"]) == [("08:59:58", 28.25)]
    assert [version.number for version in codec.versions.all()] == [2, 1]


def test_an_unreadable_message_is_kept_with_the_reason_until_a_codec_can(station):
    device = station.register()
    streams = station.connect(device, "co2")
    station.send(text(ttn_body(b"\x99\x99\x01")))
    station.work()
    uplink = Uplink.objects.get()
    assert uplink.state == UplinkState.FAILED
    assert "unknown channel and type 99 99 at byte 0" in uplink.problem
    assert uplink.body
    device.refresh_from_db()
    assert (device.last_state, device.last_problem) == (uplink.state, uplink.problem)
    source = "function decodeUplink(input) { return {data: {co2: input.bytes[2]}} }"
    edit_codec(actor=SYSTEM, codec=device.codec, values={"source": source}, now=NOW)
    station.work()
    assert station.results(streams["co2"]) == [("08:59:58", 1.0)]
    assert Uplink.objects.get().state == UplinkState.DECODED


def test_a_codec_changed_during_decoding_wins(station, monkeypatch):
    device = station.register()
    streams = station.connect(device, "co2")
    station.send(text(ttn_body()))
    better = "function decodeUplink(input) { return {data: {co2: 1}} }"
    real, calls = store_observations, list[int]()

    def changed_meanwhile(**arguments):
        if not calls:
            calls.append(1)
            edit_codec(actor=SYSTEM, codec=device.codec, values={"source": better}, now=NOW)
        return real(**arguments)

    monkeypatch.setattr(uplinks, "store_observations", changed_meanwhile)
    station.work()
    assert station.results(streams["co2"]) == [("08:59:58", 1.0)]


def test_a_job_that_dies_after_storing_is_done_again_without_harm(station, monkeypatch):
    device = station.register()
    streams = station.connect(device, "co2")
    station.send(text(ttn_body()))
    with monkeypatch.context() as dying:
        dying.setattr(uplinks, "battery_of", lambda values: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            station.work()
    assert station.results(streams["co2"]) == [("08:59:58", 787.0)]
    assert Uplink.objects.get().state == UplinkState.RECEIVED
    uplinks.decode_uplinks(device=device, now=NOW)
    assert station.results(streams["co2"]) == [("08:59:58", 787.0)]
    assert Uplink.objects.get().state == UplinkState.DECODED


def test_values_are_scaled_on_their_way(station):
    device = station.register()
    level = Target(Output(name="co2", label="Pegel"), factor=-0.001, addend=3.2)
    connect_outputs(actor=SYSTEM, device=device, targets=[level], now=NOW)
    station.send(text(ttn_body()))
    station.work()
    assert station.results(device.outputs.get().datastream) == [("08:59:58", 2.413)]


def test_messages_without_payload_are_heard_and_not_kept(radio):
    radio.register()
    body = ttn_body()
    del body["uplink_message"]["frm_payload"]
    answer = radio.send(text(body))
    assert (answer.status_code, answer.json()) == (200, {"state": "heard", "known": True})
    assert Uplink.objects.count() == 0
    assert Device.objects.get().last_seen is not None


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b"", ""),
        (b"{", ""),
        (b'{"end_device_ids": {}}', "end_device_ids.dev_eui"),
        (text(ttn_body() | {"uplink_message": {"f_port": 1}}), "uplink_message.received_at"),
    ],
)
def test_a_bad_body_is_refused_and_names_the_field(radio, body, field):
    answer = radio.send(body)
    assert answer.status_code == 400
    assert answer.json()["field"] == field
    assert answer.json()["message"]


def test_a_body_of_a_megabyte_is_refused(radio):
    answer = radio.send(b" " * 1_000_000 + text(ttn_body()))
    assert answer.status_code == 413


def test_chirpstack_must_name_its_event(radio):
    answer = radio.client.post(
        "/lorawan/chirpstack/",
        text(chirpstack_body()),
        content_type="application/json",
        headers={"Authorization": f"Bearer {radio.key}"},
    )
    assert (answer.status_code, answer.json()["field"]) == (400, "event")


@pytest.mark.parametrize("key", ["", "swd_erfunden", "sw_erfunden"])
def test_without_a_living_key_nothing_is_taken(radio, key):
    answer = radio.send(text(ttn_body()), key=key)
    assert (answer.status_code, Uplink.objects.count()) == (401, 0)
    assert radio.client.get("/lorawan/ttn/").status_code == 405


def test_a_revoked_key_is_worth_nothing(radio):
    assert radio.send(text(ttn_body())).status_code == 202
    revoke_device_token(actor=SYSTEM, token=DeviceToken.objects.get(), now=NOW)
    assert radio.send(text(ttn_body(f_cnt=2))).status_code == 401


def test_a_key_reaches_only_what_it_is_for(radio):
    device = radio.register()
    other = make_thing(radio.cast.menden, "Pegel")
    stream = make_datastream(radio.thing)

    def key(**reach):
        return create_device_token(
            actor=SYSTEM, owner=radio.cast.menden, label="x", now=NOW, **reach
        )[1]

    assert radio.send(text(ttn_body()), key=key(thing=device.thing)).status_code == 202
    assert radio.send(text(ttn_body(f_cnt=2)), key=key(thing=other)).status_code == 403
    assert radio.send(text(ttn_body(f_cnt=3)), key=key(datastream=stream)).status_code == 403


def test_another_towns_key_never_reaches_our_device(station):
    streams = station.connect(station.register(), "co2")
    _token, foreign = create_device_token(
        actor=SYSTEM, owner=station.cast.beckum, label="fremd", now=NOW
    )
    answer = station.send(text(ttn_body()), key=foreign)
    assert answer.json()["known"] is False
    station.work()
    assert station.results(streams["co2"]) == []
    assert Uplink.objects.get().owner == station.cast.beckum


def test_a_message_is_kept_with_few_questions(radio, django_assert_max_num_queries):
    """The network server waits for the answer; decoding is for the job."""
    radio.register()
    radio.send(text(ttn_body(AM103, f_cnt=1, dev_eui=EUI)))
    with django_assert_max_num_queries(10):
        assert radio.send(text(ttn_body(AM103, f_cnt=2, dev_eui=EUI))).status_code == 202

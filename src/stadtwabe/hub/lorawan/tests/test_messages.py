"""What we take from the bodies of both network servers, and how we refuse others."""

from datetime import UTC, datetime

import pytest

from stadtwabe.hub.lorawan import chirpstack, ttn
from stadtwabe.hub.lorawan.message import BadMessage, Message
from stadtwabe.hub.lorawan.tests.bodies import AM103, EUI, chirpstack_body, text, ttn_body

AT = datetime(2026, 9, 22, 8, 59, 58, 700123, tzinfo=UTC)


def without(body, path):
    *parents, name = path.split(".")
    inside = body
    for parent in parents:
        inside = inside[parent]
    del inside[name]
    return body


def test_the_things_stack():
    assert ttn.read_message(text(ttn_body())) == Message(
        dev_eui=EUI,
        received_at=AT,
        payload=AM103,
        f_port=85,
        f_cnt=4711,
        rssi=-97,
        snr=7.5,
        gateway="menden-rathaus",
        battery_percent=81.49606,
    )


def test_chirpstack():
    assert chirpstack.read_message(text(chirpstack_body()), "up") == Message(
        dev_eui=EUI,
        received_at=AT,
        payload=AM103,
        f_port=85,
        f_cnt=4711,
        rssi=-36,
        snr=10.5,
        gateway="0016c001f153a14c",
    )


def test_fields_that_are_zero_are_left_out_by_both():
    first = without(ttn_body(), "uplink_message.f_cnt")
    assert ttn.read_message(text(first)).f_cnt == 0
    assert chirpstack.read_message(text(without(chirpstack_body(), "fCnt")), "up").f_cnt == 0


def test_a_message_without_payload_only_tells_that_the_device_lives():
    only_mac = without(without(ttn_body(), "uplink_message.frm_payload"), "uplink_message.f_port")
    assert ttn.read_message(text(only_mac)).payload is None
    assert chirpstack.read_message(text(without(chirpstack_body(), "data")), "up").payload is None


def test_joining_is_heard_but_brings_no_data():
    joined = without(ttn_body(), "uplink_message") | {"join_accept": {"session_key_id": "AZ"}}
    assert ttn.read_message(text(joined)).payload is None
    joined = {key: chirpstack_body()[key] for key in ("time", "deviceInfo", "devAddr")}
    assert chirpstack.read_message(text(joined), "join") == Message(dev_eui=EUI, received_at=AT)


@pytest.mark.parametrize(
    ("more", "percent"),
    [
        ({"batteryLevel": 98.43}, 98.43),
        ({"batteryLevelUnavailable": True}, None),
        ({"externalPowerSource": True, "batteryLevel": 0}, None),
    ],
)
def test_chirpstack_tells_the_battery_in_an_event_of_its_own(more, percent):
    status = {key: chirpstack_body()[key] for key in ("time", "deviceInfo")} | {"margin": 10} | more
    assert chirpstack.read_message(text(status), "status").battery_percent == percent


@pytest.mark.parametrize(
    "field",
    [
        "end_device_ids",
        "end_device_ids.dev_eui",
        "uplink_message",
        "uplink_message.received_at",
    ],
)
def test_a_missing_field_of_the_things_stack_is_named(field):
    with pytest.raises(BadMessage) as caught:
        ttn.read_message(text(without(ttn_body(), field)))
    assert caught.value.field == field


@pytest.mark.parametrize("field", ["deviceInfo", "deviceInfo.devEui", "time"])
def test_a_missing_field_of_chirpstack_is_named(field):
    with pytest.raises(BadMessage) as caught:
        chirpstack.read_message(text(without(chirpstack_body(), field)), "up")
    assert caught.value.field == field


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("f_port", "85"),
        ("f_port", 256),
        ("f_cnt", -1),
        ("f_cnt", 2**32),
        ("f_cnt", 1.5),
        ("frm_payload", "not base64!"),
        ("received_at", "gestern"),
        ("received_at", "2026-09-22T08:59:58"),
        ("received_at", "0000-01-01T00:00:00Z"),
        ("rx_metadata", {}),
    ],
)
def test_a_wrong_field_is_named(field, value):
    body = ttn_body()
    body["uplink_message"][field] = value
    with pytest.raises(BadMessage) as caught:
        ttn.read_message(text(body))
    assert caught.value.field == f"uplink_message.{field}"


@pytest.mark.parametrize("eui", ["", "24E124725C14000", "24E124725C14000G", "24E124725C1400011"])
def test_a_dev_eui_has_sixteen_digits(eui):
    with pytest.raises(BadMessage) as caught:
        ttn.read_message(text(ttn_body(dev_eui=eui)))
    assert caught.value.field == "end_device_ids.dev_eui"


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"null", b"hello", b"\xff\xfe", b"[" * 100_000, b'{"a":' * 50_000 + b"1"],
)
def test_what_is_no_message_is_refused(body):
    with pytest.raises(BadMessage):
        ttn.read_message(body)
    with pytest.raises(BadMessage):
        chirpstack.read_message(body, "up")


@pytest.mark.parametrize("name", [b"klassenraum-7a", b"menden-rathaus"])
@pytest.mark.parametrize("bad", [b"\xff\xfe", b"\\ud800"])
def test_text_that_is_none_is_refused_in_any_field(name, bad):
    with pytest.raises(BadMessage):
        ttn.read_message(text(ttn_body()).replace(name, bad))


def test_of_a_gateway_that_tells_no_signal_we_keep_the_name():
    body = ttn_body()
    body["uplink_message"]["rx_metadata"] = [{"gateway_ids": {"gateway_id": "a\x00b" + "c" * 300}}]
    message = ttn.read_message(text(body))
    assert (message.rssi, message.snr, message.gateway) == (None, None, "ab" + "c" * 98)

"""/daten/funk/: a steward registers devices and sees how they are; nobody sees another town's."""

from datetime import timedelta

import pytest

from stadtwabe.hub.codecs.outputs import Output
from stadtwabe.hub.commands.devices import Target, connect_outputs, create_device, edit_device
from stadtwabe.hub.commands.uplinks import KEPT_FOR, forget_old_uplinks
from stadtwabe.hub.lorawan.tests.bodies import EUI, text, ttn_body
from stadtwabe.hub.models import Codec, Datastream, Device, DeviceToken, Thing, Uplink
from stadtwabe.hub.rules import UplinkState
from stadtwabe.hub.tests.factories import make_datastream, make_thing
from stadtwabe.kit.actor import SYSTEM
from stadtwabe.kit.clock import now
from stadtwabe.kit.errors import Conflict, Invalid, NotAllowed, NotFound
from stadtwabe.people.tests.factories import NOW


def steward(radio):
    radio.client.force_login(radio.cast.users["steward"])
    return radio.client


def test_from_an_unknown_device_to_datastreams_in_three_pages(radio):
    radio.send(text(ttn_body()))
    client = steward(radio)
    page = client.get("/daten/funk/").content.decode()
    assert f"{EUI} anmelden" in page
    form = {
        "dev_eui": "24-e1-24-72-5c-14-00-01",
        "name": "Klassenraum 7a",
        "codec": radio.codec.pk,
        "owner": radio.cast.menden.pk,
        "audience": "owner",
    }
    answer = client.post("/daten/funk/neu/", form)
    device = Device.objects.get()
    assert answer["Location"] == f"/daten/funk/{device.pk}/werte/"
    assert (device.dev_eui, device.thing.name, device.thing.audience) == (
        EUI,
        "Klassenraum 7a",
        "owner",
    )
    assert Uplink.objects.get().device == device
    page = client.get(answer["Location"]).content.decode()
    assert "neue Messreihe „CO₂ in der Raumluft“" in page
    offered = {"w0-target": "neu", "w1-target": "neu", "w2-target": "neu", "w3-target": ""}
    client.post(answer["Location"], offered)
    made = {each.output: each.datastream for each in device.outputs.all()}
    assert set(made) == {"co2", "temperature", "humidity"}
    assert made["co2"].units[0]["definition"] == "[ppm]"
    assert made["co2"].sensor.name == "Milesight AM103"
    assert made["co2"].audience == "owner"
    page = client.get(f"/daten/funk/{device.pk}/").content.decode()
    assert "CO₂ in der Raumluft" in page
    assert "01756403671001046871077D1303" in page
    assert EUI + " anmelden" not in client.get("/daten/funk/").content.decode()


def test_operators_may_register_the_first_device_of_a_town(radio):
    radio.client.force_login(radio.cast.users["operator"])
    page = radio.client.get("/daten/funk/neu/")
    assert radio.cast.beckum in page.context["form"].fields["owner"].queryset


def test_connecting_again_makes_nothing_new(radio):
    device = radio.register()
    streams = radio.connect(device, "co2", "temperature")
    client = steward(radio)
    address = f"/daten/funk/{device.pk}/werte/"
    page = client.get(address)
    choices = {
        f"{form.prefix}-{name}": form.initial[name]
        for form in page.context["forms"]
        for name in form.fields
    }
    choices["w0-factor"] = "2"
    client.post(address, choices)
    assert {each.output: each.datastream for each in device.outputs.all()} == streams
    assert Datastream.objects.count() == 2
    assert device.outputs.get(output="co2").factor == 2


def test_the_list_narrows_by_state(radio):
    fine, silent, failed, low = (radio.register(f"24E124725C14000{n}") for n in range(4))
    recent = now() - timedelta(minutes=5)
    Device.objects.update(last_seen=recent, last_state=UplinkState.DECODED)
    Device.objects.filter(pk=silent.pk).update(last_seen=recent - timedelta(days=2))
    Device.objects.filter(pk=failed.pk).update(last_state=UplinkState.FAILED)
    Device.objects.filter(pk=low.pk).update(battery_percent=12)
    client = steward(radio)
    for state, device in (("ok", fine), ("still", silent), ("fehler", failed), ("batterie", low)):
        page = client.get(f"/daten/funk/?zustand={state}")
        assert [each.pk for each in page.context["page"]] == [device.pk], state
    assert len(client.get("/daten/funk/").context["page"]) == 4


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_the_database_the_same_for_any_number(
    radio, count, django_assert_max_num_queries
):
    for number in range(count):
        radio.register(f"24E124725C14000{number}")
    client = steward(radio)
    with django_assert_max_num_queries(13):
        client.get("/daten/funk/")


def test_a_steward_sees_only_devices_of_the_own_town(radio):
    device = radio.register()
    foreign = make_thing(radio.cast.beckum, "Fremde Messstelle")
    shipped = Codec.objects.get(slug="milesight-am100")
    theirs = create_device(
        actor=SYSTEM, thing=foreign, codec=shipped, dev_eui=EUI, name="Fremd", now=NOW
    )
    client = steward(radio)
    page = client.get("/daten/funk/").content.decode()
    assert "AM103" in page
    assert "Fremd" not in page
    for address in ("", "bearbeiten/", "werte/", "loeschen/"):
        assert client.get(f"/daten/funk/{theirs.pk}/{address}").status_code == 404
        assert client.get(f"/daten/funk/{device.pk}/{address}").status_code == 200
    radio.client.force_login(radio.cast.users["editor"])
    assert radio.client.get("/daten/funk/").status_code == 403


def test_a_device_never_goes_to_another_towns_thing(radio):
    foreign = make_thing(radio.cast.beckum, "Fremde Messstelle")
    device = radio.register()
    values = {"codec": radio.codec, "dev_eui": EUI, "name": "x", "now": NOW}
    actor = radio.cast.actor("steward")
    with pytest.raises(NotAllowed):
        create_device(actor=actor, thing=foreign, **values)
    with pytest.raises(NotAllowed):
        edit_device(actor=actor, device=device, thing=foreign, **values)
    stream = make_datastream(foreign)
    with pytest.raises(NotFound):
        connect_outputs(
            actor=actor,
            device=device,
            targets=[Target(Output("co2", "CO₂"), stream)],
            now=NOW,
        )
    answer = steward(radio).post(
        "/daten/funk/neu/", {"dev_eui": EUI, "name": "x", "codec": 1, "thing": foreign.pk}
    )
    assert answer.context["form"].errors["thing"]


def test_a_dev_eui_is_registered_once_in_a_town(radio):
    radio.register()
    with pytest.raises(Conflict):
        radio.register()
    with pytest.raises(Invalid):
        radio.register("123")


def test_two_outputs_cannot_share_a_datastream(radio):
    device = radio.register()
    stream = make_datastream(radio.thing)
    targets = [Target(Output(name, name), stream) for name in ("co2", "temperature")]
    with pytest.raises(Invalid):
        connect_outputs(actor=SYSTEM, device=device, targets=targets, now=NOW)


def test_another_codec_lets_kept_messages_be_read_again(radio):
    device = radio.register()
    radio.send(text(ttn_body()))
    Uplink.objects.update(state=UplinkState.FAILED, problem="?")
    other = Codec.objects.get(slug="elsys-ers")
    edit_device(
        actor=SYSTEM,
        device=device,
        thing=device.thing,
        codec=other,
        dev_eui=EUI,
        name="neu",
        now=NOW,
    )
    assert Uplink.objects.get().state == UplinkState.RECEIVED


def test_a_device_is_deleted_and_its_thing_stays(radio):
    device = radio.register()
    radio.send(text(ttn_body()))
    steward(radio).post(f"/daten/funk/{device.pk}/loeschen/")
    assert (Device.objects.count(), Uplink.objects.count(), Thing.objects.count()) == (0, 0, 1)


def test_messages_of_a_device_that_is_not_ours_are_deleted_by_their_owner_alone(radio):
    radio.send(text(ttn_body()))
    radio.client.force_login(radio.cast.users["foreign_editor"])
    wanted = {"owner": radio.cast.menden.pk, "eui": EUI}
    assert radio.client.post("/daten/funk/vergessen/", wanted).status_code == 403
    assert Uplink.objects.count() == 1
    steward(radio).post("/daten/funk/vergessen/", wanted)
    assert Uplink.objects.count() == 0


def test_a_steward_makes_a_key_for_the_network_server(radio):
    client = steward(radio)
    page = client.post(
        "/daten/funk/netzwerkserver/", {"label": "TTN", "owner": radio.cast.menden.pk}
    )
    secret = page.context["secret"]
    assert secret in page.content.decode()
    assert "http://testserver/lorawan/ttn/" in page.content.decode()
    assert radio.send(text(ttn_body()), key=secret).status_code == 202
    assert secret not in client.get("/daten/funk/netzwerkserver/").content.decode()
    client.post(f"/daten/funk/schluessel/{DeviceToken.objects.get().pk}/widerrufen/")
    assert radio.send(text(ttn_body(f_cnt=2)), key=secret).status_code == 401


def test_old_messages_are_forgotten_only_when_decoded(radio):
    radio.register()
    for number, state in enumerate(UplinkState.values):
        radio.send(text(ttn_body(f_cnt=number)))
        Uplink.objects.filter(f_cnt=number).update(
            state=state, arrived_at=now() - KEPT_FOR - timedelta(days=1)
        )
    assert forget_old_uplinks(now=now()) == 1
    assert set(Uplink.objects.values_list("state", flat=True)) == {
        UplinkState.RECEIVED,
        UplinkState.FAILED,
    }

"""A steward connects a sensor by form alone; nobody else gets at what is the steward's."""

import pytest

from stadtwabe.catalog.rules import Audience
from stadtwabe.hub.models import Datastream, DeviceToken, ObservedProperty, Thing
from stadtwabe.hub.tests.factories import (
    HubWorld,
    make_datastream,
    make_location,
    make_multi_datastream,
    make_thing,
    point,
    put_observations,
)
from stadtwabe.people.tests.factories import Cast

pytestmark = pytest.mark.django_db

THING = {"name": "Station am Markt", "where": "Markt 1", "position": "51,4430 7,7780"}
STREAM = {
    "measure": "Lufttemperatur",
    "unit": "°C",
    "sensor": "DS18B20",
    "audience": "thing",
    "observation_type": "http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_Measurement",
    "licence": "unknown",
    "on_differing": "version",
}


@pytest.fixture
def cast():
    found = Cast()
    found.users  # noqa: B018 - the network's members are made with them
    return found


@pytest.fixture
def steward(client, cast):
    client.force_login(cast.users["steward"])
    return client


def thing_values(cast, **changed):
    return {"owner": cast.menden.pk, **THING, "audience": "owner", **changed}


def text_of(response, status=200):
    assert response.status_code == status, response.content.decode()[:2000]
    return response.content.decode()


def test_three_steps_lead_to_a_key_that_stands_in_the_examples(steward, cast):
    first = steward.post("/daten/anschliessen/", thing_values(cast))
    thing = Thing.objects.get()
    assert first["Location"] == f"{thing.card.path}messreihen/neu/"
    assert thing.audience == Audience.OWNER
    assert thing.locations.get().location["coordinates"] == [7.778, 51.443]
    second = steward.post(first["Location"], STREAM)
    stream = Datastream.objects.get()
    assert second["Location"] == f"/daten/reihen/{stream.pk}/anschluss/"
    assert stream.units == [{"name": "Grad Celsius", "symbol": "°C", "definition": "Cel"}]
    assert ObservedProperty.objects.get().definition.endswith("/Temperature")
    assert "IHR-SCHLÜSSEL" in text_of(steward.get(second["Location"]))
    key = {"label": "Station", "reach": "datastream"}
    page = text_of(steward.post(second["Location"], key))
    token = DeviceToken.objects.get()
    assert token.datastream == stream
    secret = page.split('id="secret">')[1].split("<")[0]
    assert secret.startswith(token.prefix)
    assert f"Datastreams({stream.pk})/Observations&#x27;" in page or secret in page
    assert page.count(secret) == 3  # shown, in the header, in the command
    assert secret not in text_of(steward.get(second["Location"]))


def test_the_page_tells_when_the_first_value_is_there(steward, cast):
    stream = make_datastream(make_thing(cast.menden))
    address = f"/daten/reihen/{stream.pk}/anschluss/stand/"
    assert "hx-trigger" in text_of(steward.get(address))
    put_observations(stream, 21.5)
    there = text_of(steward.get(address))
    assert "21,5&nbsp;°C" in there
    assert "hx-trigger" not in there


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"name": ""}, "zwingend"),
        ({"position": "7,7780 51,4430"}, "vertauscht"),
        ({"position": "hinter dem Rathaus"}, "zwei Zahlen"),
        ({"position": "151,0 7,0"}, "von -90 bis 90"),
        ({"audience": "networks"}, "mindestens einen Verbund"),
    ],
)
def test_what_does_not_fit_is_told_beside_its_field(steward, cast, changed, says):
    page = text_of(steward.post("/daten/anschliessen/", thing_values(cast, **changed)), status=422)
    assert says in page
    assert not Thing.objects.exists()


@pytest.mark.parametrize(
    "typed", ["51.4430, 7.7780", "51,4430 7,7780", "51,4430, 7,7780", "51.4430° N 7.7780° O"]
)
def test_positions_are_read_as_maps_copy_them(steward, cast, typed):
    steward.post("/daten/anschliessen/", thing_values(cast, position=typed))
    assert Thing.objects.get().locations.get().location["coordinates"] == [7.778, 51.443]


def test_who_would_see_it_is_shown_before_anything_is_saved(steward, cast):
    chosen = {"audience": "networks", "networks": [cast.network.pk], "vorschau": "1"}
    page = text_of(steward.post("/daten/anschliessen/", thing_values(cast, **chosen)))
    assert "Das sind 2 Kommunen: Menden (Sauerland), Olpe." in page
    assert "Zurzeit sind das 3 Personen." in page  # editor and steward of Menden, the network's
    chosen["audience"] = "owner"
    page = text_of(steward.post("/daten/anschliessen/", thing_values(cast, **chosen)))
    assert "Zurzeit sind das 2 Personen." in page
    assert not Thing.objects.exists()


def test_another_position_is_a_move_and_a_new_name_a_correction(steward, cast):
    thing = make_thing(cast.menden, locations=[make_location(cast.menden, "Rathaus")])
    address = f"{thing.card.path}bearbeiten/"
    values = thing_values(cast, where="Altes Rathaus", position="51,44 7,8", audience="public")
    assert steward.post(address, values).status_code == 302
    assert thing.locations.get().name == "Altes Rathaus"
    assert thing.historical_locations.count() == 1
    steward.post(address, {**values, "position": "51,45 7,8"})
    assert thing.historical_locations.count() == 2
    steward.post(address, {**values, "position": "", "where": ""})
    assert not thing.locations.exists()


@pytest.mark.parametrize("language", ["de", "en"])
def test_what_is_saved_again_as_it_was_has_not_moved(steward, cast, language):
    exact = make_location(cast.menden, "Rathaus", location=point(7.77812345, 51.44300678))
    thing = make_thing(cast.menden, locations=[exact])
    address, headers = f"{thing.card.path}bearbeiten/", {"accept-language": language}
    form = steward.get(address, headers=headers).context["form"]
    sent = {name: form[name].value() for name in THING | {"audience": "", "description": ""}}
    assert steward.post(address, sent, headers=headers).status_code == 302
    assert thing.locations.get() == exact
    assert thing.historical_locations.count() == 1


def test_a_narrower_thing_narrows_its_series_and_they_cannot_be_wider(steward, cast):
    thing = make_thing(cast.menden, audience=Audience.OWNER)
    stream = make_datastream(thing)
    page = text_of(steward.get(f"/daten/reihen/{stream.pk}/bearbeiten/"))
    assert 'name="audience"' not in page  # there is nothing narrower to choose
    steward.post(f"/daten/reihen/{stream.pk}/bearbeiten/", {**STREAM, "audience": "public"})
    stream.refresh_from_db()
    assert stream.audience == Audience.OWNER


def test_another_unit_never_keeps_the_code_of_the_former_one(steward, cast):
    stream = make_datastream(make_thing(cast.menden))
    address = f"/daten/reihen/{stream.pk}/bearbeiten/"
    code = stream.units[0]["definition"]
    assert steward.post(address, {**STREAM, "unit_code": code}).status_code == 302
    stream.refresh_from_db()
    assert stream.units[0]["definition"] == code
    steward.post(address, {**STREAM, "unit": "%", "unit_code": code})
    stream.refresh_from_db()
    assert stream.units == [{"name": "Prozent", "symbol": "%", "definition": "%"}]


def test_several_values_at_once_keep_their_units(steward, cast):
    stream = make_multi_datastream(make_thing(cast.menden))
    values = {"name": "Turm", "sensor": "Windmesser", "licence": "CC0-1.0", "audience": "thing"}
    address = f"/daten/reihen/{stream.pk}/bearbeiten/"
    assert steward.post(address, {**values, "on_differing": "version"}).status_code == 302
    stream.refresh_from_db()
    assert stream.name == "Turm"
    assert [unit["symbol"] for unit in stream.units] == ["m/s", "°"]


def test_deleting_says_what_is_lost_first(steward, cast):
    stream = make_datastream(make_thing(cast.menden))
    put_observations(stream, 1.0, 2.0)
    address = f"{stream.thing.card.path}loeschen/"
    assert "seine Messreihen (1) und alle ihre Werte (2)" in text_of(steward.get(address))
    assert "2 Werte verloren" in text_of(steward.get(f"/daten/reihen/{stream.pk}/loeschen/"))
    steward.post(address)
    assert not Datastream.objects.exists()


def test_one_page_lists_things_that_are_silent_and_keys_that_can_be_revoked(steward, cast):
    make_thing(cast.menden, "Stummes Gerät")
    make_thing(cast.beckum, "Fremdes Gerät")
    page = text_of(steward.get("/daten/pflege/?zustand=still"))
    assert "Stummes Gerät" in page
    assert "noch nie" in page
    assert "Fremdes" not in page
    stream = make_datastream(make_thing(cast.menden, "Anderes"))
    steward.post(f"/daten/reihen/{stream.pk}/anschluss/", {"label": "Alter", "reach": "gateway"})
    assert "Alter" in text_of(steward.get("/daten/schluessel/"))
    steward.post(f"/daten/schluessel/{DeviceToken.objects.get().pk}/widerrufen/")
    assert DeviceToken.objects.get().revoked_at is not None
    assert "noch nie" not in text_of(steward.get("/daten/schluessel/"))


def test_other_towns_get_no_form_and_do_not_learn_of_what_is_hidden(client):
    world = HubWorld()
    client.force_login(world.cast.users["foreign_steward"])
    for audience, status in (("owner", 404), ("networks", 404), ("public", 403)):
        stream = world.streams["menden", audience]
        for address in (
            f"{stream.thing.card.path}bearbeiten/",
            f"{stream.thing.card.path}loeschen/",
            f"{stream.thing.card.path}messreihen/neu/",
            f"/daten/reihen/{stream.pk}/bearbeiten/",
            f"/daten/reihen/{stream.pk}/loeschen/",
            f"/daten/reihen/{stream.pk}/anschluss/",
            f"/daten/reihen/{stream.pk}/anschluss/stand/",
        ):
            assert client.get(address).status_code == status, address
            assert client.post(address).status_code in {status, 405}, address
    thing = world.streams["menden", "public"].thing
    assert client.get(f"/daten/anschliessen/?geraet={thing.pk}").status_code == 404
    values = thing_values(world.cast)
    assert client.post("/daten/anschliessen/", values).status_code == 422

"""Creating, changing and deleting through the SensorThings API."""

import json

import pytest

from stadtwabe.hub.models import Datastream, HistoricalLocation, Location, Sensor, Thing
from stadtwabe.hub.sta import batch
from stadtwabe.hub.sta.answers import Call
from stadtwabe.hub.sta.dispatch import Dispatcher
from stadtwabe.hub.tests.factories import (
    make_datastream,
    make_location,
    make_thing,
    point,
)
from stadtwabe.people.tests.factories import NOW, Cast

ROOT = "http://testserver/sta/v1.1"
MEASUREMENT = "http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_Measurement"
CELSIUS = {"name": "Grad Celsius", "symbol": "°C", "definition": "Cel"}
STREAM = {
    "name": "Temperatur",
    "description": "außen",
    "observationType": MEASUREMENT,
    "unitOfMeasurement": CELSIUS,
    "Sensor": {"name": "Fühler", "description": "", "encodingType": "text/plain", "metadata": "x"},
    "ObservedProperty": {"name": "Lufttemperatur", "definition": "", "description": ""},
}
STATION = {
    "name": "Wetterstation",
    "description": "auf dem Rathaus",
    "properties": {"height": 12},
    "Locations": [
        {
            "name": "Rathaus",
            "description": "",
            "encodingType": "application/geo+json",
            "location": point(),
        }
    ],
    "Datastreams": [STREAM],
}


@pytest.fixture
def cast(db):
    return Cast()


@pytest.fixture
def steward(cast) -> Dispatcher:
    return Dispatcher(cast.actor("steward"), NOW, ROOT)


def send(dispatcher: Dispatcher, method: str, path: str, body: object = None, status: int = 200):
    data = b"" if body is None else json.dumps(body).encode()
    answer = dispatcher.answer(Call(method, path, body=data))
    assert answer.status == status, answer.body
    return json.loads(answer.body) if answer.body else None


def test_one_request_makes_a_station_with_all_that_hangs_on_it(steward):
    made = send(steward, "POST", "Things", STATION, 201)
    thing = Thing.objects.get()
    assert made["@iot.selfLink"] == f"{ROOT}/Things({thing.pk})"
    assert thing.card.title == "Wetterstation"
    assert thing.locations.get().name == "Rathaus"
    assert HistoricalLocation.objects.get().thing == thing
    stream = Datastream.objects.get()
    assert stream.units == [CELSIUS]
    assert stream.sensor.name == "Fühler"
    assert stream.observed_property
    assert stream.observed_property.name == "Lufttemperatur"


def test_either_all_of_it_or_nothing(steward):
    broken = {**STATION, "Datastreams": [{**STREAM, "Sensor": {"name": ""}}]}
    body = send(steward, "POST", "Things", broken, 400)
    assert body["field"] == "name"
    assert not Thing.objects.exists()
    assert not Location.objects.exists()


def test_what_is_created_below_an_entity_belongs_to_it(steward, cast):
    thing = make_thing(cast.menden)
    send(steward, "POST", f"Things({thing.pk})/Datastreams", STREAM, 201)
    place = {"name": "Turm", "encodingType": "application/geo+json", "location": point(7, 51)}
    send(steward, "POST", f"Things({thing.pk})/Locations", place, 201)
    assert thing.datastreams.get().owner == cast.menden
    assert thing.locations.get().name == "Turm"


def test_links_to_what_there_is_in_both_forms(steward, cast):
    known = make_datastream(make_thing(cast.menden))
    links = {
        "Thing": {"@iot.id": known.thing_id},
        "Sensor": {"@iot.id": known.sensor_id},
        "ObservedProperty@iot.bind": f"{ROOT}/ObservedProperties({known.observed_property_id})",
    }
    made = send(steward, "POST", "Datastreams", {**STREAM, "name": "zweite", **links}, 201)
    assert Datastream.objects.get(pk=made["@iot.id"]).sensor_id == known.sensor_id
    assert Sensor.objects.count() == 1


def test_patch_keeps_and_put_replaces_what_is_not_named(steward, cast):
    thing = make_thing(cast.menden, properties={"colour": "green"}, description="alt")
    path = f"Things({thing.pk})"
    assert send(steward, "PATCH", path, {"name": "neu"})["properties"] == {"colour": "green"}
    replaced = send(steward, "PUT", path, {"name": "ganz neu"})
    assert (replaced["name"], replaced["description"]) == ("ganz neu", "")
    assert replaced["properties"] == {}


def test_moving_a_thing_is_remembered(steward, cast):
    first, second = (make_location(cast.menden, name) for name in ("hier", "dort"))
    thing = make_thing(cast.menden, locations=[first])
    send(steward, "PATCH", f"Things({thing.pk})", {"Locations": [{"@iot.id": second.pk}]})
    assert thing.locations.get() == second
    history = send(steward, "GET", f"Things({thing.pk})/HistoricalLocations")["value"]
    assert len(history) == 2


def test_deleting(steward, cast):
    stream = make_datastream(make_thing(cast.menden))
    send(steward, "DELETE", f"Datastreams({stream.pk})")
    send(steward, "GET", f"Datastreams({stream.pk})", status=404)
    send(steward, "DELETE", f"Things({stream.thing_id})")
    assert not Thing.objects.exists()


@pytest.mark.parametrize("who", ["visitor", "foreign_steward", "editor"])
def test_nobody_else_writes(cast, who):
    thing = make_thing(cast.menden)
    dispatcher = Dispatcher(cast.actor(who), NOW, ROOT)
    send(dispatcher, "PATCH", f"Things({thing.pk})", {"name": "meins"}, 403)
    send(dispatcher, "DELETE", f"Things({thing.pk})", status=403)
    send(dispatcher, "POST", f"Things({thing.pk})/Datastreams", STREAM, 403)
    thing.refresh_from_db()
    assert thing.name == "Wetterstation"
    assert not Datastream.objects.exists()


def test_what_one_may_not_see_is_not_there_to_write_either(cast):
    thing = make_thing(cast.menden, audience="owner")
    dispatcher = Dispatcher(cast.actor("foreign_steward"), NOW, ROOT)
    for method in ("PATCH", "DELETE", "GET"):
        send(dispatcher, method, f"Things({thing.pk})", {"name": "x"}, 404)
    stream = {**STREAM, "Thing": {"@iot.id": thing.pk}}
    send(dispatcher, "POST", "Datastreams", stream, 404)


@pytest.mark.parametrize(
    ("body", "option"),
    [
        ({}, "name"),
        ({"name": "x", "colour": "red"}, "colour"),
        ({"name": "x", "properties": []}, "properties"),
        ({"name": 5}, "name"),
        ({"name": "x", "Locations": [{"name": "y", "location": {"type": "Kreis"}}]}, "location"),
        ({"name": "x", "Locations": [{"name": "y", "nonsense": 1}]}, "Locations/0/nonsense"),
        ({"name": "x", "Datastreams": [{"name": "y"}]}, "Sensor"),
        ([], None),
        ("nur Text", None),
    ],
)
def test_bad_bodies_are_refused_by_field(steward, body, option):
    refused = send(steward, "POST", "Things", body, 400)
    assert (refused["type"], refused.get("field")) == ("error", option)
    assert not Thing.objects.exists()


def test_bad_json_says_where(steward):
    answer = steward.answer(Call("POST", "Things", body=b'{"name": "x",}'))
    assert answer.status == 400
    assert b"byte" in answer.body
    deep = steward.answer(Call("POST", "Things", body=b'{"a":' * 100_000))
    assert deep.status == 400


@pytest.mark.django_db(transaction=True)
def test_observations_go_in_and_repeat_version_and_delete():
    cast = Cast()
    stream = make_datastream(make_thing(cast.menden))
    steward = Dispatcher(cast.actor("steward"), NOW, ROOT)
    path = f"Datastreams({stream.pk})/Observations"
    new = {"result": 21.5, "phenomenonTime": "2026-11-22T10:00:00Z", "parameters": {"depth": 3}}
    made = send(steward, "POST", path, new, 201)
    assert (made["result"], made["parameters"]) == (21.5, {"depth": 3})
    assert send(steward, "POST", path, new, 201)["@iot.id"] == made["@iot.id"]
    changed = send(steward, "PATCH", f"Observations({made['@iot.id']})", {"result": 22})
    assert (changed["result"], changed["parameters"]) == (22.0, {"depth": 3})
    assert send(steward, "GET", f"Datastreams({stream.pk})")["phenomenonTime"].startswith("2026-11")
    send(steward, "DELETE", f"Observations({made['@iot.id']})")
    assert send(steward, "GET", path)["value"] == []


@pytest.mark.django_db(transaction=True)
def test_a_deep_insert_reports_the_observations_it_could_not_take():
    cast = Cast()
    steward = Dispatcher(cast.actor("steward"), NOW, ROOT)
    body = {
        **STREAM,
        "Observations": [
            {"result": 1, "phenomenonTime": "2026-11-22T10:00:00Z"},
            {"result": 2, "phenomenonTime": "gestern"},
        ],
    }
    made = send(steward, "POST", "Things", {**STATION, "Datastreams": [body]}, 201)
    assert [one["position"] for one in made["@stadtwabe.refused"]] == [1]
    stream = Datastream.objects.get()
    found = send(steward, "GET", f"Datastreams({stream.pk})/Observations")["value"]
    assert [one["result"] for one in found] == [1.0]


def test_a_batch_in_json_refers_to_what_it_has_made(steward):
    requests = [
        {"id": "a", "method": "post", "url": "Things", "body": {"name": "Mast"}},
        {"id": "b", "method": "post", "url": "$a/Datastreams", "body": STREAM},
        {"id": "c", "method": "get", "url": "Things?$filter=name eq 'Mast'&$count=true"},
        {"id": "d", "method": "get", "url": "Nonsense"},
    ]
    body = json.dumps({"requests": requests}).encode()
    answer = json.loads(batch.answer(steward, body, "application/json").body)
    assert [(one["id"], one["status"]) for one in answer["responses"]] == [
        ("a", 201),
        ("b", 201),
        ("c", 200),
        ("d", 404),
    ]
    assert answer["responses"][2]["body"]["@iot.count"] == 1
    assert Thing.objects.get().datastreams.count() == 1


def test_a_batch_in_multipart(steward):
    body = (
        "--b\r\nContent-Type: application/http\r\nContent-ID: 1\r\n\r\n"
        "POST /sta/v1.1/Things HTTP/1.1\r\nContent-Type: application/json\r\n\r\n"
        '{"name": "Mast"}\r\n'
        "--b\r\nContent-Type: application/http\r\n\r\n"
        "GET Things HTTP/1.1\r\n\r\n\r\n"
        "--b--\r\n"
    )
    answer = batch.answer(steward, body.encode(), "multipart/mixed; boundary=b")
    assert answer.body.count(b"HTTP/1.1 20") == 2
    assert Thing.objects.get().name == "Mast"


@pytest.mark.parametrize(
    ("body", "media_type"),
    [
        (b"[]", "application/json"),
        (b"{", "application/json"),
        (b"x", "multipart/mixed; boundary=b"),
    ],
)
def test_a_batch_that_is_none(steward, body, media_type):
    assert batch.answer(steward, body, media_type).status == 400

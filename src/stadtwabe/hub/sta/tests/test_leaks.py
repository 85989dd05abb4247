"""Nothing that somebody may not see comes out of the SensorThings API, whichever way one asks."""

import json
from urllib.parse import quote

import pytest
from django.test import Client

from stadtwabe.hub.models import Observation
from stadtwabe.hub.queries import datastreams_visible_to, things_visible_to
from stadtwabe.hub.sta.answers import Call
from stadtwabe.hub.sta.dispatch import Dispatcher
from stadtwabe.hub.sta.schema.entities import COLLECTIONS
from stadtwabe.hub.tests.factories import HubWorld, put_observations
from stadtwabe.people.tests.factories import NOW

pytestmark = pytest.mark.django_db
SECRET = "Geheimnis"


@pytest.fixture
def world():
    world = HubWorld()
    for (town, audience), stream in world.streams.items():
        put_observations(stream, 1.0 if audience == "public" else 4711.0, start=NOW)
        assert town in stream.name
    return world


def ask(world: HubWorld, who: str, path: str, **options: str) -> str:
    dispatcher = Dispatcher(world.cast.actor(who), NOW, "http://testserver/sta/v1.1")
    ours = {"aggregate", "unit"}
    pairs = tuple((name if name in ours else f"${name}", value) for name, value in options.items())
    return dispatcher.answer(Call("GET", path, pairs)).body.decode()


EVERYTHING = {
    "Things": "Datastreams($expand=Sensor,ObservedProperty,Observations),Locations,"
    "HistoricalLocations",
    "Locations": "Things($expand=Datastreams),HistoricalLocations($expand=Thing)",
    "Sensors": "Datastreams($expand=Thing,Observations)",
    "ObservedProperties": "Datastreams($expand=Thing)",
    "Observations": "Datastream($expand=Thing),FeatureOfInterest",
    "FeaturesOfInterest": "Observations($expand=Datastream)",
}


def test_a_visitor_reads_no_secret_in_any_collection_and_format(world):
    for collection in COLLECTIONS:
        for form in ("JSON", "dataArray", "CSV", "GeoJSON"):
            options = {"resultFormat": form, "count": "true"}
            if collection in EVERYTHING and form == "JSON":
                options["expand"] = EVERYTHING[collection]
            answer = ask(world, "visitor", collection, **options)
            assert SECRET not in answer, (collection, form)
            assert "4711" not in answer, (collection, form)
    for aggregate in ("hour", "day"):
        for form in ("JSON", "dataArray", "CSV"):
            answer = ask(world, "visitor", "Observations", aggregate=aggregate, resultFormat=form)
            assert "4711" not in answer, (aggregate, form)


def test_the_operator_reads_them_all_so_that_the_tests_above_can_fail(world):
    for collection in ("Things", "Sensors", "ObservedProperties", "Datastreams"):
        assert SECRET in ask(world, "operator", collection)
    assert "4711" in ask(world, "operator", "Observations")
    assert "4711" in ask(world, "operator", "Observations", aggregate="hour")


QUESTIONS = (
    f"startswith(name,'{SECRET}')",
    f"startswith(Datastreams/name,'{SECRET}')",
    f"startswith(Datastreams/Sensor/name,'{SECRET}')",
    "Datastreams/Observations/result eq 4711",
    f"startswith(Locations/name,'{SECRET}')",
    f"not (Datastreams/name ne 'x' or startswith(name,'{SECRET}')) and id lt 0",
)


def test_questions_do_not_find_out_either(world):
    for question in QUESTIONS:
        answer = json.loads(ask(world, "visitor", "Things", filter=question, count="true"))
        assert (answer["value"], answer["@iot.count"]) == ([], 0), question


def test_counts_are_those_of_what_one_sees(world):
    for who in world.cast.names:
        actor = world.cast.actor(who)
        for collection, visible in (
            ("Things", things_visible_to(actor)),
            ("Datastreams", datastreams_visible_to(actor)),
        ):
            answer = json.loads(ask(world, who, collection, count="true", top="0"))
            assert answer["@iot.count"] == visible.count(), (who, collection)
        observed = json.loads(ask(world, who, "Observations", count="true"))
        streams = datastreams_visible_to(actor).values("pk")
        expected = Observation.objects.filter(datastream_id__in=streams)
        assert observed["@iot.count"] == expected.count()
        assert len(observed["value"]) == expected.count()
        hours = json.loads(ask(world, who, "Observations", count="true", aggregate="hour"))
        assert hours["@iot.count"] == len(hours["value"]) == expected.count()
        inside = json.loads(
            ask(world, who, "Datastreams", expand="Observations(aggregate=day;$count=true)")
        )
        found = [each["Observations"] for each in inside["value"]]
        assert sum(map(len, found)) == expected.count()


def test_ids_that_one_may_not_see_are_not_there(world):
    hidden = world.streams["menden", "owner"]
    observation = Observation.objects.get(datastream_id=hidden.pk)
    for path in (
        f"Things({hidden.thing_id})",
        f"Things({hidden.thing_id})/name/$value",
        f"Things({hidden.thing_id})/Datastreams",
        f"Datastreams({hidden.pk})/Observations",
        f"Datastreams({hidden.pk})/Thing",
        f"Sensors({hidden.sensor_id})",
        f"Sensors({hidden.sensor_id})/Datastreams",
        f"Observations({observation.pk})",
        f"Observations({observation.pk})/Datastream",
        f"Observations({observation.pk})/result/$value",
    ):
        for who in ("visitor", "citizen", "foreign_steward", "foreign_editor", "network_admin"):
            answer = json.loads(ask(world, who, path))
            assert answer["code"] == 404, (who, path)
        assert ask(world, "steward", path), path


def test_what_the_network_shares_its_members_see_and_others_do_not(world):
    shared = world.streams["menden", "networks"]
    path = f"Datastreams({shared.pk})/Observations"
    assert "4711" in ask(world, "network_admin", path)
    assert json.loads(ask(world, "foreign_steward", path))["code"] == 404


def test_it_is_so_through_the_real_door_too(world, client: Client):
    answer = client.get(f"/sta/v1.1/Things?$filter={quote('id gt 0')}")
    assert answer.status_code == 200
    assert SECRET not in answer.content.decode()

"""Reading through the SensorThings API as clients do."""

from datetime import timedelta
from urllib.parse import quote

import pytest
from django.test import Client

from stadtwabe.hub.models import Datastream
from stadtwabe.hub.sta.conformance import SPEC
from stadtwabe.hub.tests.factories import (
    make_datastream,
    make_location,
    make_multi_datastream,
    make_thing,
    point,
    put_observations,
)
from stadtwabe.people.tests.factories import NOW, Cast

pytestmark = pytest.mark.django_db
ROOT = "/sta/v1.1"


@pytest.fixture
def cast():
    return Cast()


@pytest.fixture
def stream(cast) -> Datastream:
    """Menden's temperature: 0.0 to 9.0, every five minutes from NOW on."""
    thing = make_thing(
        cast.menden,
        "Wetterstation",
        properties={"colour": "green", "height": 12},
        locations=[make_location(cast.menden, "Rathaus")],
    )
    datastream = make_datastream(thing)
    put_observations(datastream, *(float(number) for number in range(10)))
    return datastream


def get(client: Client, path: str, status: int = 200, **options):
    query = "&".join(f"{quote('$' + name)}={quote(str(value))}" for name, value in options.items())
    response = client.get(f"{ROOT}/{path}?{query}")
    assert response.status_code == status, response.content
    return response.json()


def results(page):
    return [one["result"] for one in page["value"]]


def test_the_root_names_the_collections_and_what_is_fulfilled(client, settings):
    root = get(client, "")
    assert {one["name"] for one in root["value"]} >= {"Things", "MultiDatastreams", "Observations"}
    fulfilled = root["serverSettings"]["conformance"]
    assert f"{SPEC}/request-data" in fulfilled
    assert f"{SPEC}/batch-request/batch-request" in fulfilled
    assert not [each for each in fulfilled if "mqtt" in each]
    # With a broker, too: topics to write to are not the standard's (docs/adr/0014).
    settings.MQTT_BROKER = {"host": "localhost"}
    assert get(client, "")["serverSettings"]["conformance"] == fulfilled


def test_an_entity_links_to_itself_and_to_its_relations(client, stream):
    thing = get(client, f"Things({stream.thing_id})")
    assert thing["@iot.selfLink"] == f"http://testserver{ROOT}/Things({stream.thing_id})"
    assert thing["Datastreams@iot.navigationLink"].endswith(f"({stream.thing_id})/Datastreams")
    assert thing["properties"] == {"colour": "green", "height": 12}
    below = client.get(thing["Datastreams@iot.navigationLink"]).json()
    assert [one["@iot.id"] for one in below["value"]] == [stream.pk]


def test_a_datastream_knows_its_times_and_its_unit(client, stream):
    found = get(client, f"Datastreams({stream.pk})")
    assert found["unitOfMeasurement"]["symbol"] == "°C"
    assert found["phenomenonTime"].count("/") == 1


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("result gt 7", [8.0, 9.0]),
        ("result ge 2 and result lt 4", [2.0, 3.0]),
        ("not (result gt 1)", [0.0, 1.0]),
        ("result mod 4 eq 1", [1.0, 5.0, 9.0]),
        ("result mul 2 sub 1 eq 7", [4.0]),
        ("result div 0 eq 1", []),
        ("round(result div 3) eq 2", [5.0, 6.0, 7.0]),
        ("Datastream/name eq 'Temperatur' and result eq 3", [3.0]),
        ("Datastream/Thing/properties/height eq 12 and result lt 1", [0.0]),
        ("Datastream/Thing/properties/colour eq 'red'", []),
        ("startswith(Datastream/ObservedProperty/name,'Luft') and result eq 1", [1.0]),
        ("minute(phenomenonTime) eq 5", None),
        ("result eq 'text'", []),
        ("parameters/depth eq 3", []),
    ],
)
def test_filters(client, stream, question, answer):
    found = results(get(client, f"Datastreams({stream.pk})/Observations", filter=question))
    if answer is None:
        assert len(found) <= 1
    else:
        assert found == answer


def test_times_compare_with_points_and_periods(client, stream):
    third = (NOW + timedelta(minutes=10)).isoformat().replace("+00:00", "Z")
    fifth = (NOW + timedelta(minutes=20)).isoformat().replace("+00:00", "Z")
    path = f"Datastreams({stream.pk})/Observations"
    assert results(get(client, path, filter=f"phenomenonTime eq {third}")) == [2.0]
    assert results(get(client, path, filter=f"phenomenonTime lt {third}/{fifth}")) == [0.0, 1.0]
    assert results(get(client, path, filter=f"during(phenomenonTime,{third}/{fifth})")) == [
        2.0,
        3.0,
        4.0,
    ]
    later = f"phenomenonTime gt {third} add duration'PT30M'"
    assert results(get(client, path, filter=later)) == [9.0]


def test_following_next_links_meets_everything_once_even_when_more_comes_in(client, stream):
    address = f"{ROOT}/Datastreams({stream.pk})/Observations?$top=3&$orderby=phenomenonTime%20desc"
    found: list[float] = []
    while address:
        page = client.get(address).json()
        found += results(page)
        address = page.get("@iot.nextLink", "")
        if len(found) == 3:
            put_observations(stream, 99.0, start=NOW + timedelta(hours=2))
    assert found == [float(number) for number in reversed(range(10))]


def test_pages_sorted_by_values_that_are_missing_or_equal(client, cast):
    for number in range(7):
        make_thing(cast.menden, f"T{number}", properties={"rank": number // 2} if number else {})
    for order in ("properties/rank asc", "properties/rank desc", "description desc,name"):
        address = f"{ROOT}/Things?$top=2&$orderby={quote(order)}"
        found = []
        while address:
            page = client.get(address).json()
            found += [one["name"] for one in page["value"]]
            address = page.get("@iot.nextLink", "")
        assert sorted(found) == [f"T{number}" for number in range(7)]


def test_expanding_takes_one_query_a_level(client, stream, django_assert_max_num_queries):
    for number in range(3):
        make_datastream(stream.thing, f"Reihe {number}")
    with django_assert_max_num_queries(10):
        (thing,) = get(
            client,
            "Things",
            expand="Locations,Datastreams($expand=ObservedProperty,Observations($top=2;$count=true;"
            "$orderby=phenomenonTime desc);$orderby=id)",
        )["value"]
    first = thing["Datastreams"][0]
    assert [one["result"] for one in first["Observations"]] == [9.0, 8.0]
    assert first["Observations@iot.count"] == 10
    assert first["ObservedProperty"]["name"] == "Lufttemperatur"
    assert thing["Locations"][0]["location"] == point()
    more = client.get(first["Observations@iot.nextLink"]).json()
    assert results(more) == [7.0, 6.0]


def test_counts_are_kept_not_scanned(client, stream):
    assert get(client, "Observations", count="true", top=0)["@iot.count"] == 10
    path = f"Datastreams({stream.pk})/Observations"
    assert get(client, path, count="true", top=1)["@iot.count"] == 10
    assert get(client, path, count="true", filter="result lt 3")["@iot.count"] == 3


def test_select_properties_references_and_bare_values(client, stream):
    (one,) = get(client, "Things", select="name,Datastreams")["value"]
    assert set(one) == {"name", "Datastreams@iot.navigationLink"}
    assert get(client, f"Things({stream.thing_id})/name") == {"name": "Wetterstation"}
    bare = client.get(f"{ROOT}/Things({stream.thing_id})/name/$value")
    assert bare.content == b"Wetterstation"
    assert get(client, f"Things({stream.thing_id})/properties/height") == {"height": 12}
    (link,) = get(client, "Things/$ref")["value"]
    assert set(link) == {"@iot.selfLink"}


def test_other_formats(client, stream):
    path = f"Datastreams({stream.pk})/Observations"
    (block,) = get(client, path, resultFormat="dataArray", select="result,id", top=2)["value"]
    assert block["components"] == ["id", "result"]
    assert [row[1] for row in block["dataArray"]] == [0.0, 1.0]
    csv = client.get(f"{ROOT}/{path}?$resultFormat=CSV&$top=2&$select=result")
    assert b"".join(csv).decode("utf-8-sig").splitlines() == ["result", "0.0", "1.0"]
    places = get(client, "Locations", resultFormat="GeoJSON")
    assert places["features"][0]["geometry"] == point()


def test_places_by_geometry(client, cast, stream):
    make_location(cast.beckum, "weit weg", location=point(8.5, 52.5))
    area = "geography'POLYGON ((7 51, 8 51, 8 52, 7 52, 7 51))'"
    here = get(client, "Things", filter=f"st_within(Locations/location, {area})")["value"]
    assert [one["@iot.id"] for one in here] == [stream.thing_id]
    near = "geo.distance(Locations/location, geography'POINT (7.8 51.4)') lt 0.1"
    assert len(get(client, "Things", filter=near)["value"]) == 1
    assert not get(client, "Things", filter=near.replace("lt 0.1", "gt 0.1"))["value"]
    inside_out = f"st_disjoint(Locations/location, {area})"
    assert not get(client, "Things", filter=inside_out)["value"]


def test_several_values_at_once(client, stream):
    multi = make_multi_datastream(stream.thing)
    found = get(client, f"MultiDatastreams({multi.pk})", expand="ObservedProperties")
    assert [unit["symbol"] for unit in found["unitOfMeasurements"]] == ["m/s", "°"]
    assert len(found["ObservedProperties"]) == 2
    assert get(client, f"Datastreams({multi.pk})", status=404)["code"] == 404


@pytest.mark.parametrize(
    ("path", "options", "status", "option", "position"),
    [
        ("Things", {"filter": "name eq"}, 400, "$filter", 7),
        ("Things", {"filter": "colour eq 1"}, 400, "$filter", 0),
        ("Things", {"filter": "name eq 5"}, 400, "$filter", 0),
        ("Things", {"filter": "Datastreams/nothing eq 5"}, 400, "$filter", 0),
        ("Things", {"orderby": "Datastreams/name"}, 400, "$orderby", 0),
        ("Things", {"expand": "Nonsense"}, 400, "$expand", 0),
        ("Things", {"select": "nonsense"}, 400, "$select", 0),
        ("Things", {"skiptoken": "x"}, 400, "$skiptoken", None),
        ("Locations", {"filter": "st_within(location,geography'CIRCLE')"}, 400, "$filter", 19),
        ("Nonsense", {}, 404, None, 0),
        ("Things(1)/Nonsense", {}, 404, None, None),
        ("Things/name", {}, 400, None, 7),
        ("Observations", {"filter": "result mul 1e308 mul 1e308 gt 1"}, 200, None, None),
    ],
)
def test_errors_say_where(client, path, options, status, option, position):
    body = get(client, path, status=status, **options)
    if status >= 400:
        assert (body["code"], body["type"]) == (status, "error")
        assert (body.get("field"), body.get("position")) == (option, position)
        assert body["message"]

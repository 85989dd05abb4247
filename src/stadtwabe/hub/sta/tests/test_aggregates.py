"""``aggregate=hour|day``: count, sum, least, greatest, mean and last instead of single values."""

from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import pytest
from django.test import Client

from stadtwabe.hub.models import Datastream
from stadtwabe.hub.sta import by_column
from stadtwabe.hub.tests.factories import make_datastream, make_thing, put_observations
from stadtwabe.people.tests.factories import Cast

pytestmark = pytest.mark.django_db
ROOT = "/sta/v1.1"
START = datetime(2026, 3, 28, 22, 0, tzinfo=UTC)
"""An hour before the Sunday in Germany on which the clocks go forward."""


@pytest.fixture
def stream() -> Datastream:
    """Every half hour from 22:00 UTC: 0, 1, 2 … 49; the second datastream has a single value."""
    thing = make_thing(Cast().menden)
    stream, other = make_datastream(thing), make_datastream(thing, "Feuchte")
    every = timedelta(minutes=30)
    put_observations(stream, *(float(number) for number in range(50)), start=START, every=every)
    put_observations(other, 7.0, start=START)
    return stream


def get(client: Client, path: str, status: int = 200, **options: object):
    pairs = (
        f"{'' if name == 'aggregate' else '$'}{name}={quote(str(value))}"
        for name, value in options.items()
    )
    response = client.get(f"{ROOT}/{path}?{'&'.join(pairs)}")
    assert response.status_code == status, response.content
    return response.json()


def test_hours(client, stream):
    found = get(client, f"Datastreams({stream.pk})/Observations", aggregate="hour", count="true")
    assert found["@iot.count"] == len(found["value"]) == 25
    assert found["value"][1] == {
        "phenomenonTime": "2026-03-28T23:00:00Z/2026-03-29T00:00:00Z",
        "n": 2,
        "sum": 5.0,
        "min": 2.0,
        "max": 3.0,
        "mean": 2.5,
        "last": 3.0,
        "lastTime": "2026-03-28T23:30:00Z",
        "Datastream@iot.navigationLink": f"http://testserver{ROOT}/Datastreams({stream.pk})",
    }


def test_the_short_way_gives_the_same_bytes_as_the_long_one(client, stream, monkeypatch):
    questions = (
        "",
        "$top=3&$orderby=mean desc",
        "$select=phenomenonTime,mean,n",
        "$select=phenomenonTime",
        "$top=0",
        "$filter=mean gt 1e9",
        "$skip=20&$count=true",
    )

    def pages():
        return [
            client.get(f"{ROOT}/Observations?aggregate={each}&{question}").content
            for question in questions
            for each in ("hour", "day")
        ]

    short = pages()
    monkeypatch.setattr(by_column, "is_by_column", lambda *_: False)
    assert pages() == short


def test_days_are_those_of_the_calendar_in_germany(client, stream):
    found = get(client, f"Datastreams({stream.pk})/Observations", aggregate="day")["value"]
    times = [each["phenomenonTime"] for each in found]
    assert times[:2] == [
        "2026-03-27T23:00:00Z/2026-03-28T23:00:00Z",
        "2026-03-28T23:00:00Z/2026-03-29T22:00:00Z",  # 23 hours
    ]
    assert [each["n"] for each in found] == [2, 46, 2]
    assert found[1]["mean"] == sum(range(2, 48)) / 46


@pytest.mark.parametrize(
    ("options", "means"),
    [
        ({"filter": "phenomenonTime ge 2026-03-29T21:00:00Z"}, [46.5, 48.5]),
        ({"filter": "mean gt 44 and n eq 2"}, [44.5, 46.5, 48.5]),
        ({"orderby": "phenomenonTime desc", "top": 2}, [48.5, 46.5]),
        ({"orderby": "mean desc", "top": 1, "skip": 1}, [46.5]),
        ({"select": "mean", "top": 1}, [0.5]),
    ],
)
def test_they_are_asked_for_like_everything_else(client, stream, options, means):
    path = f"Datastreams({stream.pk})/Observations"
    found = get(client, path, aggregate="hour", **options)["value"]
    assert [each["mean"] for each in found] == means


def test_next_links_lead_through_all_datastreams(client, stream):
    address = f"{ROOT}/Observations?aggregate=hour&$top=4"
    found = []
    while address:
        page = client.get(address).json()
        found += [(each["Datastream@iot.navigationLink"], each["n"]) for each in page["value"]]
        address = page.get("@iot.nextLink", "")
    assert len(found) == 26
    assert sum(n for _link, n in found) == 51
    assert len({link for link, _n in found}) == 2


def test_in_other_formats_and_inside_datastreams(client, stream):
    blocks = get(client, "Observations", aggregate="day", resultFormat="dataArray")["value"]
    assert [each["dataArray@iot.count"] for each in blocks] == [3, 1]
    assert "mean" in blocks[0]["components"]
    text = client.get(f"{ROOT}/Observations?aggregate=day&$resultFormat=CSV&$select=mean,max")
    assert text.content.decode("utf-8-sig").splitlines()[:2] == ["max;mean", "1.0;0.5"]
    (first, _other) = get(
        client,
        "Datastreams",
        expand="Observations(aggregate=hour;$orderby=phenomenonTime desc;$top=2;$count=true)",
        orderby="id",
    )["value"]
    assert [each["mean"] for each in first["Observations"]] == [48.5, 46.5]
    assert first["Observations@iot.count"] == 25
    more = client.get(first["Observations@iot.nextLink"]).json()["value"]
    assert [each["mean"] for each in more] == [44.5, 42.5]


@pytest.mark.parametrize(
    ("path", "options"),
    [
        ("Observations", {"aggregate": "year"}),
        ("Things", {"aggregate": "hour"}),
        ("Things(1)", {"aggregate": "hour"}),
        ("Observations/$ref", {"aggregate": "hour"}),
    ],
)
def test_what_cannot_be_aggregated(client, stream, path, options):
    path = path.replace("(1)", f"({stream.thing_id})")
    assert get(client, path, 400, **options)["field"] == "aggregate"


def test_a_property_that_only_single_observations_have(client, stream):
    found = get(client, "Observations", 400, aggregate="hour", filter="result gt 1")
    assert (found["field"], found["position"]) == ("$filter", 0)
    assert "mean" in found["message"]

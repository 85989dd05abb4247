"""Units by UCUM codes: said when unknown, converted where a query asks for another."""

import json
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client

from stadtwabe.hub.measures import SAME_KIND, units_beside
from stadtwabe.hub.models import Datastream
from stadtwabe.hub.sta import by_column
from stadtwabe.hub.sta.answers import Call
from stadtwabe.hub.sta.dispatch import Dispatcher
from stadtwabe.hub.tests.factories import make_datastream, make_thing, put_observations
from stadtwabe.hub.units import conversion
from stadtwabe.people.tests.factories import NOW, Cast

pytestmark = pytest.mark.django_db
ROOT = "/sta/v1.1"
CELSIUS = {"name": "Grad Celsius", "symbol": "°C", "definition": "Cel"}


@pytest.fixture
def cast() -> Cast:
    return Cast()


@pytest.fixture
def stream(cast: Cast) -> Datastream:
    """20.0, 20.5 and 21.0 °C, every ten minutes."""
    stream = make_datastream(make_thing(cast.menden), units=[CELSIUS])
    put_observations(stream, 20.0, 20.5, 21.0, every=timedelta(minutes=10))
    return stream


def get(client: Client, path: str, status: int = 200, **options: str) -> Any:
    ours = {"unit", "aggregate"}
    pairs = (
        f"{name if name in ours else '$' + name}={quote(value)}" for name, value in options.items()
    )
    response = client.get(f"{ROOT}/{path}?{'&'.join(pairs)}")
    assert response.status_code == status, response.content
    return response.json()


def test_results_in_another_unit(client, stream, monkeypatch):
    path = f"Datastreams({stream.pk})/Observations"
    found = get(client, path, unit="[degF]")
    assert [each["result"] for each in found["value"]] == [68.0, 68.9, 69.8]
    monkeypatch.setattr(by_column, "is_whole", lambda *_: False)
    assert get(client, path, unit="[degF]") == found


@pytest.mark.parametrize("unit", ["K", "http://www.opengis.net/def/uom/UCUM/K"])
def test_questions_and_order_speak_the_unit_that_was_asked_for(client, stream, unit):
    path = f"Datastreams({stream.pk})/Observations"
    found = get(client, path, unit=unit, filter="result gt 293.2", orderby="result desc")["value"]
    assert [each["result"] for each in found] == [294.15, 293.65]
    (row,) = get(client, path, select="result", unit=unit, top="1")["value"]
    assert row == {"result": 293.15}


def test_values_by_the_hour_in_another_unit(client, stream):
    path = f"Datastreams({stream.pk})/Observations"
    for form in ("JSON", "dataArray"):
        page = get(client, path, resultFormat=form, unit="[degF]", aggregate="hour")
        found = page["value"][0]
        if form == "dataArray":
            found = dict(zip(found["components"], found["dataArray"][0], strict=True))
        shown = [found[name] for name in ("n", "sum", "min", "max", "mean", "last")]
        assert shown == [3, 206.7, 68.0, 69.8, 68.9, 69.8]


@pytest.mark.parametrize(
    ("path", "unit", "word"),
    [
        ("Datastreams(1)/Observations", "m", "convert"),
        ("Datastreams(1)/Observations", "Réaumur", "UCUM"),
        ("Datastreams(1)/Observations", "x" * 500, "UCUM"),
        ("Observations", "K", "one Datastream"),
        ("Things", "K", "one Datastream"),
        ("Datastreams(1)", "K", "collection"),
        ("Datastreams(1)/Observations", "K'); DROP TABLE x", "UCUM"),
        # Numbers that would be worked out until the end of the world, for every visitor.
        ("Datastreams(1)/Observations", "9+999999999", "UCUM"),
        ("Datastreams(1)/Observations", "10*999999999", "UCUM"),
        ("Datastreams(1)/Observations", "10*9999.10*9999", "convert"),
    ],
)
def test_what_does_not_convert(client, stream, path, unit, word):
    found = get(client, path.replace("(1)", f"({stream.pk})"), 400, unit=unit)
    assert found["field"] == "unit"
    assert word in found["message"]


def test_a_factor_beyond_all_numbers_is_none(client, cast):
    percent = {"name": "Prozent", "symbol": "%", "definition": "%"}
    stream = make_datastream(make_thing(cast.menden), units=[percent])
    put_observations(stream, 50.0)
    path = f"Datastreams({stream.pk})/Observations"
    assert "convert" in get(client, path, 400, unit="10*-308")["message"]


def test_a_unit_of_what_one_may_not_see_is_not_told(client, cast):
    secret = make_datastream(make_thing(cast.menden, audience="owner"), units=[CELSIUS])
    for unit in ("K", "m"):
        assert get(client, f"Datastreams({secret.pk})/Observations", 404, unit=unit)


@pytest.mark.parametrize(
    ("definition", "is_noted"),
    [
        ("Cel", False),
        ("mg/dL", False),
        ("urn:ogc:def:uom:UCUM::Cel", False),
        ("", False),
        ("°C", True),
        ("http://unitsofmeasure.org/ucum.html#para-30", True),
    ],
)
def test_an_unknown_unit_is_kept_and_said(cast, definition, is_noted):
    steward = Dispatcher(cast.actor("steward"), NOW, "http://testserver/sta/v1.1")
    body = {
        "name": "Mast",
        "Datastreams": [
            {
                "name": "Reihe",
                "unitOfMeasurement": {"name": "x", "symbol": "x", "definition": definition},
                "Sensor": {"name": "Fühler"},
                "ObservedProperty": {"name": "Größe"},
            }
        ],
    }
    answer = steward.answer(Call("POST", "Things", body=json.dumps(body).encode()))
    assert answer.status == 201, answer.body
    notes = json.loads(answer.body).get("@stadtwabe.notes", [])
    assert [definition in note["message"] for note in notes] == [True] * is_noted
    assert Datastream.objects.get().units[0]["definition"] == definition


def test_the_csv_of_a_page_in_another_unit(client, stream):
    address = f"/daten/reihen/{stream.pk}/"
    query = "?format=csv&zeitraum=alles&aufloesung=werte"
    text = b"".join(client.get(f"{address}{query}&einheit={quote('[degF]')}")).decode("utf-8-sig")
    head, first, *_rest = text.splitlines()
    assert "[degF]" in head or "°F" in head
    assert first.split(";")[1] in {"68.0", "68,0"}
    refused = client.get(f"{address}{query}&einheit=m", headers={"Accept-Language": "de"})
    assert refused.status_code == 422
    assert "lässt sich nicht in m umrechnen" in refused.content.decode()


def test_what_pages_offer_is_what_converts():
    for group in SAME_KIND:
        for code in group:
            for unit in units_beside(code):
                assert conversion(code, unit.code).factor > 0
    grouped = [code for group in SAME_KIND for code in group]
    assert len(grouped) == len(set(grouped))
    assert units_beside("dB") == []

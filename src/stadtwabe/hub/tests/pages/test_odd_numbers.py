"""What only looks like a number is no reason for an error of the server."""

import pytest

from stadtwabe.hub.tests.factories import make_datastream, make_thing
from stadtwabe.people.tests.factories import Cast

pytestmark = pytest.mark.django_db
ODD = ("²", "٣", "9" * 5000, "-1", "x")


@pytest.fixture
def steward(client):
    cast = Cast()
    make_datastream(make_thing(cast.menden, "Station"))
    client.force_login(cast.users["steward"])
    return client


@pytest.mark.parametrize("odd", ODD)
def test_addresses_with_odd_numbers_are_answered(steward, odd):
    assert steward.get("/daten/anschliessen/", {"geraet": odd}).status_code == 200
    assert steward.post("/daten/funk/vergessen/", {"owner": odd, "eui": "1"}).status_code == 404
    assert steward.get("/daten/reihen/1/", {"mit": odd}).status_code in {200, 404}
    assert steward.get("/atlas/vergleich/", {"karte": odd}).status_code == 200
    assert steward.get("/sta/v1.1/Things(1)/properties/" + odd[:9]).status_code in {204, 400, 404}
    page = steward.post(
        "/sta/v1.1/Datastreams",
        {"Thing": {"@iot.id": f"Things({odd})"}},
        content_type="application/json",
    )
    assert 400 <= page.status_code < 500

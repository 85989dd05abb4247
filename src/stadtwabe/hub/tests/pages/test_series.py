"""The pages of things and their values, as citizens and stewards see them."""

from datetime import timedelta

import pytest
from django.test import Client

from stadtwabe.hub.tests.factories import (
    HubWorld,
    make_datastream,
    make_location,
    make_thing,
    put_observations,
)
from stadtwabe.people.tests.factories import NOW, Cast

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now(monkeypatch):
    for module in ("series", "overview"):
        monkeypatch.setattr(f"stadtwabe.hub.pages.{module}.now", lambda: NOW + timedelta(hours=3))


@pytest.fixture
def cast():
    return Cast()


@pytest.fixture
def stream(cast):
    thing = make_thing(cast.menden, "Wetterstation", locations=[make_location(cast.menden)])
    found = make_datastream(thing)
    put_observations(found, *(20 + number / 10 for number in range(30)), start=NOW)
    return found


def text_of(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status
    return response.getvalue().decode()  # also of what is streamed


def test_from_the_entrance_to_the_curve(client, stream):
    entrance = text_of(client, "/daten/")
    assert "22,9&nbsp;°C" in entrance
    assert f"/daten/reihen/{stream.pk}/" in entrance
    thing = text_of(client, stream.thing.card.get_absolute_url())
    assert "Rathaus" in thing
    page = text_of(client, f"/daten/reihen/{stream.pk}/?zeitraum=24h")
    assert "curve__line" in page
    assert "einzelne Werte" in page
    assert page.count("<tr>") == 31


def test_means_by_the_hour_come_from_the_rollups_with_their_range(client, stream):
    page = text_of(client, f"/daten/reihen/{stream.pk}/?aufloesung=stunde")
    assert "curve__band" in page
    assert "kleinster" in page


def test_the_file_has_what_the_page_shows_and_more(client, stream):
    response = client.get(f"/daten/reihen/{stream.pk}/?zeitraum=24h&format=csv")
    lines = b"".join(response).decode("utf-8-sig").splitlines()
    assert lines[0].startswith("Zeit (UTC);Temperatur [°C]")
    assert len(lines) == 31


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("von=gestern", "gestern"),
        ("von=02.12.2026&bis=01.12.2026", "Das Ende liegt vor dem Anfang."),
        ("von=01.01.1990&bis=02.01.1990", "keine Zahlen"),
    ],
)
def test_periods_that_are_none_are_told_in_words(client, stream, query, says):
    assert says in text_of(client, f"/daten/reihen/{stream.pk}/?{query}")


def test_an_unknown_period_is_not_found(client, stream):
    text_of(client, f"/daten/reihen/{stream.pk}/?zeitraum=ewig", status=404)


def test_what_is_long_ago_is_shown_at_its_end(client, cast):
    old = make_datastream(make_thing(cast.menden))
    put_observations(old, 1.0, 2.0, start=NOW - timedelta(days=400))
    page = text_of(client, f"/daten/reihen/{old.pk}/?zeitraum=24h")
    assert "curve__line" in page


def test_a_town_shows_in_its_cell_what_each_may_see(client):
    world = HubWorld()
    for stream in world.streams.values():
        put_observations(stream, 1.0)
    for stream in world.streams.values():
        address = f"/daten/reihen/{stream.pk}/"
        thing = stream.thing.card.get_absolute_url()
        expected = 200 if stream.audience == "public" else 404
        assert client.get(address).status_code == expected
        assert client.get(address + "?format=csv").status_code == expected
        assert client.get(thing).status_code == expected
    for page in ("/daten/", "/daten/geraete/", "/daten/geraete/?format=json"):
        assert "Geheimnis" not in text_of(client, page)
    client.force_login(world.cast.users["steward"])
    mine = world.streams["menden", "owner"]
    assert "Geheimnis owner Reihe menden" in text_of(client, "/daten/")
    assert client.get(f"/daten/reihen/{mine.pk}/").status_code == 200
    other = world.streams["beckum", "owner"]
    assert client.get(f"/daten/reihen/{other.pk}/").status_code == 404


def test_values_of_a_demo_say_so_on_every_page(client, cast):
    thing = make_thing(cast.menden, is_demo=True)
    stream = make_datastream(thing)
    put_observations(stream, 1.0)
    for page in ("/daten/", thing.card.get_absolute_url(), f"/daten/reihen/{stream.pk}/"):
        assert "imuliert" in text_of(client, page), page


def test_the_reader_chooses_among_units_that_convert(client, cast):
    celsius = {"name": "Grad Celsius", "symbol": "°C", "definition": "Cel"}
    warm = make_datastream(make_thing(cast.menden), units=[celsius])
    put_observations(warm, 20.0, 25.0, start=NOW)
    address = f"/daten/reihen/{warm.pk}/"
    page = text_of(client, address)
    for option in ('<option value="">°C', '<option value="[degF]">°F', '<option value="K">K'):
        assert option in page
    assert "km/h" not in page
    query = "?zeitraum=24h&aufloesung=werte&einheit=%5BdegF%5D"
    page = text_of(client, address + query)
    assert '<option value="[degF]" selected>°F</option>' in page
    assert "<td>77</td>" in page
    assert "Wert (°F)" in page
    assert "25&nbsp;°C" in page  # the latest value stays in the unit in which live ones come
    assert "?zeitraum=7t&amp;einheit=%5BdegF%5D" in page


@pytest.mark.parametrize("wanted", ["m", "Käse", "dB", "10*99999999"])
def test_a_unit_that_does_not_convert_is_said_and_the_own_one_shown(client, cast, wanted):
    celsius = {"name": "Grad Celsius", "symbol": "°C", "definition": "Cel"}
    warm = make_datastream(make_thing(cast.menden), units=[celsius])
    put_observations(warm, 20.0, start=NOW)
    page = text_of(
        client, f"/daten/reihen/{warm.pk}/?zeitraum=24h&aufloesung=werte&einheit={wanted}"
    )
    assert "kern-error" in page
    assert "<td>20</td>" in page
    assert "Wert (°C)" in page


def test_without_a_unit_that_converts_none_is_offered(client, stream):
    assert 'name="einheit"' not in text_of(client, f"/daten/reihen/{stream.pk}/")


def test_a_count_has_no_unit_in_its_caption(client, cast):
    count = {"name": "Anzahl", "symbol": "", "definition": "1"}
    places = make_datastream(make_thing(cast.menden), "Freie Plätze", units=[count])
    put_observations(places, 73, 72, start=NOW)
    page = text_of(client, f"/daten/reihen/{places.pk}/?zeitraum=24h")
    assert "Freie Plätze, " in page
    assert "Freie Plätze in " not in page

"""A place's cell, states, districts, networks, and suggestions."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from lxml import html

from stadtwabe.catalog import panels
from stadtwabe.catalog.cards import has_own_card, place_card
from stadtwabe.catalog.commands import write_cards
from stadtwabe.catalog.panels import Panel
from stadtwabe.catalog.tests.factories import NOW, make_card, make_places
from stadtwabe.people.commands import party_for_place
from stadtwabe.places.models import Network, NetworkMember, Place

pytestmark = pytest.mark.django_db

MENDEN = "/orte/05962040-menden-sauerland/"


@pytest.fixture
def places():
    made = make_places("05962024", "05962040", "05315000", "16063105")
    specs = [place_card(place) for place in made.values() if has_own_card(place)]
    write_cards(specs=specs, now=NOW)
    return made


def test_a_cell_shows_identity_networks_neighbours_and_what_is_known(places, client):
    network = Network.objects.create(slug="suedwest", name="Südwestverbund")
    NetworkMember.objects.create(network=network, place=places["05962040"], source="Satzung")
    make_card("Mitfahrbank", kind="event", places=[places["05962040"]])
    make_card(
        "Geheimsache",
        kind="event",
        places=[places["05962040"]],
        owner=party_for_place(places["05962040"]),
        audience="owner",
    )

    text = client.get(MENDEN).content.decode()

    assert "<h1>Menden (Sauerland)</h1>" in text
    assert "Märkischer Kreis</a>" in text
    assert "GeoNames, ungefähr" in text
    assert "Gebietsstand 2016" in text
    assert "Südwestverbund</a>" in text
    assert "Mitfahrbank</a>" in text
    assert "Iserlohn</a>" in text, "a neighbour"
    assert "Geheimsache" not in text


@pytest.mark.parametrize(
    ("asked", "address"),
    [
        ("/orte/05962040-falsch/", MENDEN),
        ("/orte/05962040/", MENDEN),
        ("/orte/05315-koeln/", "/orte/05315000-koeln/"),
        ("/orte/16056000-eisenach/", "/orte/16063105-eisenach/"),
        ("/orte/05962040-falsch/?q=1", f"{MENDEN}?q=1"),
    ],
)
def test_other_ways_to_write_the_address_redirect(places, client, asked, address):
    response = client.get(asked)

    assert (response.status_code, response["Location"]) == (301, address)


@pytest.mark.parametrize("address", ["/orte/99999999-x/", "/orte/123-x/", "/orte/verbund/x/"])
def test_places_that_are_none_are_not_found(places, client, address):
    assert client.get(address).status_code == 404


def test_states_and_districts_list_what_lies_in_them(places, client):
    make_card("Mitfahrbank", kind="event", places=[places["05962040"]])

    state = client.get("/orte/05-nordrhein-westfalen/")
    # The town that is its own district appears as the town.
    assert {(row.place.key, row.things) for row in state.context["rows"]} == {
        ("05962", 1),
        ("05315000", 0),
    }
    district = client.get("/orte/05962-maerkischer-kreis/")
    assert {(row.place.key, row.things) for row in district.context["rows"]} == {
        ("05962024", 0),
        ("05962040", 1),
    }


def test_panels_of_other_domains_show_in_their_slots(places, client, monkeypatch):
    monkeypatch.setattr(panels, "_panels", [])
    template = "kit/components/alert.html"
    panels.register(Panel("municipality", "portrait", lambda actor, card: {}, template, order=2))
    panels.register(Panel("municipality", "events", lambda actor, card: None, template))
    panels.register(Panel("state", "portrait", lambda actor, card: {}, template))

    shown = client.get(MENDEN).context["panels"]

    assert [panel.panel.order for panel in shown] == [2]


def test_a_cell_takes_as_many_queries_for_three_things_as_for_one(places, client):
    def queries() -> int:
        client.get(MENDEN)
        with CaptureQueriesContext(connection) as captured:
            client.get(MENDEN)
        return len(captured)

    make_card("Eins", kind="event", places=[places["05962040"]])
    one = queries()
    make_card("Zwei", kind="event", places=places.values())
    make_card("Drei", kind="network", places=[places["05962040"]])

    assert queries() == one


def test_suggestions_for_what_is_being_typed(places, client):
    found = client.get("/orte/vorschlaege/?q=mend").json()["results"]
    assert found[0]["label"] == "Menden (Sauerland)"
    assert found[0]["href"] == MENDEN

    as_filter = client.get("/orte/vorschlaege/?als=filter&q=mend").json()["results"]
    assert as_filter[0]["label"] == "Menden (Sauerland) (05962040)"
    assert "href" not in as_filter[0]
    assert client.get("/orte/vorschlaege/?q=").json() == {"results": []}


def test_a_network_shows_its_members_with_dates_and_sources(places, client):
    from datetime import date

    from stadtwabe.catalog.cards import network_card

    network = Network.objects.create(slug="suedwest", name="Südwestverbund")
    NetworkMember.objects.create(
        network=network,
        place=places["05962040"],
        since=date(2019, 1, 1),
        until=date(2021, 12, 31),
        source="Satzung von 2019",
    )
    write_cards(specs=[network_card(network, (places["05962040"],))], now=NOW)

    text = client.get("/orte/verbund/suedwest/").content.decode()

    assert "(2019–2021)" in text
    assert "Satzung von 2019" in text


def test_an_empty_cell_leads_to_the_nearest_towns_of_which_something_is_known(places, client):
    iserlohn, koeln, eisenach = (places[key] for key in ("05962024", "05315000", "16063105"))
    make_card("Pegel", kind="event", places=[koeln])
    make_card("Rathaus digital", kind="event", places=[iserlohn])
    make_card("Wartburg-App", kind="event", places=[iserlohn])
    make_card(
        "Geheimsache",
        kind="event",
        places=[eisenach],
        owner=party_for_place(eisenach),
        audience="owner",
    )

    text = client.get(MENDEN).content.decode()

    near = text.split("Was in der Nähe schon läuft")[1].split("</section>")[0]
    assert near.index("Iserlohn") < near.index("Köln"), "by distance"
    assert "2 Einträge" in near
    assert "Eisenach" not in near, "what is known there is not for everybody"

    text = client.get("/orte/05962024-iserlohn/").content.decode()

    assert "Was in der Nähe schon läuft" not in text


def test_a_cell_has_a_map_of_its_own(places, client):
    page = html.fromstring(client.get(MENDEN).content)
    [section] = page.xpath("//section[@data-map]")
    west, south, east, north = map(float, section.get("data-map-bounds").split(","))
    menden = places["05962040"]
    assert west < menden.longitude < east
    assert south < menden.latitude < north
    assert east - west < 0.5, "the town, not the country"
    answer = client.get(section.get("data-map-values"))
    assert answer.headers["Content-Type"].startswith("application/geo+json")
    [feature] = answer.json()["features"]
    assert feature["properties"]["name"] == "Menden (Sauerland)"
    assert feature["properties"]["territorial_status"] == "2016"


def test_a_place_whose_boundary_nobody_knows_has_none(places, client):
    new = Place.objects.create(
        key="05962998", level="municipality", name="Neustadt", slug="neustadt", kind="Stadt"
    )
    assert "data-map" not in client.get(new.get_absolute_url()).content.decode()
    assert client.get("/orte/05962998/grenze.geojson").status_code == 404
    assert client.get("/orte/05962999/grenze.geojson").status_code == 404


@pytest.mark.parametrize(
    "address", ["/orte/05-nordrhein-westfalen/", "/orte/05962-maerkischer-kreis/"]
)
def test_states_and_districts_have_one_too(places, client, address):
    assert "data-map-bounds" in client.get(address).content.decode()


def test_places_are_not_sorted_by_days_they_do_not_have(places, client):
    page = client.get("/orte/").content.decode()
    assert "Titel A bis Z" in page
    assert "Früheste zuerst" not in page
    assert "Neueste zuerst" not in page
    make_card("Mitfahrbank", kind="event", places=[places["05962040"]])
    assert "Früheste zuerst" in client.get("/suche/?ort=05962040").content.decode()

"""The catalogue for other programs."""

import pytest

from stadtwabe.catalog.commands import link_cards, withdraw_card
from stadtwabe.catalog.tests.factories import NOW, make_card, make_places
from stadtwabe.kit.actor import SYSTEM
from stadtwabe.people.commands import create_token, party_for_place
from stadtwabe.people.rules import Role, Scope
from stadtwabe.people.tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def places():
    return make_places("05962024", "05962040")


@pytest.fixture
def cards(places):
    owner = party_for_place(places["05962024"])
    facets = {("thema", "mobility"): "Mobilität"}
    public = make_card("Mitfahrbank", places=[places["05962040"]], facets=facets)
    hidden = make_card("Geheimsache", owner=owner, audience="owner")
    link_cards(source=hidden, target=public, kind="documents")
    return public, hidden


@pytest.fixture
def bearer(places):
    """A token of the editor in the town that owns the hidden thing, as a header."""
    editor = make_user("e@example.org", (party_for_place(places["05962024"]), Role.EDITOR))
    _token, secret = create_token(
        actor=SYSTEM, user=editor, label="Test", scopes=[Scope.READ], now=NOW
    )
    return {"Authorization": f"Bearer {secret}"}


def titles(response) -> list[str]:
    return [result["title"] for result in response.json()["results"]]


def test_the_filters_are_those_of_the_pages(cards, client):
    found = client.get("/api/v1/cards?ort=Menden&thema=mobility&sort=titel").json()

    assert (found["count"], found["pages"]) == (1, 1)
    assert found["results"][0]["topics"] == ["mobility"]
    assert client.get("/api/v1/cards?thema=education").json()["count"] == 0
    facets = client.get("/api/v1/facets?thema=mobility").json()
    assert facets["thema"] == [{"value": "mobility", "label": "Mobilität", "count": 1}]


def test_a_visitor_sees_the_public_and_a_token_what_its_owner_sees(cards, client, bearer):
    public, hidden = cards

    assert titles(client.get("/api/v1/cards")) == ["Mitfahrbank"]
    assert client.get(f"/api/v1/cards/{hidden.pk}").status_code == 404
    assert client.get(f"/api/v1/cards/{public.pk}").json()["links"] == []

    assert set(titles(client.get("/api/v1/cards", headers=bearer))) == {
        "Mitfahrbank",
        "Geheimsache",
    }
    assert client.get(f"/api/v1/cards/{hidden.pk}", headers=bearer).status_code == 200
    links = client.get(f"/api/v1/cards/{public.pk}", headers=bearer).json()["links"]
    assert [(link["kind"], link["direction"], link["title"]) for link in links] == [
        ("documents", "in", "Geheimsache")
    ]


@pytest.mark.parametrize("header", ["Bearer falsch", "Bearer ", "Basic YTpi", "Bearer"])
def test_a_token_that_is_not_valid_is_refused_even_for_the_public(cards, client, header):
    response = client.get("/api/v1/cards", headers={"Authorization": header})

    assert response.status_code == 401
    assert response.json()["field"] == "Authorization"


@pytest.mark.parametrize(
    ("query", "field"),
    [("thema=x", "thema"), ("seite=0", "seite"), ("je_seite=9999", "je_seite"), ("sort=x", "sort")],
)
def test_what_makes_no_sense_is_named(cards, client, query, field):
    response = client.get(f"/api/v1/cards?{query}")

    assert response.status_code == 422
    assert response.json()["field"] == field


def test_a_withdrawn_thing_is_gone(cards, client):
    public, _hidden = cards
    withdraw_card(card=public, because="Es war ein Versehen.", now=NOW)

    response = client.get(f"/api/v1/cards/{public.pk}")

    assert response.status_code == 410
    assert response.json()["remedy"] == "Es war ein Versehen."


def test_the_register(places, client):
    menden = client.get("/api/v1/places/05962040").json()
    assert menden["official_name"] == "Stadt Menden (Sauerland)"
    assert (menden["population_source"], menden["territorial_status"]) == (
        "GeoNames, ungefähr",
        "2016",
    )
    below = client.get("/api/v1/places?in=05962&ebene=municipality").json()
    assert [place["key"] for place in below["results"]] == ["05962024", "05962040"]
    assert client.get("/api/v1/places/99999999").status_code == 404
    assert client.get("/api/v1/places/abc").status_code == 422
    assert client.get("/api/v1/networks").json() == []
    assert client.get("/api/v1/networks/keiner").status_code == 404

"""The API as a whole: its description, its page for people, and calls at random."""

import json

import pytest
from django.test import Client

from stadtwabe.places.models import Network
from stadtwabe.site.api import DOCUMENT, description


def test_the_committed_description_is_that_of_the_code():
    assert DOCUMENT.read_text(encoding="utf-8") == description(), (
        "rewrite it: stadtwabe openapi > docs/openapi.json"
    )


def test_people_read_it_as_a_page(db):
    text = Client().get("/api/docs").content.decode()

    assert "GET /api/v1/cards/{card_id}" in text
    assert "Schlüssel (2, 5, 8 Stellen) oder Name eines Ortes" in text
    assert Client().get("/api/v1/openapi.json").json() == json.loads(description())


def test_the_root_leads_to_everything(db):
    found = Client().get("/api/v1/").json()
    assert Client().get(found["documentation"]).status_code == 200
    assert Client().get(found["openapi"]).json()["info"]["title"] == found["title"]
    assert {"cards", "places", "networks", "projects", "events"} <= {
        each["name"] for each in found["resources"]
    }
    for each in found["resources"]:
        assert Client().get(each["address"]).status_code == 200, each
        assert each["description"]


@pytest.mark.parametrize(
    ("method", "address", "status"),
    [
        ("get", "/api/v1/gibt-es-nicht", 404),
        ("get", "/api/v1/cards/", 404),
        ("get", "/api/v2/cards", 404),
        ("get", "/api/v1/cards/999999", 404),
        ("get", "/api/v1/cards?seite=x", 422),
        ("delete", "/api/v1/cards", 405),
        ("get", "/api/v1/cards?q=%00", 400),
    ],
)
def test_programs_get_problem_documents(db, method, address, status):
    answer = getattr(Client(), method)(address)
    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["status"] == status
    assert answer.json()["detail"]
    assert answer.json()["title"]


def test_also_when_the_server_breaks(db, monkeypatch):
    monkeypatch.setattr("stadtwabe.catalog.api.members_of", lambda _network: 1 / 0)
    Network.objects.create(slug="kaputt", name="Kaputt")
    answer = Client(raise_request_exception=False).get("/api/v1/networks/kaputt")
    assert (answer.status_code, answer.json()["status"]) == (500, 500)
    assert "division" not in answer.content.decode()


def test_people_get_pages(db):
    assert "<html" in Client().get("/gibt-es-nicht/").content.decode()

"""Things through the API: the same reads, the same commands, the same refusals."""

import pytest

from stadtwabe.evidence.models import Statement
from stadtwabe.evidence.tests.factories import (
    NOW,
    account_of,
    document_of,
    editor_of,
    project_of,
    town,
)
from stadtwabe.evidence.things import thing_kind
from stadtwabe.kit.actor import Actor
from stadtwabe.people.commands import create_token

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/projects"


@pytest.fixture
def koeln():
    return town()


@pytest.fixture
def project(koeln):
    return project_of(koeln, document_of(koeln))


def token_of(party, *scopes, email="redaktion@example.org"):
    user = account_of(party, email)
    actor = Actor(person=user.number, grants=editor_of(party).grants)
    _token, secret = create_token(actor=actor, user=user, label="Skript", scopes=scopes, now=NOW)
    return {"Authorization": f"Bearer {secret}"}


def new(party, **values):
    return {
        "owner": party.pk,
        "values": {"title": "Pegel im Blick", **values},
        "source": {"on": "2026-11-20"},
        "parties": [{"name": "Köln", "role": "lead"}],
    }


def test_a_thing_comes_with_the_statements_behind_each_value(client, project):
    found = client.get(f"{ADDRESS}/jugend-meets-verwaltung").json()
    [stage] = found["properties"]["stage"]["values"]
    assert (stage["value"], stage["text"]) == ("pilot", "wird erprobt")
    assert stage["sources"][0]["quote"] == "erprobt"
    page = client.get(stage["sources"][0]["statement"])
    assert page.status_code == 200


def test_the_list_takes_the_filters_of_the_page(client, project):
    assert client.get(f"{ADDRESS}?phase=pilot").json()["count"] == 1
    assert client.get(f"{ADDRESS}?thema=mobility").json()["count"] == 0
    assert client.get(f"{ADDRESS}?thema=unsinn").status_code == 422


def test_a_token_creates_and_edits(client, koeln):
    headers = token_of(koeln, "edit")
    data = new(koeln, starts_on="2021-05", topics=["mobility"], stage="pilot")
    answer = client.post(ADDRESS, data, content_type="application/json", headers=headers)
    assert answer.status_code == 201, answer.content
    assert answer.json()["properties"]["starts_on"]["values"][0]["text"] == "Mai 2021"
    change = {"values": {"stage": "running"}, "source": {"on": "2026-11-21"}}
    address = f"{ADDRESS}/pegel-im-blick"
    answer = client.patch(address, change, content_type="application/json", headers=headers)
    assert answer.status_code == 200, answer.content
    found = answer.json()["properties"]
    assert found["stage"]["values"][0]["value"] == "running"
    assert found["starts_on"]["values"][0]["value"] == "2021-05-01", "what is not named stays"
    assert found["parties"]["values"][0]["text"] == "Köln (Federführung)"


def test_without_the_right_nothing_is_written(client, koeln, project):
    bochum = town("05911000")
    foreign = token_of(bochum, "edit", email="bochum@example.org")
    reading = token_of(koeln, "read", email="lesen@example.org")
    change = {"values": {"stage": "stopped"}, "source": {"on": "2026-11-21"}}
    address = f"{ADDRESS}/jugend-meets-verwaltung"
    nobody: dict[str, str] = {}
    for headers, status in ((nobody, 401), (foreign, 403), (reading, 403)):
        answer = client.patch(address, change, content_type="application/json", headers=headers)
        assert answer.status_code == status
        answer = client.post(ADDRESS, new(koeln), content_type="application/json", headers=headers)
        assert answer.status_code == status
    assert thing_kind("project").model._default_manager.count() == 1
    assert not Statement.objects.filter(value="stopped").exists()


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"title": ""}, "title"),
        ({"starts_on": "neulich"}, "starts_on"),
        ({"stage": "unsinn"}, "stage"),
        ({"gibt_es_nicht": "x"}, "gibt_es_nicht"),
    ],
)
def test_what_makes_no_sense_is_refused_by_field(client, koeln, values, field):
    headers = token_of(koeln, "edit")
    answer = client.post(
        ADDRESS, new(koeln, **values), content_type="application/json", headers=headers
    )
    assert answer.status_code == 422
    assert answer.json()["field"] == field
    assert not thing_kind("project").model._default_manager.exists()


def test_the_source_must_be_complete(client, koeln):
    headers = token_of(koeln, "edit")
    data = {**new(koeln), "source": {}}
    answer = client.post(ADDRESS, data, content_type="application/json", headers=headers)
    assert answer.status_code == 422
    assert answer.json()["field"] == "source_on"

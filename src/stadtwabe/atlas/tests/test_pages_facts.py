"""Editors add facts between things by form."""

import pytest

from stadtwabe.atlas.models import Deployment, EffectClaim, Grant, Reuse
from stadtwabe.evidence.tests.factories import account_of
from stadtwabe.evidence.tests.thing_factories import make_thing, town_with_card

pytestmark = pytest.mark.django_db
DECLARED = {"source_kind": "declaration", "source_on": "2026-11-20"}


@pytest.fixture
def koeln():
    return town_with_card()


@pytest.fixture
def bochum():
    return town_with_card("05911000")


def test_a_deployment_by_form(client, koeln, bochum):
    app = make_thing("solution", koeln, title="Gut versorgt")
    client.force_login(account_of(koeln))
    address = f"{app.card.path}einsatz/"
    assert address in client.get(app.card.path).content.decode()
    assert client.post(address, {**DECLARED, "party": ""}).status_code == 422
    data = {**DECLARED, "party": "Bochum", "state": "in_use", "since": "Mai 2021"}
    assert client.post(address, data).status_code == 302
    found = Deployment.objects.get()
    assert (found.party, found.since_precision) == (bochum, "month")
    assert "Mai 2021" in client.get(app.card.path).content.decode()


def test_a_grant_by_form(client, koeln, bochum):
    programme = make_thing("funding", koeln, title="Modellprojekte")
    client.force_login(account_of(koeln))
    data = {**DECLARED, "party": "Bochum", "amount_eur": "1.250.000"}
    assert client.post(f"{programme.card.path}zuwendung/", data).status_code == 302
    assert Grant.objects.get().amount_eur == 1_250_000


def test_a_reuse_and_an_effect_by_form(client, koeln):
    original = make_thing("project", koeln, title="Vorbild")
    project = make_thing("project", koeln, title="Nachbau")
    client.force_login(account_of(koeln))
    data = {**DECLARED, "original": str(original.card.pk), "changes": "Farben"}
    assert client.post(f"{project.card.path}vorbild/", data).status_code == 302
    assert Reuse.objects.get().changes == "Farben"
    address = f"{project.card.path}wirkung/"
    data = {**DECLARED, "indicator": "Wartezeit", "grade": "measured", "value": "4"}
    response = client.post(address, data)
    assert response.status_code == 422
    assert "braucht Wert und Methode" in response.content.decode()
    assert client.post(address, {**data, "method": "Zählung"}).status_code == 302
    assert EffectClaim.objects.get().indicator == "Wartezeit"


@pytest.mark.parametrize(("kind", "page"), [("solution", "einsatz"), ("project", "wirkung")])
def test_nobody_else_may(client, koeln, bochum, kind, page):
    address = f"{make_thing(kind, koeln).card.path}{page}/"
    assert client.get(address).status_code == 403
    client.force_login(account_of(bochum, "bochum@example.org"))
    assert client.post(address, DECLARED).status_code == 403

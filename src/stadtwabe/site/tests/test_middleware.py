"""What holds for every answer, and input that no database can hold."""

import pytest

from stadtwabe.kit.assets import asset_url
from stadtwabe.people.tests.factories import Cast

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/gibt-es-nicht/",
        "/api/v1/cards/1",
        asset_url("favicon.svg"),
        "/static/gibt-es-nicht",
    ],
)
def test_the_policy_comes_with_every_answer(client, address):
    assert "default-src 'self'" in client.get(address).headers["Content-Security-Policy"]


def test_no_cache_keeps_what_a_signed_in_person_or_a_token_sees(client):
    assert "no-store" not in client.get("/quellen/").headers.get("Cache-Control", "")
    refused = client.get("/api/v1/cards", headers={"Authorization": "Bearer falsch"})
    assert refused.headers["Cache-Control"] == "private, no-store"
    client.force_login(Cast().users["editor"])
    for address in ("/redaktion/", "/redaktion/aenderungen/", "/konto/", "/"):
        assert "no-store" in client.get(address).headers["Cache-Control"], address


@pytest.mark.parametrize(
    "address",
    [
        "/%00",
        "/atlas/projekte/a%00b/",
        "/orte/verbund/x%00/",
        "/api/v1/networks/%00",
        "/static/%00",
        "/quellen/?q=%00",
        "/suche/?q=a%00b",
    ],
)
def test_an_address_with_nul_is_refused_in_words(client, address):
    answer = client.get(address)
    assert answer.status_code == 400
    assert "nicht zu verstehen" in answer.content.decode()


def test_a_form_with_nul_is_refused_and_nothing_is_kept(client):
    assert client.post("/barriere-melden/", {"text": "a\x00b"}).status_code == 400
    assert client.post("/barriere-melden/", {"a\x00b": "c"}).status_code == 400


@pytest.mark.parametrize("text", ["a\\u0000b", "a\\ud800b"])
def test_json_with_text_that_cannot_be_stored_is_refused(client, text):
    client.force_login(Cast().users["editor"])
    for body in (f'{{"values": {{"title": "{text}"}}}}', f'{{"{text}": [1]}}'):
        answer = client.post("/api/v1/projects", body, content_type="application/json")
        assert answer.status_code == 400
        assert answer.json() == {"detail": "Cannot parse request body"}


def test_a_page_number_that_only_begins_like_one_is_no_page(client):
    assert client.get("/suche/?seite=00000000199999999999999999").status_code == 200
    answer = client.get("/api/v1/cards?seite=00000000199999999999999999")
    assert answer.status_code == 422

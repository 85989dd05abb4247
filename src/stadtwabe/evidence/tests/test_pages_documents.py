"""The public pages of sources: what is quoted, and the whole text only where it is open."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from stadtwabe.evidence.models import Statement
from stadtwabe.evidence.tests.factories import account_of, document_of, project_of, town

pytestmark = pytest.mark.django_db


@pytest.fixture
def koeln():
    return town()


@pytest.fixture
def document(koeln):
    document = document_of(koeln, publisher="Stadt Köln", address="https://example.org/rundbrief")
    project_of(koeln, document)
    return document


def test_sources_are_listed_once_something_in_public_quotes_them(client, koeln, document):
    document_of(koeln, text="Noch unbenutzt.", title="Unbenutzt")
    page = client.get("/quellen/").content.decode()
    assert page.count(f'href="/quellen/{document.pk}/"') == 1
    assert "Unbenutzt" not in page
    assert client.get("/quellen/?q=rund").content.decode().count("Stadt Köln") >= 1
    assert "Keine Quellen gefunden" in client.get("/quellen/?q=gibtsnicht").content.decode()
    assert client.get("/quellen/?format=json").json()["sources"][0]["title"] == "Rundbrief"


def test_of_a_protected_text_only_the_quoted_sentences_are_shown(client, document):
    page = client.get(f"/quellen/{document.pk}/").content.decode()
    assert "<mark>erprobt</mark>" in page
    assert "Niemand sonst" not in page
    assert "https://example.org/rundbrief" in page
    assert "nur, wenn seine Lizenz" in page
    quotes = client.get(f"/quellen/{document.pk}/?format=json").json()["passages"]
    assert [quote["text"] for quote in quotes] == [
        "Seit Mai erprobt Köln „Jugend meets Verwaltung“."
    ]


def test_a_day_known_to_the_month_is_quoted_as_told(client, koeln):
    document = document_of(koeln)
    project_of(koeln, document, starts_on=date(2021, 5, 1), starts_precision="month")
    page = client.get(f"/quellen/{document.pk}/").content.decode()
    assert "Mai 2021" in page
    assert "1. Mai" not in page
    for statement in Statement.objects.filter(document=document):
        assert client.get(statement.get_absolute_url()).status_code == 200


def test_an_open_text_is_shown_whole(client, document):
    document.licence = "CC-BY-4.0"
    document.save()
    assert "Niemand sonst" in client.get(f"/quellen/{document.pk}/").content.decode()


def test_editors_see_their_own_unused_documents_and_others_do_not(client, koeln):
    document = document_of(koeln, text="Noch unbenutzt.", is_demo=True)
    page = f"/quellen/{document.pk}/"
    assert client.get(page).status_code == 404
    client.force_login(account_of(town("05911000"), "bochum@example.org"))
    assert client.get(page).status_code == 404
    client.force_login(account_of(koeln))
    html = client.get(page).content.decode()
    assert "Noch unbenutzt." in html
    assert "Dokument der Vorführung" in html
    assert f"/redaktion/dokumente/{document.pk}/" in html


def test_sources_of_hidden_things_stay_hidden(client, koeln, document):
    document.statements.first().card.__class__.objects.update(audience="owner")
    assert client.get(f"/quellen/{document.pk}/").status_code == 404
    assert document.title not in client.get("/quellen/").content.decode()


def test_the_list_takes_the_same_number_of_queries_for_one_and_for_three(client, koeln, document):
    def queries():
        client.get("/quellen/")  # what every page keeps for a while is not counted
        with CaptureQueriesContext(connection) as seen:
            client.get("/quellen/")
        return len(seen)

    one = queries()
    for number in range(2):
        text = f"Köln erprobt „Jugend meets Verwaltung“ zum {number + 2}. Mal."
        project_of(koeln, document_of(koeln, text=text))
    assert queries() == one

"""An organisation and its page: one form, one name, one place."""

import pytest
from lxml import html

from stadtwabe.catalog.models import Facet
from stadtwabe.catalog.rules import FacetName, PartyRole
from stadtwabe.catalog.tests.factories import make_places
from stadtwabe.evidence.models import Statement
from stadtwabe.evidence.tests.factories import account_of
from stadtwabe.evidence.tests.test_api import token_of
from stadtwabe.evidence.tests.test_pages_editing import declared, sent_back
from stadtwabe.evidence.tests.thing_factories import make_thing, town_with_card
from stadtwabe.people.commands import party_for_organisation
from stadtwabe.people.models import Organisation
from stadtwabe.places.models import Network

pytestmark = pytest.mark.django_db
NEW = "/atlas/organisationen/neu/"
PAGE = "/atlas/organisationen/stadtwerke-koeln/"


@pytest.fixture
def koeln(client):
    party = town_with_card()
    client.force_login(account_of(party))
    return party


@pytest.fixture
def works(client, koeln):
    sent = declared(
        koeln, title="Stadtwerke Köln", kind="utility", legal_form="GmbH", seat="Köln (05315000)"
    )
    answer = client.post(NEW, sent)
    assert answer.status_code == 302, answer.content.decode()
    return Organisation.objects.get()


def test_the_form_asks_what_it_is_and_where_and_each_answer_has_its_source(client, koeln, works):
    assert (works.kind, works.legal_form, works.seat_id) == ("utility", "GmbH", "05315000")
    page = html.fromstring(client.get(PAGE).content)
    for shown in ("Stadtwerke, kommunales Unternehmen", "GmbH", "Köln"):
        assert shown in page.text_content()
    stated = Statement.objects.filter(property__in=["kind", "legal_form", "seat"])
    assert stated.count() == 3
    for statement in stated:
        assert page.xpath(f"//a[contains(@href, '/quellen/aussage/{statement.pk}/')]")


def test_editing_begins_with_what_is_known_and_moves_the_seat(client, koeln, works):
    make_places("05911000")
    sent = sent_back(client, f"{PAGE}bearbeiten/")
    assert (sent["kind"], sent["legal_form"], sent["seat"]) == (
        "utility",
        "GmbH",
        "Köln (05315000)",
    )
    sent |= {"seat": "Bochum", "legal_form": "AG"}
    assert client.post(f"{PAGE}bearbeiten/", sent).status_code == 302
    works.refresh_from_db()
    assert (works.seat_id, works.legal_form, works.kind) == ("05911000", "AG", "utility")
    found = Statement.objects.filter(property="legal_form").order_by("pk")
    assert [(each.value, each.state) for each in found] == [
        ("GmbH", "superseded"),
        ("AG", "current"),
    ]
    assert client.get("/atlas/organisationen/?ort=05911000&format=json").status_code == 200
    assert "Stadtwerke Köln" in client.get("/orte/05911000-bochum/").content.decode()


def test_programs_give_the_same(client, koeln):
    data = {
        "owner": koeln.pk,
        "values": {"title": "Stadtwerke Köln", "kind": "utility", "seat": "Köln"},
        "source": {"on": "2026-11-20"},
    }
    headers = token_of(koeln, "edit", email="programm@example.org")
    address = "/api/v1/organisations"
    answer = client.post(address, data, content_type="application/json", headers=headers)
    assert answer.status_code == 201, answer.content
    assert Organisation.objects.get().seat_id == "05315000"
    change = {"values": {"legal_form": "GmbH"}, "source": {"on": "2026-11-20"}}
    address = f"{address}/stadtwerke-koeln"
    answer = client.patch(address, change, content_type="application/json", headers=headers)
    assert answer.status_code == 200, answer.content
    assert Organisation.objects.get().legal_form == "GmbH"


def test_a_new_name_is_that_of_page_party_and_filter(client, koeln, works):
    party = party_for_organisation(works)
    make_thing("project", koeln, title="Pegel", parties=[(party, PartyRole.LEAD)])
    sent = sent_back(client, f"{PAGE}bearbeiten/", title="Rheinwerke")
    assert client.post(f"{PAGE}bearbeiten/", sent).status_code == 302
    works.refresh_from_db()
    assert works.name == "Rheinwerke"
    assert Facet.objects.get(name=FacetName.PARTY, value=str(party.pk)).label == "Rheinwerke"
    listed = client.get(f"/atlas/projekte/?beteiligt={party.pk}").content.decode()
    assert "Rheinwerke" in listed
    assert "Stadtwerke Köln" not in listed


def test_two_organisations_never_share_a_name(client, koeln, works):
    client.post(NEW, declared(koeln, title="Rheinwerke"))
    sent = sent_back(client, f"{PAGE}bearbeiten/", title="rheinwerke")
    answer = client.post(f"{PAGE}bearbeiten/", sent)
    assert answer.status_code == 422
    assert "heißt schon so" in answer.content.decode()
    works.refresh_from_db()
    assert works.name == "Stadtwerke Köln"


def test_while_typing_a_party_all_sorts_are_offered(client, koeln, works):
    Network.objects.create(slug="rhein", name="Netzwerk Kölner Bucht")
    address = "/orte/vorschlaege/?als=beteiligte&q=köln"
    labels = [each["label"] for each in client.get(address).json()["results"]]
    assert {"Stadtwerke Köln", "Netzwerk Kölner Bucht", "Köln (05315000)"} <= set(labels)
    assert "als=beteiligte" in client.get("/atlas/projekte/neu/").content.decode()
    client.logout()
    labels = [each["label"] for each in client.get(address).json()["results"]]
    assert "Stadtwerke Köln" not in labels, "organisations without a page are no business of all"
    assert "Netzwerk Kölner Bucht" in labels

"""What is there when a few documents of the demo have been loaded; nothing changes it here."""

import pytest
from django.test import override_settings

from stadtwabe.atlas.models import Grant, Portrait, Project
from stadtwabe.catalog.models import Card
from stadtwabe.catalog.queries.places import things_of_network
from stadtwabe.evidence.models import Document, Statement, Suggestion
from stadtwabe.evidence.rules import StatementState
from stadtwabe.kit.actor import VISITOR
from stadtwabe.site.demo.models import DemoDocument
from stadtwabe.site.demo.script import inbox
from stadtwabe.site.demo.tests.few import FEW, load, make_world, without_source

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def told(module_db):
    """Load them once; return what was said meanwhile."""
    said: list[str] = []
    with override_settings(DEMO=True):
        make_world()
        assert load(say=said.append) == len(FEW)
        yield said


def test_documents_go_through_the_desk_and_end_as_things_with_sources(told):
    assert without_source() == []
    assert DemoDocument.objects.count() == len(told) == len(FEW)
    assert not Suggestion.objects.filter(document__demo__isnull=False, state="open").exists()
    assert set(Document.objects.filter(demo__isnull=False).values_list("state", flat=True)) == {
        "done"
    }
    accepted = Suggestion.objects.filter(state="accepted")
    assert sum(each.found for each in DemoDocument.objects.all()) == accepted.count() > 5
    assert not accepted.exclude(became__is_demo=True).exists()
    portrait = Portrait.objects.get(place="05962040")
    facts = Statement.objects.filter(card=portrait.card).values("property").distinct().count()
    assert facts >= 3 + len({"title", "place", "summary"})
    assert Grant.objects.filter(programme__title="Modellprojekte Smart Cities").count() == 4
    datahub = Card.objects.get(title="Gemeinsame Datenplattform Südwestfalen")
    assert [link.target.title for link in datahub.links_out.all()] == [
        "Smart Cities: 5 für Südwestfalen"
    ]


def test_two_sources_that_contradict_each_other_stand_side_by_side(told, client):
    project = Project.objects.get(title="Smart Cities: 5 für Südwestfalen")
    said = Statement.objects.filter(card=project.card, property="funding").order_by("state")
    assert list(said.values_list("value", "state", "document__file_name")) == [
        (
            "rund 17 Millionen Euro einschließlich Eigenanteile",
            StatementState.CURRENT,
            "portraet-menden-und-suedwestfalen.txt",
        ),
        (
            "14 Millionen Euro Fördergelder",
            StatementState.DISPUTED,
            "meldung-foerderung-suedwestfalen.txt",
        ),
    ]
    page = client.get(project.card.path).content.decode()
    assert "rund 17 Millionen Euro" in page
    assert "14 Millionen Euro Fördergelder" in page
    source = client.get(said[1].get_absolute_url()).content.decode()
    assert "von 14 Millionen Euro Fördergeldern" in source


def test_what_a_network_leads_is_found_at_its_towns_and_days_are_no_surer_than_told(told, client):
    project = Project.objects.get(title="Smart Cities: 5 für Südwestfalen")
    assert project.title in client.get("/orte/05966024-olpe/").content.decode()
    assert project.card in things_of_network(VISITOR, "5-fuer-suedwestfalen")
    assert project.card.place is None
    assert (project.starts_precision, project.ends_precision) == ("year", "year")
    begun = Statement.objects.get(card=project.card, property="starts_on")
    page = client.get(begun.get_absolute_url()).content.decode()
    assert "Beginn: 2019" in page
    assert "1. Januar 2019" not in page
    company = client.get("/atlas/organisationen/mendigital-gmbh/").content.decode()
    assert "Rechtsform" in company
    assert "Stadt Menden und Stadtwerke Menden, je 50 Prozent" in company


def test_some_documents_wait_for_the_visitor(told, client):
    waiting = Document.objects.filter(is_demo=True, demo=None)
    assert {each.file_name for each in waiting} == {path.name for path in inbox()}
    for document in waiting:
        assert document.state == "read"
        assert document.suggestions.filter(state="open").count() >= 3

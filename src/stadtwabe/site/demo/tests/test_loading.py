"""The demo loads itself: through the desk, once, and with a source behind everything it shows."""

from datetime import timedelta

import pytest
from django.db.models import Model

from stadtwabe.atlas.models import Deployment, Grant, Portrait, Project, Reuse
from stadtwabe.catalog.commands.register import _write_cards, _write_networks
from stadtwabe.catalog.models import Card, Link
from stadtwabe.catalog.queries.places import things_of_network
from stadtwabe.catalog.tests.factories import NOW, make_places
from stadtwabe.evidence.models import Document, Statement, Suggestion
from stadtwabe.evidence.rules import StatementState
from stadtwabe.evidence.things import thing_kinds
from stadtwabe.kit.actor import SYSTEM, VISITOR
from stadtwabe.kit.errors import NotAllowed
from stadtwabe.people.models import AuditEntry
from stadtwabe.places.models import Place
from stadtwabe.places.register import network_rows
from stadtwabe.site.demo.commands import load_demo
from stadtwabe.site.demo.commands.entries import ScriptedEditor
from stadtwabe.site.demo.models import DemoDocument
from stadtwabe.site.demo.script import inbox, script

pytestmark = pytest.mark.django_db

FEW = tuple(
    document
    for document in script()
    if document.file_name
    in {
        "foerderprogramme.docx",
        "portraet-menden-und-suedwestfalen.txt",
        "meldung-foerderung-suedwestfalen.txt",
    }
)


@pytest.fixture
def world(settings):
    """The places that the few documents and the accounts name, with the networks."""
    settings.DEMO = True
    entries = [entry for document in FEW for entry in document.entries]
    keys = {key for entry in entries for key in entry.places}
    keys |= {party.place for entry in entries for party in entry.parties if party.place}
    networks = network_rows()
    members = {member.key for row in networks for member in row.members}
    make_places("08421000", *keys, *members)
    _write_networks(networks)
    _write_cards(networks, now=NOW)


def load(**more):
    return load_demo(actor=SYSTEM, now=NOW, documents=FEW, **more)


def without_source() -> list[str]:
    """Every value that a thing has and no statement with a passage of a demo document backs."""
    missing = []
    for kind in thing_kinds():
        for thing in kind.model._default_manager.select_related("card"):
            stated = set(
                Statement.objects.filter(card=thing.card, document__is_demo=True).values_list(
                    "property", flat=True
                )
            )
            missing += [
                f"{thing.card.path} {name}"
                for name in kind.shown_fields
                if getattr(thing, name) not in (None, "", []) and name not in stated
            ]
            if thing.card.card_parties.exists() and "parties" not in stated:
                # An organisation is a party of its own page by what it is.
                missing += [] if kind.name == "organisation" else [f"{thing.card.path} parties"]
    bare = Link.objects.filter(statements=None)
    return missing + [f"{link.source.path} {link.kind} {link.target.path}" for link in bare]


def everything() -> dict[str, list[tuple[object, ...]]]:
    """What loading could have changed."""
    models: tuple[type[Model], ...] = (Card, Link, Statement, Suggestion, Document, AuditEntry)
    return {
        model.__name__: list(model._default_manager.order_by("pk").values_list())
        for model in models
    }


def test_documents_go_through_the_desk_and_end_as_things_with_sources(world):
    told: list[str] = []
    assert load(say=told.append) == len(FEW)

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


def test_two_sources_that_contradict_each_other_stand_side_by_side(world, client):
    load()
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


def test_what_a_network_leads_is_found_at_its_towns_and_days_are_no_surer_than_told(world, client):
    load()
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


def test_a_second_start_changes_nothing_and_asks_little(world, django_assert_max_num_queries):
    load()
    before = everything()

    with django_assert_max_num_queries(4):
        assert load_demo(actor=SYSTEM, now=NOW + timedelta(days=1), documents=FEW) == 0
    assert everything() == before


def test_after_a_crash_the_next_start_goes_on_where_it_was(world, monkeypatch):
    write = ScriptedEditor.write

    def crash(self, entry):
        if self.document.file_name == FEW[1].file_name and entry == FEW[1].entries[-1]:
            raise KeyboardInterrupt
        write(self, entry)

    monkeypatch.setattr(ScriptedEditor, "write", crash)
    with pytest.raises(KeyboardInterrupt):
        load()
    # Nothing of the second document is half there, and the first is whole.
    assert [each.file_name for each in DemoDocument.objects.all()] == [FEW[0].file_name]
    assert not Project.objects.filter(title="Smart City Menden").exists()
    first = list(Statement.objects.order_by("pk").values_list())

    monkeypatch.setattr(ScriptedEditor, "write", write)
    assert load() == len(FEW) - 1
    assert list(Statement.objects.order_by("pk").values_list())[: len(first)] == first
    assert without_source() == []


def test_a_document_that_cannot_be_worked_through_does_not_stop_the_others(world, monkeypatch):
    write = ScriptedEditor.write

    def fail(self, entry):
        if self.document.file_name == FEW[1].file_name:
            raise LookupError("words that are not there")
        write(self, entry)

    monkeypatch.setattr(ScriptedEditor, "write", fail)
    told: list[str] = []
    load(say=told.append)
    assert {each.file_name for each in DemoDocument.objects.all()} == {
        FEW[0].file_name,
        FEW[2].file_name,
    }
    assert any("words that are not there" in line for line in told)


def test_some_documents_wait_for_the_visitor(world, client):
    load()
    waiting = Document.objects.filter(is_demo=True, demo=None)
    assert {each.file_name for each in waiting} == {path.name for path in inbox()}
    for document in waiting:
        assert document.state == "read"
        assert document.suggestions.filter(state="open").count() >= 3


def test_only_the_operator_loads_it(world):
    with pytest.raises(NotAllowed):
        load_demo(actor=VISITOR, now=NOW, documents=FEW)


def test_the_page_about_the_demo_shows_what_was_counted(world, client, settings):
    page = client.get("/vorfuehrung/").content.decode()
    assert "Die Vorführung wird noch geladen" in page
    load()
    page = client.get("/vorfuehrung/").content.decode()
    for each in DemoDocument.objects.select_related("document"):
        assert each.document.title in page
        assert f'data-label="verworfen">{each.rejected}<' in page
    assert "2 Dokumente warten noch auf die Redaktion." in page
    assert f"{len(FEW)} / {len(script())}" in client.get("/vorfuehrung/stand/").content.decode()
    # The rest of the script is not loaded here, and every page says so.
    assert (
        f"{len(FEW)} von {len(script())} Dokumenten" in client.get("/impressum/").content.decode()
    )

    settings.DEMO = False
    assert client.get("/vorfuehrung/").status_code == 404
    without_demo = client.get("/impressum/").content.decode()
    assert "/vorfuehrung/" not in without_demo
    assert "Hier stehen noch Beispiele" in without_demo


@pytest.mark.soak
def test_the_whole_demo_is_rich_and_everything_in_it_has_a_source(settings):
    settings.DEMO = True
    assert load_demo(actor=SYSTEM, now=NOW) == len(script()) == DemoDocument.objects.count()

    assert without_source() == []
    kinds = {kind.name: Card.objects.filter(kind=kind.name).count() for kind in thing_kinds()}
    assert kinds["project"] + kinds["solution"] >= 40
    assert kinds["portrait"] >= 12
    assert kinds["event"] >= 12
    assert kinds["publication"] >= 8
    assert Deployment.objects.count() >= 10
    assert Reuse.objects.count() >= 3
    reach = Statement.objects.filter(card__title="Open SmartCity App", property="reach")
    assert reach.count() == 3
    assert all(each.is_claim for each in reach)
    assert Place.objects.count() > 11_000
    assert load_demo(actor=SYSTEM, now=NOW) == 0

"""The demo loads itself: through the desk, once, and with a source behind everything it shows."""

from datetime import timedelta

import psycopg
import pytest
from django.db import connection
from django.db.models import Model

from stadtwabe.atlas.models import Deployment, Project, Reuse
from stadtwabe.catalog.models import Card, Link
from stadtwabe.catalog.tests.factories import NOW
from stadtwabe.evidence.models import Document, Statement, Suggestion
from stadtwabe.evidence.things import thing_kinds
from stadtwabe.hub.mqtt.service import LOCK
from stadtwabe.kit.actor import SYSTEM, VISITOR
from stadtwabe.kit.errors import NotAllowed
from stadtwabe.people.models import AuditEntry
from stadtwabe.places.models import Place
from stadtwabe.site.demo.commands import load_demo
from stadtwabe.site.demo.commands.entries import ScriptedEditor
from stadtwabe.site.demo.models import DemoDocument
from stadtwabe.site.demo.script import script
from stadtwabe.site.demo.tests.few import FEW, load, make_world, without_source

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(settings):
    settings.DEMO = True
    make_world()


def everything() -> dict[str, list[tuple[object, ...]]]:
    """What loading could have changed."""
    models: tuple[type[Model], ...] = (Card, Link, Statement, Suggestion, Document, AuditEntry)
    return {
        model.__name__: list(model._default_manager.order_by("pk").values_list())
        for model in models
    }


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


def test_it_loads_while_another_process_speaks_with_the_broker(world):
    with psycopg.connect(**connection.get_connection_params(), autocommit=True) as other:
        other.execute("SELECT pg_advisory_lock(hashtext(%s))", [LOCK])
        assert load() == len(FEW)


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

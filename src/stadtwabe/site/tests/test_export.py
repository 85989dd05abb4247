"""The catalogue as files, complete for everybody and without what only some may see."""

import csv
import json

import pytest

from stadtwabe.atlas.commands import add_deployment
from stadtwabe.catalog.rules import Audience, PartyRole
from stadtwabe.evidence.models import Document, Statement
from stadtwabe.evidence.tests.factories import NOW, editor_of
from stadtwabe.evidence.tests.thing_factories import make_thing, quoting, town_with_card
from stadtwabe.kit.errors import Conflict
from stadtwabe.site.export import TABLES, Format, write_export

# The command reads in a transaction of its own.
pytestmark = pytest.mark.django_db(transaction=True)
ROOT = "https://wabe.example"


@pytest.fixture
def world():
    koeln = town_with_card()
    make_thing(
        "project",
        koeln,
        title="=Pegel; im Blick",
        topics=["mobility", "education"],
        parties=[(koeln, PartyRole.LEAD)],
    )
    secret = make_thing("project", koeln, title="Geheimsache")
    secret.card.audience = Audience.OWNER
    secret.card.save()
    app = make_thing("solution", koeln, title="Stadt-App")
    [source] = quoting(koeln, "Einsatz", "ja")
    add_deployment(
        actor=editor_of(koeln),
        party=koeln,
        solution=app,
        values={},
        sources={"relation": source},
        now=NOW,
    )
    hidden = make_thing("solution", koeln, title="Geheim-App")
    hidden.card.audience = Audience.OWNER
    hidden.card.save()


def export(folder, form=Format.JSON_LINES):
    return write_export(folder, form=form, root=ROOT, now=NOW, progress=lambda *_step: None)


def lines(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_every_table_is_a_file_and_its_rows_join(world, tmp_path):
    folder = tmp_path / "daten" / "heute"
    counts = export(folder)
    assert {path.name for path in folder.iterdir()} == {
        "about.json",
        *(f"{table.name}.jsonl" for table in TABLES),
    }
    tables = {table.name: lines(folder / f"{table.name}.jsonl") for table in TABLES}
    assert counts == {name: len(rows) for name, rows in tables.items()}
    assert json.loads((folder / "about.json").read_text())["rows"] == counts
    for table in TABLES:
        assert all(tuple(row) == table.columns for row in tables[table.name])
    cards = {card["id"]: card for card in tables["cards"]}
    links = {link["id"]: link for link in tables["links"]}
    documents = {document["id"] for document in tables["documents"]}
    assert {"=Pegel; im Blick", "Stadt-App", "Köln"} == {c["title"] for c in cards.values()}
    assert all(card["url"].startswith(f"{ROOT}/") for card in cards.values())
    assert {party["card"] for party in tables["parties"]} <= cards.keys()
    assert {
        end for link in links.values() for end in (link["source"], link["target"])
    } <= cards.keys()
    assert links
    for statement in tables["statements"]:
        assert (statement["card"] in cards) != (statement["link"] in links)
        assert statement["document"] in documents
        assert statement["quote"]
    assert {place["key"] for place in tables["places"]} == {"05", "05315", "05315000"}


def test_what_only_some_may_see_is_in_no_file(world, tmp_path):
    export(tmp_path / "alles")
    text = "".join(path.read_text(encoding="utf-8") for path in (tmp_path / "alles").iterdir())
    assert "Stadt-App" in text
    assert "Geheim" not in text
    assert Statement.objects.filter(card__title__startswith="Geheim").exists()
    assert Document.objects.filter(text__contains="Geheim").exists()


def test_as_csv_spreadsheets_run_nothing(world, tmp_path):
    export(tmp_path / "tabellen", Format.CSV)
    with (tmp_path / "tabellen" / "cards.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    [project] = [row for row in rows if row["kind"] == "project"]
    assert project["title"] == "'=Pegel; im Blick"
    assert set(project["topics"].split(" | ")) == {"education", "mobility"}


def test_a_folder_that_is_there_stays_as_it_is(world, tmp_path):
    (tmp_path / "brief.txt").write_text("wichtig")
    with pytest.raises(Conflict, match="there already"):
        export(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["brief.txt"]


def test_what_breaks_leaves_nothing_behind(world, tmp_path, monkeypatch):
    monkeypatch.setattr("stadtwabe.site.export.dump", lambda _row: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        export(tmp_path / "halb")
    assert list(tmp_path.iterdir()) == []

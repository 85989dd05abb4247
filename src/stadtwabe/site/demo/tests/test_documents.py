"""What a careful editor accepts from the demo documents stands literally in them."""

import csv
import json
import re
from collections import Counter
from pathlib import Path

import docx
import pypdfium2
import pytest
from django.db.models import DateField, Field

from stadtwabe import places
from stadtwabe.atlas import models as atlas
from stadtwabe.people.models import Organisation
from stadtwabe.people.rules import OrganisationKind
from stadtwabe.programme.models import Event
from stadtwabe.reading.extract import extract

DEMO = Path(__file__).parents[1]
DOCUMENTS = DEMO / "documents"
EXPECTED = [
    json.loads(line) for line in (DEMO / "expected.jsonl").read_text(encoding="utf-8").splitlines()
]
THINGS = [thing for document in EXPECTED for thing in document["things"]]
TOPICS = {
    "administration",
    "mobility",
    "energy_environment",
    "society_participation",
    "education",
    "health_care",
    "economy_retail",
    "data_infrastructure",
    "security_privacy",
    "planning_building",
}
MODELS = {
    "deployment": atlas.Deployment,
    "effect": atlas.EffectClaim,
    "event": Event,
    "funding_programme": atlas.FundingProgramme,
    "grant": atlas.Grant,
    "organisation": Organisation,
    "portrait": atlas.Portrait,
    "project": atlas.Project,
    "publication": atlas.Publication,
    "reuse": atlas.Reuse,
    "solution": atlas.Solution,
    "strategy": atlas.Strategy,
}
KINDS = {"network", *MODELS}
LINKS = {"implements", "uses", "reuses", "succeeds", "funds", "documents", "part_of"}

ISO_DAY = r"\d{4}-\d{2}-\d{2}"

each_document = pytest.mark.parametrize("document", EXPECTED, ids=lambda entry: entry["doc"])


def text_of(name):
    path = DOCUMENTS / name
    if path.suffix == ".docx":
        return "\n".join(paragraph.text for paragraph in docx.Document(str(path)).paragraphs)
    if path.suffix == ".pdf":
        pages = pypdfium2.PdfDocument(path)
        return "\n".join(page.get_textpage().get_text_range() for page in pages)
    return extract(path.read_bytes(), name).text


def test_every_document_has_its_expectation_and_none_is_left_over():
    on_disk = sorted(path.name for path in DOCUMENTS.iterdir())
    assert sorted(document["doc"] for document in EXPECTED) == on_disk


@each_document
def test_a_document_says_what_it_is_and_on_what_it_rests(document):
    opening = " ".join(text_of(document["doc"])[:400].split())
    assert (
        "Demonstrationsdokument von Stadtwabe: gibt öffentlich bekannte Tatsachen"
        " in eigenen Worten wieder. Grundlage:"
    ) in opening


@each_document
def test_every_quote_stands_literally_in_the_text(document):
    text = text_of(document["doc"])
    missing = [
        (thing["name"], field, fact["quote"])
        for thing in document["things"]
        for field, given in thing["properties"].items()
        for fact in (given, *given.get("others", ()))
        if fact["quote"] not in text
    ]
    assert missing == []


@pytest.mark.parametrize("thing", THINGS, ids=lambda thing: f"{thing['kind']}-{thing['name']}")
def test_a_thing_is_complete(thing):
    assert thing["kind"] in KINDS
    assert thing["summary"].endswith(".")
    assert thing["properties"]
    assert all(fact["value"] and fact["quote"] for fact in thing["properties"].values())
    assert set(thing["topics"]) <= TOPICS
    assert set(thing["sdgs"]) <= set(range(1, 18))
    assert {link["kind"] for link in thing["links"]} <= LINKS


@pytest.mark.parametrize("kind", sorted(MODELS))
def test_every_property_is_a_column_that_takes_the_value(kind):
    facts = [
        (field, fact["value"])
        for thing in THINGS
        if thing["kind"] == kind
        for field, fact in thing["properties"].items()
    ]
    assert facts
    for name, value in facts:
        column = MODELS[kind]._meta.get_field(name)
        assert isinstance(column, Field), name
        if isinstance(column, DateField):
            has_precision = any(
                other.name == f"{name.removesuffix('_on')}_precision"
                for other in MODELS[kind]._meta.get_fields()
            )
            assert re.fullmatch(r"\d{4}(-\d{2}){0,2}" if has_precision else ISO_DAY, value), name
        elif not column.is_relation:
            column.clean(value, None)


def test_kinds_of_organisations_are_known():
    kinds = {
        thing["properties"]["kind"]["value"]
        for thing in THINGS
        if thing["kind"] == "organisation" and "kind" in thing["properties"]
    }
    assert kinds <= set(OrganisationKind.values)


def test_every_place_is_in_the_register():
    register = Path(places.__file__).parent / "data" / "register.csv"
    with register.open(encoding="utf-8", newline="") as rows:
        known = {row["key"] for row in csv.DictReader(rows)}
    named = {key for thing in THINGS for key in thing["places"]}
    acting = {party["place"] for thing in THINGS for party in thing["parties"] if "place" in party}
    assert (named | acting) - known == set()


def test_links_lead_to_things_of_the_demo():
    names = {thing["name"] for thing in THINGS}
    assert {link["to"] for thing in THINGS for link in thing["links"]} - names == set()


def test_a_portrait_has_at_least_three_sourced_facts():
    portraits = [thing for thing in THINGS if thing["kind"] == "portrait"]
    assert len(portraits) >= 10
    assert [thing["name"] for thing in portraits if len(thing["properties"]) < 3] == []


def test_the_demo_is_as_rich_as_it_promises():
    distinct = Counter(kind for kind, _ in {(thing["kind"], thing["name"]) for thing in THINGS})
    assert distinct["project"] + distinct["solution"] >= 40
    assert distinct["strategy"] >= 8
    assert distinct["publication"] >= 8
    assert distinct["funding_programme"] >= 6
    assert distinct["event"] >= 12

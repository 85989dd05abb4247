"""Our catalogue is valid, and a broken one is not: each mandatory property is missed by name."""

from dataclasses import replace
from pathlib import Path

import pytest
from rdflib import URIRef
from rdflib.namespace import DCAT, DCTERMS, FOAF

from stadtwabe.hub.dcat.check import findings_of, read_shapes
from stadtwabe.hub.dcat.graph import graph_of
from stadtwabe.hub.dcat.tests.test_round_trip import AIR, PAGE
from stadtwabe.kit.errors import Invalid

SHAPES = Path(__file__).with_name("mandatory.ttl")


@pytest.fixture(scope="module")
def shapes():
    return read_shapes(SHAPES)


def test_what_we_write_is_valid(shapes):
    assert findings_of(graph_of([AIR], page=PAGE), shapes) == []


@pytest.mark.parametrize(
    ("subject", "name", "message"),
    [
        (AIR.address, DCTERMS.title, "Ein Datensatz braucht einen Titel."),
        (AIR.address, DCTERMS.description, "Ein Datensatz braucht eine Beschreibung."),
        (AIR.address, DCTERMS.publisher, "Ein Datensatz braucht eine herausgebende Stelle."),
        (f"{AIR.address}#1", DCAT.accessURL, "Eine Distribution braucht eine Adresse."),
        (f"{AIR.address}#1", DCTERMS.license, "Eine Distribution braucht eine Lizenz."),
        (f"{AIR.address}#herausgeber", FOAF.name, "Wer herausgibt, hat einen Namen."),
        (PAGE.address, DCTERMS.title, "Der Katalog braucht einen Titel."),
        (PAGE.address, DCTERMS.publisher, "Der Katalog braucht eine herausgebende Stelle."),
    ],
)
def test_what_is_missing_is_found(shapes, subject, name, message):
    graph = graph_of([AIR], page=PAGE)
    assert (URIRef(subject), name, None) in graph
    graph.remove((URIRef(subject), name, None))
    findings = findings_of(graph, shapes)
    assert message in [finding.message for finding in findings]
    assert {finding.severity for finding in findings} == {"Violation"}


def test_an_entry_of_another_catalogue_without_licence_is_found(shapes):
    (first, _second) = AIR.offers
    entry = replace(AIR, offers=(replace(first, licence=""),))
    (finding,) = findings_of(graph_of([entry]), shapes)
    assert finding.message == "Eine Distribution braucht eine Lizenz."


def test_a_folder_of_shapes_is_read_as_a_whole(tmp_path):
    (tmp_path / "teil").mkdir()
    (tmp_path / "teil" / "a.ttl").write_bytes(SHAPES.read_bytes())
    assert len(read_shapes(tmp_path)) == len(read_shapes(SHAPES))


def test_what_holds_no_shapes_is_refused(tmp_path):
    with pytest.raises(Invalid, match="no shapes"):
        read_shapes(tmp_path)
    (tmp_path / "x.ttl").write_text("<https://a.example/> <https://a.example/b> 1 .")
    with pytest.raises(Invalid, match="no shapes"):
        read_shapes(tmp_path / "x.ttl")
    (tmp_path / "x.ttl").write_text("kein Turtle")
    with pytest.raises(Invalid, match="cannot be read"):
        read_shapes(tmp_path / "x.ttl")

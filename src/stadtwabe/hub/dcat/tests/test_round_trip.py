"""What we write as DCAT-AP.de is what we read, in every format; and nothing harms the reader."""

import contextlib
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stadtwabe.hub.dcat.entries import Entry, Offer, web_address
from stadtwabe.hub.dcat.graph import CataloguePage, graph_of
from stadtwabe.hub.dcat.reader import Unreadable, read_page
from stadtwabe.hub.dcat.terms import FORMATS, write
from stadtwabe.hub.vocabularies import DataLicence, Frequency, Theme

HERE = "https://wabe.example/daten/catalog.ttl"

AIR = Entry(
    address="https://wabe.example/daten/datensaetze/luft/",
    identifier="luft-2026",
    title="Luft in Menden",
    description="Feinstaub an drei Stellen.\nStündlich.",
    publisher="Menden (Sauerland)",
    publisher_page="https://menden.example/",
    publisher_type="http://purl.org/adms/publishertype/LocalAuthority",
    contact_name="Fachbereich Umwelt",
    contact_email="umwelt@menden.example",
    contact_page="https://menden.example/umwelt",
    themes=("ENVI", "HEAL"),
    keywords=("Feinstaub", "Luft"),
    starts_on=date(2024, 1, 1),
    ends_on=date(2025, 12, 31),
    place_key="05962040",
    frequency="HOURLY",
    contributor="http://dcat-ap.de/def/contributors/openNRW",
    page="https://wabe.example/daten/datensaetze/luft/",
    issued=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
    modified=datetime(2026, 11, 22, 6, 0, tzinfo=UTC),
    offers=(
        Offer(
            access_url="https://wabe.example/dateien/luft.csv",
            download_url="https://wabe.example/dateien/luft.csv",
            title="Alle Werte",
            description="Mit Kopfzeile",
            file_type="CSV",
            media_type="text/csv",
            licence="dl-by-de/2.0",
            byte_size=12345,
            sha256="ab" * 32,
        ),
        Offer(
            access_url="https://wabe.example/sta/v1.1/Datastreams(5)",
            file_type="JSON",
            media_type="application/json",
            licence="https://lizenzen.example/eigene",
            service="https://wabe.example/sta/v1.1/",
        ),
    ),
)

PAGE = CataloguePage(
    address="https://wabe.example/daten/catalog",
    home="https://wabe.example/daten/datensaetze/",
    title="Daten",
    description="Alle Datensätze",
    publisher="Betrieb",
    publisher_page="https://wabe.example/",
    modified=AIR.modified,
    total=3,
    per_page=2,
    here="https://wabe.example/daten/catalog.ttl?page=1",
    first="https://wabe.example/daten/catalog.ttl?page=1",
    last="https://wabe.example/daten/catalog.ttl?page=2",
    next="https://wabe.example/daten/catalog.ttl?page=2",
)


@pytest.mark.parametrize("ending", FORMATS)
def test_every_property_comes_back_in_every_format(ending):
    data = write(graph_of([AIR], page=PAGE), ending)
    found = read_page(data, media_type=FORMATS[ending][1], address=HERE)
    assert found.entries == (AIR,)
    assert found.problems == ()
    assert found.next == PAGE.next


def test_the_same_entry_is_the_same_graph_and_the_same_fingerprint():
    assert write(graph_of([AIR]), "ttl") == write(graph_of([AIR]), "ttl")
    assert AIR.fingerprint == replace(AIR).fingerprint
    assert AIR.fingerprint != replace(AIR, title="Anders").fingerprint


texts = st.text(
    st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff"),
    min_size=1,
    max_size=60,
).filter(str.strip)
days = st.dates(date(1800, 1, 1), date(2200, 1, 1))


@st.composite
def entries(draw):
    return Entry(
        address="https://wabe.example/daten/datensaetze/x/",
        identifier="x",
        title=draw(texts).strip(),
        description=draw(texts).strip(),
        publisher=draw(texts).strip(),
        themes=tuple(sorted(draw(st.sets(st.sampled_from(Theme.values), max_size=3)))),
        keywords=tuple(sorted({word.strip() for word in draw(st.lists(texts, max_size=4))})),
        starts_on=draw(st.none() | days),
        ends_on=draw(st.none() | days),
        frequency=draw(st.sampled_from(["", *Frequency.values])),
        offers=(
            Offer(
                access_url="https://wabe.example/x.csv",
                title=draw(texts).strip(),
                licence=draw(st.sampled_from(["", *DataLicence.values])),
                byte_size=draw(st.none() | st.integers(0, 2**62)),
            ),
        ),
    )


@given(entries(), st.sampled_from(list(FORMATS)))
@settings(max_examples=60, deadline=None)
def test_whatever_people_write_comes_back(entry, ending):
    data = write(graph_of([entry]), ending)
    assert read_page(data, media_type=FORMATS[ending][1], address=HERE).entries == (entry,)


@given(st.binary(max_size=300), st.sampled_from(["", "text/turtle", "application/rdf+xml"]))
@settings(max_examples=60, deadline=None)
def test_rubbish_raises_nothing_but_unreadable(data, media_type):
    with contextlib.suppress(Unreadable):
        assert read_page(data, media_type=media_type, address=HERE).entries == ()


def test_a_context_elsewhere_is_not_fetched():
    data = b'{"@graph": [{"@context": "https://inside.example/", "@id": "https://a.example/"}]}'
    with pytest.raises(Unreadable, match="JSON-LD-Kontext"):
        read_page(data, media_type="application/ld+json", address=HERE)
    nested = b'{"@context": [{"@import": "https://inside.example/"}]}'
    with pytest.raises(Unreadable, match="JSON-LD-Kontext"):
        read_page(nested, media_type="application/ld+json", address=HERE)


def test_deep_nesting_and_growing_entities_end():
    with pytest.raises(Unreadable):
        read_page(b'{"@graph":' + b"[" * 200_000, media_type="application/ld+json", address=HERE)
    with pytest.raises(Unreadable):
        read_page(b"[" * 50_000, media_type="text/turtle", address=HERE)
    lines = [b'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "' + b"a" * 1000 + b'">']
    for before, name in zip("abcdefgh", "bcdefghi", strict=True):
        lines.append(f'<!ENTITY {name} "{f"&{before};" * 20}">'.encode())
    lines.append(
        b'] ><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
        b' xmlns:d="http://purl.org/dc/terms/"><rdf:Description rdf:about="http://a.example/">'
        b"<d:title>&i;</d:title></rdf:Description></rdf:RDF>"
    )
    with pytest.raises(Unreadable):
        read_page(b"".join(lines), media_type="application/rdf+xml", address=HERE)


def test_an_entity_does_not_read_our_files(tmp_path):
    secret = tmp_path / "geheim.txt"
    secret.write_text("Geheimnis")
    data = (
        f'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY x SYSTEM "{secret.as_uri()}">]>'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
        ' xmlns:dct="http://purl.org/dc/terms/" xmlns:dcat="http://www.w3.org/ns/dcat#">'
        '<dcat:Dataset rdf:about="https://a.example/1"><dct:title>T&x;</dct:title></dcat:Dataset>'
        "</rdf:RDF>"
    ).encode()
    try:
        found = read_page(data, media_type="application/rdf+xml", address=HERE).entries
    except Unreadable:
        found = ()
    assert "Geheimnis" not in str(found)


def test_what_has_no_address_or_title_is_a_problem_and_the_rest_is_read():
    data = b"""
    @prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .
    [] a dcat:Dataset ; dct:title "ohne Adresse" .
    <javascript:alert(1)> a dcat:Dataset ; dct:title "kein Netz" .
    <https://a.example/1> a dcat:Dataset .
    <https://a.example/2> a dcat:Dataset ; dct:title "Good"@en, "Gut"@de, "Bien"@fr ;
      dcat:landingPage <javascript:alert(1)> ;
      dcat:distribution [ dcat:accessURL <javascript:alert(2)> ],
        [ dcat:downloadURL <https://a.example/2.csv> ; dct:format "CSV" ;
          dct:license <https://creativecommons.org/licenses/by/4.0/> ] .
    """
    found = read_page(data, media_type="text/turtle", address=HERE)
    assert [entry.title for entry in found.entries] == ["Gut"]
    assert found.entries[0].page == ""
    (offer,) = found.entries[0].offers
    assert (offer.access_url, offer.file_type) == ("https://a.example/2.csv", "CSV")
    assert offer.licence == DataLicence.CC_BY
    assert {problem.problem for problem in found.problems} == {
        "Der Eintrag hat keine eigene Adresse.",
        "Der Titel fehlt.",
    }
    assert len(found.problems) == 3


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "ftp://a.example/", "https://", "http://[x", "a b", "", "//a.example"],
)
def test_nothing_but_the_web_becomes_a_link(address):
    assert web_address(address) == ""


def test_the_place_is_read_as_version_2_of_the_profile_named_it():
    turtle = """
    @prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .
    @prefix dcatde: <http://dcat-ap.de/def/dcatde/> .
    <https://a.example/1> a dcat:Dataset ; dct:title "Luft" ; dcatde:politicalGeocodingURI
        <http://dcat-ap.de/def/politicalGeocoding/municipalityKey/05962040> .
    """
    found = read_page(turtle.encode(), media_type="text/turtle", address=HERE)
    assert [entry.place_key for entry in found.entries] == ["05962040"]

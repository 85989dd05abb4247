"""The catalogue by its addresses: pages, formats, files, and what portals rely on."""

import json
import re

import pytest
from django.core.files.base import ContentFile
from django.utils.http import http_date

from stadtwabe.catalog.rules import Audience
from stadtwabe.hub.commands.datasets import (
    Grouping,
    create_dataset,
    edit_dataset,
    publish_datastreams,
    withdraw_dataset,
)
from stadtwabe.hub.commands.distributions import add_file
from stadtwabe.hub.dcat.check import findings_of, read_shapes
from stadtwabe.hub.dcat.reader import parse, read_page
from stadtwabe.hub.dcat.tests.test_check import SHAPES
from stadtwabe.hub.models import Dataset
from stadtwabe.hub.pages import datasets as pages
from stadtwabe.hub.tests.factories import make_datastream, make_thing
from stadtwabe.hub.vocabularies import DataLicence
from stadtwabe.kit.actor import SYSTEM
from stadtwabe.people.tests.factories import NOW, Cast

pytestmark = pytest.mark.django_db

HERE = "http://testserver/daten/catalog.ttl"
TURTLE = "text/turtle"


@pytest.fixture
def cast():
    return Cast()


def make(cast, title="Luft in Menden", **more):
    options = {key: more.pop(key) for key in ("audience", "networks") if key in more}
    values = {
        "title": title,
        "description": "Feinstaub.",
        "licence": DataLicence.DL_BY,
        "themes": ["ENVI"],
        "place": cast.menden.place,
        "contact_email": "umwelt@menden.example",
        **more,
    }
    return create_dataset(actor=SYSTEM, owner=cast.menden, values=values, now=NOW, **options)


def with_file(dataset):
    file = ContentFile(b"zeit;wert\n1;2\n", name="werte.csv")
    return add_file(actor=SYSTEM, dataset=dataset, file=file, now=NOW)


def sign_in(client, cast, name):
    client.force_login(cast.users[name])


def test_the_catalogue_is_valid_in_every_format_and_says_the_same(client, cast):
    with_file(make(cast))
    make_datastream(make_thing(cast.menden, "Station"))
    publish_datastreams(
        actor=SYSTEM,
        owner=cast.menden,
        grouping=Grouping.THING,
        values={"licence": DataLicence.CC_BY},
        now=NOW,
    )
    shapes = read_shapes(SHAPES)
    read = []
    for ending, media_type in (
        ("ttl", TURTLE),
        ("rdf", "application/rdf+xml"),
        ("jsonld", "application/ld+json"),
    ):
        answer = client.get(f"/daten/catalog.{ending}")
        assert answer["Content-Type"] == f"{media_type}; charset=utf-8"
        graph = parse(answer.content, media_type=media_type, address=HERE)
        assert findings_of(graph, shapes) == []
        read.append(read_page(answer.content, media_type=media_type, address=HERE).entries)
    assert read[0] == read[1] == read[2]
    assert {entry.title for entry in read[0]} == {"Luft in Menden", "Station"}


def test_a_dataset_says_what_german_portals_ask_for(client, cast):
    dataset = make(cast)
    text = client.get(dataset.card.path.rstrip("/") + ".ttl").content.decode()
    for words in (
        "dct:spatial <http://dcat-ap.de/def/politicalGeocoding/municipalityKey/05962040>",
        "dcatde:politicalGeocodingLevelURI <http://dcat-ap.de/def/politicalGeocoding/Level/municipality>",
        "dcat:theme <http://publications.europa.eu/resource/authority/data-theme/ENVI>",
        "<mailto:umwelt@menden.example>",
    ):
        assert words in re.sub(r"\s+", " ", text)
    with_file(dataset)
    text = client.get(dataset.card.path.rstrip("/") + ".ttl").content.decode()
    assert "<http://dcat-ap.de/def/licenses/dl-by-de/2.0>" in text
    assert 'dcatde:licenseAttributionByText "Menden (Sauerland)"@de' in text


def test_it_pages_with_links_that_lead_through_all_of_it(client, cast, monkeypatch):
    monkeypatch.setattr(pages, "PER_PAGE", 2)
    for number in range(5):
        make(cast, f"Datensatz {number}")
    address, titles = "/daten/catalog.ttl", []
    while address:
        answer = client.get(address)
        page = read_page(answer.content, media_type=TURTLE, address=HERE)
        titles += [entry.title for entry in page.entries]
        assert ("next" in answer.get("Link", "")) == bool(page.next)
        address = page.next.removeprefix("http://testserver")
    assert titles == [f"Datensatz {number}" for number in range(5)]
    for wrong in ("0", "4", "x", "-1"):
        assert client.get(f"/daten/catalog.ttl?page={wrong}").status_code == 404


def test_who_has_it_already_gets_nothing_again_until_something_changes(client, cast):
    dataset = make(cast)
    first = client.get("/daten/catalog.ttl")
    assert first["Last-Modified"] == http_date(NOW.timestamp())
    same = client.get("/daten/catalog.ttl", headers={"If-None-Match": first["ETag"]})
    assert (same.status_code, same.content) == (304, b"")
    later = client.get("/daten/catalog.ttl", headers={"If-Modified-Since": first["Last-Modified"]})
    assert later.status_code == 304
    edit_dataset(actor=SYSTEM, dataset=dataset, values={"title": "Stadtluft"}, now=NOW)
    changed = client.get("/daten/catalog.ttl", headers={"If-None-Match": first["ETag"]})
    assert changed.status_code == 200
    withdraw_dataset(actor=SYSTEM, dataset=dataset, because="x", now=NOW)
    assert client.get("/daten/catalog.ttl")["ETag"] != changed["ETag"]


@pytest.mark.parametrize(
    ("accept", "found"),
    [
        ("text/turtle", "text/turtle"),
        ("application/ld+json", "application/ld+json"),
        ("application/rdf+xml", "application/rdf+xml"),
        ("text/html,application/xhtml+xml,*/*;q=0.8", "text/html"),
        ("text/html;q=0.5, text/turtle", "text/turtle"),
        ("*/*", "text/html"),
        ("", "text/html"),
    ],
)
def test_the_same_address_gives_what_is_asked_for(client, cast, accept, found):
    dataset = make(cast)
    answer = client.get(dataset.card.path, headers={"Accept": accept})
    assert answer["Content-Type"].startswith(found)
    assert "Accept" in answer["Vary"]
    whole = client.get("/daten/catalog", headers={"Accept": accept})
    if found == "text/html":
        assert (whole.status_code, whole["Location"]) == (302, "/daten/datensaetze/")
    else:
        assert whole["Content-Type"].startswith(found)


def test_its_page_shows_licence_publisher_and_ways_and_tells_search_engines(client, cast):
    dataset = make(cast, "Luft <b>& mehr</b>")
    with_file(dataset)
    text = client.get(dataset.card.path).content.decode()
    assert "Datenlizenz Deutschland Namensnennung 2.0" in text
    assert "/dateien/" in text
    assert "<b>& mehr" not in text
    block = re.search(r'<script type="application/ld\+json">(.*?)</script>', text, re.S)
    assert block
    data = json.loads(block[1])
    assert (data["@type"], data["name"]) == ("Dataset", "Luft <b>& mehr</b>")
    assert data["license"] == "http://dcat-ap.de/def/licenses/dl-by-de/2.0"
    assert data["distribution"][0]["encodingFormat"] == "text/csv"


def test_a_file_comes_as_an_attachment_that_nothing_runs(client, cast):
    dataset = make(cast)
    made = with_file(dataset)
    address = f"{dataset.card.path}dateien/{made.pk}/werte.csv"
    answer = client.get(address)
    assert b"".join(answer) == b"zeit;wert\n1;2\n"
    assert answer["Content-Disposition"] == 'attachment; filename="werte.csv"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["Content-Type"] == "text/csv"
    for wrong in (
        f"{dataset.card.path}dateien/{made.pk}/anders.csv",
        f"{dataset.card.path}dateien/{made.pk + 1}/werte.csv",
        f"/daten/datensaetze/anderswo/dateien/{made.pk}/werte.csv",
    ):
        assert client.get(wrong).status_code == 404


def test_nothing_narrower_comes_out_anywhere(client, cast):
    cast.users  # noqa: B018 - the network's members are made with them
    addresses = []
    for audience in (Audience.NETWORKS, Audience.OWNER):
        dataset = make(
            cast,
            f"Geheimwort {audience}",
            audience=audience,
            networks=[cast.network] if audience == Audience.NETWORKS else [],
        )
        made = with_file(dataset)
        path = dataset.card.path
        addresses += [
            (audience, address)
            for address in (
                path,
                *(f"{path.rstrip('/')}.{ending}" for ending in ("ttl", "rdf", "jsonld")),
                f"{path}dateien/{made.pk}/werte.csv",
            )
        ]
    make(cast, "Offenes")
    lists = ["/daten/datensaetze/", "/daten/datensaetze/?format=json"]
    lists += [f"/daten/catalog.{ending}" for ending in ("ttl", "rdf", "jsonld")]
    may = {
        Audience.NETWORKS: {"editor", "steward", "network_admin", "operator"},
        Audience.OWNER: {"editor", "steward", "operator"},
    }
    for name in Cast.names:
        if name == "visitor":
            client.logout()
        else:
            sign_in(client, cast, name)
        for audience, address in addresses:
            wanted = 200 if name in may[audience] else 404
            assert client.get(address).status_code == wanted, (name, address)
        for address in lists:
            answer = client.get(address)
            body = b"".join(answer) if answer.streaming else answer.content
            for audience, allowed in may.items():
                found = f"Geheimwort {audience}" in body.decode()
                assert found == (name in allowed), (name, address, audience)


def test_a_withdrawn_dataset_says_so(client, cast):
    dataset = make(cast)
    withdraw_dataset(actor=SYSTEM, dataset=dataset, because="Messfehler", now=NOW)
    answer = client.get(dataset.card.path)
    assert answer.status_code == 410
    assert "Messfehler" in answer.content.decode()


def test_the_list_narrows_by_topic_and_format(client, cast):
    with_file(make(cast))
    make(cast, "Schulen", themes=["EDUC"])
    text = client.get("/daten/datensaetze/?thema=energy_environment").content.decode()
    assert "Luft in Menden" in text
    assert "Schulen" not in text
    make_datastream(make_thing(cast.menden, "Wetterstation"))
    publish_datastreams(
        actor=SYSTEM,
        owner=cast.menden,
        grouping=Grouping.THING,
        values={"licence": DataLicence.CC_BY},
        now=NOW,
    )
    text = client.get("/daten/datensaetze/?format_art=csv").content.decode()
    assert "Luft in Menden" in text
    assert "Wetterstation" in text
    assert "Schulen" not in text


def test_the_catalogue_asks_the_database_as_often_for_three_as_for_one(
    client, cast, django_assert_max_num_queries, django_assert_num_queries
):
    with_file(make(cast))
    with django_assert_max_num_queries(12) as few:
        client.get("/daten/catalog.ttl")
    for number in range(2):
        with_file(make(cast, f"Weiterer {number}"))
    with django_assert_num_queries(len(few)):
        client.get("/daten/catalog.ttl")


# What stewards do.


@pytest.fixture
def steward(client, cast):
    sign_in(client, cast, "steward")
    return client


def described(**more):
    return {
        "title": "Bäume",
        "description": "Alle Bäume.",
        "licence": DataLicence.CC_ZERO,
        "audience": Audience.PUBLIC,
        **more,
    }


def test_a_steward_describes_a_dataset_and_uploads_its_file(steward, cast):
    page = steward.get("/daten/datensaetze/neu/").content.decode()
    assert page.index("Titel") < page.index("Beschreibung") < page.index("Lizenz")
    values = described(owner=cast.menden.pk, keywords="Baum, Straße", place="Menden (Sauerland)")
    answer = steward.post("/daten/datensaetze/neu/", values)
    dataset = Dataset.objects.get()
    assert answer["Location"] == f"{dataset.card.path}daten/"
    assert (dataset.publisher, dataset.keywords) == (cast.menden, ["Baum", "Straße"])
    file = ContentFile(b'{"type": "FeatureCollection"}', name="baeume.geojson")
    steward.post(answer["Location"], {"art": "file", "file": file})
    assert dataset.distributions.get().file_type == "GEOJSON"
    link = {"art": "link", "address": "https://menden.example/b.csv", "file_type": "CSV"}
    steward.post(answer["Location"], link)
    first = dataset.distributions.order_by("position")[0]
    away = f"{answer['Location']}{first.pk}/entfernen/"
    assert "gelöscht" in steward.get(away).content.decode()
    steward.post(away)
    assert [each.kind for each in dataset.distributions.all()] == ["link"]


def test_errors_stand_in_the_form_and_what_was_written_stays(steward, cast):
    values = described(owner=cast.menden.pk, licence="", keywords="bleibt stehen")
    answer = steward.post("/daten/datensaetze/neu/", values)
    assert answer.status_code == 422
    assert "bleibt stehen" in answer.content.decode()
    dataset = make(cast)
    file = ContentFile(b"<html>", name="seite.html")
    answer = steward.post(f"{dataset.card.path}daten/", {"art": "file", "file": file})
    assert answer.status_code == 422
    assert "keine Datei" in answer.content.decode()


def test_a_steward_edits_and_withdraws(steward, cast):
    dataset = make(cast)
    page = steward.get(f"{dataset.card.path}bearbeiten/").content.decode()
    assert "Menden (Sauerland) (05962040)" in page
    steward.post(f"{dataset.card.path}bearbeiten/", described(title="Neuer Name"))
    dataset.refresh_from_db()
    assert (dataset.title, dataset.publisher) == ("Neuer Name", cast.menden)
    steward.post(f"{dataset.card.path}zurueckziehen/", {"because": "Doppelt"})
    assert steward.get(dataset.card.path).status_code == 410


def test_a_steward_publishes_all_public_datastreams_at_once(steward, cast):
    stream = make_datastream(make_thing(cast.menden, "Station"))
    page = {"owner": cast.menden.pk, "grouping": "thing", "licence": DataLicence.CC_BY}
    answer = steward.post("/daten/datensaetze/veroeffentlichen/", page, follow=True)
    assert "1 Messreihe veröffentlicht" in answer.content.decode()
    offers = steward.get(Dataset.objects.get().card.path).content.decode()
    assert f"/sta/v1.1/Datastreams({stream.pk})" in offers


def test_a_steward_offers_some_datastreams_by_hand(steward, cast):
    dataset = make(cast)
    thing = make_thing(cast.menden, "Station")
    stream, hidden = make_datastream(thing), make_datastream(thing, narrowed_to=Audience.OWNER)
    foreign = make_datastream(make_thing(cast.beckum, "Fremd"))
    address = f"{dataset.card.path}daten/"
    refused = steward.post(address, {"art": "streams", "datastreams": [foreign.pk]})
    assert refused.status_code == 422
    refused = steward.post(address, {"art": "streams", "datastreams": [hidden.pk]})
    assert "nicht alle sehen" in refused.content.decode()
    steward.post(address, {"art": "streams", "datastreams": [stream.pk]})
    assert [each.datastream for each in dataset.distributions.all()] == [stream]


@pytest.mark.parametrize("name", ["citizen", "editor", "foreign_editor", "network_admin"])
def test_nobody_else_gets_to_the_forms(client, cast, name):
    dataset = make(cast)
    sign_in(client, cast, name)
    for address in (
        "/daten/datensaetze/neu/",
        "/daten/datensaetze/veroeffentlichen/",
        "/daten/uebernahmen/",
        f"{dataset.card.path}bearbeiten/",
        f"{dataset.card.path}zurueckziehen/",
        f"{dataset.card.path}daten/",
    ):
        assert client.get(address).status_code == 403, address

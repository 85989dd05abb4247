"""What other servers say, over a real connection: CKAN, DCAT in pages, SensorThings."""

import ipaddress
import json
from urllib.parse import quote

import pytest

from stadtwabe.hub.dcat.graph import graph_of
from stadtwabe.hub.dcat.terms import write
from stadtwabe.hub.dcat.tests.test_round_trip import AIR
from stadtwabe.hub.harvest.asking import SourceFailed
from stadtwabe.hub.harvest.sources import read_source
from stadtwabe.hub.vocabularies import DataLicence
from stadtwabe.kit import fetch as kit_fetch
from stadtwabe.kit.tests.web_server import serving

JSON = {"media_type": "application/json"}
PACKAGE = {
    "id": "abc-123",
    "name": "baumkataster",
    "title": "Baumkataster",
    "notes": "Alle Bäume der Stadt.",
    "license_id": "dl-de-by-2.0",
    "organization": {"title": "Stadt Musterstadt"},
    "maintainer": "Grünflächenamt",
    "maintainer_email": "gruen@musterstadt.example",
    "tags": [{"name": "Bäume"}, {"name": "Umwelt"}],
    "groups": [{"name": "envi"}, {"name": "sonstiges"}],
    "metadata_created": "2024-01-02T03:04:05.678901",
    "metadata_modified": "2025-06-07T08:09:10",
    "extras": [
        {
            "key": "frequency",
            "value": "http://publications.europa.eu/resource/authority/frequency/ANNUAL",
        },
        {
            "key": "politicalGeocodingURI",
            "value": '["http://dcat-ap.de/def/politicalGeocoding/municipalityKey/05962040"]',
        },
        {"key": "contributorID", "value": '["http://dcat-ap.de/def/contributors/openNRW"]'},
        {"key": "temporal_start", "value": "2024-01-01"},
    ],
    "resources": [
        {
            "url": "https://musterstadt.example/baum.csv",
            "format": "CSV",
            "name": "Liste",
            "size": 10,
        },
        {"url": "https://musterstadt.example/wfs", "format": "wfs"},
        {"url": "javascript:alert(1)", "format": "HTML"},
        "kein Objekt",
    ],
}


@pytest.fixture
def site(monkeypatch):
    """A server on this machine, which the guard otherwise refuses."""
    local = ipaddress.ip_address("127.0.0.1")
    defaults = dict(kit_fetch.fetch.__kwdefaults__ or {})
    defaults["allowed"] = lambda each: each == local
    monkeypatch.setattr(kit_fetch.fetch, "__kwdefaults__", defaults)
    with serving() as site:
        yield site


def ckan(site, packages, *, start=0, count=None, home=""):
    query = f"rows=100&start={start}&sort={quote('id asc')}"
    body = {"success": True, "result": {"count": count or len(packages), "results": packages}}
    path = f"{home}/api/3/action/package_search?{query}"
    site.page(path, json.dumps(body).encode(), **JSON)


def test_ckan_with_the_fields_of_german_portals(site):
    ckan(site, [PACKAGE])
    (entry,) = read_source("ckan", site.address + "/").entries
    assert entry.address == f"{site.address}/dataset/baumkataster"
    assert (entry.title, entry.publisher) == ("Baumkataster", "Stadt Musterstadt")
    assert (entry.contact_name, entry.contact_email) == (
        "Grünflächenamt",
        "gruen@musterstadt.example",
    )
    assert entry.themes == ("ENVI",)
    assert entry.keywords == ("Bäume", "Umwelt")
    assert (entry.frequency, entry.place_key) == ("ANNUAL", "05962040")
    assert entry.contributor == "http://dcat-ap.de/def/contributors/openNRW"
    assert str(entry.starts_on) == "2024-01-01"
    assert entry.modified is not None
    assert entry.modified.isoformat() == "2025-06-07T08:09:10+00:00"
    liste, wfs = entry.offers
    assert (liste.file_type, liste.media_type, liste.byte_size) == ("CSV", "text/csv", 10)
    assert liste.licence == DataLicence.DL_BY
    assert wfs.file_type == "WFS_SRVC"


def test_ckan_page_by_page_below_a_folder_with_bad_packages_between(site):
    first = [{**PACKAGE, "name": f"p{number}"} for number in range(99)] + [{"name": "x"}, None][:1]
    ckan(site, first, count=101, home="/portal")
    ckan(site, [{**PACKAGE, "name": "last"}], start=100, count=101, home="/portal")
    found = read_source("ckan", f"{site.address}/portal/api/3")
    assert len(found.entries) == 100
    assert [problem.problem for problem in found.problems] == ["Der Titel fehlt."]


def test_ckan_forbids_its_interface_to_crawlers_but_a_steward_has_named_it(site):
    site.page("/robots.txt", b"User-agent: *\nDisallow: /api/\n", media_type="text/plain")
    ckan(site, [PACKAGE])
    assert len(read_source("ckan", site.address).entries) == 1


@pytest.mark.parametrize("ending", ["ttl", "rdf", "jsonld"])
def test_dcat_page_by_page_as_hydra_links_them(site, ending):
    types = {"ttl": "text/turtle", "rdf": "application/rdf+xml", "jsonld": "application/ld+json"}
    graph = graph_of([AIR])
    graph.parse(
        data=f"<{site.address}/k> <http://www.w3.org/ns/hydra/core#nextPage> <{site.address}/2> .",
        format="turtle",
    )
    site.page("/k", write(graph, ending), media_type=types[ending])
    other = AIR.__class__(address="https://a.example/2", title="Zweite Seite")
    site.page("/2", write(graph_of([other]), ending), media_type=types[ending])
    found = read_source("dcat", site.address + "/k")
    assert [entry.title for entry in found.entries] == [AIR.title, "Zweite Seite"]


def test_dcat_pages_in_a_circle_end(site):
    link = "<http://www.w3.org/ns/hydra/core#next>"
    data = f"<{site.address}/k> {link} <{site.address}/k> ."
    site.page("/k", data.encode(), media_type="text/turtle")
    with pytest.raises(SourceFailed, match="Kreis"):
        read_source("dcat", site.address + "/k")


def test_a_page_that_fails_fails_the_whole(site):
    graph = graph_of([AIR])
    link = f"<{site.address}/k> <http://www.w3.org/ns/hydra/core#next> <{site.address}/weg> ."
    graph.parse(data=link, format="turtle")
    site.page("/k", write(graph, "ttl"), media_type="text/turtle")
    with pytest.raises(SourceFailed, match="404"):
        read_source("dcat", site.address + "/k")


def thing(site, pk, **more):
    stream = {
        "name": "Temperatur",
        "@iot.selfLink": f"{site.address}/v1.1/Datastreams({pk})",
        "phenomenonTime": "2024-05-06T07:08:09Z/2025-01-01T00:00:00Z",
        "ObservedProperty": {"name": "Lufttemperatur"},
    }
    return {
        "@iot.id": pk,
        "@iot.selfLink": f"{site.address}/v1.1/Things({pk})",
        "name": f"Station {pk}",
        "description": "Auf dem Dach",
        "properties": {"license": "https://creativecommons.org/publicdomain/zero/1.0/"},
        "Datastreams": [stream],
        **more,
    }


def test_sensorthings_each_thing_with_datastreams_is_a_dataset(site):
    root = {"value": [{"name": "Things"}, {"name": "Datastreams"}]}
    site.page("/v1.1", json.dumps(root).encode(), **JSON)
    query = "$orderby=id&$top=100&$expand=Datastreams($expand=ObservedProperty)"
    first = {"value": [thing(site, 1)], "@iot.nextLink": f"{site.address}/v1.1/Things?seite=2"}
    second = {"value": [thing(site, 2, Datastreams=[]), thing(site, 3, name=""), thing(site, 4)]}
    site.page(f"/v1.1/Things?{query}", json.dumps(first).encode(), **JSON)
    site.page("/v1.1/Things?seite=2", json.dumps(second).encode(), **JSON)
    found = read_source("sensorthings", f"{site.address}/v1.1/")
    assert [entry.title for entry in found.entries] == ["Station 1", "Station 4"]
    assert [problem.problem for problem in found.problems] == ["Der Titel fehlt."]
    station = found.entries[0]
    assert station.keywords == ("Lufttemperatur",)
    assert str(station.starts_on) == "2024-05-06"
    (offer,) = station.offers
    assert offer.access_url == f"{site.address}/v1.1/Datastreams(1)"
    assert (offer.licence, offer.service) == (DataLicence.CC_ZERO, f"{site.address}/v1.1/")


@pytest.mark.parametrize("kind", ["ckan", "sensorthings", "dcat"])
@pytest.mark.parametrize("body", [b"", b"<html>", b"[1]", b'{"value": 3}', b"[" * 100_000])
def test_what_is_no_such_interface_fails_in_words(site, kind, body):
    for path in ("/", f"/api/3/action/package_search?rows=100&start=0&sort={quote('id asc')}"):
        site.page(path, body, **JSON)
    site.page("", body, **JSON)
    if kind == "dcat" and body in {b"[1]", b'{"value": 3}'}:
        assert read_source(kind, site.address + "/").entries == ()
        return
    with pytest.raises(SourceFailed) as caught:
        read_source(kind, site.address + "/")
    assert str(caught.value)


def test_addresses_inside_are_not_asked():
    with pytest.raises(SourceFailed, match="internes Netz"):
        read_source("dcat", "http://127.0.0.1:1/catalog.ttl")


def test_a_flood_ends(site):
    site.flood("/flut")
    with pytest.raises(SourceFailed):
        read_source("dcat", site.address + "/flut")

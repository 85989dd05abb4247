"""From entries to RDF as DCAT-AP.de 3 wants it.

Concepts of controlled vocabularies come with their type, scheme and German label, so that whoever
checks needs no copy of the vocabularies. Nothing is a blank node: the same entry gives the same
triples every time.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from rdflib import RDF, Graph, Literal, URIRef
from rdflib.namespace import DCAT, DCTERMS, FOAF, SKOS, XSD
from rdflib.term import Node

from stadtwabe.hub.dcat.entries import Entry, Offer
from stadtwabe.hub.dcat.terms import (
    DCATAP,
    DCATDE,
    HYDRA,
    SENSORTHINGS,
    SPDX,
    VCARD,
    empty_graph,
)
from stadtwabe.hub.vocabularies import (
    ACCESS_RIGHTS,
    ATTRIBUTION,
    AVAILABLE,
    EU,
    FILE_TYPES,
    FREQUENCIES,
    LANGUAGES,
    LICENCES,
    MEDIA_TYPES,
    THEMES,
    DataLicence,
    Theme,
    geocoding_of,
)

SHA256 = SPDX["checksumAlgorithm_sha256"]
CONTRIBUTORS = "http://dcat-ap.de/def/contributors/"
PUBLISHER_TYPES = URIRef("http://purl.org/adms/publishertype/1.0")


@dataclass(frozen=True, slots=True, kw_only=True)
class CataloguePage:
    """One page of a catalogue. Addresses are absolute; ``previous`` and ``next`` may be empty."""

    address: str
    home: str
    title: str
    description: str
    publisher: str
    publisher_page: str
    modified: datetime | None
    total: int
    per_page: int
    here: str
    first: str
    last: str
    previous: str = ""
    next: str = ""


def graph_of(entries: Sequence[Entry], *, page: CataloguePage | None = None) -> Graph:
    """Return the graph of ``entries``, as a page of a catalogue if one is given."""
    graph = empty_graph()
    for entry in entries:
        _add_entry(graph, entry)
    if page is not None:
        _add_catalogue(graph, page, entries)
    return graph


def _add_entry(graph: Graph, entry: Entry) -> None:
    node = URIRef(entry.address)
    graph.add((node, RDF.type, DCAT.Dataset))
    graph.add((node, DCTERMS.title, Literal(entry.title, lang="de")))
    graph.add((node, DCTERMS.description, Literal(entry.description or entry.title, lang="de")))
    graph.add((node, DCTERMS.identifier, Literal(entry.identifier or entry.address)))
    publisher = _add_publisher(graph, entry)
    _add_contact(graph, entry)
    for theme in entry.themes:
        graph.add((node, DCAT.theme, _theme(graph, theme)))
    for keyword in entry.keywords:
        graph.add((node, DCAT.keyword, Literal(keyword, lang="de")))
    _add_place(graph, entry)
    _add_period(graph, entry)
    if entry.frequency:
        frequency = _concept(graph, FREQUENCIES, entry.frequency, DCTERMS.Frequency)
        graph.add((node, DCTERMS.accrualPeriodicity, frequency))
    if entry.contributor:
        _add_contributor(graph, node, URIRef(entry.contributor))
    if entry.page:
        graph.add((node, DCAT.landingPage, _document(graph, entry.page)))
    _add_times(graph, node, entry.issued, entry.modified)
    right = "PUBLIC" if entry.is_public else "RESTRICTED"
    access = _concept(graph, ACCESS_RIGHTS, right, DCTERMS.RightsStatement)
    graph.add((node, DCTERMS.accessRights, access))
    for number, offer in enumerate(entry.offers, start=1):
        _add_offer(graph, entry, offer, offer.key or str(number), publisher)


def _add_publisher(graph: Graph, entry: Entry) -> Node | None:
    if not entry.publisher:
        return None
    node, agent = URIRef(entry.address), URIRef(f"{entry.address}#herausgeber")
    graph.add((node, DCTERMS.publisher, agent))
    _add_agent(graph, agent, entry.publisher, entry.publisher_page)
    if entry.publisher_type:
        graph.add((agent, DCTERMS.type, _publisher_type(graph, entry.publisher_type)))
    return agent


def _add_agent(graph: Graph, agent: Node, name: str, page: str) -> None:
    graph.add((agent, RDF.type, FOAF.Agent))
    graph.add((agent, FOAF.name, Literal(name)))
    if page:
        graph.add((agent, FOAF.homepage, _document(graph, page)))


def _add_contact(graph: Graph, entry: Entry) -> None:
    """A contact point needs an address of mail or web (convention 1)."""
    if not (entry.contact_email or entry.contact_page):
        return
    contact = URIRef(f"{entry.address}#kontakt")
    graph.add((URIRef(entry.address), DCAT.contactPoint, contact))
    graph.add((contact, RDF.type, VCARD.Kind))
    name = entry.contact_name or entry.publisher or entry.contact_email or entry.contact_page
    graph.add((contact, VCARD.fn, Literal(name)))
    if entry.contact_email:
        graph.add((contact, VCARD.hasEmail, URIRef(f"mailto:{entry.contact_email}")))
    if entry.contact_page:
        graph.add((contact, VCARD.hasURL, URIRef(entry.contact_page)))


def _add_place(graph: Graph, entry: Entry) -> None:
    """The place by its key; version 3 no longer wants it as politicalGeocodingURI besides."""
    if not entry.place_key:
        return
    node = URIRef(entry.address)
    place, level = map(URIRef, geocoding_of(entry.place_key))
    graph.add((node, DCATDE.politicalGeocodingLevelURI, level))
    graph.add((level, SKOS.inScheme, URIRef("http://dcat-ap.de/def/politicalGeocoding/Level")))
    graph.add((node, DCTERMS.spatial, place))
    graph.add((place, RDF.type, DCTERMS.Location))


def _add_contributor(graph: Graph, node: URIRef, contributor: URIRef) -> None:
    graph.add((node, DCATDE.contributorID, contributor))
    if contributor.startswith(CONTRIBUTORS):
        graph.add((contributor, SKOS.inScheme, URIRef(CONTRIBUTORS.rstrip("/"))))


def _add_period(graph: Graph, entry: Entry) -> None:
    if entry.starts_on is None and entry.ends_on is None:
        return
    period = URIRef(f"{entry.address}#zeitraum")
    graph.add((URIRef(entry.address), DCTERMS.temporal, period))
    graph.add((period, RDF.type, DCTERMS.PeriodOfTime))
    if entry.starts_on is not None:
        graph.add((period, DCAT.startDate, _day(entry.starts_on)))
    if entry.ends_on is not None:
        graph.add((period, DCAT.endDate, _day(entry.ends_on)))


def _add_offer(graph: Graph, entry: Entry, offer: Offer, key: str, publisher: Node | None) -> None:
    node = URIRef(f"{entry.address}#{key}")
    graph.add((URIRef(entry.address), DCAT.distribution, node))
    graph.add((node, RDF.type, DCAT.Distribution))
    graph.add((node, DCAT.accessURL, _resource(graph, offer.access_url)))
    if offer.download_url:
        graph.add((node, DCAT.downloadURL, _resource(graph, offer.download_url)))
    if offer.title:
        graph.add((node, DCTERMS.title, Literal(offer.title, lang="de")))
    if offer.description:
        graph.add((node, DCTERMS.description, Literal(offer.description, lang="de")))
    if offer.file_type:
        file_type = _concept(graph, FILE_TYPES, offer.file_type, DCTERMS.MediaTypeOrExtent)
        graph.add((node, DCTERMS["format"], file_type))
    if offer.media_type:
        media_type = URIRef(f"{MEDIA_TYPES}{offer.media_type}")
        graph.add((media_type, RDF.type, DCTERMS.MediaType))
        graph.add((node, DCAT.mediaType, media_type))
    if offer.licence:
        graph.add((node, DCTERMS.license, _licence(graph, offer.licence)))
        if offer.licence in ATTRIBUTION and entry.publisher:
            text = Literal(entry.publisher, lang="de")
            graph.add((node, DCATDE.licenseAttributionByText, text))
    if offer.byte_size is not None:
        size = Literal(offer.byte_size, datatype=XSD.nonNegativeInteger)
        graph.add((node, DCAT.byteSize, size))
    if offer.sha256:
        _add_checksum(graph, node, offer.sha256)
    base, _slash, code = AVAILABLE.rpartition("/")
    available = _concept(graph, f"{base}/", code, SKOS.Concept)
    graph.add((available, SKOS.prefLabel, Literal("verfügbar", lang="de")))
    graph.add((node, DCATAP.availability, available))
    if offer.service:
        _add_service(graph, node, offer.service, publisher, entry)


def _add_checksum(graph: Graph, node: URIRef, sha256: str) -> None:
    checksum = URIRef(f"{node}-pruefsumme")
    graph.add((node, SPDX.checksum, checksum))
    graph.add((checksum, RDF.type, SPDX.Checksum))
    graph.add((checksum, SPDX.algorithm, SHA256))
    graph.add((SHA256, RDF.type, SPDX.ChecksumAlgorithm))
    value = Literal(sha256, datatype=XSD.hexBinary, normalize=False)
    graph.add((checksum, SPDX.checksumValue, value))


def _add_service(
    graph: Graph, node: Node, address: str, publisher: Node | None, entry: Entry
) -> None:
    """The interface for measurements; who published the first dataset of it stands for it."""
    service = URIRef(address)
    graph.add((node, DCAT.accessService, service))
    graph.add((service, DCAT.servesDataset, URIRef(entry.address)))
    if (service, RDF.type, DCAT.DataService) in graph:
        return
    graph.add((service, RDF.type, DCAT.DataService))
    graph.add((service, DCTERMS.title, Literal("SensorThings API 1.1", lang="de")))
    graph.add((service, DCAT.endpointURL, service))
    graph.add((service, RDF.type, URIRef("http://www.w3.org/2000/01/rdf-schema#Resource")))
    graph.add((service, DCTERMS.conformsTo, URIRef(SENSORTHINGS)))
    graph.add((URIRef(SENSORTHINGS), RDF.type, DCTERMS.Standard))
    if publisher is not None:
        graph.add((service, DCTERMS.publisher, publisher))


def _add_catalogue(graph: Graph, page: CataloguePage, entries: Sequence[Entry]) -> None:
    node = URIRef(page.address)
    graph.add((node, RDF.type, DCAT.Catalog))
    graph.add((node, DCTERMS.title, Literal(page.title, lang="de")))
    graph.add((node, DCTERMS.description, Literal(page.description, lang="de")))
    publisher = URIRef(f"{page.address}#betrieb")
    graph.add((node, DCTERMS.publisher, publisher))
    _add_agent(graph, publisher, page.publisher, page.publisher_page)
    graph.add((node, FOAF.homepage, _document(graph, page.home)))
    language = _concept(graph, LANGUAGES, "DEU", DCTERMS.LinguisticSystem)
    graph.add((node, DCTERMS.language, language))
    taxonomy = URIRef(f"{EU}data-theme")
    graph.add((node, DCAT.themeTaxonomy, taxonomy))
    graph.add((taxonomy, RDF.type, SKOS.ConceptScheme))
    graph.add((taxonomy, DCTERMS.title, Literal("Data theme", lang="en")))
    _add_times(graph, node, None, page.modified)
    for entry in entries:
        graph.add((node, DCAT.dataset, URIRef(entry.address)))
    for service in set(graph.subjects(RDF.type, DCAT.DataService)):
        graph.add((node, DCAT.service, service))
    _add_paging(graph, page, node)


def _add_paging(graph: Graph, page: CataloguePage, catalogue: Node) -> None:
    """Both generations of Hydra's words for pages: portals read either."""
    here = URIRef(page.here)
    graph.add((here, RDF.type, HYDRA.PagedCollection))
    graph.add((here, RDF.type, HYDRA.PartialCollectionView))
    graph.add((catalogue, HYDRA.view, here))
    graph.add((catalogue, HYDRA.totalItems, Literal(page.total)))
    graph.add((here, HYDRA.totalItems, Literal(page.total)))
    graph.add((here, HYDRA.itemsPerPage, Literal(page.per_page)))
    for address, names in (
        (page.first, ("first", "firstPage")),
        (page.last, ("last", "lastPage")),
        (page.previous, ("previous", "previousPage")),
        (page.next, ("next", "nextPage")),
    ):
        if address:
            for name in names:
                graph.add((here, HYDRA[name], URIRef(address)))


def _add_times(
    graph: Graph, node: Node, issued: datetime | None, modified: datetime | None
) -> None:
    if issued is not None:
        graph.add((node, DCTERMS.issued, Literal(issued.isoformat(), datatype=XSD.dateTime)))
    if modified is not None:
        graph.add((node, DCTERMS.modified, Literal(modified.isoformat(), datatype=XSD.dateTime)))


def _concept(graph: Graph, base: str, code: str, kind: URIRef) -> URIRef:
    concept = URIRef(f"{base}{code}")
    graph.add((concept, RDF.type, kind))
    graph.add((concept, SKOS.inScheme, URIRef(base.rstrip("/"))))
    return concept


def _publisher_type(graph: Graph, address: str) -> URIRef:
    kind = URIRef(address)
    graph.add((kind, RDF.type, SKOS.Concept))
    name = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", re.split(r"[/#]", address)[-1])
    graph.add((kind, SKOS.prefLabel, Literal(name or address, lang="en")))
    if address.startswith("http://purl.org/adms/publishertype/"):
        graph.add((kind, SKOS.inScheme, PUBLISHER_TYPES))
    return kind


def _theme(graph: Graph, code: str) -> URIRef:
    theme = _concept(graph, THEMES, code, SKOS.Concept)
    graph.add((theme, SKOS.prefLabel, Literal(str(Theme(code).label), lang="de")))
    return theme


def _licence(graph: Graph, licence: str) -> URIRef:
    if licence in DataLicence.values:
        return _concept(graph, LICENCES, licence, DCTERMS.LicenseDocument)
    graph.add((URIRef(licence), RDF.type, DCTERMS.LicenseDocument))
    return URIRef(licence)


def _document(graph: Graph, address: str) -> URIRef:
    graph.add((URIRef(address), RDF.type, FOAF.Document))
    return URIRef(address)


def _resource(graph: Graph, address: str) -> URIRef:
    graph.add((URIRef(address), RDF.type, URIRef("http://www.w3.org/2000/01/rdf-schema#Resource")))
    return URIRef(address)


def _day(day: date) -> Literal:
    return Literal(day.isoformat(), datatype=XSD.date)

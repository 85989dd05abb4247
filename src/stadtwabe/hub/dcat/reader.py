"""From RDF of other catalogues to entries. Nothing here fetches anything.

Whatever the other side writes, this ends: JSON-LD contexts that lie elsewhere are refused, because
reading them would fetch addresses past our guard.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.utils.translation import gettext as _
from rdflib import RDF, Graph, Literal, URIRef
from rdflib.namespace import DCAT, DCTERMS, FOAF, RDFS, SKOS
from rdflib.term import Node

from stadtwabe.hub.dcat.entries import Entry, Offer, web_address
from stadtwabe.hub.dcat.terms import DCATDE, HYDRA, SPDX, VCARD, empty_graph
from stadtwabe.hub.vocabularies import (
    ACCESS_RIGHTS,
    FREQUENCIES,
    MEDIA_TYPES,
    THEMES,
    Frequency,
    Theme,
    file_type_called,
    licence_called,
    place_key_of,
)

MEDIA_TYPE_FORMATS = {
    "text/turtle": "turtle",
    "application/x-turtle": "turtle",
    "application/n-triples": "nt",
    "application/ld+json": "json-ld",
    "application/json": "json-ld",
    "application/rdf+xml": "xml",
    "application/xml": "xml",
    "text/xml": "xml",
}
"""rdflib's names of the formats that catalogues come in."""

NEXT_PAGE = (HYDRA.next, HYDRA.nextPage)
SCHEMA_START, SCHEMA_END = (
    (URIRef("http://schema.org/startDate"), URIRef("https://schema.org/startDate")),
    (URIRef("http://schema.org/endDate"), URIRef("https://schema.org/endDate")),
)


class Unreadable(Exception):
    """A page is no RDF that we read; the message says why."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One entry that could not be taken: its address, its title if there is one, and why."""

    entry: str
    title: str
    problem: str


@dataclass(frozen=True, slots=True)
class ReadPage:
    """What a page holds: entries, what was wrong, and where the next page is (or empty)."""

    entries: tuple[Entry, ...]
    problems: tuple[Problem, ...]
    next: str


def read_page(data: bytes, *, media_type: str, address: str) -> ReadPage:
    """Read one page of a catalogue that came from ``address``. Raises Unreadable."""
    graph = parse(data, media_type=media_type, address=address)
    entries, problems = [], []
    for node in sorted(set(graph.subjects(RDF.type, DCAT.Dataset)), key=str):
        title = _text(graph, node, DCTERMS.title)
        if not isinstance(node, URIRef) or not web_address(node):
            problems.append(
                Problem(str(node)[:200], title, _("Der Eintrag hat keine eigene Adresse."))
            )
        elif not title:
            problems.append(Problem(str(node), "", _("Der Titel fehlt.")))
        else:
            entries.append(_entry(graph, node, title))
    return ReadPage(tuple(entries), tuple(problems), _next_page(graph))


def parse(data: bytes, *, media_type: str, address: str) -> Graph:
    """Return the triples of ``data``. Raises Unreadable."""
    form = MEDIA_TYPE_FORMATS.get(media_type) or _guessed(data)
    if form == "json-ld":
        _refuse_contexts_elsewhere(data)
    graph = empty_graph()
    try:
        graph.parse(data=data, format=form, publicID=address)
    except RecursionError as error:
        raise Unreadable(_("Die Antwort ist zu tief verschachtelt.")) from error
    # rdflib and its parsers raise whatever their input leads them to.
    except Exception as error:
        raise Unreadable((_("Die Antwort lässt sich nicht lesen: %s") % error)[:300]) from error
    return graph


def _guessed(data: bytes) -> str:
    start = data[:2000].lstrip(b"\xef\xbb\xbf \r\n\t")
    if start.startswith((b"{", b"[")):
        return "json-ld"
    return "xml" if start.startswith((b"<?xml", b"<rdf:RDF")) else "turtle"


def _refuse_contexts_elsewhere(data: bytes) -> None:
    try:
        document = json.loads(data)
    except RecursionError as error:
        raise Unreadable(_("Die Antwort ist zu tief verschachtelt.")) from error
    except ValueError as error:
        raise Unreadable(_("Die Antwort ist kein JSON: %s") % error) from error
    left: list[Any] = [document]
    while left:
        part = left.pop()
        if isinstance(part, dict):
            contexts = part.get("@context", [])
            for context in contexts if isinstance(contexts, list) else [contexts]:
                if _lies_elsewhere(context):
                    message = _("Der JSON-LD-Kontext liegt anderswo und wird nicht abgerufen.")
                    raise Unreadable(message)
            left.extend(part.values())
        elif isinstance(part, list):
            left.extend(part)


def _lies_elsewhere(context: object) -> bool:
    return isinstance(context, str) or (isinstance(context, dict) and "@import" in context)


def _next_page(graph: Graph) -> str:
    for name in NEXT_PAGE:
        for found in graph.objects(None, name):
            if address := web_address(found):
                return address
    return ""


def _entry(graph: Graph, node: URIRef, title: str) -> Entry:
    publisher = graph.value(node, DCTERMS.publisher)
    contact = graph.value(node, DCAT.contactPoint)
    period = graph.value(node, DCTERMS.temporal)
    licence = _licence(graph, node)
    # The first until version 2 of the profile, the other since.
    names = (DCATDE.politicalGeocodingURI, DCTERMS.spatial)
    places = [str(place) for name in names for place in graph.objects(node, name)]
    place_keys = sorted(filter(None, map(place_key_of, places)))
    rights = {str(right) for right in graph.objects(node, DCTERMS.accessRights)}
    return Entry(
        address=str(node),
        title=title[:250],
        description=_text(graph, node, DCTERMS.description),
        identifier=_text(graph, node, DCTERMS.identifier)[:1000],
        publisher=_text(graph, publisher, FOAF.name)[:250],
        publisher_page=_address(graph, publisher, FOAF.homepage),
        publisher_type=_address(graph, publisher, DCTERMS.type)[:200],
        contact_name=_text(graph, contact, VCARD.fn)[:200],
        contact_email=_email(graph, contact),
        contact_page=_address(graph, contact, VCARD.hasURL),
        themes=_codes(graph.objects(node, DCAT.theme), THEMES, Theme.values),
        keywords=tuple(
            sorted({str(word).strip()[:100] for word in graph.objects(node, DCAT.keyword)} - {""})
        ),
        starts_on=_day(graph, period, (DCAT.startDate, *SCHEMA_START)),
        ends_on=_day(graph, period, (DCAT.endDate, *SCHEMA_END)),
        place_key=max(place_keys, key=len, default=""),
        frequency=next(
            iter(
                _codes(
                    graph.objects(node, DCTERMS.accrualPeriodicity), FREQUENCIES, Frequency.values
                )
            ),
            "",
        ),
        contributor=_address(graph, node, DCATDE.contributorID),
        page=_address(graph, node, DCAT.landingPage),
        issued=_moment(graph.value(node, DCTERMS.issued)),
        modified=_moment(graph.value(node, DCTERMS.modified)),
        is_public=f"{ACCESS_RIGHTS}RESTRICTED" not in rights
        and f"{ACCESS_RIGHTS}NON_PUBLIC" not in rights,
        offers=_offers(graph, node, licence),
    )


def _offers(graph: Graph, node: Node, licence: str) -> tuple[Offer, ...]:
    found = []
    for offered in graph.objects(node, DCAT.distribution):
        download = _address(graph, offered, DCAT.downloadURL)
        access = _address(graph, offered, DCAT.accessURL) or download
        if not access:
            continue
        stated: list[Node | str] = [*graph.objects(offered, DCTERMS["format"])]
        media_type = str(graph.value(offered, DCAT.mediaType) or "")
        media_type = re.sub("^https?" + re.escape(MEDIA_TYPES[5:]), "", media_type)
        file_types = filter(None, (_file_type(graph, each) for each in [*stated, media_type]))
        service = graph.value(offered, DCAT.accessService)
        checksum = graph.value(offered, SPDX.checksum)
        found.append(
            Offer(
                access_url=access,
                download_url=download,
                title=_text(graph, offered, DCTERMS.title)[:250],
                description=_text(graph, offered, DCTERMS.description),
                file_type=next(file_types, ""),
                media_type=media_type if re.fullmatch(r"[\w.+-]+/[\w.+-]+", media_type) else "",
                licence=_licence(graph, offered) or licence,
                byte_size=_size(graph.value(offered, DCAT.byteSize)),
                sha256=_sha256(graph, checksum),
                service=_address(graph, service, DCAT.endpointURL),
            )
        )
    return tuple(sorted(found, key=lambda offer: (offer.access_url, offer.file_type, offer.title)))


def _file_type(graph: Graph, stated: Node | str) -> str:
    known = file_type_called(str(stated))
    if known or not isinstance(stated, Node):
        return known
    label = graph.value(stated, RDFS.label) or graph.value(stated, SKOS.prefLabel)
    return file_type_called(str(label)) if label else ""


def _licence(graph: Graph, node: Node) -> str:
    """Return the code of our list, or the address that is stated."""
    stated = [str(each) for each in graph.objects(node, DCTERMS.license)]
    for text in sorted(stated):
        if known := licence_called(text):
            return known
    return next(filter(None, map(web_address, sorted(stated))), "")


def _sha256(graph: Graph, checksum: Node | None) -> str:
    if checksum is None:
        return ""
    algorithm = str(graph.value(checksum, SPDX.algorithm) or "")
    value = graph.value(checksum, SPDX.checksumValue)
    # The written form: rdflib turns hexBinary into bytes.
    text = str(value).lower() if value is not None else ""
    return text if "sha256" in algorithm and re.fullmatch(r"[0-9a-f]{64}", text) else ""


def _size(value: Node | None) -> int | None:
    try:
        size = int(float(str(value))) if value is not None else None
    except (ValueError, OverflowError):
        return None
    return size if size is not None and 0 <= size < 2**63 else None


def _email(graph: Graph, contact: Node | None) -> str:
    found = graph.value(contact, VCARD.hasEmail) if contact is not None else None
    if found is not None and not isinstance(found, Literal):
        found = graph.value(found, VCARD.hasValue) or found
    text = str(found or "").removeprefix("mailto:").strip()
    return text if re.fullmatch(r"[^@\s<>\"]{1,64}@[^@\s<>\"]{1,189}", text) else ""


def _codes(nodes: Iterable[Node], base: str, known: Iterable[str]) -> tuple[str, ...]:
    codes = {str(node).removeprefix(base) for node in nodes}
    return tuple(sorted(codes & set(known)))


def _text(graph: Graph, node: Node | None, name: URIRef) -> str:
    """Return a text in German, else without language, else in English, else any."""
    if node is None:
        return ""
    found = [text for text in graph.objects(node, name) if isinstance(text, Literal)]
    order = {"de": 0, None: 1, "": 1, "en": 2}
    found.sort(key=lambda text: (order.get(text.language, 3), str(text)))
    return str(found[0]).replace("\x00", "").strip() if found else ""


def _address(graph: Graph, node: Node | None, name: URIRef) -> str:
    if node is None:
        return ""
    found = sorted(web_address(each) for each in graph.objects(node, name))
    return next(filter(None, found), "")


def _day(graph: Graph, period: Node | None, names: Iterable[URIRef]) -> date | None:
    if period is None:
        return None
    for name in names:
        moment = _moment(graph.value(period, name))
        if moment is not None:
            return moment.date()
    return None


def _moment(value: Node | None) -> datetime | None:
    """Read xsd:dateTime, xsd:date and what people write instead; UTC if no zone is named."""
    text = str(value or "").strip()
    try:
        moment = datetime.fromisoformat(text) if text else None
    except ValueError:
        return None
    if moment is not None and moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return moment

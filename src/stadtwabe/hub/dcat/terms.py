"""Namespaces, prefixes and formats of our RDF."""

from collections.abc import Mapping

from rdflib import Graph, Namespace
from rdflib.namespace import DCAT, DCTERMS, FOAF, SKOS, XSD

ADMS = Namespace("http://www.w3.org/ns/adms#")
DCATAP = Namespace("http://data.europa.eu/r5r/")
DCATDE = Namespace("http://dcat-ap.de/def/dcatde/")
HYDRA = Namespace("http://www.w3.org/ns/hydra/core#")
SPDX = Namespace("http://spdx.org/rdf/terms#")
VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")

PREFIXES: Mapping[str, str] = {
    "adms": str(ADMS),
    "dcat": str(DCAT),
    "dcatap": str(DCATAP),
    "dcatde": str(DCATDE),
    "dct": str(DCTERMS),
    "foaf": str(FOAF),
    "hydra": str(HYDRA),
    "skos": str(SKOS),
    "spdx": str(SPDX),
    "vcard": str(VCARD),
    "xsd": str(XSD),
}

SENSORTHINGS = "http://www.opengis.net/doc/is/sensorthings/1.1"
"""The standard that our interface for measurements conforms to."""

FORMATS: Mapping[str, tuple[str, str]] = {
    "ttl": ("turtle", "text/turtle"),
    "jsonld": ("json-ld", "application/ld+json"),
    "rdf": ("xml", "application/rdf+xml"),
}
"""Endings of addresses: rdflib's name of the format, and its media type."""


def empty_graph() -> Graph:
    """Return a graph that knows our prefixes and no others."""
    graph = Graph(bind_namespaces="none")
    for prefix, namespace in PREFIXES.items():
        graph.bind(prefix, namespace)
    return graph


def write(graph: Graph, ending: str) -> bytes:
    """Return ``graph`` in the format of that ending, in UTF-8."""
    name, _media_type = FORMATS[ending]
    if name == "json-ld":
        text = graph.serialize(format=name, context=dict(PREFIXES), auto_compact=True, indent=1)
    else:
        text = graph.serialize(format=name)
    return text.encode()

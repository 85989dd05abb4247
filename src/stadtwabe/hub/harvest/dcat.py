"""Catalogues in RDF, page by page."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from stadtwabe.hub.dcat.reader import ReadPage, Unreadable, read_page
from stadtwabe.hub.harvest.asking import MOST_PAGES, RDF, Get, SourceFailed

ACCEPT = (
    "text/turtle, application/rdf+xml;q=0.9, application/ld+json;q=0.8, application/n-triples;q=0.7"
)


def pages(address: str, get: Get) -> Iterator[ReadPage]:
    """Yield the pages of a catalogue, as Hydra links them. Raises SourceFailed."""
    visited = set[str]()
    while address:
        if address in visited or len(visited) >= MOST_PAGES:
            raise SourceFailed(_("Die Seiten von „%s“ führen im Kreis oder enden nicht.") % address)
        visited.add(address)
        fetched = get(address, RDF, ACCEPT)
        try:
            page = read_page(fetched.data, media_type=fetched.media_type, address=fetched.address)
        except Unreadable as error:
            raise SourceFailed(f"{address}: {error}") from error
        yield page
        address = page.next

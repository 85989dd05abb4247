"""What search engines are told: all public things, and what to leave alone."""

from datetime import datetime

from django.contrib.sitemaps import Sitemap
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from stadtwabe.catalog.models import Card
from stadtwabe.catalog.queries import visible_to
from stadtwabe.kit.actor import VISITOR

ROBOTS = """User-agent: *
Disallow: /konto/
Disallow: /redaktion/
Disallow: /verwaltung/
Disallow: /sprache/

Sitemap: {root}sitemap.xml
"""


class CardSitemap(Sitemap):  # type: ignore[type-arg]  # generic in the stubs alone
    """All that a visitor may see, 5,000 addresses a file."""

    limit = 5000

    def items(self) -> QuerySet[Card]:
        """Return the public cards in a lasting order."""
        return visible_to(VISITOR).only("path", "changed_at").order_by("pk")

    def location(self, item: Card) -> str:
        """Return the address of a card."""
        return item.path

    def lastmod(self, item: Card) -> datetime:
        """Return when it was last changed."""
        return item.changed_at


def robots(request: HttpRequest) -> HttpResponse:
    """Answer with the rules for robots (RFC 9309)."""
    return HttpResponse(
        ROBOTS.format(root=request.build_absolute_uri("/")), content_type="text/plain"
    )

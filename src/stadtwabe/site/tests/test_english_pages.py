"""Who reads in English meets no German, except where the page says that it is German."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.urls import Resolver404, URLPattern, URLResolver, get_resolver, resolve
from lxml import html

from stadtwabe.catalog.rules import PartyRole
from stadtwabe.desk.tests.documents import NEWSLETTER
from stadtwabe.desk.tests.factories import read_newsletter
from stadtwabe.evidence.commands import create_thing
from stadtwabe.evidence.tests.factories import account_of, editor_of, passage, town
from stadtwabe.evidence.things import column_of, thing_kinds
from stadtwabe.people.models import Organisation
from stadtwabe.places.models import Place
from stadtwabe.site.tests.german import GERMAN_WORDS

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
ENGLISH = {"accept-language": "en"}
ATTRIBUTES = ("aria-label", "placeholder", "alt", "title", "data-label", "value")
TITLE = "Jugend trifft Rathaus"
STORY = "Die Ämter und die Bürgerschaft sind noch nicht mit der Auskunft zufrieden."
NO_PAGES = ("api/v1", "sitemap", "robots", "sprache", "konto/logout", "konto/daten", "vorschlaege")


def words_of(page):
    """Return what somebody reads or hears who takes the page for English."""
    tree = html.fromstring(page)
    for node in tree.xpath(
        "//title|//script|//style|//code|//*[@lang='de']|//*[@aria-hidden='true']|//textarea|//*[@translate='no']"
    ):
        node.drop_tree()
    texts = [tree.text_content()]
    for name in ATTRIBUTES:
        of = "//input[@type='submit']" if name == "value" else "//*"
        texts += tree.xpath(f"{of}/@{name}")
    return [" ".join(line.split()) for text in texts for line in text.splitlines()]


def german_on(page):
    """Return the lines of ``page`` that are German though the page says they are English."""
    names = sorted(Place.objects.values_list("name", flat=True), key=len, reverse=True)
    names += [TITLE]
    lines = []
    for line in words_of(page):
        rest = line
        for name in names:
            rest = rest.replace(name, "")
        if GERMAN_WORDS.search(rest):
            lines.append(line)
    return lines


def plain_routes(resolver=None, prefix="/"):
    """Yield every address that has no part to fill in."""
    for entry in (resolver or get_resolver()).url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from plain_routes(entry, route)
        elif isinstance(entry, URLPattern) and not set("<(^") & set(route):
            yield route


def pages_met(client):
    """Yield address and content of one page of every route, as far as links lead."""
    waiting = list(plain_routes())
    routes = set()
    while waiting:
        address = waiting.pop(0)
        try:
            route = resolve(address.partition("?")[0]).route
        except Resolver404:
            continue
        if route in routes or any(part in route for part in NO_PAGES):
            continue
        answer = client.get(address, headers=ENGLISH)
        if "text/html" not in answer.get("Content-Type", "") or answer.status_code in {301, 302}:
            continue
        if not answer.content:  # an address that only takes POST
            continue
        routes.add(route)
        page = answer.content.decode()
        yield address, page
        waiting += [
            link
            for link in html.fromstring(page).xpath("//a/@href")
            if link.startswith("/") and "format=" not in link
        ]


@pytest.fixture(scope="module")
def koeln(module_db):
    return town()


def filled(kind, place):
    """Return a value for every column of ``kind``; all texts are German."""
    values = {}
    for name in kind.shown_fields:
        column = column_of(kind.model, name)
        if isinstance(column, ArrayField) or column.is_relation:
            continue
        if column.choices:
            values[name] = column.choices[-1][0]
        elif name == "title":
            values[name] = f"{TITLE} ({kind.name})"
        elif isinstance(column, models.URLField):
            values[name] = "https://www.example.org/"
        elif isinstance(column, models.CharField | models.TextField):
            values[name] = f"({kind.name}) {STORY}"[: column.max_length]
        elif isinstance(column, models.DateField):
            values[name] = NOW.date()
        elif isinstance(column, models.DecimalField):
            values[name] = Decimal(12)
        elif isinstance(column, models.IntegerField):
            values[name] = 1234
    if "place" in kind.shown_fields:
        values["place"] = place
    if "organisation" in kind.shown_fields:
        values["organisation"] = Organisation.objects.create(name="Verein")
    return values


@pytest.fixture(scope="module")
def world(koeln):
    """One thing of every kind with German words in every text, and a document with suggestions."""
    document = read_newsletter(koeln)
    here = passage(document, NEWSLETTER.split()[0])
    for kind in thing_kinds():
        values = filled(kind, koeln.place)
        create_thing(
            actor=editor_of(koeln),
            kind=kind,
            owner=koeln,
            values=values,
            sources=dict.fromkeys([*values, "parties"], here),
            parties=[(koeln, PartyRole.LEAD)],
            now=NOW,
        )
    return document


def german_met(client):
    """Return the German lines on all pages that ``client`` meets, and how many pages that are."""
    pages = dict(pages_met(client))
    return len(pages), [
        f"{address}: {line}" for address, page in pages.items() for line in german_on(page)
    ]


def test_a_visitor_meets_no_german(client, world):
    count, german = german_met(client)
    assert count > 30
    assert german == []


def test_an_editor_meets_no_german(client, world, koeln):
    client.force_login(account_of(koeln))
    count, german = german_met(client)
    assert count > 60
    assert german == []

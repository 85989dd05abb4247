"""Role x address x foreign town: who may open what, and that nothing leaks to anybody else.

Every address of the house stands in ``access.py``: a new one fails here until somebody has said who
may. The world has something that could leak: things, a document and suggestions of Menden that are
for Menden or for its network alone.
"""

import re
from http.cookies import SimpleCookie

import pytest
from django.db import transaction
from django.test import Client
from django.urls import get_resolver

from stadtwabe.catalog.models import Card
from stadtwabe.catalog.rules import Audience
from stadtwabe.evidence.models import Statement
from stadtwabe.evidence.things import thing_kinds
from stadtwabe.site.tests.access import (
    ACCESS,
    ALL,
    ELSEWHERE,
    OF_MENDEN,
    OF_THE_NETWORK,
    THE_SAME_VIEWS,
)
from stadtwabe.site.tests.matrix_world import World

pytestmark = pytest.mark.django_db

LISTS = (
    "/",
    "/suche/",
    "/suche/?q=Geheimwort",
    "/orte/",
    "/orte/verbund/suedwestfalen/",
    "/atlas/",
    "/atlas/projekte/",
    "/atlas/loesungen/",
    "/atlas/strategien/",
    "/atlas/foerderung/",
    "/atlas/publikationen/",
    "/atlas/organisationen/",
    "/atlas/portraets/",
    "/atlas/statistik/",
    "/termine/",
    "/quellen/",
    "/daten/",
    "/daten/geraete/",
    "/daten/themen/luft/",
    "/daten/einbetten/themen/luft/",
    "/daten/orte/05962040-menden-sauerland/",
    "/daten/codecs/",
    "/daten/datensaetze/",
    "/daten/catalog.ttl",
    "/daten/catalog.rdf",
    "/daten/catalog.jsonld",
    "/sitemap.xml",
    "/api/v1/cards",
    "/api/v1/cards?q=Geheimwort",
    "/api/v1/facets",
    "/api/v1/places/05962040",
    "/orte/vorschlaege/?q=Geheim",
)
FORMATS = ("json", "csv", "geojson", "rss", "ics")


@pytest.fixture(scope="module")
def world(module_db):
    return World()


@pytest.fixture(scope="module")
def visits(world):
    """What the browser of each of the cast keeps: nothing, or the key of a session."""
    kept: dict[str, dict[str, str]] = {name: {} for name in ALL}
    for name, user in world.cast.users.items():
        client = Client()
        client.force_login(user)
        kept[name] = {each.key: each.value for each in client.cookies.values()}
    return kept


def addresses(patterns=None, prefix=""):
    for each in get_resolver().url_patterns if patterns is None else patterns:
        pattern = prefix + str(each.pattern)
        if hasattr(each, "url_patterns"):
            yield from addresses(each.url_patterns, pattern)
        elif not ELSEWHERE.match(pattern):
            yield pattern


def may(client, cookies, address):
    """Whether ``cookies`` get in: neither refused, nor sent to sign in, nor told of nothing."""
    client.cookies = SimpleCookie(cookies)
    with transaction.atomic():
        answer = client.get(address)
        if answer.status_code == 405:
            answer = client.post(address)
        transaction.set_rollback(True)
    if answer.status_code == 302:
        return not answer["Location"].startswith("/konto/login/")
    assert answer.status_code < 500, f"{address}: {answer.status_code}"
    return answer.status_code not in {403, 404, 410}


def test_every_address_says_who_may_open_it():
    unsaid = [
        pattern
        for pattern in addresses()
        if not any(re.fullmatch(known, pattern) for known, _who in ACCESS)
    ]
    assert unsaid == []


def test_everybody_gets_in_exactly_where_they_may(client, world, visits):
    wrong = []
    for pattern in addresses():
        if pattern.startswith("^") or THE_SAME_VIEWS.match(pattern):
            continue
        allowed = next(
            (who for known, who in reversed(ACCESS) if re.fullmatch(known, pattern)), frozenset()
        )
        address = world.address(pattern)
        found = {name for name in ALL if may(client, visits[name], address)}
        if found != allowed:
            wrong.append(f"{address}: too many {found - allowed}, missing {allowed - found}")
    assert wrong == []


@pytest.mark.parametrize("kind", [kind.name for kind in thing_kinds()])
def test_a_thing_is_open_to_its_audience_alone(client, world, visits, kind):
    for audience, allowed in (
        (Audience.PUBLIC, ALL),
        (Audience.NETWORKS, OF_THE_NETWORK),
        (Audience.OWNER, OF_MENDEN),
    ):
        card = world.cards[kind, audience]
        statement = Statement.objects.filter(card=card)[0]
        for address in (
            card.path,
            f"{card.path}?format=json",
            f"/api/v1/cards/{card.pk}",
            statement.get_absolute_url(),
        ):
            found = {name for name in ALL if may(client, visits[name], address)}
            if address.startswith("/api/"):
                # The API takes tokens; a session of the browser counts for reading, too.
                assert found <= allowed, address
            else:
                assert found == allowed, address


def test_no_list_feed_or_count_tells_of_what_is_not_for_all(client, world):
    leaks = []
    for name in sorted(ALL):
        if name == "visitor":
            client.logout()
        else:
            client.force_login(world.cast.users[name])
        for address in LISTS:
            joined = "&" if "?" in address else "?"
            formats = FORMATS if name in {"visitor", "foreign_editor"} else ("json",)
            for variant in (address, *(f"{address}{joined}format={each}" for each in formats)):
                answer = client.get(variant, follow=True)
                assert variant != address or answer.status_code == 200, address
                body = b"".join(answer) if answer.streaming else answer.content
                text = body.decode()
                if "GeheimwortOwner" in text and name not in OF_MENDEN:
                    leaks.append(f"{name} reads of Menden's own at {variant}")
                if "GeheimwortNetworks" in text and name not in OF_THE_NETWORK:
                    leaks.append(f"{name} reads of the network's own at {variant}")
    assert leaks == []


def test_the_owner_does_find_what_is_only_theirs(client, world):
    client.force_login(world.cast.users["editor"])
    found = client.get("/suche/?q=GeheimwortOwner").content.decode()
    assert "GeheimwortOwner project" in found


def test_counts_are_the_same_for_a_stranger_whether_or_not_there_is_something_hidden(client, world):
    before = client.get("/api/v1/facets").json()
    for kind in thing_kinds():
        card = Card.objects.get(pk=world.cards[kind.name, Audience.OWNER].pk)
        card.statements.all().delete()
        kind.model._default_manager.filter(card=card).delete()
        card.delete()
    assert client.get("/api/v1/facets").json() == before


def test_nobody_writes_by_the_api_without_a_token(client, world):
    description = client.get("/api/v1/openapi.json").json()
    writing = [
        (path, method)
        for path, operations in description["paths"].items()
        for method in operations
        if method != "get"
    ]
    assert len(writing) > 3
    for path, method in writing:
        for token in ("", "Bearer sw_erfunden"):
            address = re.sub(r"\{[^}]+\}", "1", path)
            headers = {"Authorization": token} if token else {}
            answer = client.generic(
                method.upper(), address, "{}", "application/json", headers=headers
            )
            assert answer.status_code == 401, f"{token} {method} {path}"

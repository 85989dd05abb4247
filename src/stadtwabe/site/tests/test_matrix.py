"""Role x address x foreign town: who may open what, and that nothing leaks to anybody else.

Every address of the house stands in ``ACCESS``: a new one fails here until somebody has said who
may. The world has something that could leak: things, a document and suggestions of Menden that are
for Menden or for its network alone.
"""

import re
from functools import cached_property
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import transaction
from django.urls import get_resolver

from stadtwabe.catalog.commands import write_card
from stadtwabe.catalog.rules import Audience, PartyRole
from stadtwabe.catalog.specs import CardSpec
from stadtwabe.evidence.commands import create_thing
from stadtwabe.evidence.models import Statement, Suggestion
from stadtwabe.evidence.sources import Passage
from stadtwabe.evidence.tests.factories import document_of
from stadtwabe.evidence.things import ThingKind, thing_kinds
from stadtwabe.hub.commands import create_device_token
from stadtwabe.hub.commands.codecs import create_codec
from stadtwabe.hub.commands.datasets import create_dataset
from stadtwabe.hub.commands.devices import create_device
from stadtwabe.hub.commands.distributions import add_file
from stadtwabe.hub.commands.harvests import create_harvest
from stadtwabe.hub.models import Dataset, Harvest
from stadtwabe.hub.tests.factories import make_datastream
from stadtwabe.hub.tests.factories import make_thing as make_hub_thing
from stadtwabe.kit.actor import SYSTEM
from stadtwabe.people.commands import create_token, party_for_network
from stadtwabe.people.models import Membership, Organisation
from stadtwabe.people.tests.factories import NOW, Cast, make_place
from stadtwabe.site.models import BarrierReport

pytestmark = pytest.mark.django_db

ALL = frozenset(Cast.names)
SIGNED_IN = ALL - {"visitor"}
OF_MENDEN = frozenset({"editor", "steward", "operator"})
OF_THE_NETWORK = OF_MENDEN | {"network_admin"}
EDITORS = frozenset({"editor", "foreign_editor", "operator"})
EDITOR = frozenset({"editor", "operator"})
OPERATOR = frozenset({"operator"})
STEWARD = frozenset({"steward", "operator"})
STEWARDS = STEWARD | {"foreign_steward"}

ACCESS: tuple[tuple[str, frozenset[str]], ...] = (
    (r"", ALL),
    (r"(impressum|datenschutz|barrierefreiheit|barriere-melden|leichte-sprache)/", ALL),
    (r"(robots\.txt|sitemap.*|suche/|sprache/)", ALL),
    (r"\^?orte/.*", ALL),
    (r"(atlas|termine|quellen)/", ALL),
    (r"(atlas/\w+|termine)/(<slug:slug>/)?", ALL),
    (r"atlas/(statistik|vergleich|nachnutzung|orte-wie/<str:key>)/", ALL),
    (r"(atlas/\w+|termine)/neu/", EDITORS),
    (
        r"(atlas/\w+|termine)/<slug:slug>/(bearbeiten|zurueckziehen|zusammenfuehren|angaben)/",
        EDITOR,
    ),
    (r"atlas/\w+/<slug:slug>/(einsatz|vorbild|wirkung|zuwendung)/", EDITOR),
    (r"quellen/aussage/<int:pk>/", ALL),
    (r"quellen/aussage/<int:pk>/zurueckziehen/", EDITOR),
    (r"quellen/<int:pk>/", ALL),
    (r"konto/(loeschen/|daten/)?", SIGNED_IN),
    (r"konto/schluessel/<int:token_id>/widerrufen/", frozenset({"editor"})),
    (r"verwaltung/", SIGNED_IN),
    (
        r"verwaltung/(<int:party_id>|rolle/<int:membership_id>/beenden)/",
        frozenset({"network_admin", "operator"}),
    ),
    (r"verwaltung/barrieren/(<int:report_id>/abschliessen/)?", OPERATOR),
    (r"redaktion/", EDITORS),
    (r"redaktion/(qualitaet|aenderungen)/", EDITORS),
    (r"redaktion/(dokumente|vorschlaege)/<int:pk>/.*", EDITOR),
    (r"daten/(geraete/(<slug:slug>/)?|reihen/<int:pk>/)?", ALL),
    (r"sta/v1\.1/(<path:path>)?", ALL),
    (r"daten/codecs/", ALL),
    (r"daten/codecs/<slug:slug>/", OF_MENDEN),
    (r"daten/codecs/ausprobieren/", STEWARDS),
    (r"daten/codecs/<slug:slug>/(bearbeiten|loeschen)/", STEWARD),
    (r"daten/funk/(neu/|netzwerkserver/)?", STEWARDS),
    (r"daten/funk/<int:pk>/(\w+/)?", STEWARD),
    (r"daten/funk/schluessel/<int:pk>/widerrufen/", STEWARD),
    # Without an owner there is nothing to forget: its own tests have one.
    (r"daten/funk/vergessen/", frozenset()),
    # Network servers bring a key of their own; who has none gets 401 from the view.
    (r"lorawan/(ttn|chirpstack)/", ALL),
    (r"daten/catalog(\.\w+)?", ALL),
    (r"daten/datensaetze/(<slug:slug>(/|\.\w+))?", ALL),
    (r"daten/datensaetze/<slug:slug>/dateien/<int:pk>/<str:name>", ALL),
    (r"daten/(datensaetze/(neu|veroeffentlichen)|uebernahmen(/neu)?)/", STEWARDS),
    (r"daten/datensaetze/<slug:slug>/(bearbeiten|zurueckziehen|daten)/", STEWARD),
    (r"daten/datensaetze/<slug:slug>/daten/<int:pk>/entfernen/", STEWARD),
    (r"daten/uebernahmen/<int:pk>/((starten|beenden)/)?", STEWARD),
    (r"api/docs", ALL),
    (r"api/v1/.*", ALL),
)
ELSEWHERE = re.compile(
    r"konto/\^?(login|logout|signup|email|password|inactive|reauthenticate|confirm)|static/|stil/|vorfuehrung/"
)
"""Pages of django-allauth, which has its own tests; static files; pages that only a demo has."""

THE_SAME_VIEWS = re.compile(r"atlas/(?!projekte)\w+/(neu|<slug)|api/v1/")
"""Made for each kind by the same functions as those of projects; the API has tests of its own."""

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


class World:
    """One thing of each kind for everybody, for the network, and for Menden alone."""

    def __init__(self) -> None:
        self.cast = Cast()
        self.cast.users, self.cast.beckum, self.cast.network  # noqa: B018 - made on first use
        network = CardSpec(kind="network", title=self.cast.network.name, slug="suedwestfalen")
        write_card(spec=network, now=NOW)
        text = "Menden plant das Vorhaben Geheimwort. Sonst weiß es niemand."
        self.document = document_of(self.cast.menden, text=text)
        self.suggestion = Suggestion.objects.create(
            document=self.document,
            kind="project",
            position=0,
            start=0,
            end=37,
            quote=text[:37],
            proposal={"name": "Geheimwort", "properties": [], "places": []},
            confidence=0.9,
            fingerprint="f",
            reader_version="1",
        )
        self.cards = {
            (kind.name, audience): self.make(kind, audience)
            for kind in thing_kinds()
            for audience in Audience.values
        }
        self.make_radio()
        self.datasets = {audience: self.dataset(audience) for audience in Audience.values}
        admin_party = party_for_network(self.cast.network)
        self.ids = {
            "party_id": admin_party.pk,
            "membership_id": Membership.objects.get(party=admin_party).pk,
            "token_id": create_token(
                actor=SYSTEM, user=self.cast.users["editor"], label="x", scopes=["read"], now=NOW
            )[0].pk,
            "report_id": BarrierReport.objects.create(at=NOW, text="Kontrast").pk,
        }

    def make(self, kind: ThingKind, audience: str):
        secret = "Offenes" if audience == Audience.PUBLIC else f"Geheimwort{audience.title()}"
        values: dict[str, Any] = {
            "title": f"{secret} {kind.name}",
            "summary": f"{secret} im Text",
        }
        if "place" in kind.fields and kind.name == "portrait":
            town = self.cast.menden.place if audience == Audience.PUBLIC else None
            values["place"] = town or self.spare_place(audience)
        if "organisation" in kind.fields:
            values["organisation"] = Organisation.objects.create(
                name=values["title"], slug=f"o-{audience}"
            )
        source = Passage(self.document, 0, 6)
        thing, _change = create_thing(
            actor=SYSTEM,
            kind=kind,
            owner=self.cast.menden,
            values=values,
            sources=dict.fromkeys([*values, "parties"], source),
            parties=[(self.cast.menden, PartyRole.LEAD)],
            audience=audience,
            now=NOW,
        )
        if audience == Audience.NETWORKS:
            thing.card.networks.add(self.cast.network)
        return thing.card

    def make_radio(self) -> None:
        """A series for all; a device of Menden with a codec of its own, a network server's key."""
        self.series = make_datastream(make_hub_thing(self.cast.menden, "Offene Messstelle"))
        source = "function decodeUplink(input) { return {data: {}} }"
        self.codec = create_codec(
            actor=SYSTEM,
            owner=self.cast.menden,
            values={"name": "GeheimwortOwner Codec", "source": source},
            now=NOW,
        )
        self.device = create_device(
            actor=SYSTEM,
            thing=make_hub_thing(self.cast.menden, "GeheimwortOwner", audience=Audience.OWNER),
            codec=self.codec,
            dev_eui="24E124725C140001",
            name="GeheimwortOwner",
            now=NOW,
        )
        self.key, _secret = create_device_token(
            actor=SYSTEM, owner=self.cast.menden, label="Netzwerkserver", now=NOW
        )

    def dataset(self, audience: str) -> Dataset:
        secret = "Offenes" if audience == Audience.PUBLIC else f"Geheimwort{audience.title()}"
        dataset = create_dataset(
            actor=SYSTEM,
            owner=self.cast.menden,
            values={"title": f"{secret} dataset", "description": secret, "licence": "cc-zero"},
            audience=audience,
            networks=[self.cast.network] if audience == Audience.NETWORKS else [],
            now=NOW,
        )
        file = ContentFile(secret.encode(), name="werte.txt")
        add_file(actor=SYSTEM, dataset=dataset, file=file, now=NOW)
        return dataset

    def spare_place(self, audience: str):
        return make_place("05962016" if audience == Audience.OWNER else "05962024", "Ort")

    def address(self, pattern: str) -> str:
        """A real address for a pattern: of Menden's public thing where it is about a thing."""
        if pattern.startswith(("daten/catalog", "daten/datensaetze", "daten/uebernahmen")):
            return self.address_of_data(pattern)
        for name, value in self.ids.items():
            pattern = pattern.replace(f"<int:{name}>", str(value))
        pattern = pattern.replace("daten/geraete/<slug:slug>", self.series.thing.card.path[1:-1])
        pattern = pattern.replace("daten/reihen/<int:pk>", f"daten/reihen/{self.series.pk}")
        pattern = pattern.replace("<path:path>", f"Datastreams({self.series.pk})")
        pattern = pattern.replace("daten/codecs/<slug:slug>", f"daten/codecs/{self.codec.slug}")
        pattern = pattern.replace("daten/funk/<int:pk>", f"daten/funk/{self.device.pk}")
        pattern = pattern.replace("schluessel/<int:pk>", f"schluessel/{self.key.pk}")
        if "<slug:slug>" in pattern and not pattern.startswith(("orte", "api")):
            prefix = "/" + pattern.split("<slug:slug>")[0]
            card = next(c for c in self.cards.values() if c.path.startswith(prefix))
            pattern = pattern.replace("<slug:slug>", card.slug)
        if pattern.startswith("quellen/aussage"):
            public = self.cards["project", Audience.PUBLIC]
            pattern = pattern.replace("<int:pk>", str(Statement.objects.filter(card=public)[0].pk))
        if pattern.startswith("redaktion/vorschlaege"):
            pattern = pattern.replace("<int:pk>", str(self.suggestion.pk))
        for placeholder, value in {
            "<int:pk>": self.document.pk,
            "<slug:slug>": self.cast.network.slug,
            "<str:key>": "05962040",
            "<section>": "karten",
        }.items():
            pattern = pattern.replace(placeholder, str(value))
        return f"/{pattern}"

    def address_of_data(self, pattern: str) -> str:
        dataset = self.datasets[Audience.PUBLIC]
        pk = dataset.distributions.get().pk
        if pattern.startswith("daten/uebernahmen"):
            pk = self.harvest.pk
        pattern = pattern.replace("<slug:slug>", dataset.card.slug)
        return "/" + pattern.replace("<int:pk>", str(pk)).replace("<str:name>", "werte.txt")

    @cached_property
    def harvest(self) -> Harvest:
        return create_harvest(
            actor=SYSTEM,
            owner=self.cast.menden,
            name="Portal",
            kind="dcat",
            address="https://portal.example/catalog.ttl",
            rhythm="never",
            now=NOW,
        )


@pytest.fixture
def world(client):
    return World()


def addresses(patterns=None, prefix=""):
    for each in get_resolver().url_patterns if patterns is None else patterns:
        pattern = prefix + str(each.pattern)
        if hasattr(each, "url_patterns"):
            yield from addresses(each.url_patterns, pattern)
        elif not ELSEWHERE.match(pattern):
            yield pattern


def may(client, world, name, address):
    """Whether ``name`` gets in: neither refused, nor sent to sign in, nor told there is nothing."""
    if name == "visitor":
        client.logout()
    else:
        client.force_login(world.cast.users[name])
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


def test_everybody_gets_in_exactly_where_they_may(client, world):
    wrong = []
    for pattern in addresses():
        if pattern.startswith("^") or THE_SAME_VIEWS.match(pattern):
            continue
        allowed = next(
            (who for known, who in reversed(ACCESS) if re.fullmatch(known, pattern)), frozenset()
        )
        address = world.address(pattern)
        found = {name for name in ALL if may(client, world, name, address)}
        if found != allowed:
            wrong.append(f"{address}: too many {found - allowed}, missing {allowed - found}")
    assert wrong == []


@pytest.mark.parametrize("kind", [kind.name for kind in thing_kinds()])
def test_a_thing_is_open_to_its_audience_alone(client, world, kind):
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
            found = {name for name in ALL if may(client, world, name, address)}
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
        card = world.cards[kind.name, Audience.OWNER]
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

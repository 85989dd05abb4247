"""The world of the matrix: what belongs to Menden alone, to its network, and to everybody."""

from typing import Any

from django.core.files.base import ContentFile

from stadtwabe.catalog.commands import write_card
from stadtwabe.catalog.rules import Audience, PartyRole
from stadtwabe.catalog.specs import CardSpec
from stadtwabe.evidence.commands import create_thing
from stadtwabe.evidence.models import Statement, Suggestion
from stadtwabe.evidence.sources import Passage
from stadtwabe.evidence.tests.factories import document_of
from stadtwabe.evidence.things import ThingKind, thing_kinds
from stadtwabe.hub.commands import create_device_token
from stadtwabe.hub.commands.alert_rules import create_alert_rule
from stadtwabe.hub.commands.codecs import create_codec
from stadtwabe.hub.commands.datasets import create_dataset
from stadtwabe.hub.commands.devices import create_device
from stadtwabe.hub.commands.distributions import add_file
from stadtwabe.hub.commands.harvests import create_harvest
from stadtwabe.hub.commands.meters import create_meter, record_meter_change
from stadtwabe.hub.commands.pulls import create_pull
from stadtwabe.hub.commands.uploads import receive_upload
from stadtwabe.hub.models import Alert, Dataset
from stadtwabe.hub.tests.factories import make_datastream
from stadtwabe.hub.tests.factories import make_thing as make_hub_thing
from stadtwabe.kit.actor import SYSTEM
from stadtwabe.people.commands import create_token, party_for_network
from stadtwabe.people.models import Membership, Organisation
from stadtwabe.people.tests.factories import NOW, Cast, make_place
from stadtwabe.site.models import BarrierReport


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
        self.make_alert()
        self.datasets = {audience: self.dataset(audience) for audience in Audience.values}
        self.harvest = create_harvest(
            actor=SYSTEM,
            owner=self.cast.menden,
            name="Portal",
            kind="dcat",
            address="https://portal.example/catalog.ttl",
            rhythm="never",
            now=NOW,
        )
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
        flat = make_hub_thing(self.cast.menden, "GeheimwortOwner Haus", audience=Audience.OWNER)
        self.meter = create_meter(
            actor=SYSTEM,
            datastream=make_datastream(flat, "GeheimwortOwner Zähler"),
            values={"building": "GeheimwortOwner", "unit": "GeheimwortOwner", "kind": "heat"},
            now=NOW,
        )
        record_meter_change(
            actor=SYSTEM, meter=self.meter, at=NOW, last_reading=1, first_reading=0, now=NOW
        )
        self.pull = create_pull(
            actor=SYSTEM,
            owner=self.cast.menden,
            values={
                "name": "GeheimwortOwner",
                "address": "https://geheim.example/",
                "header_name": "",
                "every": 15,
                "records": "$",
                "time": "",
                "zone": "UTC",
            },
            streams={self.series.pk: "$.temp"},
            now=NOW,
        )
        self.upload = receive_upload(
            actor=SYSTEM,
            owner=self.cast.menden,
            file=ContentFile(b"Zeit;GeheimwortOwner\n22.11.2026;1\n", name="GeheimwortOwner.csv"),
            user=None,
            now=NOW,
        )
        self.key, _secret = create_device_token(
            actor=SYSTEM, owner=self.cast.menden, label="Netzwerkserver", now=NOW
        )

    def make_alert(self) -> None:
        """An alert for a class room of Menden that nobody else knows of."""
        secret = make_hub_thing(
            self.cast.menden, "GeheimwortOwner Klassenraum", audience=Audience.OWNER
        )
        ppm = {"name": "Teile je Million", "symbol": "ppm", "definition": "[ppm]"}
        self.air = make_datastream(secret, "GeheimwortOwner Kohlendioxid", units=[ppm])
        self.rule = create_alert_rule(
            actor=SYSTEM,
            datastream=self.air,
            values={"name": "GeheimwortOwner", "kind": "above", "threshold": 1000},
            now=NOW,
        )
        self.alert = Alert.objects.create(rule=self.rule, began_at=NOW, noticed_at=NOW, value=1500)

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
        if "/themen/<slug:slug>" in pattern:
            return "/" + pattern.replace("<slug:slug>", "luft")
        if pattern.startswith(("daten/catalog", "daten/datensaetze", "daten/uebernahmen")):
            return self.address_of_data(pattern)
        for name, value in self.ids.items():
            pattern = pattern.replace(f"<int:{name}>", str(value))
        pattern = pattern.replace("daten/geraete/<slug:slug>", self.series.thing.card.path[1:-1])
        pattern = pattern.replace("daten/reihen/<int:pk>", f"daten/reihen/{self.series.pk}")
        pattern = pattern.replace(
            "daten/warnungen/regeln/<int:pk>", f"daten/warnungen/regeln/{self.rule.pk}"
        )
        pattern = pattern.replace("daten/warnungen/<int:pk>", f"daten/warnungen/{self.alert.pk}")
        pattern = pattern.replace("daten/ampel/<int:pk>", f"daten/ampel/{self.air.pk}")
        pattern = pattern.replace(
            "daten/ampel/<slug:slug>", f"daten/ampel/{self.air.thing.card.slug}"
        )
        pattern = pattern.replace("<path:path>", f"Datastreams({self.series.pk})")
        pattern = pattern.replace("daten/codecs/<slug:slug>", f"daten/codecs/{self.codec.slug}")
        pattern = pattern.replace("daten/funk/<int:pk>", f"daten/funk/{self.device.pk}")
        pattern = pattern.replace("schluessel/<int:pk>", f"schluessel/{self.key.pk}")
        pattern = pattern.replace("zaehler/<int:pk>", f"zaehler/{self.meter.pk}")
        pattern = pattern.replace("<int:change_pk>", str(self.meter.changes.get().pk))
        pattern = pattern.replace("abrufe/<int:pk>", f"abrufe/{self.pull.pk}")
        pattern = pattern.replace("hochladen/<int:pk>", f"hochladen/{self.upload.pk}")
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

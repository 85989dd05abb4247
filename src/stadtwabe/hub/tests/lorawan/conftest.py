"""A class room in Menden with its radio device, and the key of Menden's network server."""

import json
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from stadtwabe.hub.codecs.outputs import Output
from stadtwabe.hub.commands import create_device_token
from stadtwabe.hub.commands.codecs import create_codec, install_codecs
from stadtwabe.hub.commands.devices import Target, connect_outputs, create_device
from stadtwabe.hub.lorawan.tests.bodies import EUI
from stadtwabe.hub.models import Codec, Datastream, Device, Observation, Thing
from stadtwabe.hub.tasks import decode_uplinks_job
from stadtwabe.hub.tests.factories import make_thing
from stadtwabe.kit.actor import SYSTEM
from stadtwabe.people.tests.factories import NOW, Cast


@dataclass
class Radio:
    """Menden's class room ``thing`` with the device ``EUI``; ``send`` is its network server."""

    cast: Cast = field(default_factory=Cast)
    client: Client = field(default_factory=Client)

    def __post_init__(self) -> None:
        install_codecs(now=NOW)

    @cached_property
    def codec(self) -> Codec:
        """Menden's own copy of a shipped codec, which it may change."""
        shipped = Codec.objects.get(slug="milesight-am100")
        return create_codec(
            actor=SYSTEM,
            owner=self.cast.menden,
            values={name: getattr(shipped, name) for name in ("name", "source", "outputs")},
            now=NOW,
        )

    @cached_property
    def thing(self) -> Thing:
        return make_thing(self.cast.menden, "Klassenraum 7a")

    @cached_property
    def key(self) -> str:
        _token, secret = create_device_token(
            actor=SYSTEM, owner=self.cast.menden, label="TTN", now=NOW
        )
        return secret

    def register(self, eui: str = EUI) -> Device:
        return create_device(
            actor=SYSTEM, thing=self.thing, codec=self.codec, dev_eui=eui, name="AM103", now=NOW
        )

    def connect(self, device: Device, *names: str) -> dict[str, Datastream]:
        targets = [Target(Output(name=name, label=name.title(), ucum="1")) for name in names]
        connect_outputs(actor=SYSTEM, device=device, targets=targets, now=NOW)
        return {each.output: each.datastream for each in device.outputs.all()}

    def send(self, body: Any, *, server: str = "ttn", key: str | None = None) -> Any:
        address = "/lorawan/ttn/" if server == "ttn" else "/lorawan/chirpstack/?event=up"
        secret = self.key if key is None else key
        headers = {"Authorization": f"Bearer {secret}"} if secret else {}
        return self.client.post(address, body, content_type="application/json", headers=headers)

    def work(self) -> None:
        """Do the queued jobs, as a worker would."""
        with connection.cursor() as cursor:
            cursor.execute(
                "DELETE FROM procrastinate_jobs WHERE status = 'todo'"
                " AND task_name = 'stadtwabe.hub.decode_uplinks' RETURNING args"
            )
            jobs = cursor.fetchall()
        for (args,) in jobs:
            decode_uplinks_job(**json.loads(args))

    def results(self, datastream: Datastream) -> list[tuple[str, Any]]:
        found = Observation.objects.filter(datastream_id=datastream.pk).order_by("phenomenon_time")
        return [(f"{each.phenomenon_time:%H:%M:%S}", each.value) for each in found]


@pytest.fixture
def radio(db: None) -> Radio:
    """Everything but storing observations."""
    return Radio()


@pytest.fixture
def station(transactional_db: None) -> Radio:
    """With storing: data are committed, for ingest has connections of its own."""
    return Radio()

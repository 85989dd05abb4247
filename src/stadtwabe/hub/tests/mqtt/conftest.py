"""Two towns, a broker, a device of Menden, and somebody who listens to everything."""

import asyncio
import os
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import TransactionTestCase

from stadtwabe.hub.commands import create_device_token
from stadtwabe.hub.database import connect_parameters
from stadtwabe.hub.models import Datastream, MqttRefusal, MqttSession, Observation
from stadtwabe.hub.mqtt import service as service_module
from stadtwabe.hub.mqtt.service import MqttService
from stadtwabe.hub.tests.factories import HubWorld, make_datastream
from stadtwabe.hub.tests.mqtt.broker import MOSQUITTO, Client, Mosquitto, until
from stadtwabe.hub.topics import incoming_topic, username
from stadtwabe.kit.actor import SYSTEM
from stadtwabe.people.tests.factories import NOW

ROOT = "https://wabe.example/sta/v1.1"


class Running:
    """The service in a thread of its own, as it is a process of its own in life."""

    def __init__(self, mosquitto: Mosquitto) -> None:
        self._broker = mosquitto.broker
        self._parameters = connect_parameters()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._serve())

    async def _serve(self) -> None:
        service = MqttService(self._broker, self._parameters, root=ROOT)
        self.task = asyncio.ensure_future(service.run())
        await asyncio.wait({self.task})

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self.task.cancel)
        self._thread.join(20)
        assert not self._thread.is_alive()


class Scene:
    """What the tests act in. Everything in it is committed, and shared by all tests."""

    def __init__(self, mosquitto: Mosquitto) -> None:
        self.world = HubWorld()
        self.mosquitto = mosquitto
        self.streams = self.world.streams
        self.public = self.streams["menden", "public"]
        self.private = self.streams["menden", "owner"]
        self.foreign = next(
            stream
            for (town, kind), stream in self.streams.items()
            if town != "menden" and kind == "public"
        )
        self.token, self.secret = create_device_token(
            actor=SYSTEM, owner=self.public.owner, label="Wetterfühler", now=NOW
        )
        self.name = username(self.token.pk)
        mosquitto.add(self.name, self.secret)
        mosquitto.add("leserin", "liest")
        self.running: Running | None = None
        self.clients: list[Client] = []

    def start(self) -> None:
        """Let the service run, if it does not."""
        if self.running is None:
            MqttSession.objects.update(is_connected=False)
            self.running = Running(self.mosquitto)
        until(is_connected, "the service is connected")

    def stop(self) -> None:
        if self.running is not None:
            self.running.stop()
            self.running = None

    def stream(self) -> Datastream:
        """A public datastream that nobody has used yet."""
        return make_datastream(self.public.thing, "Neue Reihe")

    def device(self) -> Client:
        return self.client(self.name, self.secret)

    def client(self, name: str = "", password: str = "") -> Client:
        client = Client(self.mosquitto.port, name, password)
        self.clients.append(client)
        return client

    def listener(self) -> Client:
        """Somebody without an account who wants to know everything."""
        client = self.client()
        client.listen("#", "$SYS/#")
        return client

    def close_clients(self) -> None:
        while self.clients:
            self.clients.pop().close()


def topic(scene: Scene, stream: Datastream) -> str:
    return incoming_topic(scene.name, stream.pk)


def results(stream: Datastream) -> list[Any]:
    rows = Observation.objects.filter(datastream_id=stream.pk).order_by("phenomenon_time")
    return list(rows.values_list("result", flat=True))


def is_connected() -> bool:
    return MqttSession.objects.filter(is_connected=True).exists()


@pytest.fixture(scope="package")
def mosquitto(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mosquitto]:
    if MOSQUITTO is None:
        message = "There is no Mosquitto on this machine (apt-get install mosquitto)."
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    mosquitto = Mosquitto(tmp_path_factory.mktemp("broker"))
    mosquitto.start()
    yield mosquitto
    mosquitto.stop()


@pytest.fixture(scope="package")
def whole_scene(
    mosquitto: Mosquitto, django_db_setup: None, django_db_blocker: Any
) -> Iterator[Scene]:
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        # Waiting for a status or for a broker is no part of what is tested.
        for name in ("STATUS_SECONDS", "ELECTION_SECONDS", "FIRST_PAUSE"):
            patch.setattr(service_module, name, 0.05)
        scene = Scene(mosquitto)
        yield scene
        scene.stop()
        # As after every test that commits.
        TransactionTestCase()._fixture_teardown()  # type: ignore[attr-defined]  # not in the stubs
        connection.close()


@pytest.fixture
def _django_db_helper(whole_scene: Scene) -> None:
    """Stands in for pytest-django's: what a test commits stays until the package is done.

    Emptying all tables after each test would take most of the time.
    """


@pytest.fixture
def scene(whole_scene: Scene) -> Iterator[Scene]:
    MqttRefusal.objects.all().delete()
    yield whole_scene
    whole_scene.close_clients()

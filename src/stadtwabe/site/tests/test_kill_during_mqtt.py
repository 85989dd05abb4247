"""Kill -9 of the broker, of what holds the connection to it, and of the database, at random: what
the broker has confirmed and saved is stored, and nothing is stored twice.
"""

import itertools
import json
import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import paho.mqtt.client as paho
import psycopg
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from stadtwabe.hub.tests.mqtt.broker import MOSQUITTO, Mosquitto
from stadtwabe.hub.topics import incoming_topic
from stadtwabe.site.postgres.tests.conftest import data_with_tables
from stadtwabe.site.tests.test_kill_during_ingest import (
    GUARDIAN_REST_SECONDS,
    Installation,
    check_kept,
    installation,
)

__all__ = ["data_with_tables", "installation"]

pytestmark = [
    pytest.mark.soak,
    pytest.mark.skipif(MOSQUITTO is None, reason="There is no Mosquitto on this machine."),
]

START = datetime(2026, 3, 1, tzinfo=UTC)
SAVED_SECONDS = 6.0
"""A broker that is killed may forget what it confirmed so shortly before: it saves every second."""

OPEN_AT_MOST = 100
MESSAGES_BETWEEN = 200
KILLS = ["broker"] * 4 + ["service"] * 3 + ["database"] * 3

MAKE_WORLD = """
import json
import django
django.setup()
from stadtwabe.hub.commands import create_device_token
from stadtwabe.hub.tests.factories import make_datastream, make_location, make_thing
from stadtwabe.kit.actor import SYSTEM
from stadtwabe.people.tests.factories import NOW, Cast

cast = Cast()
thing = make_thing(cast.menden, locations=[make_location(cast.menden)])
streams = [make_datastream(thing, f"Reihe {number}").pk for number in range(5)]
token, secret = create_device_token(actor=SYSTEM, owner=cast.menden, label="Test", now=NOW)
print(json.dumps({"streams": streams, "name": token.broker_name, "secret": secret}))
"""

SERVE = """
import django
django.setup()
from stadtwabe.hub.mqtt.process import run
run()
"""


class Device(threading.Thread):
    """Sends its numbers in order, again until the broker confirms them, and notes when it did.

    With ``timed`` each message has a time of its own; without, two equal ones could not be told.
    """

    def __init__(self, broker: Mosquitto, world: dict[str, Any], place: int, *, timed: bool):
        super().__init__(daemon=True)
        self.stream: int = world["streams"][place]
        self.timed = timed
        self.confirmed: dict[int, float] = {}
        self.rests, self.is_over = threading.Event(), threading.Event()
        self._topic = incoming_topic(world["name"], self.stream)
        self._sent: dict[int, int] = {}
        self._may = threading.Semaphore(OPEN_AT_MOST)
        self._client = paho.Client(
            CallbackAPIVersion.VERSION2,
            client_id=f"device-{place}",
            clean_session=False,
            protocol=paho.MQTTv311,
        )
        self._client.reconnect_delay_set(1, 1)
        self._client.username_pw_set(world["name"], world["secret"])
        self._client.on_publish = self._confirm
        self._client.connect("127.0.0.1", broker.port)
        self._client.loop_start()

    @property
    def open(self) -> int:
        """How many messages the broker has not confirmed."""
        return len(self._sent)

    def run(self) -> None:
        for number in itertools.count():
            while self.rests.is_set() and not self.is_over.is_set():
                time.sleep(0.05)
            if self.is_over.is_set():
                return
            self._may.acquire()
            info = self._client.publish(self._topic, self._payload(number), qos=1)
            self._sent[info.mid] = number
            time.sleep(0.005)

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()

    def time_of(self, number: int) -> datetime:
        return START + timedelta(seconds=30 * number)

    def _payload(self, number: int) -> str:
        if not self.timed:
            return str(number)
        time_text = self.time_of(number).isoformat()
        return json.dumps({"result": number, "phenomenonTime": time_text})

    def _confirm(self, _client: object, _userdata: object, mid: int, *_more: object) -> None:
        # In paho's thread, perhaps before the number is noted in ours.
        while mid not in self._sent:
            time.sleep(0.001)
        self.confirmed[self._sent.pop(mid)] = time.monotonic()
        self._may.release()


class Scene:
    """An installation with a broker, and what may be killed of it."""

    def __init__(self, installation: Installation, folder: Path) -> None:
        self.installation = installation
        self.broker = Mosquitto(folder, more="autosave_interval 1")
        self.world = json.loads(installation.run("-c", MAKE_WORLD))
        self.broker.add(self.world["name"], self.world["secret"])
        self.broker.start()
        self.environment = {
            **installation.environment,
            "STADTWABE_MQTT_URL": f"mqtt://127.0.0.1:{self.broker.port}",
            "STADTWABE_MQTT_USER": "stadtwabe",
            "STADTWABE_MQTT_PASSWORD": "unser",
        }
        self.broker_kills: list[tuple[float, float]] = []
        self.start_service()
        # What is sent before somebody has ever listened, no broker keeps.
        self.until(lambda: self.rows("SELECT 1 FROM hub_mqttsession WHERE is_connected"))
        self.devices = [
            Device(self.broker, self.world, place, timed=place < 4) for place in range(5)
        ]
        for device in self.devices:
            device.start()

    @property
    def bare(self) -> Device:
        return self.devices[-1]

    def start_service(self) -> None:
        self.service = subprocess.Popen([sys.executable, "-c", SERVE], env=self.environment)

    def kill(self, what: str) -> None:
        if what == "service":
            self.service.kill()
            self.service.wait()
            self.start_service()
        elif what == "database":
            self.installation.kill_database()
        else:
            self._kill_broker()

    def _kill_broker(self) -> None:
        """What has no time of its own is stored, and saved as delivered, before."""
        self.bare.rests.set()
        self.until(lambda: not self.bare.open)
        self.until(lambda: self.stored(self.bare) == len(self.bare.confirmed))
        time.sleep(SAVED_SECONDS)
        begin = time.monotonic() - SAVED_SECONDS
        self.broker.kill()
        # What it had confirmed last may still be on its way to us.
        self.broker_kills.append((begin, time.monotonic() + 1))
        self.broker.start()
        self.bare.rests.clear()

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Ask the database; nothing while it is away."""
        try:
            return self.installation.rows(query)
        except psycopg.OperationalError:
            return []

    def stored(self, device: Device) -> int:
        query = f"SELECT count(*) FROM hub_observation WHERE datastream_id = {device.stream}"
        found = self.rows(query)
        return int(found[0][0]) if found else -1

    def until(self, holds: Callable[[], object], *, seconds: float = 180) -> None:
        end = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < end, "it does not go on"
            time.sleep(0.2)

    def wait_for_more(self) -> None:
        """Wait until each device has had more messages confirmed, and more is stored of each."""
        confirmed = [len(device.confirmed) for device in self.devices]
        stored = [max(0, self.stored(device)) for device in self.devices]
        for device, sent, known in zip(self.devices, confirmed, stored, strict=True):
            self.until(lambda d=device, n=sent: len(d.confirmed) >= n + MESSAGES_BETWEEN)  # type: ignore[misc]  # mypy cannot infer a lambda with a default
            self.until(lambda d=device, n=known: self.stored(d) >= n + MESSAGES_BETWEEN)  # type: ignore[misc]  # as above

    def finish(self) -> None:
        """Let the devices end, and everything arrive."""
        for device in self.devices:
            device.is_over.set()
        for device in self.devices:
            device.join(10)
            self.until(lambda d=device: not d.open)  # type: ignore[misc]  # as above
        for device in self.devices:
            self.until(lambda d=device: self.stored(d) >= len(self.promised(d)))  # type: ignore[misc]  # as above

    def promised(self, device: Device) -> set[int]:
        """What the broker has confirmed and, if it was killed afterwards, had saved."""
        return {
            number
            for number, at in device.confirmed.items()
            if not any(begin <= at <= end for begin, end in self.broker_kills)
        }

    def close(self) -> None:
        for device in getattr(self, "devices", []):
            device.is_over.set()
            device.close()
        self.service.kill()
        self.service.wait()
        self.broker.stop()


@pytest.fixture
def scene(installation: Installation, tmp_path: Path) -> Iterator[Scene]:
    scene = Scene(installation, tmp_path)
    try:
        yield scene
    finally:
        scene.close()


def check(scene: Scene) -> dict[str, int]:
    found = {"confirmed": 0, "promised": 0, "stored": 0}
    for device in scene.devices:
        query = "SELECT result, phenomenon_time FROM hub_observation WHERE datastream_id = "
        rows = scene.installation.rows(f"{query}{device.stream}")
        numbers = sorted(int(result) for result, _time in rows)
        assert len(set(numbers)) == len(numbers), "an observation is there twice"
        lost = scene.promised(device) - set(numbers)
        assert not lost, f"{len(lost)} confirmed observations are lost: {sorted(lost)[:10]}"
        if device.timed:
            assert all(at == device.time_of(int(result)) for result, at in rows)
        else:
            assert numbers == list(range(len(device.confirmed))), "each of them, once"
        found["confirmed"] += len(device.confirmed)
        found["promised"] += len(scene.promised(device))
        found["stored"] += len(rows)
    assert not scene.installation.rows("SELECT 1 FROM hub_observationversion")
    check_kept(scene.installation)
    return found


def test_ten_kills_at_random_lose_nothing_and_double_nothing(
    scene: Scene, capsys: pytest.CaptureFixture[str]
) -> None:
    seed = int(os.environ.get("STADTWABE_SEED") or random.randrange(10_000))
    kills = random.Random(seed).sample(KILLS, len(KILLS))
    begin = time.monotonic()
    for number, what in enumerate(kills):
        scene.wait_for_more()
        scene.kill(what)
        if what == "database" and "database" in kills[number + 1 :]:
            time.sleep(GUARDIAN_REST_SECONDS)
    scene.wait_for_more()
    scene.finish()
    found = check(scene)
    repeated = scene.installation.rows("SELECT stored, repeated, refused FROM hub_mqttsession")
    with capsys.disabled():
        seconds = time.monotonic() - begin
        sys.stderr.write(f"\nseed {seed}, {kills}, {seconds:.0f} s: {found}, said {repeated}\n")

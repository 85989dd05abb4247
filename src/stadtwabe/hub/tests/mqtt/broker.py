"""A real Mosquitto as docs/operations.md sets it up, and clients of it."""

import contextlib
import itertools
import os
import shutil
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion

from stadtwabe.hub.mosquitto import access_list, password_file, password_hash
from stadtwabe.hub.mqtt.broker import Broker

MOSQUITTO = shutil.which("mosquitto", path=f"{os.environ['PATH']}:/usr/sbin")

CONFIGURATION = """\
listener {port} 127.0.0.1
allow_anonymous true
password_file {folder}/passwords
acl_file {folder}/acl
persistence true
persistence_location {folder}/
max_inflight_messages 500
max_queued_messages 1000000
user {user}
{more}
"""

NUMBERS = itertools.count()


class Mosquitto:
    """One broker; it forgets nothing when it is stopped and started."""

    def __init__(self, folder: Path, *, more: str = "") -> None:
        self.folder = folder
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        self.accounts = {"stadtwabe": password_hash("unser")}
        self.broker = Broker("127.0.0.1", self.port, False, "", "stadtwabe", "unser")
        self.process: subprocess.Popen[bytes] | None = None
        (folder / "acl").write_text(access_list(user="stadtwabe"))
        (folder / "acl").chmod(0o600)
        user = "root" if os.geteuid() == 0 else ""
        text = CONFIGURATION.format(port=self.port, folder=folder, user=user, more=more)
        (folder / "mosquitto.conf").write_text(text if user else text.replace("user \n", ""))
        self._write()

    def add(self, username: str, password: str) -> None:
        self.accounts[username] = password_hash(password)
        self._write()
        if self.process is not None:
            before = self._reloads
            self.process.send_signal(signal.SIGHUP)
            until(lambda: self._reloads > before, "the broker knows the account")

    def start(self) -> None:
        assert MOSQUITTO is not None
        self.process = subprocess.Popen(
            [MOSQUITTO, "-c", str(self.folder / "mosquitto.conf")],
            stdout=(self.folder / "log").open("ab"),
            stderr=subprocess.STDOUT,
        )
        until(lambda: self._answers, "the broker answers")

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.wait(10)
            self.process = None

    def kill(self) -> None:
        """Without a chance to save anything."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def _write(self) -> None:
        path = self.folder / "passwords"
        path.write_text(password_file(self.accounts.items()))
        path.chmod(0o600)

    @property
    def _reloads(self) -> int:
        return (self.folder / "log").read_text().count("Reloading config")

    @property
    def _answers(self) -> bool:
        with contextlib.suppress(OSError), socket.socket() as probe:
            probe.connect(("127.0.0.1", self.port))
            return True
        return False


class Client:
    """A device, or somebody who listens; MQTT 3.1.1 as most devices speak it."""

    def __init__(self, port: int, username: str = "", password: str = "") -> None:
        self.heard: list[tuple[str, bytes]] = []
        self.retained: list[str] = []
        self._subscribed = threading.Event()
        # With a session of its own, so that it hears what comes while the broker restarts.
        self._client = paho.Client(
            CallbackAPIVersion.VERSION2,
            client_id=f"test-{next(NUMBERS)}",
            clean_session=False,
            protocol=paho.MQTTv311,
        )
        self._client.reconnect_delay_set(1, 1)
        self._client.on_message = self._hear
        self._client.on_subscribe = lambda *_: self._subscribed.set()
        if username:
            self._client.username_pw_set(username, password)
        self._client.connect("127.0.0.1", port)
        self._client.loop_start()
        until(self._client.is_connected, "the client is connected")

    def listen(self, *topics: str) -> None:
        for topic in topics:
            self._subscribed.clear()
            self._client.subscribe(topic, qos=1)
            assert self._subscribed.wait(5)

    def send(self, topic: str, payload: str | bytes, *, retain: bool = False) -> None:
        """Until the broker has it."""
        self._client.publish(topic, payload, qos=1, retain=retain).wait_for_publish(10)

    def send_many(self, topic: str, payloads: list[str]) -> None:
        sent = [self._client.publish(topic, payload, qos=1) for payload in payloads]
        for each in sent:
            each.wait_for_publish(20)

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()

    def _hear(self, client: object, userdata: object, message: paho.MQTTMessage) -> None:
        self.heard.append((message.topic, bytes(message.payload)))
        if message.retain:
            self.retained.append(message.topic)


def until(holds: Callable[[], bool], what: str, *, seconds: float = 30) -> None:
    """Wait until something holds; fail with ``what`` did not come about."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, f"not within {seconds} s: {what}"
        time.sleep(0.02)

"""One connection to the broker, for an event loop.

Paho's client does the protocol in a thread of its own; here its callbacks come back to the loop.
A connection that is lost is not mended: what it still had to publish may be private by now.
"""

import asyncio
import contextlib
import ssl
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode
from paho.mqtt.subscribeoptions import SubscribeOptions

KEEP_ALIVE_SECONDS = 20
SHOWN_BYTES = 1000
"""Of a message that is too large to be read."""

ANSWER_SECONDS = 15
WATCH_SECONDS = 10
FOR_EVER = 0xFFFFFFFF
"""Session Expiry Interval: the broker keeps the session until we end it (MQTT 5.0, 3.1.2.11.2)."""

MOST_IN_FLIGHT = 500
"""Messages that the broker may send without an acknowledgement. More wait there."""

LARGEST_PACKET = 2 * 1024 * 1024
"""Bytes, each in memory as a whole; the broker keeps larger ones from us (MQTT 5.0, 3.1.2.11.4)."""

MOST_PUBLISHING = 500
"""Messages that we send without an acknowledgement, unless the broker wants fewer."""


class BrokerAway(Exception):
    """There is no connection, or no longer; the message (German) says why."""


@dataclass(frozen=True, slots=True)
class Broker:
    """Where the broker is; ``prefix`` begins all topics. ``ca_file`` "": the system's."""

    host: str
    port: int
    tls: bool
    prefix: str
    user: str = ""
    password: str = ""
    ca_file: str = ""

    @property
    def address(self) -> str:
        """For people: without what is secret."""
        return f"mqtt{'s' if self.tls else ''}://{self.host}:{self.port}"


@dataclass(frozen=True, slots=True, eq=False)
class Message:
    """What came in. ``is_again``: the broker may have sent it before."""

    topic: str
    payload: bytes
    size: int
    packet_id: int
    qos: int
    is_again: bool
    is_retained: bool

    @property
    def kept_bytes(self) -> int:
        """What it takes while it waits."""
        return len(self.topic) + len(self.payload)


class Connection:
    """Takes messages (``hear`` is called in the loop) and publishes others, until it is lost."""

    def __init__(
        self, broker: Broker, *, client_id: str, hear: Callable[[Message], None], keep: int
    ) -> None:
        self._broker = broker
        self._hear = hear
        self._keep = keep
        """So many bytes of a message; of one that has more only the beginning, to be shown."""
        self.denied = ""
        """Why the broker did not take what was last published."""
        self._loop = asyncio.get_running_loop()
        self._opened: asyncio.Future[None] = self._loop.create_future()
        self._lost: asyncio.Future[str] = self._loop.create_future()
        self._subscribed: asyncio.Future[None] = self._loop.create_future()
        self._unconfirmed: set[int] = set()
        self._confirmed = asyncio.Event()
        self._publishing = asyncio.Lock()
        self._portion = MOST_PUBLISHING
        self._thread_name = f"paho-mqtt-client-{client_id}"
        self._client = paho.Client(
            CallbackAPIVersion.VERSION2,
            client_id=client_id,
            protocol=paho.MQTTv5,
            manual_ack=True,
            reconnect_on_failure=False,
        )
        self._client.max_inflight_messages_set(MOST_PUBLISHING)
        self._client.on_connect = self._on_connect
        self._client.on_connect_fail = self._on_connect_fail
        self._client.on_disconnect = self._on_disconnect
        self._client.on_message = self._on_message
        self._client.on_publish = self._on_publish
        self._client.on_subscribe = self._on_subscribe

    async def open(self) -> None:
        """Connect, with the session that the broker has kept for us. Raises BrokerAway."""
        broker, client = self._broker, self._client
        if broker.user:
            client.username_pw_set(broker.user, broker.password)
        properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]  # paho has not typed it
        properties.SessionExpiryInterval = FOR_EVER
        properties.ReceiveMaximum = MOST_IN_FLIGHT
        properties.MaximumPacketSize = LARGEST_PACKET
        try:
            if broker.tls:
                client.tls_set_context(ssl.create_default_context(cafile=broker.ca_file or None))
            await asyncio.to_thread(
                client.connect,
                broker.host,
                broker.port,
                KEEP_ALIVE_SECONDS,
                clean_start=False,
                properties=properties,
            )
        except (OSError, ValueError) as error:
            raise BrokerAway(f"{broker.address} ist nicht zu erreichen: {error}") from error
        client.loop_start()
        await self._answer(self._opened)

    async def subscribe(self, topic: str) -> None:
        """Ask for what comes to ``topic``, without what others have left there. Raises BrokerAway.

        Unless there is a session already, the broker keeps what comes from now on.
        """
        no_old_ones = SubscribeOptions(qos=1, retainHandling=SubscribeOptions.RETAIN_DO_NOT_SEND)
        self._client.subscribe(topic, options=no_old_ones)
        await self._answer(self._subscribed)

    def acknowledge(self, message: Message) -> None:
        """Tell the broker that a message is in safe hands."""
        if message.qos and not self._lost.done():
            self._client.ack(message.packet_id, message.qos)

    async def publish(self, messages: Sequence[tuple[str, bytes]]) -> None:
        """Publish, and wait until the broker has all of them. Raises BrokerAway."""
        for begin in range(0, len(messages), self._portion):
            async with self._publishing:
                await self._publish(messages[begin : begin + self._portion])

    async def publish_one(self, topic: str, payload: bytes) -> str:
        """Publish, wait for the broker, and return why it denies it. Raises BrokerAway."""
        async with self._publishing:
            await self._publish([(topic, payload)])
            return self.denied

    async def _publish(self, messages: Sequence[tuple[str, bytes]]) -> None:
        self._confirmed.clear()
        for topic, payload in messages:
            info = self._client.publish(topic, payload, qos=1)
            if info.rc != paho.MQTT_ERR_SUCCESS:
                raise BrokerAway(f"Die Verbindung ist verloren: {paho.error_string(info.rc)}")
            self._unconfirmed.add(info.mid)
        confirmed = asyncio.ensure_future(self._confirmed.wait())
        waiting: set[asyncio.Future[Any]] = {confirmed, self._lost}
        try:
            await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        finally:
            confirmed.cancel()
        if self._lost.done():
            raise BrokerAway(self._lost.result())

    async def stay(self) -> None:
        """Wait until the connection is lost, which is raised as BrokerAway."""
        while not self._lost.done():
            await asyncio.wait({self._lost}, timeout=WATCH_SECONDS)
            if not any(self._thread_name == each.name for each in threading.enumerate()):
                self._lose("Die Verbindung ist abgebrochen.")
        raise BrokerAway(self._lost.result())

    async def close(self) -> None:
        """Say goodbye; the broker keeps the session."""
        if self._client.is_connected():
            self._client.disconnect()
        await asyncio.to_thread(self._client.loop_stop)
        for future in (self._opened, self._lost, self._subscribed):
            future.cancel()

    async def _answer(self, future: "asyncio.Future[None]") -> None:
        waiting: set[asyncio.Future[Any]] = {future, self._lost}
        await asyncio.wait(waiting, timeout=ANSWER_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        if future.done():
            future.result()
        elif self._lost.done():
            raise BrokerAway(self._lost.result())
        else:
            raise BrokerAway(f"{self._broker.address} antwortet nicht.")

    # What paho calls, in its own thread.

    def _tell(self, call: Callable[..., None], *arguments: Any) -> None:
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody listens any more
            self._loop.call_soon_threadsafe(call, *arguments)

    def _on_connect(
        self,
        client: paho.Client,
        userdata: object,
        flags: paho.ConnectFlags,
        reason: ReasonCode,
        properties: Properties | None,
    ) -> None:
        if reason.is_failure:
            self._tell(self._fail, self._opened, f"Der Broker lehnt uns ab: {reason}")
            return
        self._portion = min(getattr(properties, "ReceiveMaximum", MOST_PUBLISHING), MOST_PUBLISHING)
        self._tell(self._succeed, self._opened)

    def _on_connect_fail(self, client: paho.Client, userdata: object) -> None:
        self._tell(self._lose, f"{self._broker.address} ist nicht zu erreichen.")

    def _on_disconnect(
        self,
        client: paho.Client,
        userdata: object,
        flags: paho.DisconnectFlags,
        reason: ReasonCode,
        properties: Properties | None,
    ) -> None:
        self._tell(self._lose, f"Die Verbindung ist verloren: {reason}")

    def _on_subscribe(
        self,
        client: paho.Client,
        userdata: object,
        mid: int,
        reasons: list[ReasonCode],
        properties: Properties | None,
    ) -> None:
        if any(reason.is_failure for reason in reasons):
            self._tell(self._fail, self._subscribed, f"Der Broker lehnt uns ab: {reasons[0]}")
        else:
            self._tell(self._succeed, self._subscribed)

    def _on_publish(
        self,
        client: paho.Client,
        userdata: object,
        mid: int,
        reason: ReasonCode,
        properties: Properties | None,
    ) -> None:
        self._tell(self._confirm, mid, str(reason) if reason.is_failure else "")

    def _on_message(self, client: paho.Client, userdata: object, message: paho.MQTTMessage) -> None:
        try:
            topic = message.topic
        except UnicodeDecodeError:
            topic = "?"
        size = len(message.payload)
        came = Message(
            topic,
            bytes(message.payload[: self._keep if size <= self._keep else SHOWN_BYTES]),
            size,
            message.mid,
            message.qos,
            bool(message.dup),
            bool(message.retain),
        )
        self._tell(self._hear, came)

    # And what that does, in the loop.

    def _succeed(self, future: "asyncio.Future[None]") -> None:
        if not future.done():
            future.set_result(None)

    def _fail(self, future: "asyncio.Future[None]", reason: str) -> None:
        if not future.done():
            future.set_exception(BrokerAway(reason))

    def _lose(self, reason: str) -> None:
        if not self._lost.done():
            self._lost.set_result(reason)

    def _confirm(self, mid: int, denied: str) -> None:
        self.denied = denied
        self._unconfirmed.discard(mid)
        if not self._unconfirmed:
            self._confirmed.set()

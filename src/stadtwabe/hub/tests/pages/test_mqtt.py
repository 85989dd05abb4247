"""The page of the connection to the broker, and how to connect by MQTT."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from stadtwabe.hub.commands import create_device_token
from stadtwabe.hub.models import Datastream, DeviceToken, MqttRefusal, MqttSession
from stadtwabe.hub.tests.factories import make_datastream, make_thing
from stadtwabe.kit.actor import SYSTEM
from stadtwabe.kit.clock import now
from stadtwabe.people.tests.factories import NOW, Cast

pytestmark = pytest.mark.django_db

BROKER = {"host": "broker.example", "prefix": "", "user": "stadtwabe", "password": "unser"}


@pytest.fixture
def cast() -> Cast:
    return Cast()


@pytest.fixture
def stream(cast: Cast) -> Datastream:
    return make_datastream(make_thing(cast.menden))


def refusal_of(token: DeviceToken | None, text: str) -> MqttRefusal:
    return MqttRefusal.objects.create(
        token=token,
        username="swd1",
        topic=text,
        reason=f"Weil {text}.",
        reason_english="Because.",
        payload="<b>21,5",
        count=1234,
        first_at=NOW,
        last_at=NOW,
    )


def test_stewards_see_what_was_refused_of_their_own_devices(
    client: Client, cast: Cast, stream: Datastream
) -> None:
    token, _secret = create_device_token(
        actor=SYSTEM, owner=stream.owner, label="Wetterfühler", now=NOW
    )
    other, _secret = create_device_token(actor=SYSTEM, owner=cast.beckum, label="Fremd", now=NOW)
    refusal_of(token, "eigenes")
    refusal_of(other, "fremdes")
    refusal_of(None, "unbekanntes")
    client.force_login(cast.users["steward"])
    page = client.get("/daten/mqtt/").content.decode()
    assert "Weil eigenes." in page
    assert "&lt;b&gt;21,5" in page
    assert "1.234" in page
    assert "fremdes" not in page
    assert "unbekanntes" not in page
    client.force_login(cast.users["operator"])
    page = client.get("/daten/mqtt/").content.decode()
    assert "Weil fremdes." in page
    assert "Weil unbekanntes." in page


@pytest.mark.parametrize(
    ("seconds", "is_connected", "words"),
    [
        (1, True, "Verbunden mit mqtt://broker.example:1883"),
        (1, False, "Keine Verbindung zum Broker"),
        (60, True, "Niemand hält die Verbindung zum Broker"),
    ],
)
def test_the_page_says_how_the_connection_is(
    client: Client, cast: Cast, settings: Any, seconds: int, is_connected: bool, words: str
) -> None:
    settings.MQTT_BROKER = BROKER
    MqttSession.objects.create(
        pk=1,
        client_id="stadtwabe-1",
        broker="mqtt://broker.example:1883",
        is_connected=is_connected,
        connected_since=now(),
        seen_at=now() - timedelta(seconds=seconds),
    )
    client.force_login(cast.users["steward"])
    assert words in client.get("/daten/mqtt/").content.decode()


def test_without_a_broker_the_page_says_so(client: Client, cast: Cast) -> None:
    client.force_login(cast.users["steward"])
    assert "Noch ist kein Broker verbunden" in client.get("/daten/mqtt/").content.decode()


def test_a_new_key_comes_with_its_account_and_topic(
    client: Client, cast: Cast, settings: Any, stream: Datastream
) -> None:
    settings.MQTT_BROKER = {**BROKER, "prefix": "stadt/"}
    settings.MQTT_PUBLIC_URL = "mqtts://broker.example:8883/stadt"
    client.force_login(cast.users["steward"])
    answer = client.post(
        f"/daten/reihen/{stream.pk}/anschluss/", {"label": "Fühler", "reach": "datastream"}
    )
    token = DeviceToken.objects.get()
    page = answer.content.decode()
    assert f"-u swd{token.pk} -P" in page
    assert f"stadt/in/swd{token.pk}/v1.1/Datastreams({stream.pk})/Observations" in page

"""What fails comes back: nothing that the broker has accepted is lost, nothing is stored twice."""

import asyncio
import multiprocessing
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from multiprocessing.context import ForkProcess

import pytest
from django.db import connection

from stadtwabe.hub.commands import edit_datastream
from stadtwabe.hub.commands.observations import store_observations
from stadtwabe.hub.database import connect_parameters
from stadtwabe.hub.ingest.batch import NewObservation
from stadtwabe.hub.ingest.outcome import Outcomes, Unavailable
from stadtwabe.hub.ingest.writer import Writer
from stadtwabe.hub.models import Datastream, MqttReceipt, MqttSession
from stadtwabe.hub.mqtt.broker import Broker
from stadtwabe.hub.mqtt.service import MqttService
from stadtwabe.hub.tests.mqtt.broker import until
from stadtwabe.hub.tests.mqtt.conftest import ROOT, Scene, is_connected, results, topic
from stadtwabe.kit.actor import SYSTEM
from stadtwabe.people.tests.factories import NOW

FORK = multiprocessing.get_context("fork")

pytestmark = pytest.mark.django_db


@contextmanager
def processes(scene: Scene, count: int) -> Iterator[dict[int, ForkProcess]]:
    """The service in several processes: one holds the connection, the others wait."""
    started = [FORK.Process(target=serve, args=(scene.mosquitto.broker,)) for _ in range(count)]
    for each in started:
        each.start()
    try:
        yield {each.pid: each for each in started if each.pid is not None}
    finally:
        for each in started:
            each.kill()
            each.join()


def serve(broker: Broker) -> None:
    asyncio.run(MqttService(broker, connect_parameters(), root=ROOT).run())


def holder(running: dict[int, ForkProcess]) -> int:
    """Return which of the processes holds the connection, 0: none."""
    named = MqttSession.objects.filter(is_connected=True).values_list("holder", flat=True)
    pid = int(named[0].rpartition(":")[2]) if named else 0
    return pid if pid in running else 0


def has_more_than(stream: Datastream, count: int) -> bool:
    return len(results(stream)) > count


def kill_under_load(scene: Scene, *, kills: int, messages: int) -> None:
    """Messages without a time of their own, which only their order with the broker tells apart."""
    scene.stop()
    stream, device = scene.stream(), scene.device()
    with processes(scene, kills + 1) as running:
        for number in range(kills + 1):
            until(lambda: holder(running) > 0, "one of them holds the connection", seconds=40)
            sent = [str(number * messages + each) for each in range(messages)]
            device.send_many(topic(scene, stream), sent[: messages // 2])
            if number < kills:
                stored = number * messages
                until(partial(has_more_than, stream, stored), "some are stored")
                pid = holder(running)
                running.pop(pid).kill()
            device.send_many(topic(scene, stream), sent[messages // 2 :])
        expected = [float(each) for each in range((kills + 1) * messages)]
        until(lambda: len(results(stream)) >= len(expected), "all are stored", seconds=60)
    assert sorted(results(stream)) == expected


def test_another_takes_over_from_one_that_is_killed(scene: Scene) -> None:
    kill_under_load(scene, kills=1, messages=400)


@pytest.mark.soak
def test_killed_ten_times(scene: Scene) -> None:
    kill_under_load(scene, kills=10, messages=4000)


def test_what_was_stored_but_not_acknowledged_is_recognised(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two equal values, one after the other, are two; the same one sent again is one."""
    scene.start()
    stream, device = scene.stream(), scene.device()
    former = MqttSession.objects.get().repeated
    with monkeypatch.context() as patch:
        patch.setattr("stadtwabe.hub.mqtt.broker.Connection.acknowledge", lambda *_: None)
        device.send_many(topic(scene, stream), ["7", "7", "8"])
        until(lambda: results(stream) == [7.0, 7.0, 8.0], "all are stored")
        scene.stop()
    scene.start()
    device.send(topic(scene, stream), "7")
    until(lambda: results(stream) == [7.0, 7.0, 8.0, 7.0], "the last one is stored")
    # At least: what the former test left unacknowledged comes again, too.
    until(lambda: MqttSession.objects.get().repeated >= former + 3, "the others are recognised")
    assert MqttReceipt.objects.exists()


def test_a_broker_that_disappears_and_returns(scene: Scene) -> None:
    scene.start()
    stream = scene.stream()
    scene.mosquitto.stop()
    until(lambda: not is_connected(), "the status says so")
    assert "127.0.0.1" in MqttSession.objects.get().broker
    until(lambda: MqttSession.objects.get().problem != "", "and why")
    scene.mosquitto.start()
    scene.device().send(topic(scene, stream), "5")
    until(lambda: results(stream) == [5.0], "it is stored", seconds=20)
    listener = scene.listener()
    scene.device().send(topic(scene, stream), "6")
    until(lambda: any(b'"result":6.0' in body for _topic, body in listener.heard), "published")


def test_what_is_stored_meanwhile_is_published_when_the_broker_returns(scene: Scene) -> None:
    scene.start()
    stream, hidden = scene.stream(), scene.stream()
    # With an account: for others Mosquitto keeps nothing through a restart.
    listener = scene.client("leserin", "liest")
    listener.listen("v1.1/#")
    scene.mosquitto.stop()
    until(lambda: not is_connected(), "the status says so")
    for each in (stream, hidden):
        new = [NewObservation(datastream_id=each.pk, result=each.pk + part) for part in (0.25, 0.5)]
        store_observations(actor=SYSTEM, observations=new)
    edit_datastream(actor=SYSTEM, datastream=hidden, values={"narrowed_to": "owner"}, now=NOW)
    scene.mosquitto.start()
    last = f'"result":{stream.pk}.5'.encode()
    until(lambda: any(last in body for _topic, body in listener.heard), "it is published")
    assert any(f'"result":{stream.pk}.25'.encode() in body for _topic, body in listener.heard)
    assert not any(f"({hidden.pk})" in name for name, _body in listener.heard)


def test_what_comes_while_nobody_is_there_waits_with_the_broker(scene: Scene) -> None:
    scene.start()
    scene.stop()
    assert not is_connected()
    stream, device = scene.stream(), scene.device()
    device.send_many(topic(scene, stream), [str(number) for number in range(1500)])
    scene.mosquitto.stop()  # which keeps it through a restart
    scene.mosquitto.start()
    scene.start()
    until(lambda: len(results(stream)) == 1500, "all are stored")
    assert sorted(results(stream)) == [float(number) for number in range(1500)]


def test_a_database_that_cannot_store_makes_messages_wait(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene.start()
    stream, device = scene.stream(), scene.device()
    tries = 0

    async def refuse(*_: object) -> Outcomes:
        nonlocal tries
        tries += 1
        raise Unavailable("Die Datenbank kann gerade nichts speichern.")

    with monkeypatch.context() as patch:
        patch.setattr(Writer, "store", refuse)
        device.send_many(topic(scene, stream), ["1", "2", "3"])
        until(lambda: tries > 1, "it is tried again")
        assert results(stream) == []
    until(lambda: results(stream) == [1.0, 2.0, 3.0], "they are stored")


def test_a_lost_connection_to_the_database_is_taken_up_again(scene: Scene) -> None:
    scene.start()
    stream, device = scene.stream(), scene.device()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE application_name = 'stadtwabe ingest' AND datname = current_database()"
        )
    device.send(topic(scene, stream), "1")
    until(lambda: results(stream) == [1.0], "it is stored")
    until(is_connected, "the service is connected")

"""The hot door: what clients send, and what they are told."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from stadtwabe.hub.database import connect_parameters
from stadtwabe.hub.ingest.http import Door, Message
from stadtwabe.hub.ingest.outcome import Overloaded
from stadtwabe.hub.ingest.service import Service
from stadtwabe.hub.models import Datastream, Observation
from stadtwabe.hub.tests.factories import HubWorld
from stadtwabe.hub.tests.ingest.door import (
    LIMIT,
    ROOT,
    TIME,
    Post,
    django,
    one,
    send,
    through_the_door,
)


def test_one_observation_is_created_and_has_an_address(stream: Datastream, secret: str) -> None:
    answer = send("Observations", one(stream), secret)
    assert answer.status_code == 201
    found = Observation.objects.get()
    assert answer.headers["location"] == f"{ROOT}Observations({found.pk})"
    assert found.result == 21.5


def test_the_address_may_name_the_datastream(stream: Datastream, secret: str) -> None:
    answer = send(f"Datastreams({stream.pk})/Observations", {"result": 3}, secret)
    assert answer.status_code == 201
    found = Observation.objects.get()
    assert abs(found.phenomenon_time - datetime.now(tz=UTC)) < timedelta(minutes=1)


def test_a_repeat_gets_the_address_of_the_first(stream: Datastream, secret: str) -> None:
    first = send("Observations", one(stream), secret)
    again = send("Observations", one(stream), secret)
    assert (again.status_code, again.headers["location"]) == (201, first.headers["location"])
    assert Observation.objects.count() == 1


BAD = [
    (b"", "JSON"),
    (b"{", "JSON"),
    (b"[1]", "shape"),
    (b'{"result": NaN}', "JSON"),
    (b'{"result": Infinity}', "JSON"),
    (b'{"result": 1e999, "Datastream": {"@iot.id": 1}}', "JSON|shape|range"),
    (b'{"result": "\xff"}', "UTF-8"),
    (b'{"result": "\xe4"}', "UTF-8"),
    (b'{"a":' * 100_000, "nests"),
    (b"[" * 500_000, "nests|shape"),
    (b'{"result": 1}', "Datastream"),
    (b'{"result": 1, "Datastream": {"@iot.id": "eins"}}', "shape"),
    (b'{"result": 1, "result": 2, "Datastream": {"@iot.id": 1}}', "'result' stands twice"),
    (b'{"result": 1, "resul\\u0074": 2}', "'result' stands twice"),
    (b'{"result": 1, "parameters": {"a": 1, "a": 2}}', "'a' stands twice"),
]


@pytest.mark.parametrize(("body", "word"), BAD, ids=range(len(BAD)))
def test_what_cannot_be_understood_is_said_plainly(
    stream: Datastream, secret: str, body: bytes, word: str
) -> None:
    answer = send("Observations", body, secret, **{"Content-Type": "application/json"})
    assert answer.status_code == 400
    said = answer.json()
    assert (said["code"], said["type"]) == (400, "error")
    assert any(each in said["message"] for each in word.split("|")), said


@pytest.mark.parametrize(
    ("members", "field"),
    [
        ({"result": "kalt"}, "result"),
        ({"result": None}, "result"),
        ({"phenomenonTime": "gestern"}, "phenomenonTime"),
        ({"phenomenonTime": "2026-11-22T12:00:00"}, "phenomenonTime"),
        ({"phenomenonTime": "0000-11-22T12:00:00Z"}, "phenomenonTime"),
        ({"phenomenonTime": f"{TIME}/2026-01-01T00:00:00Z"}, "phenomenonTime"),
        ({"FeatureOfInterest": {"@iot.id": 999_999}}, "FeatureOfInterest"),
    ],
)
def test_a_bad_member_is_named(
    stream: Datastream, secret: str, members: dict[str, Any], field: str
) -> None:
    answer = send("Observations", one(stream, **members), secret)
    assert answer.status_code in {400, 404}
    assert answer.json()["field"] == field
    assert not Observation.objects.exists()


def test_too_large_a_body_is_refused(stream: Datastream, secret: str) -> None:
    answer = send("Observations", one(stream, parameters={"a": "x" * LIMIT}), secret)
    assert answer.status_code == 413


def test_a_client_that_hangs_up_in_the_middle_stores_nothing(
    world: HubWorld, stream: Datastream, secret: str
) -> None:
    answers: list[Message] = []

    async def use(_post: Post, service: Service) -> None:
        messages: list[Message] = [
            {"type": "http.request", "body": b'{"result": 1, "Data', "more_body": True},
            {"type": "http.disconnect"},
        ]

        async def receive() -> Message:
            return messages.pop(0)

        async def note(message: Message) -> None:
            answers.append(message)

        scope = {
            "type": "http",
            "method": "POST",
            "path": "/sta/v1.1/Observations",
            "headers": [(b"authorization", f"Bearer {secret}".encode())],
        }
        await Door(service, django, most_bytes=LIMIT)(scope, receive, note)

    through_the_door(use)
    assert answers == []
    assert not Observation.objects.exists()


def test_entities_besides_are_djangos_work(stream: Datastream, secret: str) -> None:
    feature = {"name": "Fluss", "feature": {"type": "Point", "coordinates": [7, 51]}}
    answer = send("Observations", one(stream, FeatureOfInterest=feature), secret)
    assert answer.status_code == 299
    assert b'"Fluss"' in answer.content


def test_when_too_much_waits_the_client_is_asked_to_come_back(
    stream: Datastream, secret: str
) -> None:
    async def use(post: Post, service: Service) -> httpx.Response:
        async def full(_batch: object) -> None:
            raise Overloaded

        service.writer.store = full  # type: ignore[method-assign,assignment]
        return await post("Observations", one(stream), secret)

    answer = through_the_door(use)
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) >= 1


def test_without_a_database_the_client_is_told(
    stream: Datastream, secret: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def use() -> int:
        service = Service({**connect_parameters(), "port": 1})
        door = Door(service, django, most_bytes=LIMIT)
        transport = httpx.ASGITransport(door)
        async with httpx.AsyncClient(transport=transport, base_url=ROOT) as client:
            answer = await client.post(
                "Observations", json=one(stream), headers={"Authorization": f"Bearer {secret}"}
            )
        assert "retry-after" in answer.headers
        return answer.status_code

    assert asyncio.run(use()) == 503

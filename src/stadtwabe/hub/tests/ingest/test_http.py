"""The hot door: what clients send, and what they are told."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from stadtwabe.hub.commands import create_device_token, edit_datastream, revoke_device_token
from stadtwabe.hub.database import connect_parameters
from stadtwabe.hub.ingest.http import Door, Message, Receive, Scope, Send
from stadtwabe.hub.ingest.outcome import Overloaded
from stadtwabe.hub.ingest.service import Service
from stadtwabe.hub.models import Datastream, Observation
from stadtwabe.hub.tests.factories import HubWorld, make_multi_datastream
from stadtwabe.hub.tests.ingest.conftest import with_service
from stadtwabe.kit.actor import SYSTEM
from stadtwabe.people.commands import create_token, revoke_token
from stadtwabe.people.models import ApiToken
from stadtwabe.people.tests.factories import NOW

TIME = "2026-11-22T12:00:00Z"
ROOT = "https://daten.example/sta/v1.1/"
LIMIT = 1_000_000


async def django(scope: Scope, receive: Receive, send: Send) -> None:
    """Stands for Django behind the door: says what it was given."""
    body = (await receive())["body"]
    await send({"type": "http.response.start", "status": 299, "headers": []})
    await send({"type": "http.response.body", "body": scope["path"].encode() + b" " + body})


def token(world: HubWorld, name: str, *scopes: str) -> str:
    user = world.cast.users[name]
    return create_token(actor=SYSTEM, user=user, label="Test", scopes=scopes or ["data"], now=NOW)[
        1
    ]


Post = Callable[..., Awaitable[httpx.Response]]


def through_the_door(use: Callable[[Post, Service], Awaitable[Any]]) -> Any:
    """Runs ``use`` with a function that posts to a door of its own."""

    async def run(service: Service) -> Any:
        door = Door(service, django, most_bytes=LIMIT)

        async def application(scope: Scope, receive: Receive, send: Send) -> None:
            await (door if door.takes(scope) else django)(scope, receive, send)

        transport = httpx.ASGITransport(application)
        async with httpx.AsyncClient(transport=transport, base_url=ROOT) as client:

            async def post(
                address: str, body: Any, secret: str | None, **headers: str
            ) -> httpx.Response:
                if secret is not None:
                    headers["Authorization"] = f"Bearer {secret}"
                given = [
                    (name.encode(), value.encode("latin-1")) for name, value in headers.items()
                ]
                if isinstance(body, bytes):
                    return await client.post(address, content=body, headers=given)
                return await client.post(address, json=body, headers=given)

            return await use(post, service)

    return with_service(run)


def send(address: str, body: Any, secret: str | None, **headers: str) -> httpx.Response:
    response = through_the_door(lambda post, _service: post(address, body, secret, **headers))
    assert isinstance(response, httpx.Response)
    return response


@pytest.fixture
def stream(world: HubWorld) -> Datastream:
    return world.streams["menden", "public"]


@pytest.fixture
def secret(world: HubWorld) -> str:
    return token(world, "steward")


def one(stream: Datastream, **members: Any) -> dict[str, Any]:
    return {
        "phenomenonTime": TIME,
        "result": 21.5,
        "Datastream": {"@iot.id": stream.pk},
        **members,
    }


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


@pytest.mark.parametrize(
    ("name", "audience", "status"),
    [
        ("citizen", "public", 403),
        ("editor", "public", 403),
        ("foreign_editor", "public", 403),
        ("foreign_editor", "owner", 404),
        ("network_admin", "networks", 404),
        ("steward", "owner", 201),
        ("operator", "owner", 201),
    ],
)
def test_who_may_send_what(world: HubWorld, name: str, audience: str, status: int) -> None:
    answer = send("Observations", one(world.streams["menden", audience]), token(world, name))
    assert answer.status_code == status
    assert Observation.objects.count() == (status == 201)


def test_nothing_tells_a_private_datastream_from_one_that_is_not(world: HubWorld) -> None:
    secret = token(world, "citizen")
    private = world.streams["menden", "owner"]
    absent = {**one(private), "Datastream": {"@iot.id": 2_000_000_000}}
    answers = [send("Observations", body, secret) for body in (one(private), absent)]
    assert answers[0].status_code == answers[1].status_code == 404
    assert answers[0].content == answers[1].content


def test_a_token_needs_the_scope(world: HubWorld, stream: Datastream) -> None:
    secret = token(world, "steward", "read", "edit")
    assert send("Observations", one(stream), secret).status_code == 401


@pytest.mark.parametrize("wrong", ["", "sw_falsch", "swd_falsch", "\xff"])
def test_a_wrong_token_is_refused(stream: Datastream, wrong: str) -> None:
    answer = send("Observations", one(stream), wrong)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"


def test_without_a_token_django_decides(stream: Datastream) -> None:
    answer = send("Observations", one(stream), None)
    assert answer.status_code == 299
    assert answer.content.startswith(b"/sta/v1.1/Observations {")


@pytest.mark.parametrize("reach", ["datastream", "thing", "gateway"])
def test_a_device_key_reaches_what_it_names(world: HubWorld, reach: str) -> None:
    stream = world.streams["menden", "owner"]
    named = {
        "datastream": {"datastream": stream},
        "thing": {"thing": stream.thing},
        "gateway": {},
    }[reach]
    _token, secret = create_device_token(
        actor=SYSTEM,
        owner=world.cast.menden,
        label="Gerät",
        now=NOW,
        **named,  # type: ignore[arg-type]  # one of the two, or none
    )
    other = world.streams["menden", "public"]
    foreign = world.streams["beckum", "public"]
    statuses = [
        send("Observations", one(each), secret).status_code for each in (stream, other, foreign)
    ]
    assert statuses == [201, 201 if reach == "gateway" else 403, 403]


def test_a_datastream_that_has_gone_to_another_town_takes_no_key_along(world: HubWorld) -> None:
    stream = world.streams["menden", "public"]
    _token, secret = create_device_token(
        actor=SYSTEM, owner=world.cast.menden, label="Gerät", datastream=stream, now=NOW
    )
    thing = world.streams["beckum", "public"].thing
    edit_datastream(actor=SYSTEM, datastream=stream, thing=thing, values={}, now=NOW)
    assert send("Observations", one(stream), secret).status_code == 403


def test_revoking_works_at_once_or_within_five_seconds(
    world: HubWorld, stream: Datastream, secret: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    device, device_secret = create_device_token(
        actor=SYSTEM, owner=world.cast.menden, label="Gerät", datastream=stream, now=NOW
    )
    person = ApiToken.objects.get()

    async def use(post: Post, service: Service) -> list[int]:
        statuses = [
            (await post("Observations", one(stream), key)).status_code
            for key in (device_secret, secret)
        ]
        await asyncio.to_thread(revoke_device_token, actor=SYSTEM, token=device, now=NOW)
        await asyncio.to_thread(revoke_token, actor=SYSTEM, token=person, now=NOW)
        await asyncio.sleep(0.3)
        statuses.append((await post("Observations", one(stream), device_secret)).status_code)
        service.keys._until = 0  # five seconds later
        statuses.append((await post("Observations", one(stream), secret)).status_code)
        return statuses

    assert through_the_door(use) == [201, 201, 401, 401]


BAD = [
    (b"", "JSON"),
    (b"{", "JSON"),
    (b"[1]", "Form"),
    (b'{"result": NaN}', "JSON"),
    (b'{"result": Infinity}', "JSON"),
    (b'{"result": 1e999, "Datastream": {"@iot.id": 1}}', "JSON|Form|range"),
    (b'{"result": "\xff"}', "UTF-8"),
    (b'{"result": "\xe4"}', "UTF-8"),
    (b'{"a":' * 100_000, "verschachtelt"),
    (b"[" * 500_000, "verschachtelt|Form"),
    (b'{"result": 1}', "Messreihe"),
    (b'{"result": 1, "Datastream": {"@iot.id": "eins"}}', "Form"),
]


@pytest.mark.parametrize(("body", "word"), BAD, ids=range(len(BAD)))
def test_what_cannot_be_understood_is_said_plainly(
    stream: Datastream, secret: str, body: bytes, word: str
) -> None:
    answer = send("Observations", body, secret, **{"Content-Type": "application/json"})
    assert answer.status_code == 400
    said = answer.json()
    assert set(said) == {"error", "field", "remedy"}
    assert any(each in said["error"] for each in word.split("|")), said


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


def arrays(*parts: tuple[Datastream, list[str], list[Any]]) -> list[dict[str, Any]]:
    return [
        {"Datastream": {"@iot.id": each.pk}, "components": components, "dataArray": data}
        for each, components, data in parts
    ]


PLAIN = ["phenomenonTime", "result"]


def test_many_at_once_get_an_address_each(world: HubWorld, secret: str) -> None:
    first, second = world.streams["menden", "public"], world.streams["menden", "owner"]
    times = [f"2026-11-22T12:{minute:02}:00Z" for minute in range(30)]
    body = arrays(
        (first, PLAIN, [[time, number] for number, time in enumerate(times)]),
        (second, ["result", "phenomenonTime", "parameters"], [[1, TIME, {"a": 1}]]),
    )
    answer = send("CreateObservations", body, secret)
    assert answer.status_code == 201
    links = answer.json()
    assert len(links) == len(set(links)) == 31
    found = Observation.objects.get(detail__p__a=1)
    assert links[-1] == f"{ROOT}Observations({found.pk})"
    assert found.datastream_id == second.pk


@pytest.mark.parametrize("is_minimal", [False, True])
def test_bad_rows_are_told_by_position_and_good_ones_stored(
    world: HubWorld, stream: Datastream, secret: str, is_minimal: bool
) -> None:
    foreign = world.streams["beckum", "owner"]
    body = arrays(
        (stream, PLAIN, [[TIME, 1], ["2026-11-22T12:01:00", 2], [TIME], 7, [TIME, 1]]),
        (foreign, PLAIN, [[TIME, 1], [TIME, 2]]),
        (stream, PLAIN, [["2026-11-22T12:05:00+01:00", 5]]),
    )
    headers = {"Prefer": "return=minimal"} if is_minimal else {}
    answer = send("CreateObservations", body, secret, **headers).json()
    if is_minimal:
        assert answer["stored"] == 3
        assert [each["position"] for each in answer["refused"]] == [1, 2, 3, 5, 6]
    else:
        assert [link.startswith("error: ") for link in answer] == [
            False,
            True,
            True,
            True,
            False,
            True,
            True,
            False,
        ]
        assert answer[0] == answer[4]
    assert Observation.objects.count() == 2


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ([{"components": PLAIN, "dataArray": []}], "Datastream"),
        ([{"Datastream": {"@iot.id": 1}, "components": PLAIN}], None),
        ({"Datastream": {"@iot.id": 1}, "components": PLAIN, "dataArray": {}}, None),
    ],
)
def test_a_bulk_of_the_wrong_shape_is_refused_whole(
    stream: Datastream, secret: str, body: Any, field: str | None
) -> None:
    answer = send("CreateObservations", body, secret)
    assert answer.status_code == 400
    assert answer.json()["field"] == field


def test_an_unknown_component_is_named(stream: Datastream, secret: str) -> None:
    answer = send("CreateObservations", arrays((stream, ["wert"], [[1]])), secret)
    assert (answer.status_code, answer.json()["field"]) == (400, "components")


def test_a_multi_datastream_takes_arrays(world: HubWorld, secret: str) -> None:
    stream = make_multi_datastream(world.streams["menden", "public"].thing)
    address = f"MultiDatastreams({stream.pk})/Observations"
    assert send(address, {"result": [3, 270]}, secret).status_code == 201
    answer = send(address, {"result": [3]}, secret)
    assert "Erwartet sind 2 Werte" in answer.json()["error"]


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

"""The hot door: who may send what, and what keys reach."""

import asyncio

import pytest

from stadtwabe.hub.commands import create_device_token, edit_datastream, revoke_device_token
from stadtwabe.hub.ingest.authorise import secret_of
from stadtwabe.hub.ingest.service import Service
from stadtwabe.hub.models import Datastream, Observation
from stadtwabe.hub.tests.factories import HubWorld
from stadtwabe.hub.tests.ingest.conftest import token
from stadtwabe.hub.tests.ingest.door import Post, one, send, through_the_door
from stadtwabe.kit.actor import SYSTEM
from stadtwabe.people.commands import revoke_token
from stadtwabe.people.models import ApiToken
from stadtwabe.people.tests.factories import NOW
from stadtwabe.people.tests.test_api_access import HEADERS


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


@pytest.mark.parametrize(("header", "secret"), HEADERS)
def test_a_token_stands_where_it_stands_for_every_other_door(header: str, secret: str) -> None:
    assert secret_of(header) == secret


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

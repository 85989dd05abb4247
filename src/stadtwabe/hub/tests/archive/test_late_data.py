"""Data for months that are archived: repeated, differing, new, and archived once more."""

import json
from datetime import timedelta
from typing import Any

import pytest

from stadtwabe.hub.commands import store_observations
from stadtwabe.hub.ingest.batch import NewObservation
from stadtwabe.hub.models import ArchiveMonth, Datastream
from stadtwabe.hub.sta import batch
from stadtwabe.hub.sta.answers import Call
from stadtwabe.hub.sta.dispatch import Dispatcher
from stadtwabe.hub.tests.archive.world import (
    EVERY,
    MONTHS,
    NOW,
    ROOT,
    START,
    archive,
    ask,
    fill_stream,
    follow,
    hot_rows,
    rows,
)
from stadtwabe.hub.tests.factories import make_datastream, make_thing
from stadtwabe.kit.actor import SYSTEM
from stadtwabe.people.tests.factories import Cast

pytestmark = pytest.mark.django_db(transaction=True)


def store(stream: Datastream, number: float, result: float) -> Any:
    """Send a result for the time of the observation with that number."""
    sent = NewObservation(
        datastream_id=stream.pk, result=result, phenomenon_time=(START + number * EVERY).isoformat()
    )
    return store_observations(actor=SYSTEM, observations=[sent])


def hours(stream: Datastream) -> dict[Any, tuple[int, float]]:
    while rows("SELECT hub_roll_up(1000)") != [(0,)]:
        pass
    found = rows("SELECT start, n, sum FROM hub_hour WHERE datastream_id = %s", stream.pk)
    return {start: (n, total) for start, n, total in found}


def test_late_data_are_taken_as_if_nothing_were_archived() -> None:
    thing = make_thing(Cast().menden)
    stream = make_datastream(thing)
    strict = make_datastream(thing, "Streng", on_differing="error")
    ids = fill_stream(stream)
    fill_stream(strict)
    before = hours(stream)
    moved = archive()
    assert hot_rows(stream) < 300

    assert store(stream, 5, 5.0).repeated == {0}
    versioned = store(stream, 6, 1006.0)
    assert (versioned.ids, versioned.versioned) == ([ids[6]], {0})
    refused = store(strict, 6, 1006.0)
    assert refused.refused[0].status == 409
    new = store(stream, 6.001, 2006.0)
    assert (new.refused, new.repeated, new.versioned) == ({}, set(), set())

    results = [float(number) for number in range(700)]
    results[6:7] = [1006.0, 2006.0]
    path = f"Datastreams({stream.pk})/Observations"
    found = follow(SYSTEM, path, top=150)
    assert [each["result"] for each in found] == results
    assert ask(SYSTEM, path, count="true", top=0)["@iot.count"] == 701
    assert ask(SYSTEM, f"Observations({ids[6]})")["result"] == 1006.0
    former = rows("SELECT id, result FROM hub_observationversion")
    assert former == [(ids[6], 6.0)]
    hour = (START + 6 * EVERY).replace(minute=0)
    assert hours(stream) == {**before, hour: (2, 3012.0)}
    assert len(follow(SYSTEM, f"Datastreams({strict.pk})/Observations", top=500)) == 700

    again = archive(MONTHS[0])
    assert {file.bucket for file in again} == {file.bucket for file in moved}
    assert ArchiveMonth.objects.count() == len(moved)
    assert [each["result"] for each in follow(SYSTEM, path, top=1000)] == results
    assert sum(file.rows for file in again) == 2 * 239 + 1
    assert hours(stream) == {**before, hour: (2, 3012.0)}


def test_a_change_set_takes_late_data_for_an_archived_month_as_well() -> None:
    stream = make_datastream(make_thing(Cast().menden))
    ids = fill_stream(stream)
    archive()
    requests = [
        {
            "id": str(number),
            "atomicityGroup": "g",
            "method": "post",
            "url": f"Datastreams({stream.pk})/Observations",
            "body": {"result": result, "phenomenonTime": (START + number * EVERY).isoformat()},
        }
        for number, result in ((5, 5.0), (6, 1006.0), (6.001, 2006.0))
    ]
    body = json.dumps({"requests": requests}).encode()
    answer = batch.answer(Dispatcher(SYSTEM, NOW, ROOT), body, "application/json")
    made = json.loads(answer.body)["responses"]
    assert [one["status"] for one in made] == [201] * 3, made
    assert [one["body"]["@iot.id"] for one in made[:2]] == [ids[5], ids[6]]
    assert rows("SELECT id, result FROM hub_observationversion") == [(ids[6], 6.0)]
    results = [float(number) for number in range(700)]
    results[6:7] = [1006.0, 2006.0]
    found = follow(SYSTEM, f"Datastreams({stream.pk})/Observations", top=150)
    assert [each["result"] for each in found] == results


def test_a_device_that_slept_a_year_goes_on_in_an_archived_month() -> None:
    cast = Cast()
    stream = make_datastream(make_thing(cast.menden))
    other = make_datastream(make_thing(cast.menden))
    fill_stream(stream, count=10)
    fill_stream(other)
    archive()
    assert hot_rows(stream) == 0
    assert not store(stream, 10, 10.0).refused
    assert store(stream, 10, 77.0).versioned
    found = ask(SYSTEM, f"Datastreams({stream.pk})/Observations", count="true")
    assert [each["result"] for each in found["value"]] == [*map(float, range(10)), 77.0]
    assert hours(stream)[(START + 10 * EVERY).replace(minute=0)] == (1, 77.0)


def test_an_observation_in_the_archive_can_be_changed_and_deleted() -> None:

    cast = Cast()
    stream = make_datastream(make_thing(cast.menden))
    ids = fill_stream(stream, count=20)
    archive()
    path = f"Observations({ids[4]})"
    steward, stranger = cast.actor("steward"), cast.actor("foreign_steward")

    def send(actor: Any, method: str, body: bytes = b"") -> int:
        return Dispatcher(actor, NOW, ROOT).answer(Call(method, path, (), body)).status

    assert send(stranger, "PATCH", b'{"result": 1}') in {403, 404}
    assert send(steward, "PATCH", b'{"result": 44.5}') == 200
    assert ask(steward, path)["result"] == 44.5
    assert send(stranger, "DELETE") in {403, 404}
    assert send(steward, "DELETE") == 200
    assert ask(steward, path)["code"] == 404
    found = ask(steward, f"Datastreams({stream.pk})/Observations", count="true")
    assert (found["@iot.count"], len(found["value"])) == (19, 19)
    assert timedelta(hours=1) < EVERY
    assert len(hours(stream)) == 19

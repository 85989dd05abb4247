"""Rows that come late, one by one or among others: what is kept of them is the same."""

import asyncio
from datetime import timedelta

from stadtwabe.hub.ingest.batch import Batch, NewObservation
from stadtwabe.hub.ingest.outcome import Outcomes
from stadtwabe.hub.ingest.requests import add
from stadtwabe.hub.ingest.service import Service
from stadtwabe.hub.ingest.times import microseconds
from stadtwabe.hub.models import Datastream, DatastreamState, Hour, Observation
from stadtwabe.hub.tests.factories import HubWorld
from stadtwabe.hub.tests.ingest.conftest import NOON, fates, rows, seen, state, store, with_service


def test_a_state_that_knows_less_than_there_is_does_no_harm(stream: Datastream) -> None:
    store(seen(stream, 0, 1.0), seen(stream, 5, 2.0))
    DatastreamState.objects.filter(pk=stream.pk).update(last_time=NOON)
    outcomes = store(seen(stream, 5, 2.0), seen(stream, 6, 3.0))
    assert fates(outcomes) == ["repeated", "stored"]
    assert state(stream).last_result == 3.0


def test_late_rows_in_any_order_fill_gaps_and_meet_what_is_there(stream: Datastream) -> None:
    store(*(seen(stream, minute, float(minute)) for minute in range(0, 100, 10)))
    late = [95, 5, 10, 85, 30, 85, 20, 15]
    results = [float(minute) for minute in late]
    results[2], results[5] = -10.0, -85.0
    outcomes = store(
        *(seen(stream, minute, result) for minute, result in zip(late, results, strict=True))
    )
    assert fates(outcomes) == [
        "stored",
        "stored",
        "versioned",
        "stored",
        "repeated",
        "versioned",
        "repeated",
        "stored",
    ]
    assert outcomes.ids[3] == outcomes.ids[5]
    found = dict(Observation.objects.values_list("phenomenon_time", "result"))
    assert found[NOON + timedelta(minutes=85)] == -85.0
    assert found[NOON + timedelta(minutes=10)] == -10.0
    known = state(stream)
    assert known.observation_count == len(found) == 14
    assert (known.last_time, known.last_result) == (NOON + timedelta(minutes=95), 95.0)
    rows("SELECT hub_roll_up(1000)")
    hours = Hour.objects.order_by("start")
    assert sum(hour.n for hour in hours) == 14
    assert sum(hour.sum for hour in hours) == sum(result or 0.0 for result in found.values())


def test_a_few_late_rows_far_apart_do_not_read_what_lies_between(stream: Datastream) -> None:
    store(*(seen(stream, minute, 1.0) for minute in range(200)))
    outcomes = store(seen(stream, 0.5, 2.0), seen(stream, 150, 1.0), seen(stream, 198.5, 2.0))
    assert fates(outcomes) == ["stored", "repeated", "stored"]
    assert state(stream).observation_count == 202


def test_the_short_way_and_the_long_way_leave_the_same(world: HubWorld) -> None:
    short, long = world.streams["menden", "public"], world.streams["menden", "owner"]
    values = [5.0, 5.0, 7.0, 7.0, -1.0]

    async def one_by_one(service: Service) -> None:
        for minute, value in enumerate(values):
            await service.store([seen(short, minute * 30, value)])

    with_service(one_by_one)
    store(*(seen(long, minute * 30, value) for minute, value in enumerate(values)))
    rows("SELECT hub_roll_up(1000)")
    hidden = {"_state", "datastream_id", "last_id", "last_received"}
    states = [
        {name: value for name, value in vars(state(each)).items() if name not in hidden}
        for each in (short, long)
    ]
    assert states[0] == states[1]
    hours = [
        list(
            Hour.objects.filter(datastream_id=each.pk)
            .order_by("start")
            .values_list("start", "n", "sum", "min", "max", "last", "last_time")
        )
        for each in (short, long)
    ]
    assert hours[0] == hours[1]
    assert len(hours[0]) == 3


def test_many_single_posts_with_late_ones_among_them(world: HubWorld) -> None:
    streams = list(world.streams.values())

    async def use(service: Service) -> list[Outcomes]:
        for stream in streams:
            await service.store([seen(stream, 10, 1.0)])
        times = [20, 20, 5, 10, 20, 20]
        return list(
            await asyncio.gather(
                *(
                    service.store([seen(stream, minute, 1.0)])
                    for stream, minute in zip(streams, times, strict=True)
                )
            )
        )

    outcomes = with_service(use)
    assert [outcome[0].fate.value for outcome in outcomes] == [
        "stored",
        "stored",
        "stored",
        "repeated",
        "stored",
        "stored",
    ]
    assert [state(stream).observation_count for stream in streams] == [2, 2, 2, 1, 2, 2]


def test_a_clock_that_jumps_back_makes_late_rows_and_loses_none(stream: Datastream) -> None:
    async def use(service: Service) -> None:
        known = (await service.streams.get([stream.pk]))[stream.pk]
        timeless = NewObservation(datastream_id=stream.pk, result=1)
        for moment in (NOON, NOON - timedelta(hours=3), NOON + timedelta(seconds=1)):
            batch = Batch(3)
            await add(
                batch, known, [timeless] * 3, streams=service.streams, now=microseconds(moment)
            )
            await service.writer.store(batch)

    with_service(use)
    assert Observation.objects.count() == 9, "each has got a time of its own"
    known = state(stream)
    assert known.observation_count == 9
    assert known.first_time == NOON - timedelta(hours=3)
    assert known.last_time == NOON + timedelta(seconds=1, microseconds=2)

"""What is stored, how often, and what is known of it afterwards."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest
from django.db import connection

from stadtwabe.hub.commands import create_feature_of_interest
from stadtwabe.hub.database import connect_parameters
from stadtwabe.hub.ingest.batch import Batch, NewObservation, Run
from stadtwabe.hub.ingest.connections import Connections
from stadtwabe.hub.ingest.outcome import Fate, Outcomes, Overloaded, Unavailable
from stadtwabe.hub.ingest.requests import add
from stadtwabe.hub.ingest.service import Service
from stadtwabe.hub.ingest.times import microseconds
from stadtwabe.hub.ingest.writer import Writer
from stadtwabe.hub.models import Datastream, DatastreamState, FeatureOfInterest, Hour, Observation
from stadtwabe.hub.tests.factories import HubWorld, make_datastream, make_multi_datastream, point
from stadtwabe.hub.tests.ingest.conftest import rows, with_service
from stadtwabe.kit.actor import SYSTEM

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def seen(stream: Datastream, minute: float, result: object, **more: Any) -> NewObservation:
    """An observation so many minutes after noon."""
    time = NOON + timedelta(minutes=minute)
    return NewObservation(datastream_id=stream.pk, phenomenon_time=time, result=result, **more)


def store(*observations: NewObservation) -> Outcomes:
    return with_service(lambda service: service.store(observations))


@pytest.fixture
def stream(world: HubWorld) -> Datastream:
    return world.streams["menden", "public"]


def state(stream: Datastream) -> DatastreamState:
    return DatastreamState.objects.get(pk=stream.pk)


def fates(outcomes: Outcomes) -> list[str]:
    return [outcome.fate.value for outcome in outcomes]


def test_what_is_stored_is_there_with_all_that_is_known_of_it(stream: Datastream) -> None:
    outcomes = store(seen(stream, 0, 20.5), seen(stream, 5, 21))
    first, last = Observation.objects.order_by("phenomenon_time")
    assert outcomes.ids == [first.pk, last.pk]
    assert (first.result, last.result) == (20.5, 21.0)
    known = state(stream)
    assert known.observation_count == 2
    assert (known.first_time, known.last_time) == (NOON, NOON + timedelta(minutes=5))
    assert known.last_result_time == known.last_time
    assert (known.last_id, known.last_result) == (last.pk, 21.0)
    assert known.unchanged_since == known.last_time
    assert (known.min_lon, known.max_lat) == (7.8, 51.44)


def test_the_feature_is_where_the_thing_is_and_made_once(stream: Datastream) -> None:
    store(seen(stream, 0, 1.0))
    store(seen(stream, 1, 1.0))
    feature = FeatureOfInterest.objects.get()
    assert feature.location == stream.thing.locations.get()
    assert feature.feature == point()
    assert set(Observation.objects.values_list("feature_id", flat=True)) == {feature.pk}
    assert rows("TABLE hub_datastreamfeature") == [(stream.pk, feature.pk)]


def test_the_same_again_is_stored_once(stream: Datastream) -> None:
    first = store(seen(stream, 0, 1.0), seen(stream, 5, 2.0), seen(stream, 5, 2.0))
    assert fates(first) == ["stored", "stored", "repeated"]
    again = store(seen(stream, 0, 1.0), seen(stream, 5, 2.0))
    assert fates(again) == ["repeated", "repeated"]
    assert again.ids == first.ids[:2]
    assert Observation.objects.count() == 2
    assert state(stream).observation_count == 2


def test_a_differing_result_is_a_new_version(stream: Datastream) -> None:
    stored = store(seen(stream, 0, 1.0), seen(stream, 5, 2.0))
    changed = store(seen(stream, 5, 3.0), seen(stream, 0, 9.0), seen(stream, 5, 4.0))
    assert fates(changed) == ["versioned", "versioned", "versioned"]
    assert changed.ids == [stored.ids[1], stored.ids[0], stored.ids[1]]
    assert list(Observation.objects.order_by("phenomenon_time").values_list("result")) == [
        (9.0,),
        (4.0,),
    ]
    former = rows("SELECT id, result FROM hub_observationversion ORDER BY id, replaced_at")
    assert former == [(stored.ids[0], 1.0), (stored.ids[1], 2.0), (stored.ids[1], 3.0)]
    known = state(stream)
    assert (known.observation_count, known.last_result) == (2, 4.0)


def test_or_an_error_if_the_datastream_wants_it(stream: Datastream) -> None:
    Datastream.objects.filter(pk=stream.pk).update(on_differing="error")
    store(seen(stream, 0, 1.0))
    outcomes = store(seen(stream, 0, 2.0), seen(stream, 1, 2.0))
    assert fates(outcomes) == ["refused", "stored"]
    assert outcomes[0].status == 409
    assert Observation.objects.earliest("phenomenon_time").result == 1.0


def test_late_rows_go_where_they_belong(stream: Datastream) -> None:
    store(seen(stream, 60, 6.0))
    outcomes = store(seen(stream, 5, 0.5), seen(stream, 65, 6.5), seen(stream, 0, 0.0))
    assert fates(outcomes) == ["stored"] * 3
    known = state(stream)
    assert known.observation_count == 4
    assert (known.first_time, known.last_result) == (NOON, 6.5)
    found = dict(Observation.objects.values_list("pk", "result"))
    assert [found[pk] for pk in outcomes.ids] == [0.5, 6.5, 0.0]


def test_rollups_follow_additions_late_rows_and_versions(stream: Datastream) -> None:
    store(*(seen(stream, minute, float(minute)) for minute in range(0, 120, 10)))
    rows("SELECT hub_roll_up(1000)")
    first, second = Hour.objects.order_by("start")
    assert (first.n, first.sum, first.min, first.max, first.last) == (6, 150, 0, 50, 50)
    assert (second.n, second.start) == (6, NOON + timedelta(hours=1))
    store(seen(stream, 55, 1000.0), seen(stream, 10, -5.0))
    rows("SELECT hub_roll_up(1000)")
    first.refresh_from_db()
    assert (first.n, first.sum, first.min, first.last) == (7, 150 + 1000 - 15, -5, 1000)


def test_rows_of_many_datastreams_share_a_commit_and_keep_their_order(world: HubWorld) -> None:
    streams = list(world.streams.values())
    observations = [seen(stream, minute, minute) for minute in range(5) for stream in streams]
    outcomes = store(*observations)
    found = {each.pk: each for each in Observation.objects.all()}
    for new, pk in zip(observations, outcomes.ids, strict=True):
        assert found[pk].datastream_id == new.datastream_id
        assert found[pk].phenomenon_time == new.phenomenon_time
    for stream in streams:
        assert state(stream).observation_count == 5


def test_bad_rows_are_refused_by_position_and_good_ones_stored(
    world: HubWorld, stream: Datastream
) -> None:
    outcomes = store(
        seen(stream, 0, 1.0),
        seen(stream, 1, float("nan")),
        seen(stream, 2, float("-inf")),
        seen(stream, 3, "kalt"),
        seen(stream, 4, None),
        seen(stream, 5, 10**400),
        seen(stream, 6, True),
        NewObservation(datastream_id=stream.pk, phenomenon_time="2026-11-22T12:00", result=1),
        NewObservation(datastream_id=stream.pk, phenomenon_time="0000-01-01T00:00Z", result=1),
        NewObservation(datastream_id=2**31 - 1, phenomenon_time="2026-11-22T12:00Z", result=1),
        NewObservation(datastream_id=2**70, phenomenon_time="2026-11-22T12:00Z", result=1),
        seen(stream, 9, 1.0, feature_id=2**40),
        seen(stream, 9, 1.0, parameters={"a": "\x00"}),
        seen(stream, 9, 1.0, parameters={"a": "x" * 1_000_001}),
        seen(stream, 9, 1.0, valid_time="2026-11-22T12:00Z"),
        seen(stream, 10, 2.0),
    )
    assert set(outcomes.refused) == set(range(1, 15))
    assert all(refusal.reason for refusal in outcomes.refused.values())
    assert state(stream).observation_count == 2


def test_what_only_the_database_refuses_takes_nothing_else_with_it(stream: Datastream) -> None:
    async def use(service: Service) -> Outcomes:
        known = (await service.streams.get([stream.pk]))[stream.pk]
        count = 40
        run = Run(
            known,
            times=[number * 1_000_000 for number in range(count)],
            results=[float(number) for number in range(count)],
            positions=range(count),
            details=[b"{kein JSON" if number in {7, 23} else None for number in range(count)],
        )
        return await service.writer.store(Batch(count, [run]))

    outcomes = with_service(use)
    assert set(outcomes.refused) == {7, 23}
    assert Observation.objects.count() == 38
    assert state(stream).observation_count == 38


@pytest.mark.parametrize("year", [1, 1899, 1900, 2101, 9999])
def test_years_from_1_to_9999_are_stored_as_they_are(stream: Datastream, year: int) -> None:
    text = f"{year:04}-06-01T00:00:00Z"
    outcomes = store(NewObservation(datastream_id=stream.pk, phenomenon_time=text, result=1.0))
    assert outcomes[0].fate == Fate.STORED
    assert Observation.objects.get().phenomenon_time == datetime(year, 6, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    "text", ["0000-06-01T00:00:00Z", "9999-12-31T23:59:59-05:00", "0001-01-01T00:00:00+05:00"]
)
def test_times_that_no_calendar_has_in_utc_are_refused(stream: Datastream, text: str) -> None:
    outcomes = store(NewObservation(datastream_id=stream.pk, phenomenon_time=text, result=1.0))
    assert "Jahre 1 bis 9999" in outcomes.refused[0].reason


def test_intervals_and_what_else_an_observation_says(stream: Datastream) -> None:
    store(
        NewObservation(
            datastream_id=stream.pk,
            phenomenon_time="2026-11-22T12:00:00Z/2026-11-22T13:00:00+00:00",
            result=5,
            result_time="2026-11-22T14:10:00+01:00",
            valid_time="2026-11-22T12:00:00Z/2026-12-22T12:00:00Z",
            parameters={"hoehe": 2},
            result_quality="gut",
        )
    )
    found = Observation.objects.get()
    assert found.detail == {
        "e": "2026-11-22T13:00:00Z",
        "p": {"hoehe": 2},
        "q": "gut",
        "v": ["2026-11-22T12:00:00Z", "2026-12-22T12:00:00Z"],
    }
    assert found.result_time == NOON + timedelta(minutes=70)
    known = state(stream)
    assert known.last_end == NOON + timedelta(hours=1)
    assert known.last_result_time == NOON + timedelta(minutes=70)
    assert known.last_detail == found.detail


def test_a_result_time_equal_to_the_phenomenon_time_takes_no_room(stream: Datastream) -> None:
    store(seen(stream, 0, 1.0, result_time=NOON))
    assert Observation.objects.get().result_time is None
    assert state(stream).last_result_time == NOON


KIND = "http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_"


@pytest.mark.parametrize(
    ("kind", "good", "column", "bad"),
    [
        ("CountObservation", 7, 7.0, 7.5),
        ("CountObservation", 2**60 + 1, None, "7"),
        ("TruthObservation", False, None, 0),
        ("CategoryObservation", "frei", None, 3),
        ("Observation", {"a": [1]}, None, None),
        ("Observation", 3, 3.0, None),
    ],
)
def test_results_are_what_their_datastream_measures(
    world: HubWorld, kind: str, good: object, column: float | None, bad: object
) -> None:
    thing = world.streams["menden", "public"].thing
    stream = make_datastream(thing, observation_type=KIND + kind)
    outcomes = store(seen(stream, 0, good), seen(stream, 1, bad))
    assert fates(outcomes) == ["stored", "refused"]
    found = Observation.objects.get()
    assert found.result == column
    assert found.value == good
    assert type(found.value) in {type(good), float}


def test_arrays_of_a_multi_datastream_have_its_length(world: HubWorld) -> None:
    stream = make_multi_datastream(world.streams["menden", "public"].thing)
    outcomes = store(
        seen(stream, 0, [3.5, 270]),
        seen(stream, 1, [3.5]),
        seen(stream, 2, 3.5),
        seen(stream, 3, [3.5, "West"]),
        seen(stream, 4, [None, 90]),
        seen(stream, 5, [None, None]),
        seen(stream, 0, [3.5, 270.0]),
    )
    assert fates(outcomes) == [
        "stored",
        "refused",
        "refused",
        "refused",
        "stored",
        "refused",
        "repeated",
    ]
    assert state(stream).last_detail == {"r": [None, 90]}


def test_a_foreign_private_feature_cannot_be_used(world: HubWorld) -> None:
    secret, own = (
        create_feature_of_interest(
            actor=SYSTEM, owner=owner, values={"name": "dort", "feature": point(9, 50)}, now=NOON
        )
        for owner in (world.cast.beckum, world.cast.menden)
    )
    stream = world.streams["menden", "public"]
    outcomes = store(
        seen(stream, 0, 1.0, feature_id=secret.pk),
        seen(stream, 1, 1.0, feature_id=own.pk),
        seen(stream, 2, 1.0),
    )
    assert fates(outcomes) == ["refused", "stored", "stored"]
    assert state(stream).max_lon == 9.0
    assert len(rows("TABLE hub_datastreamfeature")) == 2


def test_quality_is_flagged_and_the_value_stays(stream: Datastream) -> None:
    rules = {"range": [-30, 50], "rate": 0.1, "stuck": 600, "gap": 3600}
    Datastream.objects.filter(pk=stream.pk).update(quality_rules=rules)
    store(
        seen(stream, 0, 20),
        seen(stream, 5, 20),
        seen(stream, 10, 20),
        seen(stream, 11, 99),
        seen(stream, 100, 20),
    )
    store(seen(stream, 101, 90), seen(stream, 50, 60))
    found = dict(Observation.objects.order_by("phenomenon_time").values_list("result", "quality"))
    flags = list(Observation.objects.order_by("phenomenon_time").values_list("quality", flat=True))
    assert flags == [0, 0, 4, 1 | 2, 1, 8, 1 | 2]
    assert found[99.0] == 3
    assert state(stream).last_quality == 3


def test_64_at_once_share_few_commits_and_lose_nothing(world: HubWorld) -> None:
    streams = list(world.streams.values())

    async def use(service: Service) -> list[Outcomes]:
        async def post(number: int) -> Outcomes:
            return await service.store([seen(streams[number % 6], number, float(number))])

        return await asyncio.gather(*(post(number) for number in range(64)))

    outcomes = with_service(use)
    assert len({outcome.ids[0] for outcome in outcomes}) == 64
    assert Observation.objects.count() == 64
    assert sum(state(stream).observation_count for stream in streams) == 64
    ((commits,),) = rows("SELECT count(DISTINCT xmin::text) FROM hub_observation")
    assert commits < 10


def test_two_writers_on_the_same_datastream_store_everything_once(stream: Datastream) -> None:
    async def use(first: Service) -> None:
        second = Service(connect_parameters())
        both = (first, second)
        await asyncio.gather(
            *(
                both[number % 2].store([seen(stream, number // 2, float(number // 2))])
                for number in range(80)
            )
        )
        await second.close()

    with_service(use)
    assert Observation.objects.count() == 40
    assert state(stream).observation_count == 40


def test_too_much_at_once_is_refused_and_what_was_taken_is_stored(stream: Datastream) -> None:
    async def use(service: Service) -> tuple[int, int]:
        known = (await service.streams.get([stream.pk]))[stream.pk]
        writer = Writer(Connections(connect_parameters()), most_waiting=100)

        def batch(number: int) -> Batch:
            run = Run(known, times=list(range(number * 30, number * 30 + 30)))
            run.results, run.positions = [1.0] * 30, range(30)
            return Batch(30, [run])

        results = await asyncio.gather(
            *(writer.store(batch(number)) for number in range(10)), return_exceptions=True
        )
        await writer.close()
        refused = sum(isinstance(result, Overloaded) for result in results)
        return refused, sum(len(result) for result in results if isinstance(result, Outcomes))

    refused, stored = with_service(use)
    assert refused == 7
    assert Observation.objects.count() == stored == 90


def test_a_lost_connection_costs_nothing(stream: Datastream) -> None:
    async def use(service: Service) -> None:
        await service.store([seen(stream, 0, 1.0)])
        killer = await asyncpg.connect(**connect_parameters())
        await killer.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE application_name = 'stadtwabe ingest' AND datname = current_database()"
        )
        await killer.close()
        await service.store([seen(stream, 1, 1.0)])

    with_service(use)
    assert state(stream).observation_count == 2


def test_a_state_that_knows_less_than_there_is_does_no_harm(stream: Datastream) -> None:
    store(seen(stream, 0, 1.0), seen(stream, 5, 2.0))
    DatastreamState.objects.filter(pk=stream.pk).update(last_time=NOON)
    outcomes = store(seen(stream, 5, 2.0), seen(stream, 6, 3.0))
    assert fates(outcomes) == ["repeated", "stored"]
    assert state(stream).last_result == 3.0


def test_a_month_that_was_taken_away_comes_back(stream: Datastream) -> None:
    async def use(service: Service) -> Outcomes:
        await service.store([seen(stream, 0, 1.0)])
        async with service.connections.asking() as asking:
            await asking.execute("DROP TABLE hub_observation_2026_11")
        return await service.store([seen(stream, 5, 2.0)])

    assert fates(with_service(use)) == ["stored"]


def test_a_deleted_datastream_is_refused(world: HubWorld, stream: Datastream) -> None:
    async def use(service: Service) -> Outcomes:
        await service.store([seen(stream, 0, 1.0)])
        async with service.connections.asking() as asking:
            await asking.execute(
                "DELETE FROM hub_datastreamstate WHERE datastream_id = $1", stream.pk
            )
        return await service.store([seen(stream, 5, 2.0)])

    outcomes = with_service(use)
    assert outcomes[0].status == 404


def test_listeners_hear_of_every_commit(stream: Datastream) -> None:
    async def use(service: Service) -> None:
        heard: list[str] = []
        listening = await asyncpg.connect(**connect_parameters())
        await listening.add_listener("hub_observation", lambda *call: heard.append(call[3]))
        outcomes = await service.store([seen(stream, 0, 1.0), seen(stream, 5, 1.0)])
        await asyncio.sleep(0.2)
        await listening.close()
        assert heard == [
            f'{{"streams":[{stream.pk}],"ids":[[{outcomes.ids[0]},{outcomes.ids[1]}]]}}'
        ]

    with_service(use)


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


def test_a_full_disk_is_said_and_nothing_is_half_stored(stream: Datastream) -> None:
    """The database answers as with a full disk: with 53100, in the middle of the transaction."""
    store(seen(stream, 0, 1.0))
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            " RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'; END $$;"
            "CREATE TRIGGER full_disk BEFORE UPDATE ON hub_datastreamstate"
            " FOR EACH ROW EXECUTE FUNCTION full_disk()"
        )
    try:
        with pytest.raises(Unavailable, match="nichts speichern"):
            store(seen(stream, 5, 1.0))
        with pytest.raises(Unavailable):
            store(seen(stream, 10, 1.0, parameters={"a": 1}))
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP FUNCTION full_disk CASCADE")
    assert Observation.objects.count() == 1
    assert fates(store(seen(stream, 5, 1.0))) == ["stored"]
    assert state(stream).observation_count == 2


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

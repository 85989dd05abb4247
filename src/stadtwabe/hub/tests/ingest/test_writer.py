"""What is stored, how often, and what is known of it afterwards."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from stadtwabe.hub.ingest.batch import Batch, NewObservation, Run
from stadtwabe.hub.ingest.outcome import Outcomes
from stadtwabe.hub.ingest.service import Service
from stadtwabe.hub.ingest.writer import Writer
from stadtwabe.hub.models import Datastream, FeatureOfInterest, Hour, Observation
from stadtwabe.hub.tests.factories import HubWorld, point
from stadtwabe.hub.tests.ingest.conftest import NOON, fates, rows, seen, state, store, with_service


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


def test_half_of_what_waits_is_stored_while_the_other_half_is_served(
    stream: Datastream, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes: list[int] = []
    take = Writer._take

    def seen_taking(writer: Writer) -> Any:
        taken = take(writer)
        sizes.append(len(taken))
        return taken

    async def send(service: Service) -> list[Outcomes]:
        await service.store([seen(stream, -1, 0.5)])
        monkeypatch.setattr(Writer, "_take", seen_taking)
        return await asyncio.gather(*(service.store([seen(stream, n, n)]) for n in range(100)))

    outcomes = with_service(send)
    assert sizes == [50, 32, 18]
    stored = Observation.objects.order_by("phenomenon_time").values_list("pk", "result")
    assert list(stored)[1:] == [(each.ids[0], float(n)) for n, each in enumerate(outcomes)]


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

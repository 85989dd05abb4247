"""Which times, results and features are stored, and as what."""

from datetime import UTC, datetime, timedelta

import pytest

from stadtwabe.hub.commands import create_feature_of_interest
from stadtwabe.hub.ingest.batch import NewObservation
from stadtwabe.hub.ingest.outcome import Fate
from stadtwabe.hub.models import Datastream, Observation
from stadtwabe.hub.tests.factories import HubWorld, make_datastream, make_multi_datastream, point
from stadtwabe.hub.tests.ingest.conftest import NOON, fates, rows, seen, state, store
from stadtwabe.kit.actor import SYSTEM


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

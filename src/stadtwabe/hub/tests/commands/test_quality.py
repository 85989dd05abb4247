"""Rules of quality, and the second look at stretches that late data have changed."""

from datetime import timedelta

import pytest

from stadtwabe.hub.commands import delete_observations, edit_datastream
from stadtwabe.hub.commands import quality as commands
from stadtwabe.hub.commands.quality import review_touched, set_quality_rules
from stadtwabe.hub.ingest.quality import OUTLIER, outlier_flags
from stadtwabe.hub.models import Observation, TouchedStretch
from stadtwabe.hub.rules import Quality
from stadtwabe.hub.tests.factories import make_datastream, make_thing, put_observations
from stadtwabe.kit.actor import SYSTEM
from stadtwabe.kit.errors import Invalid, NotAllowed
from stadtwabe.people.tests.factories import NOW, Cast

MINUTE = timedelta(minutes=1)


def test_an_outlier_lies_far_from_the_median_of_its_window():
    calm = [20.0, 20.1, 20.3, 20.2, 20.4, 20.3, 20.5, 20.4, 20.6, 20.5]
    rules = {"outlier": [5, 1.0]}
    assert outlier_flags(rules, calm) == [0] * 10
    spiked = [*calm[:4], 35.0, None, *calm[4:]]
    assert [place for place, flag in enumerate(outlier_flags(rules, spiked)) if flag] == [4]
    # A step is no outlier once as many results stand on the new level.
    step = [20.0] * 8 + [30.0] * 8
    assert outlier_flags(rules, step) == [0] * 16
    # All equal but one: the spread is 0, and the least deviation decides.
    assert outlier_flags(rules, [20.0] * 9 + [20.9])[-1] == 0
    assert outlier_flags(rules, [20.0] * 9 + [21.1])[-1] == OUTLIER
    assert outlier_flags(rules, [20.0, 20.0, 20.0, 99.0]) == [0] * 4
    assert outlier_flags({}, spiked) == [0] * len(spiked)


@pytest.mark.parametrize(
    "rules",
    [
        {"range": [5, 1]},
        {"range": [None, None]},
        {"range": "1-5"},
        {"range": [float("nan"), 5]},
        {"rate": 0},
        {"rate": True},
        {"stuck": "lang"},
        {"gap": -5},
        {"outlier": [0.5, 1]},
        {"outlier": [5, 0]},
        {"outlier": 5},
        {"reichweite": [0, 1]},
    ],
)
def test_rules_that_ingest_could_not_follow_are_refused(rules):
    with pytest.raises(Invalid) as caught:
        commands.check_quality_rules(rules)
    assert caught.value.field == "quality_rules"


@pytest.fixture
def stream(db):
    return make_datastream(make_thing(Cast().menden))


def flags_of(stream):
    found = Observation.objects.filter(datastream_id=stream.pk).order_by("phenomenon_time")
    return [Quality(row.quality) for row in found]


def review_all():
    while review_touched():
        pass


def test_only_stewards_of_the_owner_set_rules_and_no_command_takes_bad_ones(stream):
    cast = Cast()
    for name in ("foreign_steward", "editor", "citizen", "visitor"):
        with pytest.raises(NotAllowed):
            set_quality_rules(
                actor=cast.actor(name), datastream=stream, rules={}, review=False, now=NOW
            )
    with pytest.raises(Invalid):
        edit_datastream(
            actor=SYSTEM, datastream=stream, values={"quality_rules": {"gap": "x"}}, now=NOW
        )


def test_new_rules_judge_what_is_there_and_dropped_ones_take_their_flags_back(stream):
    put_observations(stream, 20, 20, 60, 20, 20, 20, 21, every=MINUTE)
    rules = {"range": [0, 50], "rate": 10 / 60, "outlier": [5, 2]}
    set_quality_rules(actor=SYSTEM, datastream=stream, rules=rules, review=True, now=NOW)
    review_all()
    spike = Quality.RANGE | Quality.RATE | Quality.OUTLIER
    assert flags_of(stream) == [0, 0, spike, Quality.RATE, 0, 0, 0]
    set_quality_rules(actor=SYSTEM, datastream=stream, rules={}, review=True, now=NOW)
    review_all()
    assert flags_of(stream) == [0] * 7
    assert [row.result for row in Observation.objects.order_by("phenomenon_time")][2] == 60


def test_a_late_row_changes_the_flags_of_its_neighbours_and_of_the_state(stream):
    stream.quality_rules = {"gap": 90, "stuck": 240}
    stream.save()
    put_observations(stream, 7, 7, every=MINUTE)
    put_observations(stream, 7, 7, 7, 7, start=NOW + 3 * MINUTE, every=MINUTE)
    TouchedStretch.objects.create(
        datastream_id=stream.pk, first_time=NOW, last_time=NOW + 6 * MINUTE
    )
    review_all()
    gap, stuck = Quality.GAP_BEFORE, Quality.STUCK
    assert flags_of(stream) == [0, 0, gap, stuck, stuck, stuck]
    stream.state.refresh_from_db()
    assert stream.state.last_quality == stuck
    # What was missing comes late, with another value: no gap any more, and nothing stands still.
    late = NOW + 2 * MINUTE
    with_late = put_observations(stream, 9, start=late)
    type(stream.state).objects.update(last_time=NOW + 6 * MINUTE, last_result=7)
    type(stream.state).objects.update(unchanged_since=NOW)
    TouchedStretch.objects.create(datastream_id=stream.pk, first_time=late, last_time=late)
    review_all()
    assert flags_of(stream) == [0] * 7
    stream.state.refresh_from_db()
    assert stream.state.last_quality == 0
    assert stream.state.unchanged_since == NOW + 3 * MINUTE
    delete_observations(actor=SYSTEM, datastream=stream, ids=with_late, now=NOW)
    review_all()
    assert flags_of(stream) == [0, 0, gap, stuck, stuck, stuck]


def test_a_long_stretch_is_judged_in_parts_as_if_in_one(stream, monkeypatch):
    results = [20 + (number % 5) / 10 for number in range(100)]
    results[20] = results[53] = results[99] = 40
    put_observations(stream, *results, every=MINUTE)
    monkeypatch.setattr(commands, "ROWS_AT_ONCE", 9)
    rules = {"outlier": [5, 2], "rate": 1.0}
    set_quality_rules(actor=SYSTEM, datastream=stream, rules=rules, review=True, now=NOW)
    review_all()
    found = flags_of(stream)
    assert [place for place, flag in enumerate(found) if flag] == [20, 53, 99]
    assert not TouchedStretch.objects.exists()


def test_what_is_noted_of_a_datastream_that_is_gone_is_forgotten(db):
    TouchedStretch.objects.create(datastream_id=4711, first_time=NOW, last_time=NOW)
    assert review_touched() == 1
    assert not TouchedStretch.objects.exists()

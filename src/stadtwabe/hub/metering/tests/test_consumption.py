"""Consumption: differences, boundaries, exchanges, overflows, and what nobody knows."""

from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stadtwabe.hub.metering.consumption import (
    Change,
    MeterReading,
    Remark,
    consumption,
)
from stadtwabe.hub.metering.months import Month
from stadtwabe.kit.clock import GERMANY

START, END = Month(2026, 10).start, Month(2026, 10).end


def at(text):
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=GERMANY)


def readings(*given):
    return [MeterReading(at(moment), value) for moment, value in given]


def month_of(*given, **more):
    return consumption(readings(*given), START, END, **more)


def remarks(found):
    return [told.remark for told in found.told]


def test_a_reading_at_each_boundary_gives_the_difference():
    found = month_of(("10-01T00:00", 100.0), ("10-20T12:00", 130.0), ("11-01T00:00", 150.5))
    assert (found.start_reading, found.end_reading, found.amount) == (100, 150.5, 50.5)
    assert found.told == []


def test_boundaries_between_readings_are_put_on_the_line_and_say_so():
    found = month_of(("09-30T18:00", 96.0), ("10-01T06:00", 104.0), ("11-01T00:00", 150.0))
    assert (found.start_reading, found.amount) == (100.0, 50.0)
    assert remarks(found) == [Remark.START_BETWEEN]


@pytest.mark.parametrize(
    ("given_", "remark"),
    [
        ([("10-02T00:00", 100.0), ("11-01T00:00", 150.0)], Remark.NO_START),
        ([("09-29T23:59", 100.0), ("10-02T00:01", 101.0), ("11-01T00:00", 150.0)], Remark.NO_START),
        ([("10-01T00:00", 100.0), ("10-31T00:00", 150.0)], Remark.NO_END),
        ([("10-01T00:00", 100.0), ("10-30T23:00", 150.0), ("11-02T00:00", 151.0)], Remark.NO_END),
    ],
)
def test_a_missing_reading_is_said_not_invented(given_, remark):
    found = month_of(*given_)
    assert found.amount is None
    assert remark in remarks(found)


def test_without_any_reading_nothing_is_known():
    assert remarks(month_of()) == [Remark.NO_START, Remark.NO_END]


def test_a_gap_within_the_month_does_no_harm():
    assert month_of(("10-01T00:00", 100.0), ("11-01T00:00", 150.0)).amount == 50.0


FELL = (("10-01T00:00", 100.0), ("10-10T00:00", 120.0), ("10-11T00:00", 3.0), ("11-01T00:00", 33.0))


def test_a_fall_that_nobody_explains_makes_the_month_unknown():
    found = month_of(*FELL)
    assert found.amount is None
    [told] = found.told
    assert told.remark == Remark.FELL
    assert told.before is not None
    assert (told.before.value, told.before.at) == (120.0, at("10-10T00:00"))


def test_an_exchange_that_was_entered_counts_both_meters():
    found = month_of(*FELL, changes=[Change(at("10-10T12:00"), 121.0, 2.0)])
    assert found.amount == 20 + 1 + 1 + 30
    assert remarks(found) == [Remark.EXCHANGED]


def test_an_exchange_counts_also_where_the_new_meter_says_more():
    found = month_of(
        ("10-01T00:00", 100.0),
        ("10-11T00:00", 5001.0),
        ("11-01T00:00", 5031.0),
        changes=[Change(at("10-05T12:00"), 110.0, 5000.0)],
    )
    assert found.amount == 10 + 1 + 30


def test_an_exchange_that_cannot_be_true_is_no_explanation():
    assert month_of(*FELL, changes=[Change(at("10-10T12:00"), 90.0, 0.0)]).amount is None
    assert month_of(*FELL, changes=[Change(at("10-10T12:00"), 121.0, 50.0)]).amount is None


def test_an_overflow_is_counted_when_the_digits_are_known():
    over = (("10-01T00:00", 99_900.0), ("10-15T00:00", 40.0), ("11-01T00:00", 90.0))
    found = month_of(*over, digits=5)
    assert found.amount == 100 + 40 + 50
    assert remarks(found) == [Remark.ROLLED_OVER]
    assert month_of(*over).amount is None
    assert month_of(*over, digits=6).amount is None, "far from its end it cannot run over"
    assert month_of(*FELL, digits=5).amount is None


def test_a_boundary_within_an_exchange_has_a_share_but_no_reading():
    found = month_of(
        ("09-30T12:00", 100.0),
        ("10-01T12:00", 6.0),
        ("11-01T00:00", 46.0),
        changes=[Change(at("10-01T06:00"), 104.0, 0.0)],
    )
    assert found.start_reading is None
    assert found.amount == 5.0 + 40.0


@given(
    st.lists(st.floats(0, 50, allow_nan=False), min_size=90, max_size=90),
    st.integers(0, 23),
    st.booleans(),
)
def test_months_add_up_to_the_whole_whatever_the_meter_did(steps, hour, runs_over):
    """Three months of daily readings, once through zero, at any hour of the day."""
    start = at("09-01T00:00") - timedelta(hours=hour + 1)
    level, seen, digits = (9_500.0 if runs_over else 10.0), [], 4
    for number, step in enumerate(steps):
        level = (level + step) % 10_000
        seen.append(MeterReading(start + timedelta(days=number), level))
    months = [Month(2026, 9), Month(2026, 10)]
    parts = [consumption(seen, each.start, each.end, digits=digits) for each in months]
    whole = consumption(seen, months[0].start, months[1].end, digits=digits)
    assert all(part.amount is not None for part in parts)
    assert sum(part.amount or 0 for part in parts) == pytest.approx(whole.amount)


def test_months_follow_each_other_over_summer_time_and_years():
    months = [Month(2025, 11).later(number) for number in range(14)]
    assert [str(each) for each in (months[0], months[1], months[2], months[-1])] == [
        "2025-11",
        "2025-12",
        "2026-01",
        "2026-12",
    ]
    assert all(one.end == other.start for one, other in pairwise(months))
    assert Month(2026, 10).end - Month(2026, 10).start == timedelta(days=31), "by the clock"
    assert Month.read("2026-13") is None
    assert Month.read("0000-01") is None
    assert str(Month.of(datetime.fromisoformat("2026-09-30T22:30Z"))) == "2026-10"

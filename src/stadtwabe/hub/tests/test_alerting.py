"""Alerts without the database: their course, and quiet hours."""

from datetime import UTC, datetime, time, timedelta

import pytest

from stadtwabe.hub.alerting.course import Began, Course, Ended, Limits, follow
from stadtwabe.hub.alerting.quiet import told_at
from stadtwabe.hub.rules import AlertKind

START = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
AIR = Limits(AlertKind.ABOVE, 1000, 800)


def values(*results, every=MINUTE):
    return [(START + number * every, float(result)) for number, result in enumerate(results)]


def told(limits, rows, *, parts=1):
    """What happens, in minutes after the start; the values come in so many parts."""
    course = Course()
    found: list[tuple[object, ...]] = []
    size = -(-len(rows) // parts)
    for begin in range(0, len(rows), size):
        since = rows[begin][0] - limits.period
        before = [row for row in rows[:begin] if row[0] >= since]
        for change in follow(limits, course, rows[begin : begin + size], before=before):
            if isinstance(change, Began):
                found.append(("began", (change.since - START) / MINUTE))
            if isinstance(change, Ended):
                found.append(("ended", (change.at - START) / MINUTE, change.extreme))
    return found


@pytest.mark.parametrize("parts", [1, 3, 100])
def test_values_that_swing_around_the_threshold_make_one_alert(parts):
    flapping = values(*[990, 1010] * 30, 790, 1010)
    assert told(AIR, flapping, parts=parts) == [
        ("began", 1),
        ("ended", 60, 1010.0),
        ("began", 61),
    ]


@pytest.mark.parametrize("parts", [1, 4, 100])
def test_what_passes_before_the_least_duration_is_no_alert(parts):
    patient = Limits(AlertKind.ABOVE, 1000, 800, minimum=5 * MINUTE)
    rows = values(900, 1100, 1300, 1100, 900, 1200, 1500, 1100, 1100, 1100, 1100, 1100, 700)
    assert told(patient, rows, parts=parts) == [("began", 5), ("ended", 12, 1500.0)]


def test_below_is_the_other_way_round():
    frost = Limits(AlertKind.BELOW, 0, 1)
    assert told(frost, values(2, -1, -3, 0.5, 1)) == [("began", 1), ("ended", 4, -3.0)]
    assert told(frost, values(0, 0, 0)) == []


@pytest.mark.parametrize("parts", [1, 2, 5, 100])
def test_a_rise_is_measured_from_the_least_of_the_period(parts):
    flood = Limits(AlertKind.RISE, 20, 5, period=60 * MINUTE)
    rows = values(50, 45, 50, 60, 70, 80, 80, 80, 80, 80, 80, 80, 80, every=10 * MINUTE)
    assert told(flood, rows, parts=parts) == [("began", 40), ("ended", 110, 35.0)]
    slow = values(*range(50, 80, 2), every=15 * MINUTE)
    assert told(flood, slow, parts=parts) == []
    falling = Limits(AlertKind.FALL, 20, 5, period=60 * MINUTE)
    assert [each[0] for each in told(falling, values(50, 25, 25), parts=parts)] == ["began"]


def berlin(text):
    """A moment of the clock in Germany, in UTC, with the offset written out."""
    return datetime.fromisoformat(text).astimezone(UTC)


NIGHT = (time(22), time(6))


@pytest.mark.parametrize(
    ("now", "quiet", "expected"),
    [
        # Over midnight.
        ("2026-11-22T21:59:59+01:00", NIGHT, None),
        ("2026-11-22T22:00:00+01:00", NIGHT, "2026-11-23T06:00:00+01:00"),
        ("2026-11-23T05:59:00+01:00", NIGHT, "2026-11-23T06:00:00+01:00"),
        ("2026-11-23T06:00:00+01:00", NIGHT, None),
        # Within a day, none, and all the day round is none.
        ("2026-11-23T13:00:00+01:00", (time(12), time(14)), "2026-11-23T14:00:00+01:00"),
        ("2026-11-23T13:00:00+01:00", (None, None), None),
        ("2026-11-23T13:00:00+01:00", (time(12), time(12)), None),
        # The night in which the clock goes from 2 to 3 is an hour shorter.
        ("2026-03-28T23:00:00+01:00", NIGHT, "2026-03-29T06:00:00+02:00"),
        # 2:30 is skipped that night: read with the offset before, it is 3:30.
        ("2026-03-29T01:00:00+01:00", (time(22), time(2, 30)), "2026-03-29T03:30:00+02:00"),
        # The night in which the clock goes back from 3 to 2 is an hour longer.
        ("2026-10-24T23:00:00+02:00", NIGHT, "2026-10-25T06:00:00+01:00"),
        # 2:30 comes twice: the first ends the quiet, the hour that follows is not quiet again.
        ("2026-10-25T01:00:00+02:00", (time(22), time(2, 30)), "2026-10-25T02:30:00+02:00"),
        ("2026-10-25T02:15:00+01:00", (time(22), time(2, 30)), None),
    ],
)
def test_quiet_hours_are_those_of_the_clock_in_germany(now, quiet, expected):
    moment = berlin(now)
    assert told_at(moment, *quiet) == (berlin(expected) if expected else moment)

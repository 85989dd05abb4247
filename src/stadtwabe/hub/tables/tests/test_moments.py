"""Times out of cells, and the hour that comes twice."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stadtwabe.hub.tables.cells import BadCell
from stadtwabe.hub.tables.moments import DateOrder, LocalClock, read_moment


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("22.11.2026 14:30", "2026-11-22T14:30:00"),
        ("22.11.26 14:30:05", "2026-11-22T14:30:05"),
        (" 2.1.2026, 04:05 Uhr ", "2026-01-02T04:05:00"),
        ("2026-11-22T14:30:05.25", "2026-11-22T14:30:05.250000"),
        ("2026-11-22 14:30", "2026-11-22T14:30:00"),
        ("2026-11-22T14:30Z", "2026-11-22T14:30:00+00:00"),
        ("2026-11-22T14:30+01:00", "2026-11-22T14:30:00+01:00"),
        ("25.10.2026 02:30 MEZ", "2026-10-25T02:30:00+01:00"),
        ("25.10.2026 02:30 MESZ", "2026-10-25T02:30:00+02:00"),
        ("31.12.2026 24:00", "2027-01-01T00:00:00"),
        ("22.11.2026", "2026-11-22T00:00:00"),
        ("1795358405", "2026-11-22T14:40:05+00:00"),
        ("1795358405250", "2026-11-22T14:40:05.250000+00:00"),
        (datetime.fromisoformat("2026-11-22T14:30"), "2026-11-22T14:30:00"),
        (date(2026, 11, 22), "2026-11-22T00:00:00"),
    ],
)
def test_ways_to_write_a_time(cell, said):
    assert read_moment(cell).isoformat() == said


@pytest.mark.parametrize("clock", ["14:30", time(14, 30), "14:30:00 Uhr"])
def test_the_time_of_day_may_stand_in_a_cell_of_its_own(clock):
    assert read_moment("22.11.2026", clock=clock).isoformat() == "2026-11-22T14:30:00"
    assert read_moment(datetime.fromisoformat("2026-11-22T00:00"), clock=clock).hour == 14


def test_slashes_are_read_only_when_somebody_has_said_how():
    with pytest.raises(BadCell, match="Tag oder Monat zuerst"):
        read_moment("3/4/2026")
    assert read_moment("3/4/2026", DateOrder.DAY_FIRST).month == 4
    assert read_moment("3/4/2026 10:00", DateOrder.MONTH_FIRST).month == 3


@pytest.mark.parametrize(
    ("cell", "why"),
    [
        (None, "fehlt"),
        ("", "fehlt"),
        ("0000-01-01", "Jahr 0"),
        ("01.01.0000 00:00", "Jahr 0"),
        ("31.12.9999", "nicht zwischen"),
        (datetime.fromisoformat("9999-12-31T00:00"), "nicht zwischen"),
        ("9999-12-31T24:00", "Diesen Tag gibt es nicht"),
        ("31.02.2026", "Diesen Tag gibt es nicht"),
        ("22.11.2026 25:00", "Uhrzeit"),
        ("22.11.2026 24:01", "Uhrzeit"),
        ("22.11.2026 10:00 +99:00", "Zeitzone"),
        ("gestern", "keine Zeit"),
        (45678.5, "Formatieren Sie die Spalte"),
        (True, "Formatieren Sie die Spalte"),
        ("=JETZT()", "keine Zeit"),
    ],
)
def test_what_is_no_time_says_so(cell, why):
    with pytest.raises(BadCell, match=why):
        read_moment(cell)


def local(*texts):
    clock = LocalClock("Europe/Berlin")
    return [f"{clock.resolve(read_moment(text)):%H:%M}" for text in texts], clock


def day(*clocks):
    return [f"25.10.2026 {each}" for each in clocks]


def test_the_doubled_hour_is_told_by_the_order():
    quarters = day("01:45", "02:00", "02:30", "02:00", "02:30", "03:00")
    found, clock = local(*quarters)
    assert found == ["23:45", "00:00", "00:30", "01:00", "01:30", "02:00"]
    assert clock.doubled == {date(2026, 10, 25)}
    assert local(*reversed(quarters))[0] == found[::-1]
    assert local(*day("01:00", "02:00", "02:00", "03:00"))[0] == [
        "23:00",
        "00:00",
        "01:00",
        "02:00",
    ]


def test_each_series_has_its_own_order():
    clock = LocalClock("Europe/Berlin")
    times = [read_moment(each) for each in day("01:30", "02:00", "02:00")]
    both = [(clock.resolve(at, "a"), clock.resolve(at, "b")) for at in times]
    assert [f"{a:%H:%M}" for a, _b in both] == ["23:30", "00:00", "01:00"]
    assert all(a == b for a, b in both)


def test_the_hour_that_is_leapt_over_was_not():
    with pytest.raises(BadCell, match="Sommerzeit"):
        local("29.03.2026 02:30")


def test_winter_time_the_whole_year_and_utc():
    assert LocalClock("Etc/GMT-1").resolve(datetime.fromisoformat("2026-07-01T12:00")).hour == 11
    assert LocalClock("UTC").resolve(datetime.fromisoformat("2026-07-01T12:00")).hour == 12


@given(st.sampled_from([5, 10, 15, 30, 60]), st.booleans())
def test_a_whole_night_of_the_change_comes_back_as_it_was(minutes, newest_first):
    """What local clocks show over the change, whatever the step, is read as it happened."""
    start = datetime(2026, 10, 24, 22, tzinfo=UTC)
    clock = LocalClock("Europe/Berlin")
    meant = [start + timedelta(minutes=minutes * step) for step in range(6 * 60 // minutes)]
    assert all(earlier < later for earlier, later in pairwise(meant))
    if newest_first:
        meant.reverse()
    shown = [at.astimezone(clock._zone).replace(tzinfo=None) for at in meant]
    assert [clock.resolve(each) for each in shown] == meant

"""Curves: where the points lie, where the line breaks, what the axes say."""

from datetime import UTC, datetime, timedelta

import pytest

from stadtwabe.kit.drawing.curve import HEIGHT, LEFT, RIGHT, TOP, WIDTH, Point, draw

START = datetime(2026, 11, 22, tzinfo=UTC)
HOUR = timedelta(hours=1)


def drawn(*values: float, length: timedelta = timedelta(days=1)):
    points = [Point(START + number * HOUR, value) for number, value in enumerate(values)]
    return draw(points, start=START, end=START + length)


def test_the_first_point_lies_at_the_left_and_the_highest_at_the_top():
    curve = drawn(0.0, 10.0, length=HOUR)
    assert curve.line == f"M{LEFT:.0f} 306L{WIDTH - RIGHT:.0f} {TOP:.0f}"
    assert curve.view_box == f"0 0 {WIDTH:.0f} {HEIGHT:.0f}"


def test_the_line_breaks_where_values_are_missing():
    points = [Point(START + HOUR * number, 1.0) for number in (0, 1, 2, 3, 9, 10)]
    curve = draw(points, start=START, end=START + 10 * HOUR)
    assert curve.line.count("M") == 2


def test_ranges_are_drawn_as_a_band():
    points = [Point(START + HOUR * number, 2.0, 1.0, 3.0) for number in range(4)]
    curve = draw(points, start=START, end=START + 3 * HOUR)
    assert curve.band.startswith("M")
    assert curve.band.endswith("Z")


@pytest.mark.parametrize(
    ("low", "high", "labels"),
    [
        (0.0, 10.0, ["0,0", "2,5", "5,0", "7,5", "10,0"]),
        (18.2, 23.9, ["18", "20", "22", "24"]),
        (399.0, 2100.0, ["0", "500", "1\u202f000", "1\u202f500", "2\u202f000", "2\u202f500"]),
        (5.0, 5.0, ["4,50", "4,75", "5,00", "5,25", "5,50"]),
        (-0.02, 0.02, ["-0,02", "-0,01", "0,00", "0,01", "0,02"]),
    ],
)
def test_the_values_on_the_axis_are_round_and_enclose_the_curve(low, high, labels):
    assert [tick.label for tick in drawn(low, high).values] == labels


def test_times_on_the_axis_fit_the_length():
    assert [tick.label for tick in drawn(1.0).times][:3] == ["22.11.", "06:00", "12:00"]
    days = [tick.label for tick in drawn(1.0, length=timedelta(days=30)).times]
    assert days[:2] == ["22.11.", "29.11."]
    years = drawn(1.0, length=timedelta(days=3650)).times
    assert 2 <= len(years) <= 11


def test_nothing_and_a_single_point_can_be_drawn():
    assert draw([], start=START, end=START).line == ""
    assert drawn(3.0).line

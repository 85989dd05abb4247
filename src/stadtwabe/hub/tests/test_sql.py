"""Months and rollups, which are functions of the database."""

from datetime import UTC, datetime

import pytest
from django.db import connection

from stadtwabe.hub.models import Day, Hour
from stadtwabe.hub.tests.factories import make_datastream, make_thing, put_observations
from stadtwabe.people.tests.factories import Cast

pytestmark = pytest.mark.django_db


def ask(sql: str, *parameters: datetime) -> object:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchone()[0]


def test_months_are_made_once_and_only_between_1900_and_2100() -> None:
    ensure = "SELECT hub_ensure_months(%s, %s)"
    year = datetime(1950, 11, 1, tzinfo=UTC), datetime(1951, 1, 31, tzinfo=UTC)
    assert ask(ensure, *year) == 3
    assert ask(ensure, *year) == 0
    assert ask(ensure, datetime(1, 1, 1, tzinfo=UTC), datetime(1899, 12, 31, tzinfo=UTC)) == 0
    assert ask(ensure, datetime(2101, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)) == 0


@pytest.mark.parametrize("year", [1, 1899, 1900, 2026, 2100, 2101, 9999])
def test_every_year_has_a_place(year: int) -> None:
    stream = make_datastream(make_thing(Cast().menden))
    put_observations(stream, 1.0, start=datetime(year, 12, 31, 23, 59, tzinfo=UTC))
    partition = ask("SELECT tableoid::regclass::text FROM hub_observation")
    expected = f"hub_observation_{year}_12" if 1900 <= year <= 2100 else "hub_observation_default"
    assert partition == expected


def test_a_day_begins_at_midnight_in_germany() -> None:
    stream = make_datastream(make_thing(Cast().menden))
    put_observations(stream, 5.0, start=datetime(2026, 7, 1, 21, 59, tzinfo=UTC))
    put_observations(stream, 7.0, start=datetime(2026, 7, 1, 22, 0, tzinfo=UTC))
    days = Day.objects.order_by("start")
    assert [(day.start, day.sum) for day in days] == [
        (datetime(2026, 6, 30, 22, tzinfo=UTC), 5.0),
        (datetime(2026, 7, 1, 22, tzinfo=UTC), 7.0),
    ]


def test_additions_and_a_fresh_count_of_the_same_hour_do_not_double() -> None:
    stream = make_datastream(make_thing(Cast().menden))
    start = datetime(2026, 7, 1, 12, tzinfo=UTC)
    put_observations(stream, 1.0, 2.0, start=start)
    add = (
        "INSERT INTO hub_touchedhour (datastream_id, hour, n, sum, min, max, last, last_time)"
        " VALUES (%s, %s, 1, 3, 3, 3, 3, %s)"
    )
    with connection.cursor() as cursor:
        cursor.execute(add, [stream.pk, start, start.replace(minute=50)])
        cursor.execute("SELECT hub_roll_up(100)")
    hour = Hour.objects.get()
    assert (hour.n, hour.sum, hour.min, hour.max, hour.last) == (3, 6.0, 1.0, 3.0, 3.0)
    with connection.cursor() as cursor:
        cursor.execute(add, [stream.pk, start, start.replace(minute=50)])
        cursor.execute(
            "INSERT INTO hub_touchedhour (datastream_id, hour) VALUES (%s, %s)", [stream.pk, start]
        )
        cursor.execute("SELECT hub_roll_up(100)")
    assert Hour.objects.get().n == 2, "counted anew from the two that are there"

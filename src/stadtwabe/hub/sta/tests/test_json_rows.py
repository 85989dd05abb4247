"""Rows of JSON made column by column say what one made at a time would."""

import json
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from stadtwabe.hub.ingest.times import EPOCH, microseconds
from stadtwabe.hub.sta.json_rows import Texts, array, moments, numbers, within

MOMENTS = (
    datetime(2026, 11, 22, 10, tzinfo=UTC),
    datetime(2026, 11, 22, 10, 0, 0, 1, tzinfo=UTC),
    datetime(2026, 11, 22, 23, 59, 59, 999999, tzinfo=UTC),
    datetime(2026, 11, 22, 10, 7, 5, 120000, tzinfo=UTC),
    datetime(1999, 12, 31, 23, 59, 59, 500000, tzinfo=UTC),
    datetime(1969, 1, 1, 0, 0, 1, tzinfo=UTC),
    datetime(1, 1, 1, tzinfo=UTC),
    datetime(9999, 12, 31, 23, 59, 59, 999000, tzinfo=UTC),
)


def shown(times: list[int]) -> list[str]:
    pieces = moments(np.array(times, np.int64))
    return [b"".join(row).decode() for row in zip(*pieces, strict=True)]


def expected(times: list[int]) -> list[str]:
    texts = [(EPOCH + timedelta(microseconds=time)).isoformat()[:-6] for time in times]
    return [text.rstrip("0") if "." in text else text for text in texts]


@pytest.mark.parametrize(("first", "last"), [(0, 8), (0, 3), (0, 1), (3, 5), (5, 7)])
def test_times_are_shown_with_as_many_digits_as_they_need(first: int, last: int) -> None:
    times = [microseconds(each) for each in MOMENTS[first:last]]
    assert shown(times) == expected(times)


@pytest.mark.parametrize("count", [1, 249, 250, 251, 620])
@pytest.mark.parametrize("places", [(), (0,), (0, 1, 250, 251), (249, 250), (619,)])
def test_rows_of_another_shape_stand_in_their_place(count: int, places: tuple[int, ...]) -> None:
    values = np.array([-0.5, 1e22, 3.0] * count)[:count]
    others = {place: b'{"place":%d}' % place for place in places if place < count}
    pieces: list[bytes | Texts] = [
        b'{"value":',
        numbers(values),
        b',"text":"' + within('50 % "') + b'"}',
    ]
    made = json.loads(b"".join(array(count, pieces, others)))
    assert made == [
        {"place": place} if place in others else {"value": value, "text": '50 % "'}
        for place, value in enumerate(values.tolist())
    ]


def test_nothing_is_an_empty_array() -> None:
    assert b"".join(array(0, [b"{", numbers(np.array([])), b"}"])) == b"[]"

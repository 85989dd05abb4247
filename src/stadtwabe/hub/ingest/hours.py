"""What rows add to the hours they lie in: count, sum, least, greatest, last."""

from bisect import bisect_left
from collections.abc import Sequence

import numpy as np

from stadtwabe.hub.ingest.times import HOUR

MANY = 200
"""From so many rows on, columns of numpy are faster than a row at a time."""

Added = tuple[int, int, int, float, float, float, float, int]
"""Datastream, count, hour, sum, least, greatest, last result and its time."""


def added_to_hours(
    datastream_id: int, times: Sequence[int], results: Sequence[float | None]
) -> list[Added]:
    """Return what rows in the order of their times add to each hour that they touch."""
    if len(times) >= MANY and None not in results:
        return _of_many(datastream_id, times, results)
    added: list[Added] = []
    begin, end = 0, len(times)
    has_gaps = None in results
    while begin < end:
        hour = times[begin] // HOUR * HOUR
        until = begin + 1
        if until < end and times[until] < hour + HOUR:
            until = bisect_left(times, hour + HOUR, until, end)
        if has_gaps:
            numbers = [
                (at, result)
                for at, result in zip(times[begin:until], results[begin:until], strict=True)
                if result is not None
            ]
            if numbers:
                values = [result for _at, result in numbers]
                at, last = numbers[-1]
                added.append((datastream_id, len(values), hour, *_bounds(values), last, at))
        else:
            values = results[begin:until]  # type: ignore[assignment]  # no None among them
            added.append(
                (
                    datastream_id,
                    until - begin,
                    hour,
                    *_bounds(values),
                    values[-1],
                    times[until - 1],
                )
            )
        begin = until
    return added


def _of_many(
    datastream_id: int, times: Sequence[int], results: Sequence[float | None]
) -> list[Added]:
    at = np.array(times, np.int64)
    values = np.array(results, np.float64)
    hours = at // HOUR
    begins = np.concatenate(([0], np.flatnonzero(hours[1:] != hours[:-1]) + 1))
    ends = np.append(begins[1:], len(at)) - 1
    columns = (
        ends - begins + 1,
        hours[begins] * HOUR,
        np.add.reduceat(values, begins),
        np.minimum.reduceat(values, begins),
        np.maximum.reduceat(values, begins),
        values[ends],
        at[ends],
    )
    return list(
        zip([datastream_id] * len(begins), *(column.tolist() for column in columns), strict=True)
    )


def _bounds(values: Sequence[float]) -> tuple[float, float, float]:
    if len(values) == 1:
        return values[0], values[0], values[0]
    return sum(values), min(values), max(values)

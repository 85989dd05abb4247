"""Consumption between two moments out of the readings of a meter that only counts up.

How it is computed:

* What was used between two readings is their difference.
* At a boundary (midnight, local time) without a reading of its own, the reading is put on the
  straight line between the one before and the one after, if these lie at most ``MOST_BETWEEN``
  apart. Otherwise there is none, and no consumption: nothing is invented.
* A reading that is less than the one before: with a change that somebody has entered between
  them, the rest of the old meter and the beginning of the new one count. Else, when the number of
  digits is known and the reading goes from the last tenth of the range to the first, the meter has
  run over. Else nobody knows, and neither does this: there is no consumption, and a warning.
* A change is counted also where the new meter says more than the old one.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

MOST_BETWEEN = timedelta(hours=48)
SLACK = 1e-9


class Remark(StrEnum):
    """What has to be known about a consumption."""

    NO_START = "no_start"
    NO_END = "no_end"
    START_BETWEEN = "start_between"
    END_BETWEEN = "end_between"
    EXCHANGED = "exchanged"
    ROLLED_OVER = "rolled_over"
    FELL = "fell"


UNKNOWN = frozenset({Remark.NO_START, Remark.NO_END, Remark.FELL})
"""With one of these there is no consumption."""


@dataclass(frozen=True, slots=True)
class MeterReading:
    """What a meter said."""

    at: datetime
    value: float


@dataclass(frozen=True, slots=True)
class Change:
    """At ``at`` a meter was exchanged or reset."""

    at: datetime
    last: float
    first: float


@dataclass(frozen=True, slots=True)
class Told:
    """A remark with the moments and readings it is about."""

    remark: Remark
    before: MeterReading | None = None
    after: MeterReading | None = None


@dataclass(slots=True)
class Consumption:
    """What was used from ``start`` to ``end``; None where it is not known."""

    start: datetime
    end: datetime
    start_reading: float | None = None
    end_reading: float | None = None
    amount: float | None = None
    told: list[Told] = field(default_factory=list)


def consumption(
    readings: Sequence[MeterReading],
    start: datetime,
    end: datetime,
    *,
    changes: Sequence[Change] = (),
    digits: int | None = None,
) -> Consumption:
    """Return what was used from ``start`` to ``end``; ``readings`` and ``changes`` in order.

    Enough of the readings are those around both boundaries and around each fall between them.
    """
    found = Consumption(start, end)
    first, last = _surrounding(readings, start), _surrounding(readings, end)
    if first is None:
        found.told.append(Told(Remark.NO_START, *_nearest(readings, start)))
    if last is None:
        found.told.append(Told(Remark.NO_END, *_nearest(readings, end)))
    if first is None or last is None:
        return found
    used, is_known = 0.0, True
    for index in range(first[0], last[1]):
        before, after = readings[index], readings[index + 1]
        step, remark = _step(before, after, changes, digits)
        if remark is not None:
            found.told.append(Told(remark, before, after))
        if step is None:
            is_known = False
            continue
        # Of an interval that reaches over a boundary only the part within counts.
        length = (after.at - before.at) / timedelta(seconds=1)
        inside = (min(after.at, end) - max(before.at, start)) / timedelta(seconds=1)
        used += step * max(0.0, inside) / length
    found.start_reading = _reading_at(readings, first, start, changes)
    found.end_reading = _reading_at(readings, last, end, changes)
    for remark, place in ((Remark.START_BETWEEN, first), (Remark.END_BETWEEN, last)):
        if place[0] != place[1]:
            found.told.append(Told(remark, readings[place[0]], readings[place[1]]))
    if is_known:
        found.amount = used
    return found


def _step(
    before: MeterReading, after: MeterReading, changes: Sequence[Change], digits: int | None
) -> tuple[float | None, Remark | None]:
    """What was used between two readings that follow each other; None when nobody knows."""
    between = [change for change in changes if before.at < change.at <= after.at]
    if between:
        used, level = 0.0, before.value
        for change in between:
            if change.last < level - SLACK:
                return None, Remark.FELL
            used, level = used + change.last - level, change.first
        if after.value < level - SLACK:
            return None, Remark.FELL
        return used + after.value - level, Remark.EXCHANGED
    if after.value >= before.value - SLACK:
        return max(0.0, after.value - before.value), None
    if digits is not None:
        whole = 10.0**digits
        if before.value >= 0.9 * whole and after.value <= 0.1 * whole and before.value < whole:
            return whole - before.value + after.value, Remark.ROLLED_OVER
    return None, Remark.FELL


def _surrounding(readings: Sequence[MeterReading], at: datetime) -> tuple[int, int] | None:
    """The places of the readings around a moment (twice the same when it has one of its own)."""
    before = [place for place, each in enumerate(readings) if each.at <= at]
    if not before:
        return None
    place = before[-1]
    if readings[place].at == at:
        return place, place
    if place + 1 == len(readings) or readings[place + 1].at - readings[place].at > MOST_BETWEEN:
        return None
    return place, place + 1


def _nearest(
    readings: Sequence[MeterReading], at: datetime
) -> tuple[MeterReading | None, MeterReading | None]:
    before = [each for each in readings if each.at <= at]
    after = [each for each in readings if each.at > at]
    return (before[-1] if before else None), (after[0] if after else None)


def _reading_at(
    readings: Sequence[MeterReading],
    places: tuple[int, int],
    at: datetime,
    changes: Sequence[Change],
) -> float | None:
    """The reading at a boundary; None where the meter fell or was exchanged just around it."""
    before, after = readings[places[0]], readings[places[1]]
    if before is after:
        return before.value
    is_straight = after.value >= before.value and not any(
        before.at < change.at <= after.at for change in changes
    )
    if not is_straight:
        return None
    share = (at - before.at) / (after.at - before.at)
    return before.value + share * (after.value - before.value)

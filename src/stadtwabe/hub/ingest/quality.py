"""Flags for results that look wrong, by the rules of their datastream. The result always stays.

Rules (`Datastream.quality_rules`): ``range`` [least, greatest]; ``rate`` most change per second;
``stuck`` seconds without any change; ``gap`` seconds without a value before this one.
"""

from collections.abc import Sequence
from typing import Any

RANGE, RATE, STUCK, GAP_BEFORE = 1, 2, 4, 8
"""As ``hub.rules.Quality``; a test compares them."""

SECOND = 1_000_000


def flags_in_order(
    rules: dict[str, Any],
    times: Sequence[int],
    results: Sequence[float | None],
    *,
    last_time: int | None,
    last_result: float | None,
    unchanged_since: int | None,
) -> list[int]:
    """Return the flags of rows that follow each other, and what was there before, in time."""
    rate, stuck, gap = rules.get("rate"), rules.get("stuck"), rules.get("gap")
    flags = []
    for time, result in zip(times, results, strict=True):
        flag = range_flag(rules, result)
        if last_time is not None:
            seconds = (time - last_time) / SECOND
            if gap is not None and seconds > gap:
                flag |= GAP_BEFORE
            if result is not None and last_result is not None:
                change = abs(result - last_result)
                if rate is not None and change > rate * seconds:
                    flag |= RATE
                since = unchanged_since if unchanged_since is not None else last_time
                if stuck is not None and not change and (time - since) / SECOND >= stuck:
                    flag |= STUCK
        if result is not None:
            if result != last_result:
                unchanged_since = time
            last_result = result
        last_time = time
        flags.append(flag)
    return flags


def range_flag(rules: dict[str, Any], result: float | None) -> int:
    """Return the flag of a result outside the range; late rows get no other at ingest."""
    bounds = rules.get("range")
    if bounds is None or result is None:
        return 0
    least, most = bounds
    outside = (least is not None and result < least) or (most is not None and result > most)
    return RANGE if outside else 0

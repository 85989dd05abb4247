"""Flags for results that look wrong, by the rules of their datastream. The result always stays.

Rules (`Datastream.quality_rules`): ``range`` [least, greatest]; ``rate`` most change per second;
``stuck`` seconds without any change; ``gap`` seconds without a value before this one; ``outlier``
[times, least]: see ``outlier_flags``.
"""

from collections.abc import Sequence
from statistics import median
from typing import Any

RANGE, RATE, STUCK, GAP_BEFORE, OUTLIER = 1, 2, 4, 8, 16
"""As ``hub.rules.Quality``; a test compares them."""

SECOND = 1_000_000

AROUND = 7
"""Results on each side of one, with which it is compared to tell whether it is an outlier."""

LEAST_AROUND = 5
"""With fewer results in the window nothing is called an outlier."""

TO_DEVIATION = 1.4826
"""From the median absolute deviation to the standard deviation of normal noise: 1/Φ⁻¹(3/4)."""


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
    """Return the flag of a result outside the range; late rows get the others by a later look."""
    bounds = rules.get("range")
    if bounds is None or result is None:
        return 0
    least, most = bounds
    outside = (least is not None and result < least) or (most is not None and result > most)
    return RANGE if outside else 0


def outlier_flags(rules: dict[str, Any], results: Sequence[float | None]) -> list[int]:
    """Return the flags of outliers among rows that follow each other.

    The Hampel identifier (Hampel 1974, Journal of the American Statistical Association 69:383;
    Pearson et al. 2016, EURASIP Journal on Advances in Signal Processing, 87): a result is one
    when it lies further from the median of its window than ``times`` standard deviations,
    estimated by the median absolute deviation. Median and MAD stay put while fewer than half of
    the window is wrong, which mean and standard deviation do not. ``least``, in the unit of the
    results, is how far it must lie away in any case: where most of a window is equal, MAD is 0.
    The newest results have no later ones beside them yet: they are judged again when these come.
    """
    rule = rules.get("outlier")
    flags = [0] * len(results)
    if rule is None:
        return flags
    times, least = rule
    places = [place for place, result in enumerate(results) if result is not None]
    numbers = [result for result in results if result is not None]
    for number, place in enumerate(places):
        window = numbers[max(0, number - AROUND) : number + AROUND + 1]
        if len(window) < LEAST_AROUND:
            continue
        middle = median(window)
        spread = TO_DEVIATION * median(abs(each - middle) for each in window)
        if abs(numbers[number] - middle) > max(times * spread, least):
            flags[place] = OUTLIER
    return flags

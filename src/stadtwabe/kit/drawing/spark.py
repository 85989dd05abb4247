"""A small curve without axes beside a number; the words beside it say the same."""

from collections.abc import Sequence
from datetime import datetime

from stadtwabe.kit.drawing.numbers import svg_number

WIDTH, HEIGHT, EDGE = 120.0, 32.0, 2.0
"""The ``viewBox`` of whoever draws it; ``EDGE`` leaves room for the width of the line."""


def spark(points: Sequence[tuple[datetime, float]], *, start: datetime, end: datetime) -> str:
    """Return the path of ``points``, sorted by time, between ``start`` and ``end``."""
    if not points:
        return ""
    values = [value for _at, value in points]
    low, high = min(values), max(values)
    seconds = max((end - start).total_seconds(), 1.0)

    def place(at: datetime, value: float) -> str:
        share = min(max((at - start).total_seconds() / seconds, 0.0), 1.0)
        height = (value - low) / (high - low) if high > low else 0.5
        x = EDGE + share * (WIDTH - 2 * EDGE)
        y = HEIGHT - EDGE - height * (HEIGHT - 2 * EDGE)
        return f"{svg_number(x)} {svg_number(y)}"

    path = "M" + "L".join(place(at, value) for at, value in points)
    return path + "h0.01" if len(points) == 1 else path

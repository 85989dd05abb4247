"""Bars: always from zero, labelled directly."""

from collections.abc import Iterable
from dataclasses import dataclass

from stadtwabe.kit.drawing.numbers import svg_number

SCALE = 100.0


@dataclass(frozen=True, slots=True)
class Bar:
    """One line: ``low`` and ``high`` draw an interval as a band; ``shown`` replaces the number."""

    label: str
    value: float
    href: str = ""
    shown: str = ""
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class DrawnBar:
    """A bar ready for the template, on a scale of 100."""

    bar: Bar
    width: str
    band_x: str = ""
    band_width: str = ""


def draw(bars: Iterable[Bar], *, longest: float | None = None) -> list[DrawnBar]:
    """Scale ``bars`` to the longest of them, or to ``longest`` (100 for shares in per cent).

    Negative values are not for this chart: they raise ValueError.
    """
    rows = list(bars)
    if any(bar.value < 0 for bar in rows):
        message = "Bars start at zero: negative values need another chart."
        raise ValueError(message)
    top = longest or max((max(bar.value, bar.high or 0) for bar in rows), default=0) or 1
    drawn = []
    for bar in rows:
        band_x = band_width = ""
        if bar.low is not None and bar.high is not None:
            band_x = svg_number(SCALE * bar.low / top)
            band_width = svg_number(SCALE * (bar.high - bar.low) / top)
        drawn.append(DrawnBar(bar, svg_number(SCALE * bar.value / top), band_x, band_width))
    return drawn

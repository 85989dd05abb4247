"""A datastream, or several of one unit, as CSV."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime

from django.http import StreamingHttpResponse

from stadtwabe.hub.measures import unit_of
from stadtwabe.hub.models import Datastream
from stadtwabe.hub.queries.comparison import Line, rows_of
from stadtwabe.hub.rules import Quality
from stadtwabe.hub.units import conversion
from stadtwabe.kit.download import csv_download


def series_as_csv(
    stream: Datastream,
    lines: Sequence[Line],
    flags: Mapping[datetime, Quality],
    wanted: str,
) -> StreamingHttpResponse:
    """Return the file; ``flags`` say what looks wrong with single values of ``stream``.

    ``wanted`` is the UCUM code of another unit, or nothing. Raises Invalid.
    """
    symbol, converted = unit_for(stream, wanted)
    rows: Iterable[Sequence[object]]
    if len(lines) > 1:
        columns = ["Zeit (UTC)", *(f"{line.name} [{symbol}]" for line in lines)]
        rows = ((at, *map(converted, values)) for at, values in reversed(rows_of(lines)))
    else:
        columns = ["Zeit (UTC)", f"{stream.name} [{symbol}]", "kleinster Wert", "größter Wert"]
        columns.append("Auffälligkeit")
        rows = (
            (
                point.at,
                converted(point.value),
                converted(point.least),
                converted(point.most),
                ", ".join(flags[point.at].words) if point.at in flags else "",
            )
            for point in lines[0].series.points
        )
    return csv_download(columns, rows, name=f"messreihe-{stream.pk}")


def unit_for(stream: Datastream, wanted: str) -> tuple[str, Callable[[float | None], float | None]]:
    """Return the symbol of the unit to show, and what turns a value into it.

    ``wanted`` is the UCUM code of another unit, or nothing. Raises Invalid.
    """
    if not wanted:
        return stream.symbol, lambda value: value
    found = conversion(definition_of(stream), wanted)
    common = unit_of(found.to)
    symbol = common.symbol if common else found.to
    return symbol, lambda value: None if value is None else found.of(value)


def definition_of(stream: Datastream) -> str:
    """Return what defines the unit of a datastream, empty where there are several or none."""
    return stream.units[0].get("definition", "") if len(stream.units) == 1 else ""

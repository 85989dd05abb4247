"""Whole observations of one datastream out of the archive and the table, as columns.

The short way of ``observations`` for what lies in the archive: what is there goes into the answer
without being a row in between.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from stadtwabe.hub.archive import lake
from stadtwabe.hub.queries.archive import Part
from stadtwabe.hub.sta.json_rows import moments
from stadtwabe.hub.sta.observations import Found
from stadtwabe.hub.sta.span import Span

Table = Callable[[Span], Found]
"""Returns what the table has within a span, at most as much as is wanted."""


def found_along_time(
    table: Table, parts: Sequence[Part], stream: int, span: Span, *, descending: bool, most: int
) -> Found:
    """Return the first ``most`` observations within ``span``; ``parts`` in the same direction.

    What both have counts as the table has it.
    """

    def archive(within: Span) -> Found:
        return _archived(parts, stream, within, descending=descending, most=most)

    # What lies first in the direction may be enough, then of the other only what lies between.
    first, second = (table, archive) if descending else (archive, table)
    one = first(span)
    if len(one.times) >= most:
        last = int(one.times[most - 1])
        span &= Span(since=last) if descending else Span(until=last + 1)
    other = second(span)
    hot, cold = (one, other) if descending else (other, one)
    is_only = ~np.isin(cold.times, hot.times)
    columns = [
        np.concatenate((of_hot, of_cold[is_only]))
        for of_hot, of_cold in zip(hot.columns, cold.columns, strict=True)
    ]
    order = np.argsort(columns[1])
    order = (order[::-1] if descending else order)[:most]
    only = set(cold.ids[is_only].tolist()) if cold.rich else set()
    rich = {key: each for key, each in cold.rich.items() if key in only}
    return Found([column[order] for column in columns], {**rich, **hot.rich})


def _archived(
    parts: Sequence[Part], stream: int, span: Span, *, descending: bool, most: int
) -> Found:
    pages: list[Found] = []
    count = 0
    for part in parts:
        page = _found(
            lake.read_columns(
                [part.file],
                stream,
                since=span.since,
                until=span.until,
                descending=descending,
                most=most - count,
            )
        )
        pages.append(page)
        count += len(page.ids)
        if count >= most:
            break
    columns = [np.concatenate(each) for each in zip(*(page.columns for page in pages), strict=True)]
    return Found(columns, {key: each for page in pages for key, each in page.rich.items()})


def _found(columns: dict[str, Any]) -> Found:
    ids, times = columns["id"], columns["time"]
    without = np.ma.getmaskarray(columns["result_time"])
    given = np.where(without, times, np.ma.getdata(columns["result_time"]))
    details, quality = columns["detail"], columns["quality"]
    is_rich = ~np.ma.getmaskarray(details) | (quality != 0)
    rich: dict[int, Sequence[Any]] = {}
    for place in np.flatnonzero(is_rich).tolist():
        rich[int(ids[place])] = (
            _json_time(times[place]),
            None if without[place] else _json_time(given[place]),
            None if details[place] is np.ma.masked else details[place],
            int(quality[place]),
        )
    return Found((ids, times, np.ma.filled(columns["result"], 0.0), given), rich)


def _json_time(time: Any) -> str:
    """Return a time as ``to_json`` of PostgreSQL does."""
    text = b"".join(piece[0] for piece in moments(np.array([time]))).decode()
    return f'"{text}+00:00"'

"""Observations wherever they lie: in the table, in the archive, or both.

The one place that decides. Archived rows are put beside those of the table and go through the
same SQL: the same conditions on who may see them, the same ``$filter``, the same order. Time is
walked through in windows with a bounded number of archived rows, until a page is full.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import groupby
from time import monotonic
from typing import Any

from stadtwabe.hub.archive.rows import Row
from stadtwabe.hub.ingest.times import microseconds, moment
from stadtwabe.hub.queries.archive import (
    Part,
    archived_by_id,
    archived_parts,
    archived_rows,
    as_table,
    is_anything_archived,
    without_newer,
)
from stadtwabe.hub.sta.query.errors import QueryError
from stadtwabe.hub.sta.query.options import Options
from stadtwabe.hub.sta.question import Question
from stadtwabe.hub.sta.schema.entity import Relation
from stadtwabe.hub.sta.selection import SortColumn, values_of
from stadtwabe.hub.sta.span import Span, span_of, streams_of
from stadtwabe.hub.sta.sql.fragment import Sql, fill, param

WINDOW = 20_000
"""Archived rows in a window whose page a condition may leave empty."""

MOST_SORTED = 100_000
"""Archived rows that are sorted by something else than time."""

SECONDS = 20
"""How long the archive is searched for one answer."""

TABLE = Sql("hub_observation a")


@dataclass(slots=True)
class _Page:
    """What has been found so far."""

    question: Question
    most: int
    skip: int
    rows: list[Any] = field(default_factory=list)

    def take(self, source: Sql, more: Sequence[Sql]) -> bool:
        """Add what is in a window; return whether that is enough."""
        wanted = self.most - len(self.rows)
        found = self.question.rows(source, more=more, most=wanted, skip=self.skip)
        if self.skip:
            self.skip = 0 if found else self.skip - self.question.count(source, more=more)
        self.rows += found
        return len(self.rows) >= self.most


@dataclass(slots=True)
class _Count:
    """A count over all windows."""

    question: Question
    number: int = 0

    def take(self, source: Sql, more: Sequence[Sql]) -> bool:
        """Count a window; it is never enough."""
        self.number += self.question.count(source, more=more)
        return False


class Archived:
    """Answers questions about observations; ``streams`` None: all that the actor may see.

    ``visible`` returns which of given datastreams the actor may see.
    """

    def __init__(self, visible: Callable[[Sequence[int]], list[int]]) -> None:
        self._visible = visible
        self._end = monotonic() + SECONDS

    def parts(
        self, options: Options, streams: Sequence[int] | None, order: Sequence[SortColumn] = ()
    ) -> list[Part]:
        """Return the files that matter for a page, each with those of its datastreams that do.

        ``streams`` None: all that the actor may see.
        """
        streams = streams_of(options.filter) if streams is None else streams
        span = _span(options, streams, order)
        parts = archived_parts(streams, since=span.since, until=span.until)
        having = {pk for part in parts for pk in part.streams}
        wanted = having & set(streams) if streams is not None else having
        seen = set(self._visible(sorted(wanted))) if wanted else set()
        kept = [replace(part, streams=[pk for pk in part.streams if pk in seen]) for part in parts]
        return [part for part in kept if part.streams]

    def page(
        self,
        question: Question,
        options: Options,
        parts: Sequence[Part],
        *,
        streams: Sequence[int] | None,
        most: int,
        skip: int,
    ) -> list[Any]:
        """Return a page in the order of ``question``; ``parts`` are those that matter.

        Raises QueryError for what is too much.
        """
        if not parts:
            return question.rows(TABLE, more=(), most=most, skip=skip)
        order = question.order
        streams = streams_of(options.filter) if streams is None else streams
        span = _span(options, streams, order)
        page = _Page(question, most, skip)
        down = order[0].descending
        among = sorted({pk for part in parts for pk in part.streams})
        # Of the last moment, at which each of them may have one, a window leaves nothing.
        size = min(most + skip + len(among), WINDOW)
        if _is_by_time(order, streams):
            self._by_time(page.take, parts, among, span, descending=down, size=size)
        elif [key.sql.text for key in order] == [STREAM, TIME] and order[1].descending is down:
            values = values_of(options.after, len(order)) if options.after else []
            self._by_stream(page.take, parts, among, span, values, descending=down, size=size)
        else:
            page.take(self._everything(parts, among, span), ())
        return page.rows

    def count(self, question: Question, options: Options, *, streams: Sequence[int] | None) -> int:
        """Return how many observations there are. Raises QueryError for what is too much."""
        span = span_of(options.filter)
        known = self.parts(options, streams)
        if not known:
            return question.count(TABLE, more=())
        count = _Count(question)
        among = sorted({pk for part in known for pk in part.streams})
        self._by_time(count.take, known, among, span, descending=False, size=WINDOW)
        return count.number

    def one(self, question: Question, key: int) -> list[Any]:
        """Return the observation with the id ``key`` in a list, or none."""
        found = question.unordered(TABLE)
        if found or not is_anything_archived():
            return found
        rows = archived_by_id(key)
        return question.unordered(_source(rows, with_table=False)) if rows else []

    def _by_time(
        self,
        take: Callable[[Sql, Sequence[Sql]], bool],
        parts: Sequence[Part],
        streams: Sequence[int],
        span: Span,
        *,
        descending: bool,
        size: int,
        more: Sequence[Sql] = (),
    ) -> bool:
        """Walk through the time; ``take`` is told what to read and says when it is enough."""
        edge = span
        if descending:
            # What is newer than the archive is often enough.
            newest = max(part.end for part in parts)
            if span.until is None or span.until > newest:
                if take(TABLE, [*more, *between(replace(edge, since=newest))]):
                    return True
                edge = replace(edge, until=newest)
        months = groupby(parts[::-1] if descending else parts, key=lambda part: part.month)
        for _month, group in months:
            of_month = list(group)
            start, end = of_month[0].start, of_month[0].end
            for rows, is_last in self._windows(
                of_month, streams, edge & Span(start, end), descending=descending, size=size
            ):
                # Up to the first row of the next window, or the end of the month.
                if descending:
                    border = start if is_last else rows[-1].time
                    window, edge = replace(edge, since=border), replace(edge, until=border)
                else:
                    border = end if is_last else rows[-1].time + 1
                    window, edge = replace(edge, until=border), replace(edge, since=border)
                window &= span
                if take(_source(without_newer(rows)), [*more, *between(window)]):
                    return True
                size = WINDOW
        return take(TABLE, [*more, *between(edge)])

    def _windows(
        self,
        parts: Sequence[Part],
        streams: Sequence[int],
        span: Span,
        *,
        descending: bool,
        size: int,
    ) -> Iterator[tuple[list[Row], bool]]:
        """Yield rows of a month in the order of time, never cutting a moment in two."""
        while True:
            self._check_time()
            rows = archived_rows(
                parts,
                streams=streams,
                since=span.since,
                until=span.until,
                descending=descending,
                most=size,
            )
            if len(rows) < size:
                yield rows, True
                return
            whole = [row for row in rows if row.time != rows[-1].time]
            if not whole:
                size *= 4
                continue
            yield whole, False
            last = whole[-1].time
            span &= Span(until=last) if descending else Span(since=last + 1)
            size = max(size, WINDOW)

    def _by_stream(
        self,
        take: Callable[[Sql, Sequence[Sql]], bool],
        parts: Sequence[Part],
        among: Sequence[int],
        span: Span,
        values: Sequence[Any],
        *,
        descending: bool,
        size: int,
    ) -> None:
        """Take one archived datastream after the other, and what lies between them at once."""
        reached: int | None = None
        for pk in reversed(among) if descending else among:
            begun = span
            if values and isinstance(values[0], int):
                if (pk > values[0]) if descending else (pk < values[0]):
                    continue
                if pk == values[0]:
                    begun = span & left_after(values[1], descending)
            if take(TABLE, _of_streams(reached, pk, descending=descending)):
                return
            of_stream = [part for part in parts if pk in part.streams]
            only = fill("a.datastream_id = {}", param(pk, "integer"))
            if self._by_time(
                take, of_stream, [pk], begun, descending=descending, size=size, more=[only]
            ):
                return
            reached = pk
        take(TABLE, _of_streams(reached, None, descending=descending))

    def _everything(self, parts: Sequence[Part], streams: Sequence[int], span: Span) -> Sql:
        """Return all of the archive within ``span`` beside the table. Raises QueryError."""
        rows = archived_rows(
            parts, streams=streams, since=span.since, until=span.until, most=MOST_SORTED + 1
        )
        if len(rows) > MOST_SORTED:
            message = (
                f"More than {MOST_SORTED} archived observations would have to be sorted; order"
                " them by phenomenonTime, or narrow phenomenonTime in $filter."
            )
            raise QueryError(message, option="$orderby")
        return _source(without_newer(rows))

    def _check_time(self) -> None:
        if monotonic() > self._end:
            message = "Too much of the archive would have to be read; narrow phenomenonTime."
            raise QueryError(message, option="$filter")


STREAM = "a.datastream_id"
TIME = "a.phenomenon_time"


def may_be_archived(relation: Relation, keys: Sequence[int]) -> bool:
    """Whether observations below entities with ``keys`` lie in the archive."""
    return bool(archived_parts(keys)) if relation.covered else is_anything_archived()


def _source(rows: Sequence[Row], *, with_table: bool = True) -> Sql:
    """Return a FROM item with the alias ``a``: the table and ``rows``."""
    if not rows and with_table:
        return TABLE
    text, parameters = as_table(rows)
    archived = Sql(text, tuple(parameters))
    return (
        fill("({} UNION ALL {}) a", EVERYTHING, archived)
        if with_table
        else (fill("({}) a", archived))
    )


EVERYTHING = Sql(
    "SELECT id, phenomenon_time, result, datastream_id, feature_id, quality, result_time, detail"
    " FROM hub_observation"
)


def between(span: Span) -> list[Sql]:
    """Return the conditions that an observation begins within ``span``."""
    found = []
    for sign, time in ((">=", span.since), ("<", span.until)):
        if time is not None:
            found.append(fill(f"{TIME} {sign} {{}}", param(moment(time), "timestamptz")))
    return found


def _of_streams(after: int | None, before: int | None, *, descending: bool) -> list[Sql]:
    """Return that a datastream comes after one and before another in the order."""
    signs = ("<", ">") if descending else (">", "<")
    ends = zip(signs, (after, before), strict=True)
    return [
        fill(f"{STREAM} {sign} {{}}", param(pk, "integer")) for sign, pk in ends if pk is not None
    ]


def _is_by_time(order: Sequence[SortColumn], streams: Sequence[int] | None) -> bool:
    """Whether ``order`` goes along the time: it says so, or there is one datastream anyway."""
    columns = [key.sql.text for key in order]
    return columns[0] == TIME or (columns == [STREAM, TIME] and len(streams or ()) == 1)


def _span(options: Options, streams: Sequence[int] | None, order: Sequence[SortColumn]) -> Span:
    """Return where in time the rest of a collection lies."""
    span = span_of(options.filter)
    if not options.after or not order or not _is_by_time(order, streams):
        return span
    values = values_of(options.after, len(order))
    at = [key.sql.text for key in order].index(TIME)
    return span & left_after(values[at], order[at].descending)


def left_after(value: Any, descending: bool, *, itself: bool = True) -> Span:
    """Return what is left of the time after the page that ended at ``value``.

    ``itself``: others may have the same time.
    """
    try:
        time = microseconds(datetime.fromisoformat(str(value)))
    except ValueError:  # no token of ours: the condition will say so
        return Span()
    if descending:
        return Span(until=time + 1 if itself else time)
    return Span(since=time if itself else time + 1)

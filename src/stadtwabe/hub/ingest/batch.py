"""Observations on their way into the database, as columns: one ``Run`` for each datastream."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from stadtwabe.hub.ingest.checks import BadResult, detail, split, split_multi
from stadtwabe.hub.ingest.outcome import Outcomes, Refusal
from stadtwabe.hub.ingest.streams import Stream
from stadtwabe.hub.ingest.times import BadTime, iso, microseconds, parse_instant, parse_time


@dataclass(frozen=True, slots=True, kw_only=True)
class NewObservation:
    """An observation as somebody sent it, before anything was checked.

    Times are ISO 8601 with a time zone, or aware datetimes; ``phenomenon_time`` and
    ``valid_time`` may be intervals (``begin/end``). Without a phenomenon time it is now.
    """

    datastream_id: int
    result: Any
    phenomenon_time: str | datetime | None = None
    result_time: str | datetime | None = None
    valid_time: str | None = None
    parameters: Any = None
    result_quality: Any = None
    feature_id: int | None = None


@dataclass(slots=True, eq=False)
class Run:
    """Observations of one datastream, column by column, in the order they came.

    Times are microseconds since 2000 (UTC). ``feature_ids``, ``result_times``, ``ends`` and
    ``details`` are None while no observation has one of its own; then ``feature_id`` holds for
    all. ``positions`` are those in the batch, ``ids`` are given by the writer.
    """

    stream: Stream
    times: list[int] = field(default_factory=list)
    results: list[float | None] = field(default_factory=list)
    positions: Sequence[int] = field(default_factory=list)
    feature_ids: list[int | None] | None = None
    result_times: list[int | None] | None = None
    ends: list[int | None] | None = None
    details: list[bytes | None] | None = None
    ids: list[int] = field(default_factory=list)
    outcomes: Outcomes | None = None
    """Of the batch that it belongs to; the writer tells there what became of the rows."""

    def __len__(self) -> int:
        return len(self.times)

    @property
    def is_plain(self) -> bool:
        """Whether every row is a time and a number, and nothing else."""
        return self.details is None and self.feature_ids is None and self.result_times is None

    def part(self, chosen: Sequence[int]) -> "Run":
        """Return the rows at ``chosen`` as a run of its own."""

        def of(column: Sequence[Any] | None) -> Any:
            return None if column is None else [column[index] for index in chosen]

        return Run(
            self.stream,
            of(self.times),
            of(self.results),
            of(self.positions),
            of(self.feature_ids),
            of(self.result_times),
            of(self.ends),
            of(self.details),
            of(self.ids) if self.ids else [],
            self.outcomes,
        )

    def add(self, position: int, row: "Row") -> None:
        """Append a row; columns come into being with the first row that needs them."""
        count = len(self.times)
        self.times.append(row.time)
        self.results.append(row.result)
        self.positions.append(position)  # type: ignore[attr-defined]  # a list while it grows
        if row.feature_id != self.stream.feature_id and self.feature_ids is None:
            self.feature_ids = [self.stream.feature_id] * count
        if row.result_time is not None and self.result_times is None:
            self.result_times = [None] * count
        if row.end is not None and self.ends is None:
            self.ends = [None] * count
        if row.detail is not None and self.details is None:
            self.details = [None] * count
        for column, value in (
            (self.feature_ids, row.feature_id),
            (self.result_times, row.result_time),
            (self.ends, row.end),
            (self.details, row.detail),
        ):
            if column is not None:
                column.append(value)  # type: ignore[arg-type]  # each column has its own type


@dataclass(frozen=True, slots=True)
class Row:
    """One checked observation."""

    time: int
    result: float | None
    feature_id: int | None = None
    result_time: int | None = None
    end: int | None = None
    detail: bytes | None = None


@dataclass(slots=True)
class Batch:
    """What one request wants stored: runs, and what was refused before it came to the writer."""

    size: int
    runs: list[Run] = field(default_factory=list)
    refused: dict[int, Refusal] = field(default_factory=dict)


def make_row(stream: Stream, new: NewObservation, *, now: int) -> Row:
    """Check an observation against its datastream. Raises BadTime and BadResult.

    That its feature may be used has been checked before.
    """
    time, end = now, None
    if new.phenomenon_time is not None:
        time, end = _time(new.phenomenon_time)
    members: dict[str, Any] = {}
    result: float | None = None
    if stream.is_multi:
        members["r"] = split_multi(new.result, stream.types)
    else:
        result, other = split(new.result, stream.types[0])
        if result is None:
            members["r"] = other
    if end is not None:
        members["e"] = iso(end)
    if new.parameters is not None:
        if not isinstance(new.parameters, dict):
            raise BadResult("Parameter sind ein Objekt.", "Parameters are an object.")
        members["p"] = new.parameters
    if new.valid_time is not None:
        begin, until = parse_time(new.valid_time)
        if until is None:
            raise BadTime(
                "Ein Gültigkeitszeitraum hat Beginn und Ende.",
                "A valid time has a beginning and an end.",
            )
        members["v"] = [iso(begin), iso(until)]
    if new.result_quality is not None:
        members["q"] = new.result_quality
    result_time = None
    if new.result_time is not None:
        result_time, _end = _instant(new.result_time)
        if result_time == (time if end is None else end):
            result_time = None
    return Row(
        time=time,
        result=result,
        feature_id=stream.feature_id if new.feature_id is None else new.feature_id,
        result_time=result_time,
        end=end,
        detail=detail(members) if members else None,
    )


def _time(value: str | datetime) -> tuple[int, int | None]:
    return (microseconds(value), None) if isinstance(value, datetime) else parse_time(value)


def _instant(value: str | datetime) -> tuple[int, None]:
    if isinstance(value, datetime):
        return microseconds(value), None
    return parse_instant(value), None

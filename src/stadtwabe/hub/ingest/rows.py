"""Rows as PostgreSQL's binary COPY wants them (documentation of COPY, section Binary Format)."""

from collections.abc import Iterator, Sequence
from struct import Struct

import numpy as np

from stadtwabe.hub.ingest.batch import Run

HEADER = b"PGCOPY\n\xff\r\n\0" + bytes(8)
TRAILER = b"\xff\xff"

COLUMNS = (
    "datastream_id",
    "quality",
    "feature_id",
    "result_time",
    "detail",
    "id",
    "phenomenon_time",
    "result",
)
"""What is the same in a whole run comes first, so that it is packed once."""

CHUNK = 2000
MANY = 200
"""From so many rows on, columns of numpy are faster than a row at a time."""

NULL = b"\xff\xff\xff\xff"
_start = Struct("!hiiih").pack
_int = Struct("!ii").pack
_big = Struct("!iq").pack
_number = Struct("!iqiqid").pack
_no_number = Struct("!iqiqi").pack
_length = Struct("!i").pack

TOUCHED_COLUMNS = ("datastream_id", "n", "hour", "sum", "min", "max", "last", "last_time")
_touched = Struct("!hiiiiiqididididiq").pack


def encode(
    run: Run, flags: Sequence[int] | None = None, *, lead: Sequence[int] | None = None
) -> Iterator[bytes]:
    """Yield the rows of a run in chunks; ``flags`` are their qualities, None: nothing is wrong.

    ``lead`` puts a number in front of every row: its place in the staging table.
    """
    fields = len(COLUMNS) + (lead is not None)
    if run.is_plain and flags is None and None not in run.results:
        yield from _plain(run, fields, lead)
        return
    for begin in range(0, len(run), CHUNK):
        rows: list[bytes] = []
        for index in range(begin, min(begin + CHUNK, len(run))):
            quality = flags[index] if flags is not None else 0
            head = _head(fields, run.stream.id, quality, lead[index] if lead else None)
            feature_id = (
                run.feature_ids[index] if run.feature_ids is not None else run.stream.feature_id
            )
            result_time = run.result_times[index] if run.result_times is not None else None
            detail = run.details[index] if run.details is not None else None
            rows += (
                head,
                NULL if feature_id is None else _int(4, feature_id),
                NULL if result_time is None else _big(8, result_time),
                # Version 1 of jsonb on the wire.
                NULL if detail is None else _length(len(detail) + 1) + b"\x01" + detail,
                _value(run.ids[index], run.times[index], run.results[index]),
            )
        yield b"".join(rows)


def _plain(run: Run, fields: int, lead: Sequence[int] | None) -> Iterator[bytes]:
    feature_id = run.stream.feature_id
    same = (
        _start(fields, 4, run.stream.id, 2, 0)[2:]
        + (NULL if feature_id is None else _int(4, feature_id))
        + NULL
        + NULL
    )
    same_row = Struct("!h").pack(fields) + same
    if lead is None and len(run) >= MANY:
        table = np.empty(
            len(run),
            [
                ("same", f"V{len(same_row)}"),
                *(("id_length", ">i4"), ("id", ">i8"), ("time_length", ">i4"), ("time", ">i8")),
                *(("result_length", ">i4"), ("result", ">f8")),
            ],
        )
        table["same"] = np.void(same_row)
        table["id_length"] = table["time_length"] = table["result_length"] = 8
        table["id"], table["time"], table["result"] = run.ids, run.times, run.results
        for begin in range(0, len(run), CHUNK):
            yield table[begin : begin + CHUNK].tobytes()
        return
    pack = Struct(f"!{len(same) + 2}siqiqid").pack
    pack_staged = Struct(f"!hii{len(same)}siqiqid").pack
    for begin in range(0, len(run), CHUNK):
        part = slice(begin, begin + CHUNK)
        values = zip(run.ids[part], run.times[part], run.results[part], strict=True)
        if lead is None:
            rows = [pack(same_row, 8, pk, 8, time, 8, result) for pk, time, result in values]
        else:
            rows = [
                pack_staged(fields, 4, place, same, 8, pk, 8, time, 8, result)
                for place, (pk, time, result) in zip(lead[part], values, strict=True)
            ]
        yield b"".join(rows)


def _head(fields: int, datastream_id: int, quality: int, lead: int | None) -> bytes:
    if lead is None:
        return _start(fields, 4, datastream_id, 2, quality)
    return Struct("!hiiiiih").pack(fields, 4, lead, 4, datastream_id, 2, quality)


def _value(pk: int, time: int, result: float | None) -> bytes:
    if result is None:
        return _no_number(8, pk, 8, time, -1)
    return _number(8, pk, 8, time, 8, result)


def encode_touched(rows: Sequence[tuple[int, int, int, float, float, float, float, int]]) -> bytes:
    """Return rows for ``hub_touchedhour``, in the order of ``TOUCHED_COLUMNS``."""
    return b"".join(
        [
            _touched(8, 4, stream, 4, n, 8, hour, 8, total, 8, least, 8, most, 8, last, 8, at)
            for stream, n, hour, total, least, most, last, at in rows
        ]
    )

"""Many JSON objects of one shape, made column by column.

In Python a row costs more than all that PostgreSQL does for it; as columns of numpy a page of
10,000 is text in a few milliseconds.
"""

from collections.abc import Mapping, Sequence
from functools import cache

import msgspec
import numpy as np
from numpy.typing import NDArray

from stadtwabe.hub.ingest.times import UNIX_OFFSET

Texts = NDArray[np.bytes_]
"""A text for each row; shorter ones end with NUL, which no JSON contains."""

AT_ONCE = 250
"""Rows that fit into the cache of the processor: memory is what large pages cost."""

SECOND = 1_000_000
SECONDS_OF_DAY = 86_400


def numbers(values: NDArray[np.float64] | NDArray[np.int64]) -> Texts:
    """Return numbers as JSON writes them."""
    return np.array(msgspec.json.encode(values.tolist())[1:-1].split(b","), np.bytes_)


def moments(times: NDArray[np.int64]) -> list[Texts]:
    """Return pieces that together are times (microseconds since 2000) as ISO 8601 without ``Z``.

    Of the fraction of a second as many digits as it needs.
    """
    if not len(times):
        return []
    seconds, rests = np.divmod(times + UNIX_OFFSET, SECOND)
    days, clocks = np.divmod(seconds, SECONDS_OF_DAY)
    pieces = [_dates(days), _clocks()[clocks]]
    if rests.any():
        # Six digits with a point in place of the 1 before them, without the zeros at the end.
        fractions = numbers(rests + SECOND)
        signs = fractions.view(np.uint8).reshape(len(rests), len("1000000"))
        signs[:, 0] = ord(".")
        is_void = signs == ord("0")
        is_void[:, 0] = True
        signs[np.logical_and.accumulate(is_void[:, ::-1], axis=1)[:, ::-1]] = 0
        pieces.append(fractions)
    return pieces


def _dates(days: NDArray[np.int64]) -> Texts:
    """Return days since 1970 as text: a page has many rows of few days."""
    first, last = int(days.min()), int(days.max())
    if last - first > len(days):
        return days.astype("M8[D]").astype("S10")
    return np.arange(first, last + 1).astype("M8[D]").astype("S10")[days - first]


@cache
def _clocks() -> Texts:
    """Return every second of a day as text, with the ``T`` in front."""
    texts = np.arange(SECONDS_OF_DAY).astype("M8[s]").astype("S19")
    signs = texts.view(np.uint8).reshape(SECONDS_OF_DAY, -1)[:, len("1970-01-01") :]
    return np.ascontiguousarray(signs).view("S9").ravel()


def array(
    count: int, pieces: Sequence[bytes | Texts], others: Mapping[int, bytes] | None = None
) -> list[bytes]:
    """Return the parts of an array of ``count`` objects, each of ``pieces`` in their order.

    A piece is the same in all rows or has a text for each. ``others`` are objects of another
    shape, by their place.
    """
    if not count:
        return [b"[]"]
    pieces = (b",", *pieces)
    shape = [
        (f"p{place}", f"S{len(piece)}" if isinstance(piece, bytes) else piece.dtype)
        for place, piece in enumerate(pieces)
    ]
    table = np.empty(min(count, AT_ONCE), shape)
    columns = []
    for (name, _kind), piece in zip(shape, pieces, strict=True):
        if isinstance(piece, bytes):
            table[name] = piece
        else:
            columns.append((table[name], piece))
    others = others or {}
    parts: list[bytes] = []
    done = 0
    for stop in (*sorted(others), count):
        for begin in range(done, stop, AT_ONCE):
            size = min(AT_ONCE, stop - begin)
            for place, column in columns:
                place[:size] = column[begin : begin + size]
            parts.append(table[:size].tobytes().replace(b"\0", b""))
        if stop in others:
            parts.append(b"," + others[stop])
        done = stop + 1
    return [b"[", parts[0][1:], *parts[1:], b"]"]


def within(text: str) -> bytes:
    """Return ``text`` as it stands in a JSON string, without the quotes."""
    return msgspec.json.encode(text)[1:-1]

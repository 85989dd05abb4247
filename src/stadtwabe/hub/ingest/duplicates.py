"""A name that stands twice in one JSON object: which of the two was meant, nobody knows.

Decoders take the last without a word. Reading a body once more to find out costs as much as
reading it, so what is sent most is first counted, in bytes.
"""

import json
from collections.abc import Sequence
from typing import Any


class Twice(ValueError):
    """``name`` stands twice in one object."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


def refuse_duplicates(body: bytes | str) -> None:
    """Raise Twice if a name stands twice in an object of ``body``, which is valid JSON."""
    json.loads(body, object_pairs_hook=_once, parse_int=str, parse_float=str)


def _once(pairs: list[tuple[str, Any]]) -> None:
    if len(pairs) > 1:
        seen: set[str] = set()
        for name, _value in pairs:
            if name in seen:
                raise Twice(name[:80])
            seen.add(name)


def is_beyond_doubt(body: bytes, arrays: Sequence[Any]) -> bool:
    """Whether no object of a bulk can have a name twice, without reading its rows.

    ``arrays`` are the dataArrays as they stand in ``body``.
    """
    count = len(arrays)
    if body.count(b"{") != 2 * count:
        return False
    envelope, done = [], 0
    for array in arrays:
        at = body.find(NAME, done)
        start = body.find(b"[", at)
        if at < 0 or start < 0:
            return False
        envelope.append(body[done:start])
        done = start + len(array)
    rest = b"".join((*envelope, body[done:]))
    # Three more names in each: components, the datastream, its id; a \u could hide a fourth.
    return (
        b"\\" not in rest
        and rest.count(NAME) == count
        and rest.count(b'"components"') == count
        and rest.count(b'Datastream"') == count
        and rest.count(b'"@iot.id"') == count
    )


NAME = b'"dataArray"'

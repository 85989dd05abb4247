"""What listeners on ``hub_observation`` are told with a commit."""

from collections.abc import Iterable, Sequence

import msgspec

from stadtwabe.hub.ingest.batch import Run

PAYLOAD_STREAMS = 400
PAYLOAD_RANGES = 60
"""Most ids of datastreams, and ranges of ids, in one notification of at most 8,000 bytes."""

_encode = msgspec.json.Encoder().encode


def payloads(streams: Sequence[int], runs: Iterable[Run]) -> list[str]:
    """Return texts that name datastreams and the ranges of ids that were given to their rows.

    Not every id in a range need be there: repeats were given one, too.
    """
    ranges = _ranges(runs)
    return [
        _encode({"streams": streams[begin : begin + PAYLOAD_STREAMS], "ids": ranges}).decode()
        for begin in range(0, len(streams), PAYLOAD_STREAMS)
    ]


def _ranges(runs: Iterable[Run]) -> list[tuple[int, int]]:
    """Return the ids of runs as ranges, both ends included."""
    stretches: list[tuple[int, int]] = []
    for run in runs:
        ids = run.ids
        if ids[-1] - ids[0] == len(ids) - 1:
            stretches.append((ids[0], ids[-1]))
        else:
            stretches += [(pk, pk) for pk in ids]
    stretches.sort()
    joined = stretches[:1]
    for first, last in stretches[1:]:
        if first <= joined[-1][1] + 1:
            joined[-1] = joined[-1][0], max(last, joined[-1][1])
        else:
            joined.append((first, last))
    return joined if len(joined) <= PAYLOAD_RANGES else [(joined[0][0], joined[-1][1])]

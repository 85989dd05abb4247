"""What listeners on ``hub_observation`` are told with a commit."""

from collections.abc import Iterable, Sequence

import msgspec

from stadtwabe.hub.ingest.batch import Run

OBSERVED = "hub_observation"
"""The channel; the statements that store observations notify it by name."""

PAYLOAD_STREAMS = 150
PAYLOAD_RANGES = 50
"""Most ids of datastreams, and ranges of ids, in one notification of at most 8,000 bytes."""

SECOND = 1_000_000
"""In microseconds, in which a run counts its times."""


class Announcement(msgspec.Struct):
    """Datastreams that got observations, the ranges of ids given to their rows, and their times.

    Not every id in a range need be there: repeats were given one, too. ``spans`` has a pair for
    each datastream, in seconds since 2000: the first time, and the end behind the last.
    """

    streams: Sequence[int]
    ids: Sequence[tuple[int, int]]
    spans: Sequence[tuple[int, int]]

    def __len__(self) -> int:
        return sum(last - first + 1 for first, last in self.ids)


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Announcement).decode


def heard(payload: str | bytes) -> Announcement:
    """Return what a notification on the channel ``OBSERVED`` tells."""
    return _decode(payload)


def payloads(streams: Sequence[int], runs: Iterable[Run]) -> list[str]:
    """Return the announcement of ``runs``, in as many texts as it takes."""
    runs = list(runs)
    ranges, spans = _ranges(runs), _spans(runs)
    parts = (
        streams[begin : begin + PAYLOAD_STREAMS]
        for begin in range(0, len(streams), PAYLOAD_STREAMS)
    )
    return [
        _encode(Announcement(part, ranges, [spans[pk] for pk in part])).decode() for part in parts
    ]


def _spans(runs: Iterable[Run]) -> dict[int, tuple[int, int]]:
    spans: dict[int, tuple[int, int]] = {}
    for run in runs:
        first, last = min(run.times) // SECOND, max(run.times) // SECOND + 1
        if run.stream.id in spans:
            known = spans[run.stream.id]
            first, last = min(first, known[0]), max(last, known[1])
        spans[run.stream.id] = first, last
    return spans


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

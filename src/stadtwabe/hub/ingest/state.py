"""What is known of a datastream while it is being written to."""

from collections.abc import Sequence
from dataclasses import dataclass

from stadtwabe.hub.ingest.batch import Run


@dataclass(slots=True)
class State:
    """What is known of a datastream while its row is locked, and what this flush adds to it."""

    last_time: int | None
    last_result: float | None
    unchanged_since: int | None
    stored: int = 0
    first: int | None = None
    end: int | None = None
    first_result_time: int | None = None
    last_result_time: int | None = None
    newest: tuple[int, float | None, bytes | None, int] | None = None
    """Id, result, detail and quality of the new last row; None: the last one stays."""

    def note(self, run: Run, flags: Sequence[int] | None) -> None:
        """Take stored rows into account, which are in the order of their times."""
        self.stored += len(run)
        self.first = _least(self.first, run.times[0])
        self.end = _greatest(self.end, run.times[-1])
        if run.ends is not None:
            for end in run.ends:
                if end is not None:
                    self.end = _greatest(self.end, end)
        result_times = run.times
        if run.result_times is not None or run.ends is not None:
            result_times = [
                _first_of(result_time, end, time)
                for result_time, end, time in zip(
                    run.result_times or [None] * len(run),
                    run.ends or [None] * len(run),
                    run.times,
                    strict=True,
                )
            ]
        self.first_result_time = _least(self.first_result_time, min(result_times))
        self.last_result_time = _greatest(self.last_result_time, max(result_times))
        if self.last_time is None or run.times[-1] > self.last_time:
            self._note_changes(run)
            self.last_time = run.times[-1]
            self.newest = (
                run.ids[-1],
                run.results[-1],
                run.details[-1] if run.details is not None else None,
                flags[-1] if flags is not None else 0,
            )

    def _note_changes(self, run: Run) -> None:
        if run.stream.rules is not None or len(run) == 1:
            for time, result in zip(run.times, run.results, strict=True):
                if result is not None and result != self.last_result:
                    self.last_result, self.unchanged_since = result, time
            return
        last = run.results[-1]
        if last is None:
            return
        index = len(run) - 1
        while index and run.results[index - 1] == last:
            index -= 1
        if index or last != self.last_result:
            self.unchanged_since = run.times[index]
        self.last_result = last


def _least(one: int | None, other: int) -> int:
    return other if one is None or other < one else one


def _greatest(one: int | None, other: int) -> int:
    return other if one is None or other > one else one


def _first_of(*times: int | None) -> int:
    return next(time for time in times if time is not None)

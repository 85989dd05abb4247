"""How commands talk: results on standard output, everything else on standard error."""

import json
import sys
from collections.abc import Mapping
from typing import TextIO


class Output:
    """The two channels of a command."""

    def __init__(
        self, *, as_json: bool, results: TextIO | None = None, talk: TextIO | None = None
    ) -> None:
        self.as_json = as_json
        self._results = results or sys.stdout
        self._talk = talk or sys.stderr

    def result(self, data: Mapping[str, object], text: str) -> None:
        """One result: `data` as a line of JSON with --json, else `text`."""
        line = json.dumps(data, ensure_ascii=False, default=str) if self.as_json else text
        self._results.write(f"{line}\n")
        self._results.flush()

    def say(self, text: str) -> None:
        """Something for the person at the terminal."""
        self._talk.write(f"{text}\n")
        self._talk.flush()

    def progress(self, done: int, total: int, what: str) -> None:
        """How far the work is: a bar on a terminal, elsewhere a line at each tenth."""
        if self._talk.isatty():
            filled = 30 * done // max(total, 1)
            self._talk.write(f"\r[{'#' * filled}{'.' * (30 - filled)}] {done}/{total} {what:.40}")
            self._talk.write("\x1b[K" + ("\n" if done >= total else ""))
        elif done >= total or done % max(total // 10, 1) == 0:
            self._talk.write(f"{done}/{total} {what}\n")
        self._talk.flush()

"""Locks on files. The kernel lets go of them when their holder dies, however it dies."""

import fcntl
import os
import time
from pathlib import Path

from stadtwabe.site.postgres.errors import PostgresError


class FileLock:
    """An advisory lock (flock) that one process holds alone or several hold together."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: int | None = None

    def share(self, *, timeout: float) -> None:
        """Holds the lock together with others. `timeout` in seconds, then `PostgresError`."""
        self._take(fcntl.LOCK_SH, timeout)

    def take(self, *, timeout: float) -> None:
        """Holds the lock alone. `timeout` in seconds, then `PostgresError`."""
        self._take(fcntl.LOCK_EX, timeout)

    def try_take(self) -> bool:
        """Holds the lock alone if nobody else holds it; says whether it does.

        A shared hold is given up in either case.
        """
        return self._try(fcntl.LOCK_EX)

    def try_share(self) -> bool:
        """Holds the lock together with others unless one holds it alone; says whether it does."""
        return self._try(fcntl.LOCK_SH)

    def release(self) -> None:
        """Lets go; harmless when nothing is held."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def is_held_by_somebody(self) -> bool:
        """Whether another holder, in this process or elsewhere, has the lock."""
        probe = FileLock(self._path)
        free = probe.try_take()
        probe.release()
        return not free

    def _opened(self) -> int:
        if self._file is None:
            self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        return self._file

    def _try(self, kind: int) -> bool:
        try:
            fcntl.flock(self._opened(), kind | fcntl.LOCK_NB)
        except BlockingIOError:
            self.release()
            return False
        return True

    def _take(self, kind: int, timeout: float) -> None:
        end = time.monotonic() + timeout
        while not self._try(kind):
            if time.monotonic() > end:
                raise PostgresError(
                    f"{self._path} has been locked by another process for {timeout:.0f} s.",
                    remedy="Wait for it, or end it.",
                )
            time.sleep(0.02)

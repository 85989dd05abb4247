"""Objects of the bucket as files, for DuckDB: fetched when first read, the longest unread go.

An object never changes, so what has been fetched needs no asking whether it is still right.
Several processes share the folder: a file appears in it under its name only as a whole, and one
that another process has taken away is fetched again.
"""

import os
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from uuid import uuid4

from stadtwabe.hub.archive.bucket import Bucket

FOLDER = ".cache"
"""Inside the folder of the archive, where DuckDB may read."""


class Cache:
    """Files of ``bucket`` in ``folder``: at most ``most_bytes``, besides those in use."""

    def __init__(self, bucket: Bucket, folder: Path, most_bytes: int) -> None:
        self._bucket, self._folder, self._most = bucket, folder, most_bytes
        self._lock = threading.Lock()
        self._fetching: dict[str, threading.Lock] = {}
        self._held: Counter[str] = Counter()

    @contextmanager
    def holding(self, files: Sequence[str]) -> Iterator[list[Path]]:
        """Give the paths of ``files``, which stay meanwhile.

        Raises GoneFromArchive and ArchiveAway.
        """
        with ExitStack() as stack:
            yield [stack.enter_context(self._holding(file)) for file in files]

    def forget(self, file: str) -> None:
        """Delete the copy of a file; whoever has it open reads on."""
        self.path_of(file).unlink(missing_ok=True)

    def names(self) -> list[str]:
        """Return which files are there."""
        return [
            path.relative_to(self._folder).as_posix() for path in self._folder.rglob("*.parquet")
        ]

    def path_of(self, file: str) -> Path:
        """Return where the copy of a file is, or would be."""
        return self._folder / file

    @contextmanager
    def _holding(self, file: str) -> Iterator[Path]:
        with self._lock:
            self._held[file] += 1
            fetching = self._fetching.setdefault(file, threading.Lock())
        try:
            path = self.path_of(file)
            with fetching:
                if not self._touched(path):
                    self._fetch(file, path)
            yield path
        finally:
            with self._lock:
                self._held[file] -= 1
                if not self._held[file]:
                    del self._held[file]
                    self._fetching.pop(file, None)

    def _touched(self, path: Path) -> bool:
        try:
            os.utime(path)
        except FileNotFoundError:
            return False
        return True

    def _fetch(self, file: str, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f".{uuid4().hex}")
        try:
            self._bucket.fetch(file, draft)
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)
        self._make_room()

    def _make_room(self) -> None:
        found = []
        for path in self._folder.rglob("*.parquet"):
            with suppress(FileNotFoundError):
                stat = path.stat()
                found.append((stat.st_mtime, stat.st_size, path))
        left = sum(size for _read, size, _path in found)
        for _read, size, path in sorted(found):
            if left <= self._most:
                return
            with self._lock:
                if self._held[path.relative_to(self._folder).as_posix()]:
                    continue
                path.unlink(missing_ok=True)
            left -= size

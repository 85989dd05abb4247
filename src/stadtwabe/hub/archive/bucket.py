"""A bucket of an S3-compatible storage: where files of the archive lie instead of in the folder.

Objects are written once and never change. Each carries the SHA-256 of its content, which is
compared whenever it is fetched.
"""

import hashlib
import importlib
import os
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from stadtwabe.hub.archive.duck import GoneFromArchive

AWAY_SECONDS = 30.0
"""After a failure nobody asks again for so long: many requests would wait, each for itself."""

CONNECT_SECONDS, ANSWER_SECONDS, RETRY_SECONDS = 3, 120, 20
RETRIES = 2
IN_ONE_PIECE = 64 * 1024 * 1024
"""Up to so many bytes an object is sent at once: killed on the way, it leaves nothing behind."""
CHUNK = 1024 * 1024
SHA256 = "sha256"


class ArchiveAway(Exception):
    """The storage does not answer, refuses the key, or gives something else than was written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BucketAddress:
    """Where a bucket is, and the key to it. ``endpoint`` empty: that of AWS for the region."""

    bucket: str
    region: str
    key: str = field(repr=False)
    secret: str = field(repr=False)
    endpoint: str = ""
    prefix: str = ""
    path_style: bool = True


class Bucket:
    """Puts, fetches and deletes objects by the names of files of the archive."""

    def __init__(self, address: BucketAddress) -> None:
        self._address = address
        self._lock = threading.Lock()
        self._store: tuple[int, Any] = (0, None)
        self._away_until = 0.0

    def put(self, path: Path, file: str, sha256: str) -> None:
        """Write the object ``file``; it is there as a whole, or not at all. Raises ArchiveAway."""
        pieces = path.stat().st_size > IN_ONE_PIECE
        self._ask("put", file, path, attributes={SHA256: sha256}, use_multipart=pieces)

    def fetch(self, file: str, target: Path) -> None:
        """Write the content of ``file`` to ``target``, on the disk.

        Raises GoneFromArchive when it is not there, ArchiveAway when it cannot be had as it was
        written.
        """
        found = self._ask("get", file)
        digest, size = hashlib.sha256(), 0
        try:
            with target.open("wb") as opened:
                for chunk in found.stream(min_chunk_size=CHUNK):
                    data = bytes(chunk)
                    digest.update(data)
                    size += opened.write(data)
                opened.flush()
                os.fsync(opened.fileno())
        except self._errors() as error:
            raise self._away(file, error) from error
        wanted = found.attributes.get(SHA256)
        if size != found.meta["size"] or (wanted and wanted != digest.hexdigest()):
            message = f"{file}: the storage gives other content than was written."
            raise ArchiveAway(message)

    def delete(self, file: str) -> None:
        """Delete an object; one that is not there is fine. Raises ArchiveAway."""
        try:
            self._ask("delete", file)
        except GoneFromArchive:
            return

    def names(self) -> Iterator[str]:
        """Yield the names of all objects below the prefix. Raises ArchiveAway."""
        try:
            for page in self._ask("list", None):
                yield from (entry["path"] for entry in page)
        except self._errors() as error:
            raise self._away("", error) from error

    def _ask(self, verb: str, file: str | None, *given: Any, **options: Any) -> Any:
        with self._lock:
            if time.monotonic() < self._away_until:
                message = "The storage did not answer a moment ago."
                raise ArchiveAway(message)
        act = getattr(importlib.import_module("obstore"), verb)
        names = () if file is None else (file,)
        try:
            return act(self._opened(), *names, *given, **options)
        except FileNotFoundError as error:
            raise GoneFromArchive(file) from error
        except self._errors() as error:
            raise self._away(file or "", error) from error

    def _errors(self) -> tuple[type[Exception], ...]:
        exceptions = importlib.import_module("obstore.exceptions")
        return (exceptions.BaseError, OSError)

    def _away(self, file: str, error: Exception) -> ArchiveAway:
        with self._lock:
            self._away_until = time.monotonic() + AWAY_SECONDS
        # The rest is the library's own state, and may name the key.
        return ArchiveAway(f"{file}: {str(error).partition(chr(10))[0][:300]}".removeprefix(": "))

    def _opened(self) -> Any:
        """Return the client; a process that was forked needs one of its own."""
        with self._lock:
            if self._store[0] != os.getpid():
                self._store = os.getpid(), self._open()
            return self._store[1]

    def _open(self) -> Any:
        address = self._address
        given: dict[str, Any] = {"endpoint": address.endpoint} if address.endpoint else {}
        return importlib.import_module("obstore.store").S3Store(
            address.bucket,
            prefix=address.prefix or None,
            region=address.region,
            access_key_id=address.key,
            secret_access_key=address.secret,
            virtual_hosted_style_request=not address.path_style,
            client_options={
                "allow_http": address.endpoint.startswith("http://"),
                "connect_timeout": f"{CONNECT_SECONDS}s",
                "timeout": f"{ANSWER_SECONDS}s",
            },
            retry_config={
                "max_retries": RETRIES,
                "retry_timeout": timedelta(seconds=RETRY_SECONDS),
            },
            **given,
        )

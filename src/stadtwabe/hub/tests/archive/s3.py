"""An S3 server in a process of its own, and the archive in a bucket of it."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from stadtwabe.hub.archive import lake
from stadtwabe.hub.archive.bucket import BucketAddress

BUCKET = "stadtwabe"


class Storage:
    """The server; what is written to it is gone when it stops."""

    def __init__(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.start()

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(self.port)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for _try in range(300):
            try:
                httpx.put(f"{self.endpoint}/{BUCKET}", timeout=2).raise_for_status()
            except httpx.TransportError:
                time.sleep(0.1)
            else:
                return
        raise TimeoutError

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(10)

    def address(self, prefix: str = "a") -> BucketAddress:
        return BucketAddress(
            bucket=BUCKET,
            region="eu-central-1",
            key="key",
            secret="secret",
            endpoint=self.endpoint,
            prefix=prefix,
        )


@contextmanager
def archive_in(storage: Storage, folder: Path, *, cache_bytes: int = 10**9) -> Iterator[None]:
    """Let the archive lie in the storage meanwhile, what is read of it in ``folder``."""
    former, remote = list(lake._folder), list(lake._remote)
    lake.use_folder(folder)
    lake.use_bucket(storage.address(folder.name), cache_bytes=cache_bytes)
    try:
        yield
    finally:
        lake._folder[:], lake._remote[:] = former, remote

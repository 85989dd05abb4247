"""One subprocess in which codecs run, and the pool of them."""

import contextlib
import json
import os
import queue
import select
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stadtwabe.hub.codecs.faults import CodecError, Fault

WORKER = Path(__file__).with_name("worker.py")


@dataclass(frozen=True)
class Limits:
    """What one call may use.

    ``seconds`` of processor time, ``wall_seconds`` on the clock (a busy machine needs longer for
    the same work), ``memory_bytes`` inside the engine, ``output_characters`` of JSON.
    """

    seconds: float = 0.5
    wall_seconds: float = 5.0
    memory_bytes: int = 32 * 1024**2
    output_characters: int = 64 * 1024


class CodecProcess:
    """A subprocess with nothing of ours in it: no environment, no open files, no network use.

    It is started when first needed and again whenever it is gone.
    """

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """The process id, of a process started if need be."""
        return self._running().pid

    def ask(self, request: dict[str, Any]) -> dict[str, Any]:
        """Send one request, return the answer; raises CodecError when there is none."""
        line = json.dumps(request).encode() + b"\n"
        deadline = time.monotonic() + self.limits.wall_seconds
        try:
            self._send(line, deadline)
        except BrokenPipeError:  # it died since the last call: a new one takes the request
            self.stop()
            self._send(line, deadline)
        answer: dict[str, Any] = json.loads(self._receive(deadline))
        return answer

    def stop(self) -> None:
        """Kill the subprocess, if there is one."""
        if self.process is None:
            return
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                with contextlib.suppress(BrokenPipeError):
                    pipe.close()
        self.process = None

    def _running(self) -> subprocess.Popen[bytes]:
        if self.process is not None and self.process.poll() is not None:
            self.stop()
        if self.process is None:
            self.process = subprocess.Popen(  # noqa: S603 - our own interpreter and file
                [sys.executable, "-I", str(WORKER)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={},
                cwd="/",
                bufsize=0,
            )
            for pipe in (self.process.stdin, self.process.stdout):
                assert pipe is not None
                os.set_blocking(pipe.fileno(), False)
        return self.process

    def _send(self, line: bytes, deadline: float) -> None:
        pipe = self._running().stdin
        assert pipe is not None
        rest = memoryview(line)
        while rest:
            self._wait([], [pipe], deadline)
            rest = rest[os.write(pipe.fileno(), rest) :]

    def _receive(self, deadline: float) -> bytes:
        pipe = self._running().stdout
        assert pipe is not None
        received = bytearray()
        while not received.endswith(b"\n"):
            self._wait([pipe], [], deadline)
            piece = os.read(pipe.fileno(), 65536)
            received += piece
            if not piece:
                self.stop()
                raise CodecError(Fault.CRASHED)
            if len(received) > 8 * self.limits.output_characters:
                self.stop()
                raise CodecError(Fault.TOO_LARGE)
        return bytes(received)

    def _wait(self, readable: list[Any], writable: list[Any], deadline: float) -> None:
        left = deadline - time.monotonic()
        if left <= 0 or not any(select.select(readable, writable, [], left)):
            self.stop()
            raise CodecError(Fault.TIME)


class Pool:
    """A few codec processes, lent to one call each; safe to use from several threads."""

    def __init__(self, size: int = 2, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self._idle: queue.LifoQueue[CodecProcess] = queue.LifoQueue()
        self._all = [CodecProcess(self.limits) for _ in range(size)]
        for process in self._all:
            self._idle.put(process)

    @contextlib.contextmanager
    def borrowed(self) -> Iterator[CodecProcess]:
        """Lend a process; raises CodecError when none comes free for twice the time of a call."""
        try:
            process = self._idle.get(timeout=2 * self.limits.wall_seconds)
        except queue.Empty:
            raise CodecError(Fault.BUSY) from None
        try:
            yield process
        finally:
            self._idle.put(process)

    def close(self) -> None:
        """Stop all processes; the next call starts them again."""
        for process in self._all:
            process.stop()

"""The parent of the tree: starts the children, restarts what dies, ends all when asked to."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

import stadtwabe
from stadtwabe.site.postgres.server import Server
from stadtwabe.site.process_tree.agreement import GRACE_SECONDS, HEALTH, SOCKET

POLL_SECONDS = 0.1
RESTARTS_PER_MINUTE = 5
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass
class Child:
    """One process below us."""

    role: str
    """"web", "worker", "mqtt" or "demo"."""
    is_errand: bool = False
    """Whether it ends by itself when its work is done. It is started once pages are served."""
    process: "subprocess.Popen[bytes] | None" = None
    starts: list[float] = field(default_factory=list)
    waits_for: str = ""
    """Address of the database that it has been started for before that was there."""

    def start(self, listening: socket.socket) -> None:
        """Starts the process; it inherits the listening socket."""
        self._spawn(listening, os.environ["DATABASE_URL"])
        self._give_the_word()

    def load(self, listening: socket.socket, database: str) -> None:
        """Starts the process, which loads all it needs and waits until `go` is called."""
        self._spawn(listening, database)
        self.waits_for = database

    def go(self, listening: socket.socket) -> None:
        """Lets a process go on that waits; starts one otherwise."""
        if self.process is None or self.waits_for != os.environ["DATABASE_URL"]:
            self.end()
            self.start(listening)
        else:
            self._give_the_word()

    def end(self) -> None:
        """Kills the process if there is one."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def _give_the_word(self) -> None:
        assert self.process is not None
        assert self.process.stdin is not None
        # One that has died meanwhile is found by whoever watches the children.
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.write(b"\n")
            self.process.stdin.flush()

    def _spawn(self, listening: socket.socket, database: str) -> None:
        now = time.monotonic()
        self.starts = [moment for moment in self.starts if moment > now - 60] + [now]
        source = str(Path(stadtwabe.__file__).parent.parent)
        self.process = subprocess.Popen(  # noqa: S603 - our own module, no shell
            [sys.executable, "-m", "stadtwabe.site.process_tree.child", self.role],
            stdin=subprocess.PIPE,
            pass_fds=[listening.fileno()] if self.role == "web" else [],
            env={
                **os.environ,
                "PYTHONPATH": source,
                "DATABASE_URL": database,
                SOCKET: str(listening.fileno()),
            },
            # A Ctrl-C on the terminal is for the parent, who ends the children in order.
            start_new_session=True,
        )

    @property
    def has_ended(self) -> bool:
        """Whether the process is gone although nobody asked it to and its work is not done."""
        if self.process is None:
            return not self.is_errand
        status = self.process.poll()
        return status is not None and not (self.is_errand and status == 0)

    @property
    def ends_too_often(self) -> bool:
        """Whether starting it once more makes no sense."""
        return len(self.starts) > RESTARTS_PER_MINUTE


class ProcessTree:
    """The web server and the worker as children, the embedded database beside them."""

    def __init__(
        self,
        listening: socket.socket,
        *,
        say: Callable[[str], None],
        roles: Sequence[str] = ("web", "worker"),
        errands: Sequence[str] = (),
    ) -> None:
        self._listening = listening
        self._server: Server | None = None
        self._say = say
        self.children = [Child(role) for role in roles]
        self.children += [Child(role, is_errand=True) for role in errands]
        self._asked_to_stop = False

    @contextlib.contextmanager
    def loading(self, database: str) -> Iterator[None]:
        """Inside, the web server loads for `database`, which need not be there yet."""
        try:
            for child in self.children:
                if child.role == "web":
                    child.load(self._listening, database)
            yield
        finally:
            self._stop()

    def run(self, *, server: Server | None, when_ready: Callable[[], None]) -> int:
        """Runs until a signal asks it to stop (returns 0) or a child keeps dying (returns 1).

        `server` is the embedded database, if that is in use: it is started again when it dies.
        `when_ready` is called once, as soon as the web server answers.
        """
        self._server = server
        with self._listening_to_signals():
            try:
                for child in self.children:
                    if not child.is_errand:
                        child.go(self._listening)
                return self._watch(when_ready)
            finally:
                self._stop()

    def _watch(self, when_ready: Callable[[], None]) -> int:
        announced = False
        while not self._asked_to_stop:
            for child in self.children:
                if not child.has_ended:
                    continue
                if child.ends_too_often and child.is_errand:
                    self._say(f"The {child.role} process keeps ending; the rest goes on.")
                    child.process = None
                    continue
                if child.ends_too_often:
                    self._say(f"The {child.role} process keeps ending; giving up.")
                    return 1
                self._say(f"The {child.role} process has ended; starting it again.")
                child.start(self._listening)
            if self._server is not None and not self._server.is_running:
                self._server.start()
            if not announced and self._answers():
                announced = True
                when_ready()
                self._start_errands()
            time.sleep(POLL_SECONDS)
        return 0

    def _start_errands(self) -> None:
        for child in self.children:
            if child.is_errand:
                child.start(self._listening)

    def _answers(self) -> bool:
        """Whether the web server takes requests."""
        with contextlib.suppress(OSError), socket.socket(self._listening.family) as probe:
            probe.settimeout(2)
            probe.connect(self._listening.getsockname())
            probe.sendall(f"GET {HEALTH} HTTP/1.0\r\n\r\n".encode())
            return probe.recv(5) == b"HTTP/"
        return False

    def _stop(self) -> None:
        processes = [child.process for child in self.children if child.process]
        for process in processes:
            process.terminate()
        end = time.monotonic() + GRACE_SECONDS + 2
        for process in processes:
            try:
                process.wait(max(0.0, end - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            if process.stdin is not None:
                process.stdin.close()

    @contextlib.contextmanager
    def _listening_to_signals(self) -> Iterator[None]:
        def stop(_number: int, _frame: FrameType | None) -> None:
            self._asked_to_stop = True

        former = {number: signal.signal(number, stop) for number in STOP_SIGNALS}
        try:
            yield
        finally:
            for number, handler in former.items():
                signal.signal(number, handler)

"""The process that keeps one PostgreSQL server running for as long as somebody uses it.

`python -S -m stadtwabe.site.postgres.guardian DATA [--not-durable]`, started by `server.Server`.
It starts PostgreSQL, says so in one line of JSON on standard output, restarts it when it dies,
and stops it cleanly as soon as nobody shares `users.lock` any more. Locks vanish with their
holders, so a user killed by -9 counts as gone. If the guardian itself is killed, Linux tells
PostgreSQL to stop (PR_SET_PDEATHSIG); elsewhere the next guardian stops it.
"""

import contextlib
import ctypes
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType

from stadtwabe.site.postgres.account import Account, database_account
from stadtwabe.site.postgres.binaries import Binaries, find_binaries
from stadtwabe.site.postgres.cluster import ENVIRONMENT, Cluster
from stadtwabe.site.postgres.errors import PostgresError

POLL_SECONDS = 0.2
START_SECONDS = 60.0
STOP_SECONDS = 60.0
RESTARTS_PER_MINUTE = 5
LOG_LIMIT = 10_000_000
PR_SET_PDEATHSIG = 1


class Guardian:
    """Keeps one server alive and ends it when it is no longer needed."""

    def __init__(
        self, cluster: Cluster, binaries: Binaries, account: Account, *, durable: bool
    ) -> None:
        self._cluster = cluster
        self._binaries = binaries
        self._account = account
        self._durable = durable
        self._socket_folder = cluster.socket_folder
        self._process: subprocess.Popen[bytes] | None = None
        self._restarts: list[float] = []
        self._asked_to_stop = False

    def start(self) -> None:
        """Starts the server and returns when it accepts connections."""
        self._cluster.check(self._binaries, self._account)
        self._clear_away_what_was_left()
        self._account.make_private_folder(self._socket_folder)
        end = time.monotonic() + START_SECONDS
        while True:
            self._process = self._spawn()
            if self._became_ready(end):
                return
            # Children of a server that was killed may still hold its memory for a moment.
            if time.monotonic() > end or "still in use" not in self._last_words():
                raise PostgresError(
                    f"PostgreSQL did not start: {self._last_words()}",
                    remedy=f"More in {self._cluster.log}.",
                )
            time.sleep(POLL_SECONDS)

    def keep(self) -> None:
        """Returns once the server has been stopped because nobody uses it any more."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._on_signal)
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        while not self._asked_to_stop and not self._cluster.users_lock.try_take():
            if self._process is None or self._process.poll() is not None:
                self._restart()
            time.sleep(POLL_SECONDS)
        self.stop()

    def stop(self) -> None:
        """Ends the server: cleanly, and if it does not listen, harder."""
        if self._process is not None:
            for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
                if self._process.poll() is not None:
                    break
                self._process.send_signal(number)
                with contextlib.suppress(subprocess.TimeoutExpired):
                    self._process.wait(STOP_SECONDS)
        with contextlib.suppress(OSError):
            self._socket_folder.rmdir()

    def _restart(self) -> None:
        now = time.monotonic()
        self._restarts = [moment for moment in self._restarts if moment > now - 60] + [now]
        if len(self._restarts) > RESTARTS_PER_MINUTE:
            raise PostgresError(
                f"PostgreSQL ended {RESTARTS_PER_MINUTE} times within a minute: "
                f"{self._last_words()}",
                remedy=f"More in {self._cluster.log}.",
            )
        self.start()

    def _spawn(self) -> "subprocess.Popen[bytes]":
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self._socket_folder).replace('"', '""'),
            "unix_socket_permissions": "0700",
            "shared_buffers": "256MB",
            "max_connections": "100",
            "timezone": "UTC",
            "log_timezone": "UTC",
        }
        if not self._durable:
            settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        with self._cluster.log.open("ab") as log:
            return subprocess.Popen(  # noqa: S603 - a program found by find_binaries, no shell
                [
                    str(self._binaries.program("postgres")),
                    "-D",
                    str(self._cluster.data),
                    *options,
                ],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                env=ENVIRONMENT,
                preexec_fn=_stop_with(os.getpid()),
                user=self._account.step_down_to_user,
                group=self._account.step_down_to_group,
                extra_groups=self._account.step_down_to_groups,
                umask=0o077,
            )

    def _became_ready(self, end: float) -> bool:
        assert self._process is not None
        while self._process.poll() is None and time.monotonic() < end:
            found = self._cluster.read_pid_file()
            if found and found.pid == self._process.pid and found.is_ready:
                return True
            time.sleep(0.01)
        return False

    def _clear_away_what_was_left(self) -> None:
        """Stops a server that has outlived its guardian, and removes what a crash left behind.

        PostgreSQL itself refuses to start while such a file names a living process, even if the
        number belongs to another program by now. We hold the guardian's lock and can tell.
        """
        end = time.monotonic() + STOP_SECONDS
        for path, pid in self._cluster.left_over_files(self._socket_folder).items():
            if self._cluster.is_our_server(pid):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGINT)
            while self._cluster.is_our_server(pid) and time.monotonic() < end:
                time.sleep(0.05)
            if not self._cluster.is_our_server(pid):
                path.unlink(missing_ok=True)

    def _last_words(self) -> str:
        lines = self._cluster.log.read_text(encoding="utf-8", errors="replace").splitlines()
        return " ".join(lines[-3:])

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self._asked_to_stop = True


def _stop_with(guardian: int) -> Callable[[], None]:
    """For the child, between fork and exec: stop cleanly when the guardian dies (Linux)."""
    if not sys.platform.startswith("linux"):
        return lambda: None
    prctl = ctypes.CDLL(None).prctl

    def ask() -> None:
        prctl(PR_SET_PDEATHSIG, signal.SIGINT)
        if os.getppid() != guardian:
            os._exit(1)

    return ask


def _trim(log: Path) -> None:
    if log.exists() and log.stat().st_size > LOG_LIMIT:
        log.replace(log.with_suffix(".log.1"))


def _say(**what: object) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


def main(arguments: list[str]) -> int:
    """Runs the guardian; see the module."""
    cluster = Cluster(Path(arguments[0]))
    durable = "--not-durable" not in arguments
    try:
        cluster.guardian_lock.take(timeout=STOP_SECONDS)
        (cluster.folder / "guardian.pid").write_text(f"{os.getpid()}\n", encoding="utf-8")
        _trim(cluster.log)
        account = database_account()
        binaries = account.own_copy_of(find_binaries())
        if not cluster.exists:
            cluster.create(binaries, account, durable=durable)
        guardian = Guardian(cluster, binaries, account, durable=durable)
        guardian.start()
        _say(ready=True)
    except PostgresError as error:
        _say(error=error.message, remedy=error.remedy)
        return 1
    except OSError as error:
        _say(error=f"{error}.", remedy="Is there space on the disk, and may the folder be written?")
        return 1
    # From here on nobody may be reading any more.
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        os.dup2(nowhere.fileno(), sys.stdout.fileno())
    try:
        guardian.keep()
    except PostgresError as error:
        sys.stderr.write(f"{error}\n")
        guardian.stop()
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

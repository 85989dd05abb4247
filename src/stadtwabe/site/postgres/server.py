"""The door to the embedded PostgreSQL: `Server(data).start()`, use `url`, `close()`."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Self

import stadtwabe
from stadtwabe.site.postgres.cluster import Cluster
from stadtwabe.site.postgres.errors import PostgresError

WAIT_SECONDS = 120.0


class Server:
    """This process's use of the server on one data folder.

    Several processes may use the same server; the first one has it started, the last one to
    close (or die) has it stopped. `durable=False` trades safety after a crash for speed, for
    tests; it has an effect only for the process that starts the server.
    """

    def __init__(self, data: Path, *, durable: bool = True) -> None:
        self.cluster = Cluster(data)
        self._durable = durable
        self._guardian: subprocess.Popen[str] | None = None

    @property
    def url(self) -> str:
        """The address of the database, in the form of DATABASE_URL."""
        return self.cluster.url

    @property
    def is_running(self) -> bool:
        """Whether a server on this data folder accepts connections."""
        if not self.cluster.exists or not self.cluster.guardian_lock.is_held_by_somebody():
            return False
        pid_file = self.cluster.read_pid_file()
        return pid_file is not None and pid_file.is_ready

    def start(self) -> None:
        """Returns when the server accepts connections. Harmless when it runs already.

        Raises `PostgresError` with a remedy when it cannot be started.
        """
        if sys.platform == "win32":
            raise PostgresError(
                "The embedded PostgreSQL does not run on Windows.",
                remedy="Use the Windows Subsystem for Linux, or set DATABASE_URL.",
            )
        try:
            self.cluster.make_folder()
            # While a former guardian is stopping the server, this waits for it.
            self.cluster.users_lock.share(timeout=WAIT_SECONDS)
            self.cluster.start_lock.take(timeout=WAIT_SECONDS)
        except PermissionError as error:
            raise PostgresError(
                f"{error.filename} cannot be written.",
                remedy="Set STADTWABE_DATA to a folder of your own.",
            ) from error
        try:
            self._wait_for_the_guardian()
            if not self.is_running:
                self._start_guardian()
        except PostgresError:
            self.cluster.users_lock.release()
            raise
        finally:
            self.cluster.start_lock.release()

    def close(self) -> None:
        """Ends this process's use; the last one waits until the server has stopped cleanly."""
        if self.cluster.users_lock.try_take():
            with contextlib.suppress(OSError, ValueError):
                if self.cluster.guardian_lock.is_held_by_somebody():
                    pid = int((self.cluster.folder / "guardian.pid").read_text(encoding="utf-8"))
                    os.kill(pid, signal.SIGTERM)
        elif self.cluster.users_lock.try_share():
            self.cluster.users_lock.release()
            return
        # Else the guardian was quicker to see that nobody uses the server, and is stopping it.
        self.cluster.guardian_lock.take(timeout=WAIT_SECONDS)
        self.cluster.guardian_lock.release()
        self.cluster.users_lock.release()
        if self._guardian is not None:
            self._guardian.wait()
            self._guardian = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _wait_for_the_guardian(self) -> None:
        """Lets a living guardian finish what it does: restarting a crashed server, or leaving."""
        end = time.monotonic() + WAIT_SECONDS
        while self.cluster.guardian_lock.is_held_by_somebody() and not self.is_running:
            if time.monotonic() > end:
                raise PostgresError(
                    f"PostgreSQL has been starting for {WAIT_SECONDS:.0f} s.",
                    remedy=f"See {self.cluster.log}.",
                )
            time.sleep(0.05)

    def _start_guardian(self) -> None:
        source = Path(stadtwabe.__file__).parent.parent
        command = [sys.executable, "-S", "-m", "stadtwabe.site.postgres.guardian"]
        command += [str(self.cluster.folder.parent)]
        command += [] if self._durable else ["--not-durable"]
        with self.cluster.log.open("ab") as log:
            guardian = subprocess.Popen(  # noqa: S603 - our own module, no shell
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                cwd="/",
                # site-packages only to locate the programs, never to import from.
                env={**os.environ, "PYTHONPATH": os.pathsep.join([str(source), *sys.path[1:]])},
                # A Ctrl-C on the terminal is for us; we end the server when we have ended.
                start_new_session=True,
            )
        assert guardian.stdout is not None
        with guardian.stdout:
            said = guardian.stdout.readline()
        if not said:
            guardian.wait()
            raise PostgresError(
                "PostgreSQL's guardian ended without a word.", remedy=f"See {self.cluster.log}."
            )
        answer = json.loads(said)
        if "error" in answer:
            guardian.wait()
            raise PostgresError(answer["error"], remedy=answer["remedy"])
        self._guardian = guardian

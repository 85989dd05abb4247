"""One database cluster on disk: where it lies, how it is made, what its pid file says."""

import contextlib
import hashlib
import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from stadtwabe.site.postgres.account import SYSTEM_FOLDER, Account
from stadtwabe.site.postgres.binaries import DATABASE_URL_REMEDY, Binaries
from stadtwabe.site.postgres.errors import PostgresError
from stadtwabe.site.postgres.locks import FileLock

DATABASE = "stadtwabe"
USER = "stadtwabe"
LONGEST_SOCKET_FOLDER = 80
"""Bytes. The kernel allows 107 for the whole path of a socket; PostgreSQL adds its own name."""


@dataclass(frozen=True)
class PidFile:
    """What a running (or crashed) server wrote into postmaster.pid."""

    pid: int
    socket_folder: Path | None
    is_ready: bool


class Cluster:
    """The folder `<STADTWABE_DATA>/postgres` and the data it leads to.

    Beside the data it holds two locks: `users.lock`, shared by every process that uses the
    server, and `guardian.lock`, held by the one process that keeps it running.
    """

    def __init__(self, data: Path) -> None:
        self.folder = data.resolve() / "postgres"
        self.users_lock = FileLock(self.folder / "users.lock")
        self.guardian_lock = FileLock(self.folder / "guardian.lock")
        self.start_lock = FileLock(self.folder / "start.lock")
        self.log = self.folder / "postgres.log"

    def make_folder(self) -> None:
        """Makes the folder itself; others may pass through it but not look around."""
        if not self.folder.exists():
            self.folder.mkdir(parents=True, exist_ok=True)
            self.folder.chmod(0o711)

    @property
    def socket_folder(self) -> Path:
        """Where the server listens: a private folder in the system's temporary directory.

        The same for everybody who uses this cluster, however long or odd the cluster's own path.
        """
        pid_file = self.read_pid_file()
        if pid_file and pid_file.socket_folder and self.guardian_lock.is_held_by_somebody():
            return pid_file.socket_folder
        mark = hashlib.sha256(os.fsencode(self.folder)).hexdigest()[:12]
        folder = Path(tempfile.gettempdir()) / f"stadtwabe-{mark}"
        if len(os.fsencode(folder)) > LONGEST_SOCKET_FOLDER:
            folder = Path("/tmp") / folder.name  # noqa: S108 - made private, owner is checked
        return folder

    @property
    def url(self) -> str:
        """The address of the database, in the form of DATABASE_URL."""
        return f"postgresql://{USER}@/{DATABASE}?host={quote(str(self.socket_folder), safe='')}"

    @property
    def data(self) -> Path:
        """The data directory, for an existing cluster."""
        return self.folder / self._location.read_text(encoding="utf-8").strip()

    @property
    def exists(self) -> bool:
        """Whether the cluster has been made."""
        return self._location.exists()

    def read_pid_file(self) -> PidFile | None:
        """The running server's own notes, or None without a server."""
        try:
            lines = (self.data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
            pid = int(lines[0])
        except (OSError, ValueError, IndexError):
            return None
        socket_folder = Path(lines[4]) if len(lines) > 4 and lines[4] else None
        return PidFile(pid, socket_folder, is_ready=len(lines) > 7 and lines[7].strip() == "ready")

    def create(self, binaries: Binaries, account: Account, *, durable: bool) -> None:
        """Makes the cluster with an empty database. Nothing of a half-made one remains.

        Sorting is by code point of Unicode (`C.UTF-8`): the packaged PostgreSQL has no ICU, and
        the system's locales differ between machines. `durable=False` skips the final sync.
        """
        data = self._choose_place(binaries, account)
        unfinished = data.with_name(f"{data.name}.new")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        os.chown(unfinished, account.uid, account.gid)
        locale = ["--locale=C.UTF-8"]
        if binaries.major >= 17:
            locale = ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        self.run_as(
            account,
            [
                str(binaries.program("initdb")),
                f"--pgdata={unfinished}",
                "--encoding=UTF8",
                *locale,
                "--auth=trust",  # the socket's folder is private
                f"--username={USER}",
                "--no-instructions",
                *([] if durable else ["--no-sync"]),
            ],
        )
        self.run_as(
            account,
            [str(binaries.program("postgres")), "--single", "-D", str(unfinished), "postgres"],
            given=f"CREATE DATABASE {DATABASE}\n",
        )
        unfinished.rename(data)
        relative = data.name if data.parent == self.folder else str(data)
        written = self._location.with_suffix(".new")
        written.write_text(f"{relative}\n", encoding="utf-8")
        written.rename(self._location)

    def check(self, binaries: Binaries, account: Account) -> None:
        """Raises `PostgresError` where the data do not fit the programs or the account."""
        try:
            major = int((self.data / "PG_VERSION").read_text(encoding="utf-8"))
        except FileNotFoundError as error:
            raise PostgresError(
                f"The database folder {self.data} is gone.",
                remedy=f"Bring it back, or remove {self._location} to begin with an empty one.",
            ) from error
        except PermissionError as error:
            raise PostgresError(
                f"The database folder {self.data} belongs to another user.",
                remedy="Start Stadtwabe as that user, or set STADTWABE_DATA to another folder.",
            ) from error
        owner = self.data.stat().st_uid
        if owner != account.uid:
            raise PostgresError(
                f"The database folder {self.data} belongs to the user with the number {owner}, "
                f"but PostgreSQL would run as number {account.uid}.",
                remedy="Start Stadtwabe as the user who made it, "
                "or set STADTWABE_DATA to another folder.",
            )
        if major != binaries.major:
            raise PostgresError(
                f"The data in {self.data} were written by PostgreSQL {major}, "
                f"but PostgreSQL {binaries.major} is installed.",
                remedy="Make a backup with the version that wrote them and restore it here. "
                + DATABASE_URL_REMEDY,
            )

    def left_over_files(self, socket_folder: Path) -> dict[Path, int]:
        """The files in which a server, running or crashed, has left its process number."""
        found = {}
        for path in (
            self.data / "postmaster.pid",
            socket_folder / ".s.PGSQL.5432.lock",
        ):
            with contextlib.suppress(OSError, ValueError, IndexError):
                found[path] = int(path.read_text(encoding="utf-8").split()[0])
        return found

    def is_our_server(self, pid: int) -> bool:
        """Whether the process `pid` is a PostgreSQL server on this data directory."""
        return b"postgres" in (said := _command_line(pid)) and os.fsencode(self.data) in said

    def run_as(self, account: Account, command: list[str], *, given: str = "") -> None:
        """Runs a program of PostgreSQL with the rights of `account`.

        Raises `PostgresError` with what the program said when it fails.
        """
        done = subprocess.run(  # noqa: S603 - a program found by find_binaries, no shell
            command,
            input=given,
            capture_output=True,
            text=True,
            check=False,
            cwd="/",
            env=ENVIRONMENT,
            user=account.step_down_to_user,
            group=account.step_down_to_group,
            extra_groups=account.step_down_to_groups,
            umask=0o077,
        )
        if done.returncode != 0:
            raise PostgresError(
                f"{Path(command[0]).name} failed: {(done.stderr or done.stdout).strip()}",
                remedy="Is there space on the disk, and may the folder be written?",
            )

    @property
    def _location(self) -> Path:
        return self.folder / "location"

    def _choose_place(self, binaries: Binaries, account: Account) -> Path:
        name = f"data-{binaries.major}"
        if account.can_reach(self.folder):
            return self.folder / name
        # Root's home and the like: the system user cannot get in, and we leave the door shut.
        mark = hashlib.sha256(os.fsencode(self.folder) + os.urandom(8)).hexdigest()[:12]
        place = SYSTEM_FOLDER / "clusters" / mark
        place.mkdir(parents=True)
        (place / "belongs-to").write_text(f"{self.folder}\n", encoding="utf-8")
        return place / name


ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}
"""For PostgreSQL's programs: nothing of ours, above all no PGHOST, PGPORT or PGDATA."""


def _command_line(pid: int) -> bytes:
    """How the process was started; empty when there is none (or only its remains)."""
    if Path("/proc/self").exists():
        try:
            return Path(f"/proc/{pid}/cmdline").read_bytes()
        except OSError:
            return b""
    return subprocess.run(  # noqa: S603 - fixed arguments, no shell
        ["ps", "-ww", "-o", "args=", "-p", str(pid)],  # noqa: S607 - POSIX
        capture_output=True,
        check=False,
    ).stdout

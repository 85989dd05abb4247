"""The account that PostgreSQL runs under: ourselves, or a system user when we are root.

PostgreSQL refuses to run as root. A root that starts Stadtwabe therefore lends the database a
system user of its own, and that user must be able to reach the programs and the data. We never
change the permissions of a folder that we did not make; what the system user cannot reach is
put below /var/lib/stadtwabe instead.
"""

import os
import pwd
import shutil
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path

from stadtwabe.site.postgres.binaries import DATABASE_URL_REMEDY, Binaries
from stadtwabe.site.postgres.errors import PostgresError

SYSTEM_USER = "stadtwabe"
SYSTEM_FOLDER = Path("/var/lib/stadtwabe")


@dataclass(frozen=True)
class Account:
    """Whose rights the database has."""

    uid: int
    gid: int
    is_ours: bool
    """False where root has to step down to become it."""

    @property
    def step_down_to_user(self) -> int | None:
        """For `subprocess`: whose rights a child takes; None keeps ours."""
        return None if self.is_ours else self.uid

    @property
    def step_down_to_group(self) -> int | None:
        """For `subprocess`: whose group a child takes; None keeps ours."""
        return None if self.is_ours else self.gid

    @property
    def step_down_to_groups(self) -> list[int] | None:
        """For `subprocess`: no further groups; None keeps ours."""
        return None if self.is_ours else []

    def can_reach(self, path: Path) -> bool:
        """Whether the account can pass through every folder above `path` and enter it."""
        if self.is_ours:
            return True
        path = path.resolve()
        return all(self._may_enter(folder) for folder in [path, *path.parents] if folder.exists())

    def _may_enter(self, folder: Path) -> bool:
        found = folder.stat()
        if found.st_uid == self.uid:
            return bool(found.st_mode & stat.S_IXUSR)
        if found.st_gid == self.gid:
            return bool(found.st_mode & stat.S_IXGRP)
        return bool(found.st_mode & stat.S_IXOTH)

    def make_private_folder(self, folder: Path) -> None:
        """Makes `folder` (mode 0700, owned by the account) unless it is there already.

        Raises `PostgresError` where somebody else's folder has the name.
        """
        try:
            folder.mkdir(mode=0o700)
        except FileExistsError:
            found = folder.lstat()
            if not stat.S_ISDIR(found.st_mode) or found.st_uid not in {self.uid, os.getuid()}:
                raise PostgresError(
                    f"{folder} belongs to somebody else.",
                    remedy="Remove it, or set TMPDIR to another folder.",
                ) from None
        os.chown(folder, self.uid, self.gid)
        folder.chmod(0o700)

    def own_copy_of(self, binaries: Binaries) -> Binaries:
        """Programs that the account can run: `binaries`, or a copy of them in its own folder."""
        if self.can_reach(binaries.program("postgres").resolve().parent):
            return binaries
        target = SYSTEM_FOLDER / f"postgres-{binaries.version}"
        package = binaries.prefix.parent
        if not target.exists():
            # Copied beside and renamed, so that an interrupted copy is never taken for a whole.
            started = target.with_name(f"{target.name}.{os.getpid()}")
            shutil.copytree(binaries.prefix, started / package.name / binaries.prefix.name)
            # The programs look for their libraries in this neighbour of the package.
            libraries = package.with_name(f"{package.name}.libs")
            if libraries.exists():
                shutil.copytree(libraries, started / libraries.name)
            try:
                started.rename(target)
            except OSError:
                # Another process of ours was faster; its copy is as good.
                shutil.rmtree(started)
        return Binaries(target / package.name / binaries.prefix.name, binaries.version)


def database_account() -> Account:
    """The account for the database; as root it is made when it does not exist yet.

    Raises `PostgresError` where root cannot make the system user.
    """
    if os.getuid() != 0:
        return Account(os.getuid(), os.getgid(), is_ours=True)
    try:
        entry = pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        make_system_user(SYSTEM_USER, f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
        entry = pwd.getpwnam(SYSTEM_USER)
    SYSTEM_FOLDER.mkdir(mode=0o755, exist_ok=True, parents=True)
    return Account(entry.pw_uid, entry.pw_gid, is_ours=False)


def make_system_user(name: str, search_path: str) -> None:
    """Makes a system user with the program `useradd`, looked up in `search_path`.

    Raises `PostgresError` with what an operator can do instead.
    """
    remedy = (
        f"Make a system user named {name}, or start Stadtwabe as an ordinary user. "
        + DATABASE_URL_REMEDY
    )
    program = shutil.which("useradd", path=search_path)
    if program is None:
        raise PostgresError(
            "PostgreSQL does not run as root, and there is no useradd to make a user for it.",
            remedy=remedy,
        )
    made = subprocess.run(  # noqa: S603 - fixed arguments, no shell
        [
            program,
            "--system",
            "--user-group",
            "--no-create-home",
            f"--home-dir={SYSTEM_FOLDER}",
            "--shell=/usr/sbin/nologin",
            name,
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    # Exit status 9: the name is taken, so another process of ours has just made it.
    if made.returncode not in {0, 9}:
        raise PostgresError(
            f"PostgreSQL does not run as root, and useradd failed: {made.stderr.strip()}.",
            remedy=remedy,
        )

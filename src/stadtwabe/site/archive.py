"""Backups: one tar archive with the database, the files and the old observations."""

import json
import os
import shutil
import subprocess
import tarfile
import tempfile
from datetime import datetime
from io import BytesIO
from pathlib import Path

from django.db import connection

import stadtwabe
from stadtwabe.hub.archive.cache import FOLDER as COPIES
from stadtwabe.hub.archive.lake import held
from stadtwabe.hub.commands.archive import archive_at_rest
from stadtwabe.hub.database import archive_in_reach
from stadtwabe.hub.queries.archive import observation_files
from stadtwabe.kit.errors import DomainError, Invalid
from stadtwabe.site.installation import postgres_major
from stadtwabe.site.postgres.binaries import find_binaries, version_of

DUMP, FILES, OBSERVATIONS, ABOUT = "database.dump", "files", "archive", "about.json"
FORMAT = 1

EMPTY = "DROP SCHEMA public CASCADE; CREATE SCHEMA public;\n"


def write_archive(target: Path, *, files: Path, observations: Path, now: datetime) -> int:
    """Writes a backup to `target` and returns its size in bytes.

    The database is read in one snapshot while others go on writing; only the archive of
    observations is left as it is meanwhile. A backup that fails leaves no file behind. Raises
    `Invalid` when the file exists or the folder does not.
    """
    if target.exists():
        raise Invalid(f"{target} exists already.", remedy="Choose another name.")
    if not target.parent.is_dir():
        raise Invalid(f"There is no folder {target.parent}.", remedy="Make it first.")
    about = {
        "format": FORMAT,
        "made_at": now.isoformat(),
        "stadtwabe": stadtwabe.__version__,
        "postgresql": postgres_major(),
    }
    unfinished = target.with_name(f".{target.name}.unfinished")
    try:
        with (
            tempfile.TemporaryDirectory() as folder,
            os.fdopen(os.open(unfinished, os.O_RDWR | os.O_CREAT, 0o600), "wb") as file,
            tarfile.open(fileobj=file, mode="w") as archive,
            archive_at_rest(),
        ):
            dump = Path(folder) / DUMP
            _run("pg_dump", ["--format=custom", "--no-owner", f"--file={dump}"])
            _add_text(archive, ABOUT, json.dumps(about), now)
            archive.add(dump, DUMP)
            if files.exists():
                archive.add(files, FILES)
            add_observations(archive, observations)
        unfinished.rename(target)
    finally:
        unfinished.unlink(missing_ok=True)
    return target.stat().st_size


def add_observations(archive: tarfile.TarFile, observations: Path) -> None:
    """Adds the folder of the archive of observations, and what lies in its bucket instead."""
    copies = f"{OBSERVATIONS}/{COPIES}"
    if observations.exists():
        archive.add(
            observations, OBSERVATIONS, filter=lambda each: each if each.name != copies else None
        )
    for name in observation_files():
        if not (observations / name).exists():
            with archive_in_reach(), held([name]) as (path,):
                archive.add(path, f"{OBSERVATIONS}/{name}")


def read_archive(source: Path, *, files: Path, observations: Path) -> dict[str, object]:
    """Replaces database and files by those of a backup; returns what it says about itself.

    The database changes in one transaction: it is restored as a whole or stays as it was.
    """
    with tempfile.TemporaryDirectory(dir=files.parent) as folder:
        here = Path(folder)
        try:
            with tarfile.open(source) as archive:
                archive.extractall(here, filter="data")
            about: dict[str, object] = json.loads((here / ABOUT).read_text(encoding="utf-8"))
        except (OSError, ValueError, tarfile.TarError) as error:
            raise Invalid(f"{source} cannot be read as a backup: {error}.") from error
        if about.get("format") != FORMAT:
            raise Invalid(
                f"{source} has the format {about.get('format')}, this version reads {FORMAT}.",
                remedy="Restore it with the version of Stadtwabe that wrote it.",
            )
        (here / "empty.sql").write_text(EMPTY, encoding="utf-8")
        _run_program("pg_restore", ["--no-owner", f"--file={here}/data.sql", str(here / DUMP)])
        _run(
            "psql",
            [
                "--no-psqlrc",
                "--quiet",
                "--single-transaction",
                "--set=ON_ERROR_STOP=1",
                f"--file={here}/empty.sql",
                f"--file={here}/data.sql",
                "--output=/dev/null",
            ],
        )
        # Connections of ours remember types of the dropped schema.
        connection.close()
        _replace(files, here / FILES, here / "former")
        _replace(observations, here / OBSERVATIONS, here / "former-archive")
    return about


def _replace(files: Path, new: Path, former: Path) -> None:
    new.mkdir(exist_ok=True)
    if files.exists():
        files.rename(former)
    shutil.move(new, files)


def _add_text(archive: tarfile.TarFile, name: str, text: str, now: datetime) -> None:
    entry = tarfile.TarInfo(name)
    entry.size = len(text.encode())
    entry.mtime = int(now.timestamp())
    archive.addfile(entry, BytesIO(text.encode()))


def _run(program: str, arguments: list[str]) -> None:
    """Runs a client program of PostgreSQL against the database of this process."""
    _run_program(program, [*arguments, f"--dbname={os.environ['DATABASE_URL']}"])


def _run_program(program: str, arguments: list[str]) -> None:
    done = subprocess.run(  # noqa: S603 - PostgreSQL's own programs, no shell
        [_client(program), *arguments], capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise DomainError(f"{program} failed: {done.stderr.strip()}", remedy="Nothing was changed.")


def _client(name: str) -> Path:
    """A client program not older than the server: the system's (it knows TLS), else the package's.

    The programs of the package cannot reach servers that insist on TLS.
    """
    server = postgres_major()
    installed = shutil.which(name)
    if installed and int(version_of(Path(installed)).split(".")[0]) == server:
        return Path(installed)
    return find_binaries().program(name)

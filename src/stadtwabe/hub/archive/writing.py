"""Writing files of the archive: sorted, compressed, checked, and on the disk before they count."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from stadtwabe.hub.archive import lake
from stadtwabe.hub.archive.duck import phrase, quoted, writing
from stadtwabe.hub.archive.lake import OUT, SINCE, UNFINISHED, folder, instant
from stadtwabe.hub.archive.rows import COLUMNS, Row

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

FORMAT = (
    "FORMAT parquet, PARQUET_VERSION v2, COMPRESSION zstd, ROW_GROUP_SIZE 40960,"
    # Times and ids are packed as differences, never kept in a dictionary.
    " DICTIONARY_SIZE_LIMIT 1000"
)
_COLUMNS = ", ".join(COLUMNS)


@dataclass(frozen=True, slots=True)
class Written:
    """A new file of the archive, on the disk under its final name; nothing refers to it yet."""

    file: str
    sha256: str
    bytes: int
    rows: int
    first_id: int
    last_id: int
    streams: list[int]


@dataclass(frozen=True, slots=True)
class Removed:
    """What is to go out of a file: how many, and when. ``beside``: what stays of their hours."""

    written: Written | None
    """The file without them; None: nothing is left."""
    times: list[tuple[int, int]]
    """Datastream and time of each."""
    beside: list[Row]


def new_file(month: date, bucket: int) -> str:
    """Return a name that no file has had: ``2026-03/07-0123456789ab.parquet``."""
    return f"{month:%Y-%m}/{bucket:02d}-{uuid4().hex[:12]}.parquet"


def unfinished(name: str) -> Path:
    """Return the path of a file that is not to be kept."""
    folder().mkdir(parents=True, exist_ok=True)
    return folder() / f"{UNFINISHED}{uuid4().hex}{name}"


def merge(rows: Path, former: str | None, file: str, *, at: Callable[[str], None]) -> Written:
    """Write ``rows`` (CSV, see ``hub.commands.archive``) and those of the file ``former``.

    Where both have an observation, that of ``rows`` wins: it is newer. ``at`` hears of each step.
    """
    with _connected() as duck, lake.held([former] if former else []) as formers:
        kinds = ", ".join(f"'{name}': '{kind}'" for name, kind in COLUMNS.items())
        duck.execute(phrase(_HOT, rows=quoted(rows), kinds=kinds))
        merged = phrase("SELECT {columns} FROM hot", columns=_COLUMNS)
        for path in formers:
            merged += phrase(_AND_FORMER, columns=_COLUMNS, former=quoted(path))
        return _write(duck, merged, file, at)


_HOT = """
CREATE TEMP VIEW hot AS SELECT * FROM read_csv(
    {rows}, header = false, delim = ',', quote = '"', escape = '"', nullstr = '',
    columns = {{{kinds}}}
)
"""
_AND_FORMER = """
UNION ALL SELECT {columns} FROM read_parquet({former})
ANTI JOIN hot USING (datastream_id, phenomenon_time)
"""


def remove(
    former: str,
    file: str,
    *,
    streams: Sequence[int],
    ids: Sequence[int] | None = None,
    since: int | None = None,
    until: int | None = None,
) -> Removed | None:
    """Write ``former`` without observations of ``streams``; None when it has none of them."""
    conditions = ["datastream_id IN (SELECT unnest($streams))"]
    parameters: dict[str, Any] = {"streams": list(streams)}
    if ids is not None:
        conditions.append("id IN (SELECT unnest($ids))")
        parameters["ids"] = list(ids)
    if since is not None:
        conditions.append("phenomenon_time >= make_timestamptz($since)")
        parameters["since"] = instant(since)
    if until is not None:
        conditions.append("phenomenon_time < make_timestamptz($until)")
        parameters["until"] = instant(until)
    with _connected() as duck, lake.held([former]) as (path,):
        source = quoted(path)
        where = " AND ".join(conditions)
        duck.execute(phrase(_GONE, former=source, where=where), parameters)
        times = duck.execute(phrase(_TIMES, since=SINCE)).fetchall()
        if not times:
            return None
        duck.execute(phrase(_KEPT, former=source))
        ((left,),) = duck.execute("SELECT count(*) FROM kept").fetchall()
        if not left:
            return Removed(None, times, [])
        beside = duck.execute(phrase(_BESIDE, out=OUT)).fetchall()
        kept = phrase("SELECT {columns} FROM kept", columns=_COLUMNS)
        written = _write(duck, kept, file, lambda _step: None)
        return Removed(written, times, [Row(*row) for row in beside])


_GONE = """
CREATE TEMP TABLE gone AS SELECT datastream_id, phenomenon_time FROM read_parquet({former})
WHERE {where}
"""
_TIMES = "SELECT datastream_id, epoch_us(phenomenon_time) - {since} FROM gone"
_KEPT = """
CREATE TEMP VIEW kept AS SELECT * FROM read_parquet({former})
ANTI JOIN gone USING (datastream_id, phenomenon_time)
"""
_BESIDE = """
SELECT {out} FROM kept SEMI JOIN (
    SELECT DISTINCT datastream_id AS stream, date_trunc('hour', phenomenon_time) AS hour FROM gone
) touched ON stream = datastream_id AND hour = date_trunc('hour', phenomenon_time)
"""


def _write(duck: "DuckDBPyConnection", rows: str, file: str, at: Callable[[str], None]) -> Written:
    draft = unfinished(".parquet")
    try:
        duck.execute(phrase(_COPY, rows=rows, draft=quoted(draft), format=FORMAT))
        lake.on_disk(draft)
        at("drafted")
        _compare(duck, rows, draft)
        written = _describe(duck, draft, file)
        lake.keep(draft, written.file, written.sha256)
        at("written")
    finally:
        draft.unlink(missing_ok=True)
    return written


_COPY = "COPY ({rows} ORDER BY datastream_id, phenomenon_time) TO {draft} ({format})"


def _compare(duck: "DuckDBPyConnection", rows: str, draft: Path) -> None:
    """Read back what was written. Raises RuntimeError when it is not what it should be."""
    digest = "SELECT count(*), bit_xor(hash({columns})) FROM {rows}"
    wanted, found = (
        duck.execute(phrase(digest, columns=_COLUMNS, rows=each)).fetchall()
        for each in (f"({rows})", f"read_parquet({quoted(draft)})")
    )
    if wanted != found:
        message = f"The archive reads other rows than it was given: {found}, not {wanted}"
        raise RuntimeError(message)


def _describe(duck: "DuckDBPyConnection", draft: Path, file: str) -> Written:
    described = duck.execute(phrase(_DESCRIBED, draft=quoted(draft)))
    ((rows, first_id, last_id, streams),) = described.fetchall()
    with draft.open("rb") as opened:
        digest = hashlib.file_digest(opened, "sha256").hexdigest()
    return Written(file, digest, draft.stat().st_size, rows, first_id, last_id, streams)


_DESCRIBED = """
SELECT count(*), min(id), max(id), list_sort(list(DISTINCT datastream_id))
FROM read_parquet({draft})
"""


def sweep(valid: set[str]) -> list[str]:
    """Delete every file of ours that is not ``valid``; return what was deleted.

    Only while nobody else writes: the caller holds the lock of the archive. Raises ArchiveAway.
    """
    found = lake.stray(valid)
    for file in found:
        lake.forget(file)
    return found


@contextmanager
def _connected() -> "Iterator[DuckDBPyConnection]":
    folder().mkdir(parents=True, exist_ok=True)
    duck = writing(folder())
    try:
        yield duck
    finally:
        duck.close()

"""Reading the archive. Files are named relative to the folder of the archive."""

import hashlib
import logging
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from stadtwabe.hub.archive.bucket import ArchiveAway, Bucket, BucketAddress
from stadtwabe.hub.archive.cache import FOLDER as CACHE
from stadtwabe.hub.archive.cache import Cache
from stadtwabe.hub.archive.duck import GoneFromArchive, is_missing_file, phrase, reading
from stadtwabe.hub.archive.rows import Row

SINCE = 946_684_800_000_000
"""Microseconds from 1970, as DuckDB counts, to 2000, as PostgreSQL and we do."""

OUT = (
    f"id, epoch_us(phenomenon_time) - {SINCE}, result, datastream_id, feature_id, quality,"
    f" epoch_us(result_time) - {SINCE}, detail"
)
"""A ``Row``."""

EVERYTHING = 2**62
TRIES = 3

UNFINISHED = ".unfinished-"
"""Names of files that nobody may read begin so."""

NAMED = re.compile(r"\d{4}-\d{2}/\d{2}-[0-9a-f]{12}\.parquet")

logger = logging.getLogger(__name__)

_folder: list[Path] = []
_remote: list[tuple[Bucket, Cache]] = []


def use_folder(folder: Path) -> None:
    """Say where the archive lies; the application does, when it starts."""
    _folder[:] = [folder]


def use_bucket(address: BucketAddress | None, *, cache_bytes: int = 0) -> None:
    """Say in which bucket the archive lies, None in none; call ``use_folder`` before.

    The folder then has what is being written, copies of at most ``cache_bytes``, and files that
    were written before there was a bucket, until ``move_to_bucket``.
    """
    _remote.clear()
    if address is not None:
        bucket = Bucket(address)
        _remote.append((bucket, Cache(bucket, folder() / CACHE, cache_bytes)))


def folder() -> Path:
    """Return where the archive lies, or what is written of it and read from it."""
    return _folder[0]


def path_of(file: str) -> Path:
    """Return where a file of the archive lies when it lies in the folder."""
    return folder() / file


@contextmanager
def held(files: Sequence[str]) -> Iterator[list[Path]]:
    """Give paths at which ``files`` can be read meanwhile.

    Raises GoneFromArchive for one that is in the bucket no more, ArchiveAway without the bucket.
    """
    if not _remote:
        yield [path_of(file) for file in files]
        return
    ((_bucket, cache),) = _remote
    away = [file for file in files if not path_of(file).exists()]
    with cache.holding(away) as paths:
        fetched = dict(zip(away, paths, strict=True))
        yield [fetched.get(file, path_of(file)) for file in files]


def keep(draft: Path, file: str, sha256: str) -> None:
    """Make a finished file part of the archive's folder or bucket, so that no crash undoes it.

    In the bucket it is read back once: before the database forgets the rows, what is in the
    bucket is what was written. Raises ArchiveAway.
    """
    if not _remote:
        path = path_of(file)
        path.parent.mkdir(parents=True, exist_ok=True)
        draft.rename(path)
        on_disk(path.parent)
        return
    ((bucket, cache),) = _remote
    bucket.put(draft, file, sha256)
    with cache.holding([file]):
        draft.unlink()


def forget(file: str) -> None:
    """Delete a file that no longer counts. What cannot be deleted now is swept later."""
    path_of(file).unlink(missing_ok=True)
    for bucket, cache in _remote:
        cache.forget(file)
        try:
            bucket.delete(file)
        except ArchiveAway as error:
            logger.warning("A file of the archive is left behind: %s", error)


def stray(valid: set[str]) -> list[str]:
    """Return the names of files of ours that are not ``valid``, in the folder and the bucket.

    In the bucket only what is named like our files counts. Raises ArchiveAway.
    """
    found = set()
    for path in folder().rglob("*") if folder().is_dir() else ():
        name = path.relative_to(folder()).as_posix()
        is_ours = path.name.startswith(UNFINISHED) or path.suffix == ".parquet"
        if is_ours and path.is_file() and not name.startswith(f"{CACHE}/"):
            found.add(name)
    for bucket, cache in _remote:
        found |= set(cache.names())
        found |= {name for name in bucket.names() if NAMED.fullmatch(name)}
    return sorted(found - valid)


def move_to_bucket(files: Iterable[str]) -> Iterator[str]:
    """Put those of ``files`` that lie in the folder into the bucket; yield each that has moved.

    At every moment each is read from one of the two. Raises ArchiveAway.
    """
    for bucket, cache in _remote:
        for file in files:
            path = path_of(file)
            if not path.exists():
                continue
            with path.open("rb") as opened:
                sha256 = hashlib.file_digest(opened, "sha256").hexdigest()
            bucket.put(path, file, sha256)
            with cache.holding([file]):
                path.unlink()
            yield file


def on_disk(path: Path) -> None:
    """Wait until a file, or the names in a folder, have reached the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def moment_of(time: int) -> datetime:
    """Return a time of a ``Row`` as a moment in UTC."""
    return datetime(2000, 1, 1, tzinfo=UTC) + timedelta(microseconds=time)


def day_of(time: int) -> date:
    """Return the day (UTC) of a time of a ``Row``."""
    return moment_of(time).date()


def instant(time: int) -> int:
    """Return a time as ``make_timestamptz`` of DuckDB wants it."""
    return time + SINCE


def read_rows(
    files: Sequence[str],
    *,
    streams: Sequence[int] | None = None,
    since: int | None = None,
    until: int | None = None,
    ids: Sequence[int] | None = None,
    descending: bool = False,
    most: int | None = None,
    only_numbers: bool = False,
) -> list[Row]:
    """Return observations from ``files`` in the order of time, then of the datastream.

    ``streams`` None: of all datastreams; ``until`` is excluded. Raises GoneFromArchive.
    """
    if not files or streams == [] or ids == []:
        return []
    where, parameters = _where(streams, since, until, ids)
    where += " AND result IS NOT NULL" if only_numbers else ""
    down = " DESC" if descending else ""
    query = phrase(
        "SELECT {out} FROM read_parquet($files) WHERE {where}"
        " ORDER BY phenomenon_time{down}, datastream_id{down} LIMIT {most}",
        out=OUT,
        where=where,
        down=down,
        most=EVERYTHING if most is None else int(most),
    )
    return [Row(*row) for row in ask(files, query, parameters)]


def read_columns(
    files: Sequence[str],
    stream: int,
    *,
    since: int | None,
    until: int | None,
    descending: bool,
    most: int,
) -> dict[str, Any]:
    """Return the columns of ``Row`` of a datastream, in the order of time, as arrays of numpy.

    What may be missing is a masked array. Raises GoneFromArchive.
    """
    where, parameters = _where([stream], since, until, None)
    query = phrase(
        "SELECT {out} FROM read_parquet($files) WHERE {where}"
        " ORDER BY phenomenon_time{down} LIMIT {most}",
        out=OUT,
        where=where,
        down=" DESC" if descending else "",
        most=int(most),
    )
    found = _answered(files, query, parameters, "fetchnumpy")
    return dict(zip(Row._fields, found.values(), strict=True))


def read_at(files: Sequence[str], stream: int, times: Iterable[int]) -> list[Row]:
    """Return what of a datastream lies in the hours of ``times``."""
    hours = sorted({time // HOUR for time in times})
    if not files or not hours:
        return []
    where, parameters = _where([stream], hours[0] * HOUR, (hours[-1] + 1) * HOUR, None)
    query = phrase(
        "SELECT {out} FROM read_parquet($files) WHERE {where}"
        " AND (epoch_us(phenomenon_time) - {since}) // {hour} IN (SELECT unnest($hours))"
        " ORDER BY phenomenon_time",
        out=OUT,
        where=where,
        since=SINCE,
        hour=HOUR,
    )
    return [Row(*row) for row in ask(files, query, {**parameters, "hours": hours})]


def read_about(files: Sequence[str], stream: int, feature: int) -> list[Row]:
    """Return what of a datastream is about a feature of interest."""
    if not files:
        return []
    where, parameters = _where([stream], None, None, None)
    query = phrase(
        "SELECT {out} FROM read_parquet($files) WHERE {where} AND feature_id = $feature",
        out=OUT,
        where=where,
    )
    return [Row(*row) for row in ask(files, query, {**parameters, "feature": feature})]


HOUR = 3_600_000_000


def count_rows(files: Sequence[str], *, streams: Sequence[int], until: int) -> int:
    """Return how many observations of ``streams`` lie before ``until``."""
    if not files:
        return 0
    where, parameters = _where(streams, None, until, None)
    query = phrase("SELECT count(*) FROM read_parquet($files) WHERE {where}", where=where)
    ((found,),) = ask(files, query, parameters)
    return int(found)


def count_at(files: Sequence[str], stream: int, times: Sequence[int]) -> int:
    """Return at how many of ``times`` there is an observation of a datastream."""
    if not files or not times:
        return 0
    where, parameters = _where([stream], min(times), max(times) + 1, None)
    query = phrase(
        "SELECT count(*) FROM read_parquet($files) WHERE {where}"
        " AND epoch_us(phenomenon_time) - {since} IN (SELECT unnest($times))",
        where=where,
        since=SINCE,
    )
    ((found,),) = ask(files, query, {**parameters, "times": list(times)})
    return int(found)


def ask(files: Sequence[str], query: str, parameters: dict[str, Any]) -> list[tuple[Any, ...]]:
    """Return the rows of a query on ``$files``. Raises GoneFromArchive."""
    found: list[tuple[Any, ...]] = _answered(files, query, parameters, "fetchall")
    return found


def _answered(files: Sequence[str], query: str, parameters: dict[str, Any], fetch: str) -> Any:
    for is_last in (False,) * (TRIES - 1) + (True,):
        with held(files) as paths:
            try:
                given = {**parameters, "files": list(map(str, paths))}
                return getattr(reading(folder()).execute(query, given), fetch)()
            except Exception as error:
                if not is_missing_file(error):
                    raise
                # In the folder it was replaced; a copy may just have made room for others.
                if is_last or not _remote:
                    raise GoneFromArchive(str(error)) from error
    raise AssertionError("the last try returns or raises")


def _where(
    streams: Sequence[int] | None,
    since: int | None,
    until: int | None,
    ids: Sequence[int] | None,
) -> tuple[str, dict[str, Any]]:
    """Return a condition and its parameters; comparisons with one value skip row groups."""
    conditions = ["true"]
    parameters: dict[str, Any] = {}
    for column, values in (("datastream_id", streams), ("id", ids)):
        if values is None:
            continue
        conditions.append(f"{column} BETWEEN $least_{column} AND $most_{column}")
        parameters |= {f"least_{column}": min(values), f"most_{column}": max(values)}
        if len(values) > 1:
            conditions.append(f"{column} IN (SELECT unnest($all_{column}))")
            parameters[f"all_{column}"] = list(values)
    if since is not None:
        conditions.append("phenomenon_time >= make_timestamptz($since)")
        parameters["since"] = instant(since)
    if until is not None:
        conditions.append("phenomenon_time < make_timestamptz($until)")
        parameters["until"] = instant(until)
    return " AND ".join(conditions), parameters

"""Reading the archive. Files are named relative to the folder of the archive."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

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

_folder: list[Path] = []


def use_folder(folder: Path) -> None:
    """Say where the archive lies; the application does, when it starts."""
    _folder[:] = [folder]


def folder() -> Path:
    """Return where the archive lies."""
    return _folder[0]


def path_of(file: str) -> Path:
    """Return where a file of the archive lies."""
    return folder() / file


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
    paths = [str(path_of(file)) for file in files]
    try:
        cursor = reading(folder())
        return cursor.execute(query, {**parameters, "files": paths}).fetchall()
    except Exception as error:
        if is_missing_file(error):
            raise GoneFromArchive(str(error)) from error
        raise


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

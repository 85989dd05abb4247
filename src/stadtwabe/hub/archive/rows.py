"""The columns of the archive: what of an observation a Parquet file holds."""

from typing import NamedTuple

COLUMNS = {
    "datastream_id": "INTEGER",
    "phenomenon_time": "TIMESTAMP WITH TIME ZONE",
    "id": "BIGINT",
    "result": "DOUBLE",
    "feature_id": "INTEGER",
    "quality": "SMALLINT",
    "result_time": "TIMESTAMP WITH TIME ZONE",
    "detail": "VARCHAR",
}
"""Name and type (of DuckDB) in the order of the files. A test compares them with the table."""

BUCKETS = 16
"""Files of a month: a datastream lies in the one with the number ``id modulo BUCKETS``."""


class Row(NamedTuple):
    """An observation out of the archive; times in microseconds since 2000-01-01 UTC."""

    id: int
    time: int
    result: float | None
    datastream_id: int
    feature_id: int | None
    quality: int
    result_time: int | None
    detail: str | None

    @property
    def key(self) -> tuple[int, int]:
        """What is unique."""
        return self.datastream_id, self.time


def bucket_of(datastream_id: int) -> int:
    """Return the number of the bucket in which a datastream lies."""
    return datastream_id % BUCKETS

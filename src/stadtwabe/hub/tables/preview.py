"""How the first rows of a file would be stored."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import islice

from stadtwabe.hub.tables.mapping import Columns, Refused, Row, RowReader
from stadtwabe.hub.tables.table import Table, Unreadable

ROWS_CHECKED = 1000
ROWS_SHOWN = 8
PROBLEMS_SHOWN = 20


@dataclass(slots=True)
class Preview:
    """The first rows, counts of values, and what is wrong, by line."""

    rows: list[Row] = field(default_factory=list)
    problems: list[tuple[int, Refused]] = field(default_factory=list)
    checked: int = 0
    found: int = 0
    refused: int = 0
    blank: int = 0
    doubled: list[date] = field(default_factory=list)
    failure: str = ""


def preview(table: Table, columns: Columns, kinds: Mapping[int, str]) -> Preview:
    """Read the first ``ROWS_CHECKED`` rows as they would be stored, and store nothing."""
    seen, reader = Preview(), RowReader(table, columns, kinds)
    try:
        for row in reader.rows(islice(table.lines(), ROWS_CHECKED)):
            seen.checked += 1
            seen.found += len(row.found)
            seen.refused += len(row.refused)
            seen.blank += row.blank
            if len(seen.rows) < ROWS_SHOWN and row.found:
                seen.rows.append(row)
            for refused in row.refused:
                if len(seen.problems) < PROBLEMS_SHOWN:
                    seen.problems.append((row.line.number, refused))
    except Unreadable as error:
        seen.failure = str(error)
    seen.doubled = sorted(reader.doubled)
    return seen

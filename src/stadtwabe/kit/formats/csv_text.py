"""CSV for people with a spreadsheet: UTF-8 with a mark, semicolons, one line per row.

RFC 4180, with the German list separator. A cell that a spreadsheet would run as a formula gets a
leading apostrophe (OWASP: CSV injection); numbers stay numbers.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime

MEDIA_TYPE = "text/csv; charset=utf-8"
BYTE_ORDER_MARK = "\ufeff"
_STARTS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def safe_cell(value: object) -> str:
    """Return ``value`` as the text of a cell.

    Dates are ISO 8601, lists are joined by " | ", ``None`` is empty, truth is ``ja``/``nein``.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "ja" if value else "nein"
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, list | tuple | set | frozenset):
        text = " | ".join(str(part) for part in value)
    else:
        text = str(value)
    text = text.replace("\x00", "")
    # Spaces in front do not stop a spreadsheet.
    if text.startswith(_STARTS_FORMULA) or text.lstrip().startswith(_STARTS_FORMULA):
        return f"'{text}"
    return text


def write_csv(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """Yield the file line by line, header first.

    Raises ValueError when a row has not as many cells as there are ``columns``.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";", lineterminator="\r\n")
    writer.writerow([safe_cell(column) for column in columns])
    yield BYTE_ORDER_MARK + buffer.getvalue()
    for row in rows:
        if len(row) != len(columns):
            message = f"A row has {len(row)} cells where there are {len(columns)} columns: {row!r}"
            raise ValueError(message)
        buffer.seek(0)
        buffer.truncate()
        writer.writerow([safe_cell(cell) for cell in row])
        yield buffer.getvalue()

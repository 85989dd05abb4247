"""A table with headings, whatever file it came in: read row by row, never as a whole."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from stadtwabe.hub.tables.cells import BadCell, Cell, is_blank, looks_like_number, plain, shown
from stadtwabe.hub.tables.moments import ZONES, DateOrder, read_moment

MOST_ROWS = 500_000
MOST_COLUMNS = 200
HEAD_ROWS = 20
"""Among so many rows at the start the headings are looked for."""


class Unreadable(Exception):
    """A file is no table, or not a whole one; the message says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Format:
    """How a file is read; what a person may correct after it was found out.

    ``header_line`` counts from 1; 0 says that there are no headings. ``encoding`` and
    ``separator`` are of CSV, ``sheet`` is of Excel.
    """

    encoding: str = ""
    separator: str = ""
    sheet: str = ""
    header_line: int = 1
    decimal: str = ","
    zone: str = ZONES[0]
    date_order: str = DateOrder.NONE

    @classmethod
    def of(cls, stored: dict[str, Any]) -> "Format":
        """Return what ``as_dict`` has given; unknown members are left out."""
        known = {each.name for each in fields(cls)}
        return cls(**{name: value for name, value in stored.items() if name in known})

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON can keep it."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Line:
    """One row: its number in the file (from 1) and its cells."""

    number: int
    cells: Sequence[Cell]


@dataclass(frozen=True, slots=True)
class Table:
    """A file with its columns. ``lines`` opens the file anew with every call."""

    format: Format
    columns: tuple[str, ...]
    sheets: tuple[str, ...]
    _open: Callable[[], Iterator[Line]]

    def lines(self) -> Iterator[Line]:
        """Yield the rows below the headings, without empty ones. Raises Unreadable on the way."""
        for count, line in enumerate(self._below(), start=1):
            if count > MOST_ROWS:
                raise Unreadable(too_many_rows())
            yield line

    def _below(self) -> Iterator[Line]:
        for line in self._open():
            if line.number > self.format.header_line and not all(map(is_blank, line.cells)):
                yield line

    def label(self, column: int) -> str:
        """Return what a column is called on pages: its heading, with its letter if need be."""
        letter, name = column_letter(column), self.columns[column]
        if not name:
            return _("Spalte %s") % letter
        if self.columns.count(name) > 1:
            return _("%(name)s (Spalte %(letter)s)") % {"name": name, "letter": letter}
        return name


def make_table(
    format_: Format, sheets: tuple[str, ...], open_: Callable[[], Iterator[Line]]
) -> Table:
    """Return the table with its headings. Raises Unreadable when there is nothing in it."""
    columns: tuple[str, ...] = ()
    widths = list[int]()
    for line in open_():
        if line.number == format_.header_line:
            columns = tuple(" ".join(plain(shown(cell)).split()) for cell in line.cells)
        elif line.number > format_.header_line:
            used = [place for place, cell in enumerate(line.cells, 1) if not is_blank(cell)]
            widths.append(max(used, default=0))
        if len(widths) >= HEAD_ROWS:
            break
    # A single row that runs on makes no column; most rows do.
    width = sorted(widths)[len(widths) // 2] if widths else 0
    while columns and not columns[-1] and len(columns) > width:
        columns = columns[:-1]
    columns += ("",) * (width - len(columns))
    if not any(widths):
        raise Unreadable(_("Unter den Überschriften steht nichts. Gibt es Zeilen mit Werten?"))
    if len(columns) > MOST_COLUMNS:
        raise Unreadable(
            _("Die Tabelle hat mehr als %d Spalten. Teilen Sie sie auf.") % MOST_COLUMNS
        )
    return Table(format_, columns, sheets, open_)


def find_header(lines: Iterator[Line]) -> tuple[int, str]:
    """Return the line with the headings (0: there is none) and the decimal sign of the numbers."""
    head = [line for line, _count in zip(lines, range(HEAD_ROWS), strict=False)]
    filled = {line.number: sum(not is_blank(cell) for cell in line.cells) for line in head}
    if not any(filled.values()):
        raise Unreadable(_("Die Datei ist leer."))
    counts = [count for count in filled.values() if count > 1] or [1]
    usual = min(counts, key=lambda count: (-counts.count(count), count))
    header = next(line for line in head if filled[line.number] >= usual)
    signs = [
        sign
        for line in head
        for cell in line.cells
        if isinstance(cell, str) and (sign := _sign(cell))
    ]
    has_names = not any(_is_value(cell) for cell in header.cells)
    decimal = max(",.", key=signs.count) if signs else ","
    return header.number if has_names else 0, decimal


def column_letter(column: int) -> str:
    """Return the letter a spreadsheet shows: A, B … Z, AA."""
    letters, rest = "", column + 1
    while rest:
        rest, place = divmod(rest - 1, 26)
        letters = chr(ord("A") + place) + letters
    return letters


def file_type(path: Path) -> str:
    """Return ``xlsx`` or ``csv`` by how a file begins. Raises Unreadable for what is neither."""
    with path.open("rb") as file:
        start = file.read(8)
    if start.startswith(b"PK"):
        return "xlsx"
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        raise Unreadable(
            _(
                "Das ist eine alte (.xls) oder mit Kennwort geschützte Excel-Datei. Speichern Sie"
                " sie ohne Kennwort als .xlsx oder als CSV."
            )
        )
    if start.startswith((b"%PDF", b"\x1f\x8b", b"\x89PNG", b"PAR1", b"{\\rtf")):
        raise Unreadable(_("Das ist keine Tabelle. Möglich sind CSV und Excel (.xlsx)."))
    return "csv"


def too_many_rows() -> str:
    """Return what is said of a table that is too long."""
    return _("Die Tabelle hat mehr als %d Zeilen. Teilen Sie sie auf, etwa nach Jahren.") % (
        MOST_ROWS
    )


def _sign(text: str) -> str:
    try:
        return looks_like_number(text)
    except BadCell:
        return ""


def _is_value(cell: Cell) -> bool:
    if is_blank(cell):
        return False
    if not isinstance(cell, str):
        return True
    try:
        looks_like_number(cell)
    except BadCell:
        try:
            read_moment(cell, DateOrder.DAY_FIRST)
        except BadCell:
            return False
    return True

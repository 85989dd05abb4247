"""Which column means what, and the observations that rows become by it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from stadtwabe.hub.tables.cells import BadCell, Cell, is_blank, plain, read_value, shown
from stadtwabe.hub.tables.moments import LocalClock, read_moment
from stadtwabe.hub.tables.table import Line, Table

MOST_NAMES = 200
NAMES_FROM_ROWS = 20_000


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column is what, counted from 0.

    Wide: ``streams`` gives datastreams by column. Long: ``series`` is the column that names the
    datastream, ``value`` the one with the value, ``names`` gives datastreams by name. ``clock``
    holds the time of day, if the time has a column of its own for it.
    """

    time: int
    clock: int | None = None
    streams: Mapping[int, int] = field(default_factory=dict)
    series: int | None = None
    value: int | None = None
    names: Mapping[str, int] = field(default_factory=dict)

    @property
    def is_long(self) -> bool:
        """Whether a column names the datastream."""
        return self.series is not None

    @property
    def datastream_ids(self) -> frozenset[int]:
        """All datastreams that get values."""
        return frozenset(self.names.values() if self.is_long else self.streams.values())

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> "Columns":
        """Return what ``as_dict`` has given."""
        streams = {int(column): pk for column, pk in stored.get("streams", {}).items()}
        return cls(**{**stored, "streams": streams})

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON can keep it."""
        return {
            "time": self.time,
            "clock": self.clock,
            "streams": {str(column): pk for column, pk in self.streams.items()},
            "series": self.series,
            "value": self.value,
            "names": dict(self.names),
        }


@dataclass(frozen=True, slots=True)
class Found:
    """One value of a row, ready to be stored."""

    column: int
    datastream_id: int
    at: datetime
    result: Any


@dataclass(frozen=True, slots=True)
class Refused:
    """A cell (or with None the row) that cannot be stored, and why."""

    column: int | None
    cell: str
    reason: str


@dataclass(slots=True)
class Row:
    """What one line of the file has become."""

    line: Line
    found: list[Found] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    blank: int = 0


class RowReader:
    """Reads rows one after the other; the order matters for the doubled hour.

    ``kinds`` gives the observation type of each datastream.
    """

    def __init__(self, table: Table, columns: Columns, kinds: Mapping[int, str]) -> None:
        self._table, self._columns, self._kinds = table, columns, kinds
        self._format = table.format
        self._clock = LocalClock(table.format.zone)
        self._read = self._long if columns.is_long else self._wide

    @property
    def doubled(self) -> set[date]:
        """The days on which the order had to tell which of two hours was meant."""
        return self._clock.doubled

    def rows(self, lines: Iterable[Line]) -> Iterator[Row]:
        """Yield each line with what became of it."""
        for line in lines:
            row = Row(line)
            if self._table.sheets:  # Excel leaves out empty cells at the end; CSV does not
                missing = len(self._table.columns) - len(line.cells)
                line = row.line = Line(line.number, (*line.cells, *[None] * missing))
            extra = [cell for cell in line.cells[len(self._table.columns) :] if not is_blank(cell)]
            if self._needs_more_than(len(line.cells)):
                reason = _("Die Zeile bricht ab: Ihr fehlen Zellen.")
                row.refused.append(Refused(None, "", reason))
            elif extra:
                reason = _("Die Zeile hat mehr Zellen als die Tabelle Spalten.")
                row.refused.append(Refused(None, shown(extra[0]), reason))
            else:
                self._read(row)
            yield row

    def _needs_more_than(self, count: int) -> bool:
        columns = self._columns
        used = [columns.time, columns.clock, columns.series, columns.value, *columns.streams]
        return max(each for each in used if each is not None) >= count

    def _at(self, row: Row, key: object) -> datetime | None:
        columns, cells = self._columns, row.line.cells
        clock: Cell = None if columns.clock is None else cells[columns.clock]
        try:
            moment = read_moment(cells[columns.time], self._format.date_order, clock)
            return self._clock.resolve(moment, key)
        except BadCell as error:
            row.refused.append(Refused(columns.time, shown(cells[columns.time]), str(error)))
            return None

    def _wide(self, row: Row) -> None:
        at = self._at(row, None)
        if at is None:
            return
        for column, pk in self._columns.streams.items():
            self._value(row, column, pk, at)

    def _long(self, row: Row) -> None:
        columns, cells = self._columns, row.line.cells
        assert columns.series is not None
        assert columns.value is not None
        name = series_name(cells[columns.series])
        if not name:
            reason = _("Der Name der Messreihe fehlt.")
            row.refused.append(Refused(columns.series, "", reason))
            return
        at = self._at(row, name)
        if at is None:
            return
        pk = columns.names.get(name)
        if pk is None:
            reason = _("Dieser Name ist keiner Messreihe zugeordnet.")
            row.refused.append(Refused(columns.series, name, reason))
            return
        self._value(row, columns.value, pk, at)

    def _value(self, row: Row, column: int, pk: int, at: datetime) -> None:
        cell = row.line.cells[column]
        if is_blank(cell):
            row.blank += 1
            return
        try:
            result = read_value(cell, self._kinds[pk], self._format.decimal)
        except BadCell as error:
            row.refused.append(Refused(column, shown(cell), str(error)))
        else:
            row.found.append(Found(column, pk, at, result))


def series_name(cell: Cell) -> str:
    """Return how a series is named in a cell; whole numbers of Excel without decimals."""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return "" if cell is None else plain(str(cell))[:200]


def names_in(table: Table, column: int) -> list[str]:
    """Return the names in a column, in the order of appearance; the first ``MOST_NAMES``."""
    names = dict[str, None]()
    for _count, line in zip(range(NAMES_FROM_ROWS), table.lines(), strict=False):
        if column < len(line.cells) and (name := series_name(line.cells[column])):
            names[name] = None
        if len(names) >= MOST_NAMES:
            break
    return list(names)

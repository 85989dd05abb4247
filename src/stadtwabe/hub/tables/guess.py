"""What the columns of a table probably mean."""

from collections.abc import Callable, Iterable, Mapping
from itertools import islice
from typing import TypeVar

from stadtwabe.hub.tables.cells import BadCell, Cell, is_blank, read_number
from stadtwabe.hub.tables.mapping import Columns, series_name
from stadtwabe.hub.tables.moments import DateOrder, read_moment
from stadtwabe.hub.tables.table import Line, Table

K = TypeVar("K")

ROWS_LOOKED_AT = 50
_CLOCKS = frozenset({"uhrzeit", "zeit", "time", "stunde", "von"})


def guess_columns(table: Table, streams: Iterable[tuple[int, str, str]]) -> Columns:
    """Return the mapping that a person then corrects.

    ``streams``: id, name of the thing and name of each datastream there is; a column goes to the
    one whose name it has, alone or behind that of its thing.
    """
    head = list(islice(table.lines(), ROWS_LOOKED_AT))
    places = range(len(table.columns))
    times = [place for place in places if _share(head, place, _is_moment) > 0.5]
    time = times[0] if times else 0
    known = _by_name(streams)
    found = {
        place: known[name]
        for place in places
        if place != time and (name := _named(table, place)) in known
    }
    clock = next(
        (
            place
            for place in places
            if place != time and _named(table, place) in _CLOCKS and place not in found
        ),
        None,
    )
    columns = Columns(time=time, clock=clock, streams=_once(found))
    if not found:
        return _long(table, head, columns, known) or columns
    return columns


def _long(
    table: Table, head: list[Line], wide: Columns, known: Mapping[str, int]
) -> Columns | None:
    """A column of texts that come again, and the first column of numbers behind the time."""
    free = [place for place in range(len(table.columns)) if place not in {wide.time, wide.clock}]
    numbers = [place for place in free if _share(head, place, _is_number(table)) > 0.5]
    for place in free:
        names = [series_name(cell) for cell in _cells(head, place)]
        if place in numbers or not names or len(set(names)) > max(1, len(names) // 2):
            continue
        if numbers:
            streams = {name: known[name.casefold()] for name in names if name.casefold() in known}
            return Columns(
                time=wide.time,
                clock=wide.clock,
                series=place,
                value=numbers[0],
                names=_once(streams),
            )
    return None


def _by_name(streams: Iterable[tuple[int, str, str]]) -> dict[str, int]:
    """Names that only one datastream has."""
    found: dict[str, int | None] = {}
    for pk, thing, name in streams:
        for word in (name, f"{thing}: {name}", f"{thing} {name}", str(pk)):
            key = " ".join(word.split()).casefold()
            found[key] = None if found.get(key, pk) != pk else pk
    return {name: pk for name, pk in found.items() if pk is not None}


def _once(found: Mapping[K, int]) -> dict[K, int]:
    """No datastream twice: the first one has it."""
    taken = dict[int, K]()
    for key, pk in found.items():
        taken.setdefault(pk, key)
    return {key: pk for pk, key in taken.items()}


def _cells(head: list[Line], place: int) -> list[Cell]:
    return [
        line.cells[place]
        for line in head
        if place < len(line.cells) and not is_blank(line.cells[place])
    ]


def _named(table: Table, place: int) -> str:
    return table.columns[place].casefold()


def _is_moment(cell: Cell) -> bool:
    try:
        read_moment(cell, DateOrder.DAY_FIRST)
    except BadCell:
        return False
    return True


def _is_number(table: Table) -> Callable[[Cell], bool]:
    def test(cell: Cell) -> bool:
        try:
            read_number(cell, table.format.decimal)
        except BadCell:
            return False
        return True

    return test


def _share(head: list[Line], place: int, test: Callable[[Cell], bool]) -> float:
    cells = _cells(head, place)
    return sum(map(test, cells)) / len(cells) if cells else 0.0

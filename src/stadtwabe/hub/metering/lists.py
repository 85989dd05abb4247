"""Lists of meters as caretakers keep them: a row for each, headings in any order."""

import csv
import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from tempfile import NamedTemporaryFile

from django.utils import translation
from django.utils.translation import gettext as _

from stadtwabe.hub.models import MeterKind
from stadtwabe.hub.tables.cells import BadCell, Cell, is_blank, plain, read_number
from stadtwabe.hub.tables.moments import DateOrder, read_moment
from stadtwabe.hub.tables.opening import find_format, open_table
from stadtwabe.hub.tables.table import Line, Table, Unreadable
from stadtwabe.kit.clock import GERMANY
from stadtwabe.kit.numbers import whole_number

MOST_ROWS = 2000
DIGITS = range(3, 13)
LONGEST = {"building": 200, "unit": 200, "serial": 60}
HEADINGS = {
    "datastream": ("messreihe", "datastream"),
    "thing": ("gerät", "messstelle", "thing"),
    "building": ("gebäude", "liegenschaft", "haus", "building"),
    "unit": ("einheit", "wohnung", "raum", "nutzeinheit", "unit"),
    "kind": ("art", "zählerart", "kind"),
    "serial": ("zählernummer", "zähler-nr.", "nummer", "serial", "serial number"),
    "digits": ("stellen", "stellen vor dem komma", "digits"),
    "first_reading": ("anfangsstand", "stand", "zählerstand", "start reading"),
    "at": ("abgelesen am", "ablesezeit", "ablesedatum", "zeitpunkt", "read at"),
}
"""What a column may be called, in small letters."""

NEEDED = ("datastream", "building", "unit", "kind")


@dataclass(slots=True)
class ListRow:
    """One meter of a list; ``problems`` say what is wrong with the row in the file's ``line``."""

    line: int
    datastream: str = ""
    thing: str = ""
    building: str = ""
    unit: str = ""
    kind: str = ""
    serial: str = ""
    digits: int | None = None
    first_reading: float | None = None
    at: datetime | None = None
    problems: list[str] = field(default_factory=list)

    @property
    def kind_label(self) -> str:
        """The kind in words, "" when it is unknown."""
        return str(MeterKind(self.kind).label) if self.kind else ""


def text_of_file(data: bytes) -> str:
    """Return a table in CSV or Excel as text with semicolons. Raises Unreadable."""
    with _opened(data) as table:
        written = io.StringIO()
        rows = csv.writer(written, delimiter=";", lineterminator="\n")
        rows.writerow(table.columns)
        for count, line in enumerate(table.lines(), start=1):
            if count > MOST_ROWS:
                raise Unreadable(_too_many())
            rows.writerow([_written(cell) for cell in line.cells])
    return written.getvalue()


def read_list(text: str, *, now: datetime) -> list[ListRow]:
    """Return the rows of a list that say something, each with its problems. Raises Unreadable."""
    rows = list[ListRow]()
    kinds = _kinds()
    with _opened(text.encode("utf-8", "replace")) as table:
        places = _places(table)
        for line in table.lines():
            row = _row(line, places, kinds, table.format.decimal, now)
            # A template that is not filled in to the end is no mistake.
            if row.building or row.unit or row.kind or row.problems:
                rows.append(row)
            if len(rows) > MOST_ROWS:
                raise Unreadable(_too_many())
    if not rows:
        raise Unreadable(_("In keiner Zeile steht ein Gebäude, eine Einheit oder eine Art."))
    return rows


@contextmanager
def _opened(data: bytes) -> Iterator[Table]:
    with NamedTemporaryFile() as file:
        file.write(data)
        file.flush()
        path = Path(file.name)
        yield open_table(path, find_format(path))


def _places(table: Table) -> dict[str, int]:
    names = [" ".join(name.lower().split()).rstrip(":") for name in table.columns]
    places = {
        meaning: names.index(name)
        for meaning, known in HEADINGS.items()
        for name in known[::-1]
        if name in names
    }
    missing = [HEADINGS[meaning][0].capitalize() for meaning in NEEDED if meaning not in places]
    if missing:
        raise Unreadable(_("In der ersten Zeile fehlen Überschriften: %s.") % ", ".join(missing))
    return places


def _row(
    line: Line, places: dict[str, int], kinds: dict[str, str], decimal: str, now: datetime
) -> ListRow:
    def cell(name: str) -> Cell:
        place = places.get(name)
        return line.cells[place] if place is not None and place < len(line.cells) else None

    row = ListRow(line.number)
    for name in ("datastream", "thing", "building", "unit", "serial"):
        text = " ".join(plain(_written(cell(name))).split()).replace("\x00", "")
        setattr(row, name, text)
    _read_kind(row, cell("kind"), kinds)
    if row.building or row.unit or row.kind or row.problems:
        _check(row)
        if not is_blank(cell("digits")):
            row.digits = whole_number(plain(_written(cell("digits"))), digits=2)
            if row.digits not in DIGITS:
                row.problems.append(_("Stellen vor dem Komma: eine Zahl von 3 bis 12."))
        _read_start(row, cell("first_reading"), cell("at"), decimal, now)
    return row


def _read_kind(row: ListRow, cell: Cell, kinds: dict[str, str]) -> None:
    if is_blank(cell):
        return
    said = plain(_written(cell))
    row.kind = kinds.get(said.lower(), "")
    if not row.kind:
        about = {"said": said[:40], "known": ", ".join(map(str, MeterKind.labels))}
        row.problems.append(_("Art „%(said)s“: Möglich sind %(known)s.") % about)


def _check(row: ListRow) -> None:
    if not row.kind and not row.problems:
        row.problems.append(_("Die Art fehlt."))
    for name, what in (
        ("datastream", _("Die Messreihe fehlt.")),
        ("building", _("Das Gebäude fehlt.")),
        ("unit", _("Die Einheit fehlt.")),
    ):
        if not getattr(row, name):
            row.problems.append(what)
    for name, most in LONGEST.items():
        if len(getattr(row, name)) > most:
            row.problems.append(_("Zu lang: „%s…“") % getattr(row, name)[:40])


def _read_start(row: ListRow, reading: Cell, at: Cell, decimal: str, now: datetime) -> None:
    if is_blank(reading) and is_blank(at):
        return
    if is_blank(reading) or is_blank(at):
        row.problems.append(_("Zum Anfangsstand gehört, wann er abgelesen wurde, und umgekehrt."))
        return
    try:
        row.first_reading = read_number(reading, decimal)
        moment = read_moment(at, DateOrder.DAY_FIRST)
    except BadCell as error:
        row.problems.append(str(error))
        return
    row.at = moment if moment.tzinfo else moment.replace(tzinfo=GERMANY)
    if row.first_reading < 0:
        row.problems.append(_("Ein Zählerstand ist eine Zahl ab 0."))
    if row.at > now:
        row.problems.append(_("Dieser Zeitpunkt liegt in der Zukunft."))


def _kinds() -> dict[str, str]:
    """What may stand for a kind, in small letters: its words in both languages."""
    found: dict[str, str] = {}
    for language in ("de", "en"):
        with translation.override(language):
            found |= {str(kind.label).lower(): kind.value for kind in MeterKind}
    return found


def _written(cell: Cell) -> str:
    """A cell as a person writes it: numbers of houses without decimals, times as in Germany."""
    if cell is None:
        return ""
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else f"{cell:.12g}".replace(".", ",")
    if isinstance(cell, datetime):
        return f"{cell:%d.%m.%Y %H:%M:%S}"
    return str(cell)


def _too_many() -> str:
    return _("Es sind mehr als %d Zähler auf einmal. Teilen Sie die Liste.") % MOST_ROWS

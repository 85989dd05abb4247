"""Excel (.xlsx, Office Open XML, ISO/IEC 29500), read as a stream; nothing in it is run."""

import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import openpyxl
from django.utils.translation import gettext as _

from stadtwabe.hub.tables.table import MOST_COLUMNS, MOST_ROWS, Line, Unreadable, too_many_rows

UNPACKED_BYTES = 512 * 1024 * 1024
WORDS_BYTES = 64 * 1024 * 1024
"""Of the table of texts, which is kept in memory while a sheet is read."""
PART_BYTES = 4 * 1024 * 1024
"""Of each of the other parts that are read at once, such as the formats of cells."""
LAST_ROW = 1_048_576
"""Excel has no more rows; what a file says of the number of a row need not be true."""
MOST_PARTS = 2000
CHUNK = 1024 * 1024
_WORDS = "xl/sharedStrings.xml"
_AT_ONCE = {
    _WORDS: WORDS_BYTES,
    "xl/styles.xml": PART_BYTES,
    "xl/workbook.xml": PART_BYTES,
    "xl/_rels/workbook.xml.rels": PART_BYTES,
    "[Content_Types].xml": PART_BYTES,
}
_ROW = re.compile(rb"<(?:\w+:)?row[\s>/]")
_DECLARATION = re.compile(rb"<!(?:DOCTYPE|ENTITY)")
LONGEST_MATCH = 16


def check(path: Path) -> None:
    """Unpack every part once, a piece at a time, keeping nothing. Raises Unreadable.

    Finds what is cut off or damaged (checksums), bombs (by what comes out of them), declarations
    of entities, and sheets with too many rows, before anything is read from it.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            if "xl/workbook.xml" not in archive.namelist() or len(parts) > MOST_PARTS:
                raise Unreadable(_("Das ist keine Excel-Datei (.xlsx)."))
            left = UNPACKED_BYTES
            for part in parts:
                if part.flag_bits & 1:
                    raise Unreadable(_("Die Datei ist verschlüsselt."))
                limit = min(left, _AT_ONCE.get(part.filename, left))
                left -= _check_part(archive, part, limit)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError) as error:
        raise Unreadable(_("Die Excel-Datei ist beschädigt oder nicht ganz angekommen.")) from error


def _check_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo, limit: int) -> int:
    size, rows, rest = 0, 0, b""
    is_sheet = part.filename.startswith("xl/worksheets/")
    with archive.open(part) as file:
        while chunk := file.read(CHUNK):
            size += len(chunk)
            if size > limit:
                raise Unreadable(_("Entpackt ist die Excel-Datei zu groß. Speichern Sie als CSV."))
            text = rest + chunk
            if part.filename.endswith((".xml", ".rels")) and _DECLARATION.search(text):
                raise Unreadable(_("Die Excel-Datei enthält Unerlaubtes (XML-Deklarationen)."))
            if is_sheet:
                rows += len(_ROW.findall(text)) - len(_ROW.findall(rest))
            rest = text[-LONGEST_MATCH:]
    if rows > MOST_ROWS + 1000:
        raise Unreadable(too_many_rows())
    return size


def sheets(path: Path) -> tuple[str, ...]:
    """Return the names of the sheets that can be seen. Raises Unreadable."""
    with _opened(path) as book:
        found = tuple(each.title for each in book.worksheets if each.sheet_state == "visible")
    if not found:
        raise Unreadable(_("Die Excel-Datei hat kein Tabellenblatt."))
    return found


def lines(path: Path, sheet: str) -> Iterator[Line]:
    """Yield the rows of a sheet. Formulas give what was last computed for them, or nothing."""
    with _opened(path) as book:
        found = book[sheet]
        found.reset_dimensions()  # what a file says about its size need not be true
        for number, cells in enumerate(found.iter_rows(values_only=True), start=1):
            if number > LAST_ROW:
                raise Unreadable(too_many_rows())
            if cells:
                yield Line(number, cells[: MOST_COLUMNS + 1])


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    """Open a workbook; whatever openpyxl stumbles over in a strange file is Unreadable."""
    with path.open("rb") as file:
        try:
            book = openpyxl.load_workbook(file, read_only=True, data_only=True)
            try:
                yield book
            finally:
                book.close()
        except (GeneratorExit, Unreadable):
            raise
        except Exception as error:
            raise Unreadable(_("Die Excel-Datei lässt sich nicht lesen.")) from error

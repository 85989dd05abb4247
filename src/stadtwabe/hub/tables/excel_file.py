"""Excel (.xlsx, Office Open XML, ISO/IEC 29500), read as a stream; nothing in it is run."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any
from xml.parsers import expat

from django.utils.translation import gettext as _
from openpyxl.reader.excel import ExcelReader
from openpyxl.xml.constants import SHARED_STRINGS, SHEET_MAIN_NS

from stadtwabe.hub.tables.excel_check import CHUNK, WORD
from stadtwabe.hub.tables.table import MOST_COLUMNS, Line, Unreadable, too_many_rows

LAST_ROW = 1_048_576
"""Excel has no more rows; what a file says of the number of a row need not be true."""
_TEXT, _PHONETIC = f"{SHEET_MAIN_NS} t", f"{SHEET_MAIN_NS} rPh"


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


class _Reader(ExcelReader):  # type: ignore[misc]  # openpyxl is not typed
    """Reads values alone: no charts, pictures or properties, which nobody has asked for."""

    def read_strings(self) -> None:
        """Read the table of texts, at a fifth of what openpyxl's own objects cost."""
        part = self.package.find(SHARED_STRINGS)
        if part is not None:
            with self.archive.open(part.PartName[1:]) as file:
                self.shared_strings = _words(file)

    def read_chartsheet(self, sheet: object, rel: object) -> None:
        """Leave it out."""

    def read_properties(self) -> None:
        """Leave them out."""

    read_custom = read_theme = read_properties


def _words(file: IO[bytes]) -> list[str]:
    words: list[str] = []
    pieces: list[str] = []
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    phonetic = 0

    def start(name: str, _attributes: object) -> None:
        nonlocal phonetic
        if name == _TEXT and not phonetic:
            parser.CharacterDataHandler = pieces.append
        elif name == _PHONETIC:  # how a word is pronounced is no part of it
            phonetic += 1

    def end(name: str) -> None:
        nonlocal phonetic
        if name == _TEXT:
            parser.CharacterDataHandler = None
        elif name == WORD:
            words.append("".join(pieces).replace("x005F_", ""))
            pieces.clear()
        elif name == _PHONETIC:
            phonetic -= 1

    parser.StartElementHandler, parser.EndElementHandler = start, end
    while chunk := file.read(CHUNK):
        parser.Parse(chunk)
    parser.Parse(b"", True)
    return words


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    """Open a workbook; whatever openpyxl stumbles over in a strange file is Unreadable."""
    with path.open("rb") as file:
        try:
            reader = _Reader(file, read_only=True, data_only=True, keep_links=False)
            reader.read()
            try:
                yield reader.wb
            finally:
                reader.wb.close()
        except (GeneratorExit, Unreadable):
            raise
        except Exception as error:
            raise Unreadable(_("Die Excel-Datei lässt sich nicht lesen.")) from error

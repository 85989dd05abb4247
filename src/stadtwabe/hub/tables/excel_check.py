"""What reading an Excel file may cost: its parts are looked through first, and nothing is kept.

Each part is unpacked once. What is read later is parsed on the way, so that no encoding and no
name of a part hides anything: declarations of entities, rows that never end, millions of texts.
"""

import struct
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol
from xml.parsers import expat

from django.utils.translation import gettext as _
from openpyxl.packaging.manifest import Manifest
from openpyxl.packaging.relationship import get_dependents
from openpyxl.xml.constants import SHARED_STRINGS, SHEET_MAIN_NS, XLSM, XLSX, XLTM, XLTX
from openpyxl.xml.functions import fromstring

from stadtwabe.hub.tables.table import MOST_ROWS, Unreadable, too_many_rows

UNPACKED_BYTES = 512 * 1024 * 1024
WORDS_BYTES = 32 * 1024 * 1024
MOST_WORDS = 600_000
"""Of the table of texts, which is kept in memory while a sheet is read."""
PART_BYTES = 4 * 1024 * 1024
MOST_ELEMENTS = 200_000
"""Of each of the other parts that are read at once, such as the formats of cells."""
MOST_CELLS = 16_384
"""Excel has no more columns; a cell consists of up to four elements."""
ROW_BYTES = 4 * 1024 * 1024
AROUND_BYTES = 16 * 1024 * 1024
"""Of a sheet, outside of its rows."""
MOST_PARTS = 2000
DIRECTORY_BYTES = MOST_PARTS * 512
CHUNK = 256 * 1024
TYPES = "[Content_Types].xml"
WORKBOOK, RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
READ_AT_ONCE = (TYPES, WORKBOOK, "xl/styles.xml")
ROW, WORD = f"{SHEET_MAIN_NS} row", f"{SHEET_MAIN_NS} si"
_END = struct.Struct("<4s4H2LH")
_END_64 = struct.Struct("<4sQ2H2L4Q")
_LOCATOR_BYTES = 20
_XLSX_TYPES = (XLSX, XLSM, XLTX, XLTM)


def check(path: Path) -> None:
    """Look through a file; raises Unreadable.

    Finds what is cut off or damaged (checksums), bombs (by what comes out of them), declarations
    of entities, sheets with too many or too wide rows, and too many texts.
    """
    _check_directory(path)
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            if len(parts) > MOST_PARTS:
                raise Unreadable(_not_excel())
            if any(part.flag_bits & 1 for part in parts):
                raise Unreadable(_("Die Datei ist verschlüsselt."))
            looks = _looks(archive)
            left = UNPACKED_BYTES
            for part in parts:
                left -= _unpack(archive, part, left, looks[part.filename])
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError) as error:
        raise Unreadable(_damaged()) from error


class _Look(Protocol):
    """Looks at a part while it is unpacked. Raises Unreadable and expat.ExpatError."""

    def feed(self, chunk: bytes) -> None: ...

    def end(self) -> None: ...


class _Whole:
    """A part that is read at once: it is small."""

    def __init__(self) -> None:
        self._left = PART_BYTES
        self._elements = 0
        self._parser = _strict_parser()
        self._parser.StartElementHandler = self._start

    def feed(self, chunk: bytes) -> None:
        self._left -= len(chunk)
        if self._left < 0:
            raise Unreadable(_too_large())
        self._parser.Parse(chunk)

    def end(self) -> None:
        self._parser.Parse(b"", True)

    def _start(self, _name: str, _attributes: object) -> None:
        self._elements += 1
        if self._elements > MOST_ELEMENTS:
            raise Unreadable(_too_large())


class _Records:
    """A part that is read record by record (rows, texts); what is around them stays in memory."""

    def __init__(self, tag: str, *, most: int, most_bytes: int, too_many: str) -> None:
        self._name, self._most, self._too_many = tag.rpartition(" ")[2], most, too_many
        self._tag = tag
        self._left = most_bytes
        self._depth = self._begin = self._within = 0
        self._inner = self._count = self._around = 0
        self._parser = _strict_parser()
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end

    def feed(self, chunk: bytes) -> None:
        self._left -= len(chunk)
        if self._left < 0:
            raise Unreadable(_too_large())
        self._parser.Parse(chunk)
        at = self._parser.CurrentByteIndex
        open_bytes = at - self._begin if self._depth else 0
        if open_bytes > ROW_BYTES or at - self._within - open_bytes > AROUND_BYTES:
            raise Unreadable(_too_wide() if open_bytes > ROW_BYTES else _too_large())

    def end(self) -> None:
        self._parser.Parse(b"", True)

    def _start(self, name: str, _attributes: object) -> None:
        if self._depth:
            self._depth += 1
            self._inner += 1
            if self._inner > 4 * MOST_CELLS:
                raise Unreadable(_too_wide())
            return
        self._around += 1
        if name.rpartition(" ")[2] == self._name:
            self._count += 1
            if self._count > self._most:
                raise Unreadable(self._too_many)
            if name == self._tag:
                self._depth, self._inner = 1, 0
                self._begin = self._parser.CurrentByteIndex
        if self._around > self._most + MOST_ELEMENTS:
            raise Unreadable(_too_large())

    def _end(self, _name: str) -> None:
        if self._depth:
            self._depth -= 1
            if not self._depth:
                self._within += self._parser.CurrentByteIndex - self._begin


def _looks(archive: zipfile.ZipFile) -> defaultdict[str, list[_Look]]:
    """Say how each part will be read. The two that tell so are small and in order."""
    for name in (TYPES, RELATIONS, WORKBOOK):
        if name not in archive.namelist():
            raise Unreadable(_not_excel())
        _unpack(archive, archive.getinfo(name), PART_BYTES, [_Whole()])
    looks: defaultdict[str, list[_Look]] = defaultdict(list)
    try:
        types = Manifest.from_tree(fromstring(archive.read(TYPES)))
        named = [part.PartName[1:] for kind in _XLSX_TYPES if (part := types.find(kind))]
        words = types.find(SHARED_STRINGS)
        sheets = {
            value
            for element in fromstring(archive.read(WORKBOOK)).iter()
            if element.tag.rpartition("}")[2] == "sheet"
            for value in element.attrib.values()
        }
        targets = {each.target for each in get_dependents(archive, RELATIONS) if each.Id in sheets}
    except Exception as error:  # openpyxl raises whatever it stumbles over
        raise Unreadable(_damaged()) from error
    if named and named[0] != WORKBOOK:
        raise Unreadable(_not_excel())
    if words is not None:
        looks[words.PartName[1:]].append(_words())
    for name in archive.namelist():
        if name in READ_AT_ONCE or name.endswith(".rels"):
            looks[name].append(_Whole())
        if name in targets:
            looks[name].append(_rows())
    return looks


def _rows() -> _Look:
    return _Records(ROW, most=MOST_ROWS + 1000, most_bytes=UNPACKED_BYTES, too_many=too_many_rows())


def _words() -> _Look:
    return _Records(WORD, most=MOST_WORDS, most_bytes=WORDS_BYTES, too_many=_too_large())


def _unpack(archive: zipfile.ZipFile, part: zipfile.ZipInfo, most: int, looks: list[_Look]) -> int:
    """Unpack a part, at most so many bytes; return how many came out."""
    size = 0
    with archive.open(part) as file, _parsing():
        while chunk := file.read(CHUNK):
            size += len(chunk)
            if size > most:
                raise Unreadable(_too_large())
            for look in looks:
                look.feed(chunk)
        for look in looks:
            look.end()
    return size


def _check_directory(path: Path) -> None:
    """Refuse an archive whose list of parts alone would fill the memory."""
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - (1 << 16) - _END.size - _LOCATOR_BYTES - _END_64.size))
        tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < _END.size:
        raise Unreadable(_damaged())
    found = _END.unpack_from(tail, at)[5]
    larger = at - _LOCATOR_BYTES - _END_64.size
    if tail[max(0, at - _LOCATOR_BYTES) :].startswith(b"PK\x06\x07") and larger >= 0:
        found = max(found if found != 0xFFFFFFFF else 0, _END_64.unpack_from(tail, larger)[8])
    if found > DIRECTORY_BYTES:
        raise Unreadable(_not_excel())


def _strict_parser() -> expat.XMLParserType:
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.ordered_attributes = True  # a list is less work than a dictionary
    parser.StartDoctypeDeclHandler = _refuse_declaration
    return parser


def _refuse_declaration(*_about: object) -> None:
    raise Unreadable(_("Die Excel-Datei enthält Unerlaubtes (XML-Deklarationen)."))


@contextmanager
def _parsing() -> Iterator[None]:
    try:
        yield
    except expat.ExpatError as error:
        raise Unreadable(_damaged()) from error


def _too_large() -> str:
    return _("Entpackt ist die Excel-Datei zu groß. Speichern Sie als CSV.")


def _too_wide() -> str:
    return _("Eine Zeile der Excel-Datei ist zu breit. Speichern Sie nur die Spalten mit Werten.")


def _not_excel() -> str:
    return _("Das ist keine Excel-Datei (.xlsx).")


def _damaged() -> str:
    return _("Die Excel-Datei ist beschädigt oder nicht ganz angekommen.")

"""CSV as spreadsheets and loggers write it: encoding and separator are found out."""

import codecs
import csv
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from django.utils.translation import gettext as _

from stadtwabe.hub.tables.table import MOST_ROWS, Format, Line, Unreadable, too_many_rows

SEPARATORS = {";": "Semikolon", ",": "Komma", "\t": "Tabulator", "|": "|"}
ENCODINGS = {"utf-8-sig": "UTF-8", "cp1252": "Windows-1252", "utf-16": "UTF-16"}
CHUNK = 1024 * 1024
SAMPLE = 64 * 1024
SAMPLE_LINES = 30
LONGEST_ROW = 256 * 1024
"""Characters; no row of a table that is taken comes near, and one is kept in memory."""


def find_format(path: Path) -> Format:
    """Return encoding and separator, after reading the file once, a piece at a time.

    UTF-8 (with or without mark), UTF-16 with a mark, else Windows-1252. Raises Unreadable for
    what is no text, breaks off within a character, or has too many rows.
    """
    encoding = _encoding(path)
    with path.open(encoding=encoding, newline="") as file:
        sample = file.read(SAMPLE)
    return Format(encoding=encoding, separator=_separator(sample))


def lines(path: Path, format_: Format) -> Iterator[Line]:
    """Yield all rows. Raises Unreadable where the file breaks off, naming the line."""
    with path.open(encoding=format_.encoding, newline="") as file:
        pieces = _Pieces(file)
        reader = csv.reader(pieces, delimiter=format_.separator, strict=True)
        while True:
            start, pieces.left = reader.line_num + 1, LONGEST_ROW
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                raise Unreadable(_broken(start, error)) from error
            except UnicodeError as error:
                raise Unreadable(_("Zeile %d: Die Datei bricht hier ab.") % start) from error
            yield Line(start, cells)


class _Pieces:
    """The lines of a file, of which no more than ``left`` characters are read."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self.left = LONGEST_ROW

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._file.readline(self.left + 1)
        self.left -= len(line)
        if self.left < 0:
            message = f"row larger than row limit ({LONGEST_ROW})"
            raise csv.Error(message)
        if not line:
            raise StopIteration
        return line


def _broken(line: int, error: csv.Error) -> str:
    if "unexpected end of data" in str(error):
        return _("Zeile %d: Ein Anführungszeichen wird nie geschlossen. Ist die Datei ganz?") % line
    return _("Zeile %(line)d: Die Zeile lässt sich nicht lesen (%(error)s).") % {
        "line": line,
        "error": error,
    }


def _encoding(path: Path) -> str:
    with path.open("rb") as file:
        start = file.read(2)
        if start in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE}:
            return "utf-16"
        file.seek(0)
        decoder = codecs.getincrementaldecoder("utf-8")()
        is_utf8, ends, last = True, 0, b""
        while chunk := file.read(CHUNK):
            if b"\x00" in chunk:
                raise Unreadable(_("Das ist keine Textdatei. Möglich sind CSV und Excel (.xlsx)."))
            ends += max(chunk.count(b"\n"), chunk.count(b"\r"))
            last = chunk[-4:]
            if is_utf8:
                try:
                    decoder.decode(chunk)
                except UnicodeDecodeError:
                    is_utf8 = False
            if not is_utf8 and any(byte in chunk for byte in b"\x81\x8d\x8f\x90\x9d"):
                raise Unreadable(
                    _("Der Zeichensatz ist nicht zu erkennen. Speichern Sie als CSV UTF-8.")
                )
    if not last:
        raise Unreadable(_("Die Datei ist leer."))
    if ends > MOST_ROWS + 1000:
        raise Unreadable(too_many_rows())
    if not is_utf8:
        return "cp1252"
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        raise Unreadable(
            _("Die Datei bricht mitten in einem Zeichen ab. Laden Sie sie noch einmal hoch.")
        ) from error
    return "utf-8-sig"


def _separator(sample: str) -> str:
    """The one that cuts the most rows into the same number of cells, more than one."""
    rows = [line for line in sample.splitlines()[:SAMPLE_LINES] if line.strip()]

    def agreement(separator: str) -> tuple[int, int]:
        try:
            counts = [len(cells) for cells in csv.reader(rows, delimiter=separator)]
        except csv.Error:
            return 0, 0
        common = max(set(counts), key=lambda each: (counts.count(each), each), default=1)
        return (counts.count(common), common) if common > 1 else (0, 0)

    return max(SEPARATORS, key=agreement)

"""DOCX: paragraphs, lists, headings and tables in their order; archives are opened with care."""

import io
import zipfile

import docx as python_docx
from docx.oxml.ns import qn
from docx.table import Table
from docx.text.paragraph import Paragraph

from stadtwabe.reading.extract.builder import Builder
from stadtwabe.reading.extract.extracted import BlockKind, Extracted
from stadtwabe.reading.extract.plain import clean
from stadtwabe.reading.extract.unreadable import Unreadable

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
MAX_UNPACKED = 200_000_000
MAX_XML = 60_000_000
MAX_RATIO = 200
MAX_PARTS = 5000
_HEADINGS = ("heading", "überschrift")


def docx(data: bytes, name: str) -> Extracted:
    """Read a DOCX file."""
    _check_archive(data, name)
    try:
        document = python_docx.Document(io.BytesIO(data))
    except Exception as error:  # python-docx raises what lxml and zipfile raise, and KeyError
        raise _damaged(name) from error
    built = Builder()
    for item in document.iter_inner_content():
        if isinstance(item, Table):
            _table(built, item)
        else:
            _paragraph(built, item)
    return Extracted(
        text=built.text,
        blocks=tuple(built.blocks),
        media_type=MEDIA_TYPE,
        title=clean(document.core_properties.title or "").strip() or built.first_heading,
        links=tuple(built.links),
        emphases=tuple(built.emphases),
    )


def _check_archive(data: bytes, name: str) -> None:
    """Judge by the directory of the archive before anything is unpacked, then while unpacking."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            unpacked = sum(part.file_size for part in parts)
            packed = max(1, sum(part.compress_size for part in parts))
            xml = [part for part in parts if part.filename.endswith((".xml", ".rels"))]
            if any(part.flag_bits & 1 for part in parts):
                raise Unreadable(
                    f"„{name}“ ist mit einem Passwort geschützt.",
                    "Entfernen Sie den Schutz und laden Sie die Datei neu hoch.",
                    code="encrypted",
                )
            if (
                unpacked > MAX_UNPACKED
                or len(parts) > MAX_PARTS
                or sum(part.file_size for part in xml) > MAX_XML
                or (unpacked > 5_000_000 and unpacked / packed > MAX_RATIO)
            ):
                raise Unreadable(
                    f"„{name}“ entpackt sich auf {unpacked // 1_000_000} MB"
                    " und wird deshalb nicht geöffnet.",
                    "Speichern Sie das Dokument mit Ihrer Textverarbeitung neu, ohne Einbettungen.",
                    code="archive_bomb",
                )
            for part in xml:
                with archive.open(part) as stream:
                    if b"<!DOCTYPE" in stream.read(2048):
                        raise _damaged(name)
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError) as error:
        raise _damaged(name) from error


def _damaged(name: str) -> Unreadable:
    return Unreadable(
        f"„{name}“ ist keine vollständige DOCX-Datei.",
        "Öffnen Sie die Datei zur Probe, speichern Sie sie neu und laden Sie sie wieder hoch.",
        code="damaged",
    )


def _paragraph(built: Builder, paragraph: Paragraph) -> None:
    line, links, emphases = "", [], []
    for item in paragraph.iter_inner_content():
        piece = clean(item.text).replace("\n", " ").replace("\t", " ")
        start, line = len(line), line + piece
        address = getattr(item, "url", None)
        if address and address.startswith(("http://", "https://")):
            links.append((start, len(line), address))
        if getattr(item, "bold", False) or getattr(item, "italic", False):
            emphases.append((start, len(line)))
    kind, level = _kind(paragraph)
    indent = len(line) - len(line.lstrip())
    built.add(
        kind,
        line.lstrip(),
        level=level,
        links=[(max(0, a - indent), b - indent, address) for a, b, address in links],
        emphases=[(max(0, a - indent), b - indent) for a, b in emphases],
    )


def _kind(paragraph: Paragraph) -> tuple[BlockKind, int]:
    style = (paragraph.style.name or "").lower() if paragraph.style is not None else ""
    if style == "title":
        return BlockKind.HEADING, 1
    if style.startswith(_HEADINGS):
        digits = "".join(char for char in style if char.isdigit())
        return BlockKind.HEADING, int(digits or 1)
    properties = paragraph._p.pPr
    numbered = properties is not None and properties.find(qn("w:numPr")) is not None
    if numbered or style.startswith(("list", "liste", "aufzählung")):
        return BlockKind.BULLET, 0
    return BlockKind.PARAGRAPH, 0


def _table(built: Builder, table: Table) -> None:
    for row in table.rows:
        cells: list[str] = []
        previous = None
        for cell in row.cells:
            if cell._tc is not previous:  # merged cells come once for each column
                cells.append(" ".join(clean(cell.text).split()))
            previous = cell._tc
        built.add(BlockKind.ROW, " | ".join(cells))

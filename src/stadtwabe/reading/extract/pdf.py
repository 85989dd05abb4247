"""PDF: pages in reading order, hyphens joined, repeated heads and feet removed."""

import re
from collections import Counter
from itertools import pairwise
from time import monotonic

import pypdfium2

from stadtwabe.reading.extract.extracted import Block, Extracted
from stadtwabe.reading.extract.layout import blocks_of
from stadtwabe.reading.extract.plain import clean, undivided
from stadtwabe.reading.extract.unreadable import Unreadable

MAX_PAGES = 3000
MAX_SECONDS = 120
_LEAST_PER_PAGE = 8
_LEFT_OUT = re.compile("[\ufffe\x02]\n?(?=(?:und|oder|bzw|sowie|bis)\\b)")
_OF_THE_WORD = re.compile("[\ufffe\x02]\n?(?=[A-ZÄÖÜ])")
_SOFT = re.compile("[\ufffe\x02]\n?")
"""Marks that stand for a hyphen and the line's end: in ``Klima- und``, ``Smart-City``, else."""
_DIGITS = re.compile(r"\d+")
_PAGE_NUMBER = 40
_EDGE = 2
"""So many lines at the top and the bottom of a page may be its head and its foot."""


def pdf(data: bytes, name: str) -> Extracted:
    """Read a PDF with a text layer."""
    document = _opened(data, name)
    try:
        pages = _pages(document, name)
        title = clean(str(document.get_metadata_dict().get("Title") or "")).strip()
    finally:
        document.close()
    if sum(len(page.strip()) for page in pages) < _LEAST_PER_PAGE * len(pages):
        raise Unreadable(
            f"„{name}“ ist ein eingescanntes Dokument ohne Textebene.",
            "Lassen Sie eine Texterkennung (OCR) darüber laufen und laden Sie das Ergebnis hoch.",
            code="scanned",
        )
    parts: list[str] = []
    blocks: list[Block] = []
    at = 0
    for number, page in enumerate(_without_repeated(pages), start=1):
        text = _OF_THE_WORD.sub("-", _LEFT_OUT.sub("- ", undivided(page)))
        text = _SOFT.sub("", text).strip("\n")
        if not text.strip():
            continue
        gap = "\n\n" if parts else ""
        parts += [gap, text]
        blocks += blocks_of(text, page=number, offset=at + len(gap))
        at += len(gap) + len(text)
    return Extracted("".join(parts), tuple(blocks), "application/pdf", title=title)


def _opened(data: bytes, name: str) -> pypdfium2.PdfDocument:
    try:
        return pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower() or "security" in str(error).lower():
            raise Unreadable(
                f"„{name}“ ist mit einem Passwort geschützt.",
                "Entfernen Sie den Schutz und laden Sie die Datei neu hoch.",
                code="encrypted",
            ) from error
        raise Unreadable(
            f"„{name}“ ist keine vollständige PDF-Datei.",
            "Öffnen Sie die Datei zur Probe, speichern Sie sie neu und laden Sie sie wieder hoch.",
            code="damaged",
        ) from error


def _pages(document: pypdfium2.PdfDocument, name: str) -> list[str]:
    if len(document) > MAX_PAGES:
        raise Unreadable(
            f"„{name}“ hat {len(document)} Seiten (höchstens {MAX_PAGES}).",
            "Teilen Sie das Dokument.",
            code="too_large",
        )
    until = monotonic() + MAX_SECONDS
    pages = []
    for page in document:
        textpage = page.get_textpage()
        # pdfium marks a hyphen at the end of a line; `clean` would drop the mark with the hyphen.
        text = _columns(page, textpage) or textpage.get_text_range()
        pages.append(clean(text.replace("\x02", "\ufffe")))
        textpage.close()
        page.close()
        if monotonic() > until:
            raise Unreadable(
                f"Das Lesen von „{name}“ dauert länger als {MAX_SECONDS} Sekunden.",
                "Teilen Sie das Dokument oder speichern Sie es als Text.",
                code="too_slow",
            )
    return pages


def _columns(page: pypdfium2.PdfPage, textpage: pypdfium2.PdfTextPage) -> str:
    """Text of a page set in two columns whose lines are stored row by row; else nothing."""
    count = textpage.count_rects()
    if not 16 <= count <= 2000:
        return ""
    rects = [textpage.get_rect(i) for i in range(count)]
    middle = _gutter([(left, right) for left, _, right, _ in rects], page.get_width())
    if middle is None:
        return ""
    sides = ["left" if r[2] <= middle else "right" if r[0] >= middle else "both" for r in rects]
    switches = sum(1 for a, b in pairwise(sides) if {a, b} == {"left", "right"})
    if switches < 0.5 * count:
        return ""
    lines = {"both": [], "left": [], "right": []}  # type: dict[str, list[tuple[float, str]]]
    for side, (left, bottom, right, top) in zip(sides, rects, strict=True):
        lines[side].append((-top, textpage.get_text_bounded(left, bottom, right, top).strip()))
    return "\n".join(text for side in lines for _, text in sorted(lines[side]))


def _gutter(spans: list[tuple[float, float]], width: float) -> float | None:
    """Where the gap between two columns is: few lines cross it, many lie on either side."""
    for share in (0.5, 0.48, 0.52, 0.45, 0.55):
        middle = width * share
        left = sum(1 for _, right in spans if right <= middle)
        right = sum(1 for start, _ in spans if start >= middle)
        if left >= 6 and right >= 6 and left + right >= 0.85 * len(spans):
            return middle
    return None


def _without_repeated(pages: list[str]) -> list[str]:
    """Drop lines that stand at the edge of most pages, whatever their page number."""
    if len(pages) < 3:
        return pages
    counts: Counter[str] = Counter()
    for page in pages:
        counts.update({_shape(line) for line in _edges(page.split("\n"))})
    repeated = {shape for shape, n in counts.items() if n >= max(3, 0.6 * len(pages))}
    kept = []
    for page in pages:
        lines = page.split("\n")
        edges = {id(line): line for line in _edges(lines)}
        kept.append(
            "\n".join(
                line for line in lines if id(line) not in edges or _shape(line) not in repeated
            )
        )
    return kept


def _edges(lines: list[str]) -> list[str]:
    filled = [line for line in lines if line.strip()]
    return filled[:_EDGE] + filled[-_EDGE:]


def _shape(line: str) -> str:
    """Short lines are alike whatever number they carry (``Seite 3 von 9``)."""
    line = line.strip()
    return _DIGITS.sub("#", line) if len(line) <= _PAGE_NUMBER else line

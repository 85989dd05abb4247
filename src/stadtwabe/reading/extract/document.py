"""The door of extraction: which reader takes which bytes, and the limits for all."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import PurePath

from stadtwabe.reading.extract.docx import MEDIA_TYPE as DOCX
from stadtwabe.reading.extract.docx import docx
from stadtwabe.reading.extract.extracted import Extracted
from stadtwabe.reading.extract.html import html
from stadtwabe.reading.extract.language import language_of
from stadtwabe.reading.extract.pdf import pdf
from stadtwabe.reading.extract.plain import plain
from stadtwabe.reading.extract.unreadable import Unreadable

MAX_BYTES = 50_000_000
"""Largest accepted file; an operator's lower limit is applied by the door before this one."""
MAX_CHARACTERS = 20_000_000

_BY_SUFFIX = {
    ".txt": "text/plain",
    ".text": "text/plain",
    ".md": "text/plain",
    ".csv": "text/plain",
    ".eml": "text/plain",
    ".htm": "text/html",
    ".html": "text/html",
    ".xhtml": "text/html",
    ".pdf": "application/pdf",
    ".docx": DOCX,
}
_READERS: dict[str, Callable[[bytes, str], Extracted]] = {
    "text/plain": plain,
    "text/html": html,
    "application/pdf": pdf,
    DOCX: docx,
}
SUFFIXES = frozenset(_BY_SUFFIX)
"""Endings of file names that a folder is searched for."""
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def extract(data: bytes, name: str, media_type: str | None = None) -> Extracted:
    """Read one document. Raises `Unreadable` with message and remedy in German."""
    _check_size(data, name)
    _check_office(data, name)
    extracted = _READERS[_media_type(data, name, media_type)](data, name)
    if not extracted.text.strip():
        raise Unreadable(
            f"„{name}“ enthält keinen lesbaren Text.",
            "Prüfen Sie, ob die Datei vollständig ist, und laden Sie sie neu hoch.",
            code="empty",
        )
    language = language_of(extracted.text)
    warnings = extracted.warnings
    if language not in {"de", "und"}:
        warnings += (f"Das Dokument ist vermutlich nicht auf Deutsch (Sprache: {language}).",)
    return replace(
        extracted,
        title=extracted.title or _first_line(extracted),
        language=language,
        warnings=warnings,
    )


def _check_size(data: bytes, name: str) -> None:
    if not data.strip():
        raise Unreadable(
            f"„{name}“ ist leer.",
            "Prüfen Sie, ob die Datei vollständig gespeichert wurde, und laden Sie sie neu hoch.",
            code="empty",
        )
    if len(data) > MAX_BYTES:
        raise Unreadable(
            f"„{name}“ ist mit {len(data) // 1_000_000} MB zu groß"
            f" (höchstens {MAX_BYTES // 1_000_000} MB).",
            "Teilen Sie das Dokument oder entfernen Sie Bilder daraus.",
            code="too_large",
        )


def _check_office(data: bytes, name: str) -> None:
    """The container of old Office files is also that of encrypted new ones."""
    if not data.startswith(_OLD_OFFICE):
        return
    if name.lower().endswith(".docx") or b"E\0n\0c\0r\0y\0p\0t" in data[:8192]:
        raise Unreadable(
            f"„{name}“ ist mit einem Passwort geschützt.",
            "Entfernen Sie den Schutz und laden Sie die Datei neu hoch.",
            code="encrypted",
        )
    raise Unreadable(
        f"„{name}“ ist in einem alten Office-Format gespeichert.",
        "Speichern Sie das Dokument als DOCX oder PDF und laden Sie es neu hoch.",
        code="unknown_type",
    )


def _media_type(data: bytes, name: str, declared: str | None) -> str:
    """What the bytes say counts more than the file's name, and that more than what is declared."""
    head = data[:1024].lstrip().lower()
    if head.startswith(b"%pdf-"):
        return "application/pdf"
    if data.startswith(b"PK\x03\x04") and b"word/" in data:
        return DOCX
    if head.startswith((b"<!doctype html", b"<html")) or (
        head.startswith(b"<?xml") and b"<html" in data[:2048].lower()
    ):
        return "text/html"
    by_name = _BY_SUFFIX.get(PurePath(name).suffix.lower())
    declared = (declared or "").split(";")[0].strip().lower()
    declared = "text/html" if declared == "application/xhtml+xml" else declared
    return by_name or (declared if declared in _READERS else "text/plain")


def _first_line(extracted: Extracted) -> str:
    if not extracted.blocks:
        return ""
    block = extracted.blocks[0]
    return extracted.text[block.start : block.end].lstrip("#-•* ").split("\n")[0][:200]

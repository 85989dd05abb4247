"""DOCX files, made with the library that writes them."""

import io
import zipfile

import docx
import pytest

from stadtwabe.reading.extract import BlockKind, Unreadable, extract


def saved(document) -> bytes:
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def test_headings_lists_and_tables_keep_their_order():
    document = docx.Document()
    document.add_heading("Digitale Projekte", 1)
    document.add_paragraph("Die Stadt Köln startet ein Portal.")
    document.add_paragraph("Siegen misst Pegel.", style="List Bullet")
    table = document.add_table(rows=2, cols=2)
    for cell, text in zip(table._cells, ["Ort", "Summe", "Essen", "1.000 Euro"], strict=True):
        cell.text = text
    document.add_paragraph("Schluss.")
    extracted = extract(saved(document), "a.docx")
    assert [(b.kind, extracted.text[b.start : b.end]) for b in extracted.blocks] == [
        (BlockKind.HEADING, "Digitale Projekte"),
        (BlockKind.PARAGRAPH, "Die Stadt Köln startet ein Portal."),
        (BlockKind.BULLET, "- Siegen misst Pegel."),
        (BlockKind.ROW, "Ort | Summe"),
        (BlockKind.ROW, "Essen | 1.000 Euro"),
        (BlockKind.PARAGRAPH, "Schluss."),
    ]


def test_bold_words_are_remembered():
    document = docx.Document()
    paragraph = document.add_paragraph("Die Stadt startet ")
    paragraph.add_run("Kühle Wege").bold = True
    paragraph.add_run(" im Mai.")
    extracted = extract(saved(document), "a.docx")
    assert [extracted.text[a:b] for a, b in extracted.emphases] == ["Kühle Wege"]


def test_it_is_recognised_without_its_ending():
    document = docx.Document()
    document.add_paragraph("Die Stadt Köln startet ein Portal für alle Menschen in der Stadt.")
    assert "Portal" in extract(saved(document), "anhang").text


def bomb() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", b" " * 90_000_000)
    return file.getvalue()


def test_an_archive_bomb_is_not_opened():
    data = bomb()
    assert len(data) < 200_000
    with pytest.raises(Unreadable) as caught:
        extract(data, "bombe.docx")
    assert caught.value.code == "archive_bomb"
    assert "bombe.docx" in caught.value.message


def test_xml_with_entities_is_refused():
    document = docx.Document()
    document.add_paragraph("Text")
    source = zipfile.ZipFile(io.BytesIO(saved(document)))
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for part in source.infolist():
            content = source.read(part)
            if part.filename == "word/document.xml":
                head, _, rest = content.partition(b"?>")
                content = head + b'?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + rest
            archive.writestr(part, content)
    with pytest.raises(Unreadable, match="keine vollständige DOCX-Datei"):
        extract(file.getvalue(), "a.docx")


@pytest.mark.parametrize("data", [b"PK\x03\x04word/ kaputt", b"kein Archiv"])
def test_a_damaged_file_says_so(data):
    with pytest.raises(Unreadable, match="DOCX-Datei") as caught:
        extract(data, "a.docx")
    assert caught.value.code == "damaged"


def test_an_old_or_encrypted_office_file_names_the_remedy():
    container = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600
    with pytest.raises(Unreadable, match="alten Office-Format"):
        extract(container, "a.doc")
    with pytest.raises(Unreadable, match="Passwort"):
        extract(container, "a.docx")


def test_a_file_that_is_too_large_is_refused_before_it_is_read():
    with pytest.raises(Unreadable, match="zu groß") as caught:
        extract(b"a" * 50_000_001, "riesig.txt")
    assert caught.value.code == "too_large"

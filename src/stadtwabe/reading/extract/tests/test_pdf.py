"""PDF files, each made here by hand."""

import pytest

from stadtwabe.reading.extract import Unreadable, extract

Line = tuple[int, int, str]


def make_pdf(pages: list[list[Line]], trailer: str = "") -> bytes:
    """A small, valid PDF: lines of text at positions (x, y), in the order given."""
    objects = ["<< /Type /Catalog /Pages 2 0 R >>"]
    kids = " ".join(f"{4 + 2 * i} 0 R" for i in range(len(pages)))
    objects.append(f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>")
    objects.append(
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
    )
    for i, lines in enumerate(pages):
        shown = "".join(f"BT /F1 10 Tf {x} {y} Td ({text}) Tj ET\n" for x, y, text in lines)
        objects.append(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] "
            f"/Resources << /Font << /F1 3 0 R >> >> /Contents {5 + 2 * i} 0 R >>"
        )
        objects.append(f"<< /Length {len(shown.encode('cp1252'))} >>\nstream\n{shown}endstream")
    out = b"%PDF-1.4\n"
    offsets = []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n{content}\nendobj\n".encode("cp1252")
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{offset:010} 00000 n \n".encode() for offset in offsets)
    out += f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R {trailer}>>\n".encode()
    return out + f"startxref\n{start}\n%%EOF\n".encode()


def test_text_with_umlauts_and_pages():
    data = make_pdf(
        [
            [(50, 800, "Digitale Strategie"), (50, 780, "Die Stadt Köln hat sie beschlossen.")],
            [(50, 800, "Das kostet 5.000 Euro.")],
        ]
    )
    extracted = extract(data, "a.pdf")
    assert "Die Stadt Köln hat sie beschlossen." in extracted.text
    assert [block.page for block in extracted.blocks] == [1, 1, 2]
    for block in extracted.blocks:
        assert extracted.text[block.start : block.end].strip()


def test_a_hyphen_at_the_end_of_a_line_is_joined():
    data = make_pdf(
        [
            [
                (50, 800, "Die Stadt Siegen plant die Digitali-"),
                (50, 788, "sierung ihrer Verwaltung."),
            ]
        ]
    )
    assert "Digitalisierung" in extract(data, "a.pdf").text


def test_the_hyphen_of_a_compound_and_of_a_part_left_out_stay():
    lines = ["Die Stadt Siegen plant eine Smart-", "City-Werkstatt zu Klima-", "und Umweltschutz."]
    data = make_pdf([[(50, 800 - 12 * i, line) for i, line in enumerate(lines)]])
    text = " ".join(extract(data, "a.pdf").text.split())
    assert text == "Die Stadt Siegen plant eine Smart-City-Werkstatt zu Klima- und Umweltschutz."


def test_two_columns_are_read_one_after_the_other():
    left = [(50, 800 - 12 * i, f"Links Zeile {i}") for i in range(12)]
    right = [(320, 800 - 12 * i, f"Rechts Zeile {i}") for i in range(12)]
    by_rows = [line for pair in zip(left, right, strict=True) for line in pair]
    for order in (left + right, by_rows):
        text = extract(make_pdf([order]), "a.pdf").text
        assert text.index("Links Zeile 11") < text.index("Rechts Zeile 0")


def test_heads_and_feet_that_repeat_are_dropped():
    pages = [
        [
            (50, 820, "Stadt Köln - Digitalstrategie"),
            (50, 700, f"Inhalt der Seite mit der Nummer {i} und etwas Text."),
            (50, 30, f"Seite {i} von 4"),
        ]
        for i in range(1, 5)
    ]
    text = extract(make_pdf(pages), "a.pdf").text
    assert "Seite 2 von 4" not in text
    assert "Digitalstrategie" not in text
    assert "Nummer 3" in text


def test_a_scanned_pdf_names_text_recognition_as_the_remedy():
    with pytest.raises(Unreadable) as caught:
        extract(make_pdf([[], []]), "scan.pdf")
    assert caught.value.code == "scanned"
    assert "scan.pdf" in caught.value.message
    assert "OCR" in caught.value.remedy


def test_an_encrypted_pdf_asks_for_one_without_a_password():
    encryption = (
        "/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <" + "41" * 32 + "> /U <" + "42" * 32
        + "> >> /ID [<" + "43" * 16 + "> <" + "43" * 16 + ">] "
    )  # fmt: skip
    with pytest.raises(Unreadable, match="Passwort") as caught:
        extract(make_pdf([[(50, 800, "geheim")]], encryption), "a.pdf")
    assert caught.value.code == "encrypted"


def test_a_cut_off_pdf_is_damaged():
    with pytest.raises(Unreadable, match="keine vollständige PDF-Datei"):
        extract(b"%PDF-1.4\n1 0 obj\n<< /Type", "a.pdf")

"""Text arrives in many encodings and is stored in one."""

import pytest

from stadtwabe.reading.extract import BlockKind, Unreadable, extract

SENTENCE = "Die Stadt Köln prüft „Jugend meets Verwaltung“ – für alle Schülerinnen und Schüler.\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_the_same_text_in_any_encoding(encoding):
    assert extract((SENTENCE * 3).encode(encoding), "a.txt").text == SENTENCE * 3


def test_lines_of_two_encodings_in_one_file_are_both_read_and_reported():
    data = SENTENCE.encode() + SENTENCE.encode("cp1252")
    extracted = extract(data, "a.txt")
    assert extracted.text == SENTENCE * 2
    assert "mischt" in extracted.warnings[0]


def test_umlauts_that_were_once_decoded_wrongly_are_repaired():
    broken = "Bürgerinnen und Bürger prüfen das für die Städte".encode().decode("cp1252")
    extracted = extract(broken.encode(), "a.txt")
    assert extracted.text == "Bürgerinnen und Bürger prüfen das für die Städte"
    assert extracted.warnings


@pytest.mark.parametrize("data", [b"", b"  \n\t", "\ufeff".encode()])
def test_an_empty_file_says_so(data):
    with pytest.raises(Unreadable, match=r"leer|keinen lesbaren Text") as caught:
        extract(data, "leer.txt")
    assert caught.value.code == "empty"
    assert "leer.txt" in caught.value.message
    assert caught.value.remedy


def test_binary_data_is_no_text():
    with pytest.raises(Unreadable, match="Binärdaten"):
        extract(bytes(range(256)) * 20, "bild.txt")


def test_another_language_is_noted():
    english = "The city council has decided to publish its open data strategy this year. " * 5
    extracted = extract(english.encode(), "a.txt")
    assert extracted.language == "en"
    assert "nicht auf Deutsch" in extracted.warnings[0]


def test_blocks_of_a_newsletter():
    text = (
        "1. Projekte\n\nBeteiligung\n- In Münster läuft etwas.\n- In Köln auch.\n\n"
        "Ort: Rathaus\nEin Absatz, der eine Zeile ist.\n\n"
        "17. Duisburger Symposium\n\n05.09.2019 Duisburg\n"
    )
    extracted = extract(text.encode(), "a.txt")
    assert [block.kind for block in extracted.blocks] == [
        BlockKind.HEADING,
        BlockKind.HEADING,
        BlockKind.BULLET,
        BlockKind.BULLET,
        BlockKind.FIELD,
        BlockKind.PARAGRAPH,
        BlockKind.HEADING,
        BlockKind.PARAGRAPH,
    ]


def test_a_wrapped_paragraph_is_one_block():
    text = (
        "Die Stadt hat in den vergangenen Monaten viele Gespräche über ihre\n"
        "Strategie geführt und dabei mit allen Ämtern, Betrieben und Vereinen\n"
        "gesprochen. Der Rat hat danach einstimmig entschieden, dass nun jedes\n"
        "Amt selbst einen Plan schreibt.\n"
        "\n"
        "Danach beginnt ein neuer Absatz, der ebenfalls über mehrere Zeilen\n"
        "läuft und hier endet.\n"
    )
    assert len(extract(text.encode(), "a.txt").blocks) == 2


@pytest.mark.parametrize(
    ("divided", "joined"),
    [
        ("Die Feuerwehr aus Neun-\nkirchen kommt.\n", "Die Feuerwehr aus Neunkirchen\nkommt.\n"),
        ("Die Feuerwehr aus Neun-\r\nkirchen\r\n", "Die Feuerwehr aus Neunkirchen\n"),
        ("Ein Plan für die Smart-\nCity-Werkstatt.\n", "Ein Plan für die Smart-City-Werkstatt.\n"),
        ("mit weichem Trenn\u00ad\nstrich darin\n", "mit weichem Trennstrich\ndarin\n"),
        ("Klima-\nund Umweltschutz\n", "Klima-\nund Umweltschutz\n"),
        ("https://www.moos-\nbach.example\n", "https://www.moos-\nbach.example\n"),
        ("- erstens\n- zweitens\n", "- erstens\n- zweitens\n"),
    ],
)
def test_a_word_that_the_end_of_a_line_divides_is_joined(divided, joined):
    assert extract(divided.encode(), "a.txt").text == joined

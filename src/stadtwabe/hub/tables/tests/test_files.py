"""Files as spreadsheets and loggers write them, and files that are none."""

import io
import zipfile
from datetime import datetime

import openpyxl
import pytest

from stadtwabe.hub.tables import table as tables
from stadtwabe.hub.tables.mapping import Columns, RowReader
from stadtwabe.hub.tables.opening import find_format, open_table
from stadtwabe.hub.tables.table import Unreadable, column_letter

GERMAN = "Zeit;Temperatur;Feuchte\r\n22.11.2026 10:00;12,5;80\r\n22.11.2026 10:15;13,0;\r\n"


@pytest.fixture
def opened(tmp_path):
    def open_(data):
        path = tmp_path / "daten"
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
        return open_table(path, find_format(path))

    return open_


def why_not(opened, data):
    with pytest.raises(Unreadable) as caught:
        list(opened(data).lines())
    return str(caught.value)


def workbook(*rows, **more_sheets):
    book = openpyxl.Workbook()
    for name, lines in {"Werte": rows, **more_sheets}.items():
        sheet = book.create_sheet(name)
        for line in lines:
            sheet.append(line)
    del book["Sheet"]
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encodings(opened, encoding):
    text = GERMAN.replace("Temperatur", "Wärme")
    table = opened(text.encode(encoding))
    assert table.columns == ("Zeit", "Wärme", "Feuchte")
    assert table.format.decimal == ","
    assert [line.number for line in table.lines()] == [2, 3]


@pytest.mark.parametrize(
    ("text", "separator", "decimal"),
    [
        (GERMAN, ";", ","),
        ("time,a,b\n2026-11-22T10:00Z,12.5,1\n2026-11-22T10:05Z,12.7,2\n", ",", "."),
        ("time\ta\n2026-11-22 10:00\t12,5\n", "\t", ","),
    ],
)
def test_separators_and_decimals(opened, text, separator, decimal):
    format_ = opened(text).format
    assert (format_.separator, format_.decimal) == (separator, decimal)


def test_lines_above_the_headings_and_no_headings_at_all(opened):
    above = "Station 7;;\nErzeugt am 1.1.2026;;\n\n" + GERMAN
    assert opened(above).format.header_line == 4
    bare = opened("22.11.2026 10:00;12,5\n22.11.2026 10:05;12,6\n")
    assert bare.format.header_line == 0
    assert len(list(bare.lines())) == 2, "the first row is a value, not a heading"
    assert bare.label(1) == "Spalte B"


def test_doubled_and_missing_headings_have_their_letter(opened):
    table = opened("Zeit;Wert;Wert;\n22.11.2026;1;2;3\n")
    assert [table.label(place) for place in range(4)] == [
        "Zeit",
        "Wert (Spalte B)",
        "Wert (Spalte C)",
        "Spalte D",
    ]
    assert column_letter(27) == "AB"


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "leer"),
        (b"\n\n;;\n", "leer"),
        (b"Zeit;Wert\n", "steht nichts"),
        (b"Zeit;Wert\n22.11.2026;\x00\x01", "keine Textdatei"),
        ("Zeit;Wärme".encode()[:7], "mitten in einem Zeichen"),
        (b"Zeit;W\xe4rme\x81\n1;2\n", "Zeichensatz"),
        (b'Zeit;Wert\n22.11.2026;"12,5\n', "nie geschlossen"),
        (b"%PDF-1.7", "keine Tabelle"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "alte"),
        (b"PK\x03\x04 half a file", "beschädigt"),
        (";".join(["x"] * 300) + "\n" + ";".join(["1"] * 300), "200 Spalten"),
    ],
)
def test_files_that_are_no_table(opened, data, why):
    assert why in why_not(opened, data)


def test_a_million_rows_are_too_many_before_any_is_stored(opened):
    assert "500" in why_not(opened, b"Zeit;Wert\n" + b"1;2\n" * 1_000_000)


def test_excel_has_typed_cells_and_several_sheets(opened, tmp_path):
    data = workbook(
        ["Zeit", "Wert", None],
        [datetime.fromisoformat("2026-11-22T10:00"), 12.5, None],
        [None, None, None],
        [datetime.fromisoformat("2026-11-22T11:00"), "=1+1", True],
        Zweites=[["a"], [1]],
    )
    table = opened(data)
    assert table.sheets == ("Werte", "Zweites")
    assert [line.cells[:2] for line in table.lines()] == [
        (datetime.fromisoformat("2026-11-22T10:00"), 12.5),
        (datetime.fromisoformat("2026-11-22T11:00"), None),
    ], "a formula that nobody has computed is no value"


def test_merged_cells_count_for_their_first_row_only(opened):
    book = openpyxl.Workbook()
    for line in (["Zeit", "Wert"], [datetime.fromisoformat("2026-11-22T00:00"), 1], [None, 2]):
        book.active.append(line)
    book.active.merge_cells("A2:A3")
    file = io.BytesIO()
    book.save(file)
    table = opened(file.getvalue())
    rows = list(RowReader(table, Columns(time=0, streams={1: 7}), {7: "m"}).rows(table.lines()))
    assert [len(row.found) for row in rows] == [1, 0]
    assert "Verbundene" in rows[1].refused[0].reason


def edited(data, name, content):
    """The same Excel file with one part replaced."""
    file = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.namelist():
            new.writestr(part, content if part == name else old.read(part))
    return file.getvalue()


def test_evil_excel_files_are_refused_before_they_are_read(opened, monkeypatch):
    fine = workbook(["Zeit", "Wert"], [datetime.fromisoformat("2026-11-22T00:00"), 1])
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet/>'
    assert "XML" in why_not(opened, edited(fine, "xl/worksheets/sheet1.xml", bomb))
    rows = b"<worksheet><sheetData>" + b"<row/>" * 600_000 + b"</sheetData></worksheet>"
    assert "Zeilen" in why_not(opened, edited(fine, "xl/worksheets/sheet1.xml", rows))
    assert "beschädigt" in why_not(opened, fine[: len(fine) // 2])
    other = io.BytesIO()
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("word/document.xml", "<x/>")
    assert "keine Excel-Datei" in why_not(opened, other.getvalue())
    monkeypatch.setattr("stadtwabe.hub.tables.excel_check.UNPACKED_BYTES", 1000)
    assert "zu groß" in why_not(opened, fine)


def test_what_a_sheet_says_of_its_rows_is_not_believed(opened):
    fine = workbook(["Zeit", "Wert"], [datetime.fromisoformat("2026-11-22T00:00"), 1])
    row = b'<row r="99999999999"><c r="A99999999999"><v>1</v></c></row>'
    sheet = b"<worksheet xmlns='%b'><sheetData>%b</sheetData></worksheet>" % (
        b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
        row,
    )
    assert "leer" in why_not(opened, edited(fine, "xl/worksheets/sheet1.xml", sheet))


def test_parts_that_are_kept_in_memory_are_small(opened):
    fine = workbook(["Zeit", "Wert"], [datetime.fromisoformat("2026-11-22T00:00"), 1])
    styles = b"<styleSheet><cellXfs>" + b"<xf/>" * 1_000_000 + b"</cellXfs></styleSheet>"
    assert "zu groß" in why_not(opened, edited(fine, "xl/styles.xml", styles))


MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def sheet_of(rows, around=""):
    return f'<worksheet xmlns="{MAIN}">{around}<sheetData>{rows}</sheetData></worksheet>'.encode()


@pytest.mark.parametrize(
    ("evil", "why"),
    [
        (sheet_of("<row>" + "<c/>" * 100_000 + "</row>"), "zu breit"),
        (sheet_of(f"<row><c><v>{'1' * 6_000_000}</v></c></row>"), "zu breit"),
        (sheet_of("<row><c/><!--<row>-->" + "<c/>" * 100_000 + "</row>"), "zu breit"),
        (sheet_of("<x/>" * 800_000), "zu groß"),
        (sheet_of("", around=f"<y>{'y' * 20_000_000}</y>"), "zu groß"),
        (sheet_of("<row/>").decode().encode("utf-16"), "leer"),
        (
            f'<?xml version="1.0" encoding="utf-16"?><!DOCTYPE a []>{sheet_of("").decode()}'.encode(
                "utf-16"
            ),
            "XML",
        ),
        (b"<worksheet>", "beschädigt"),
    ],
)
def test_rows_and_what_is_around_them_stay_small_however_it_is_written(opened, evil, why):
    fine = workbook(["Zeit", "Wert"], [datetime.fromisoformat("2026-11-22T00:00"), 1])
    assert why in why_not(opened, edited(fine, "xl/worksheets/sheet1.xml", evil))


def with_words(data, words, *, name="xl/sharedStrings.xml"):
    """The same Excel file with a table of texts, as Excel itself writes it."""
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        types = archive.read("[Content_Types].xml").decode()
    named = f'<Override PartName="/{name}" ContentType="{kind}"/></Types>'
    file = io.BytesIO(edited(data, "[Content_Types].xml", types.replace("</Types>", named)))
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, f'<sst xmlns="{MAIN}">{words}</sst>')
    return file.getvalue()


@pytest.mark.parametrize("name", ["xl/sharedStrings.xml", "xl/media/bild.png"])
@pytest.mark.parametrize("words", ["<si/>" * 700_000, f"<si><t>{'x' * 40_000_000}</t></si>"])
def test_texts_are_few_wherever_they_lie(opened, name, words):
    fine = workbook(["Zeit", "Wert"], [datetime.fromisoformat("2026-11-22T00:00"), 1])
    assert "zu" in why_not(opened, with_words(fine, words, name=name))


def test_a_list_of_parts_that_fills_the_memory_is_not_read(opened):
    many = io.BytesIO()
    with zipfile.ZipFile(many, "w") as archive:
        for number in range(30_000):
            archive.writestr(f"xl/{number}", b"")
    assert "keine Excel-Datei" in why_not(opened, many.getvalue())


def test_texts_with_formats_and_pronunciation_are_read_as_shown(opened):
    fine = workbook(["Zeit", "Wert"], [datetime.fromisoformat("2026-11-22T00:00"), 1])
    rows = sheet_of(
        '<row><c t="s"><v>0</v></c><c t="s"><v>1</v></c></row>'
        "<row><c><v>46000</v></c><c><v>1.5</v></c></row>"
    )
    words = (
        "<si><t>Zeit</t></si><si><r><t>Wär</t></r><r><rPr/><t>me &amp; </t></r>"
        "<rPh><t>falsch</t></rPh><phoneticPr/></si>"
    )
    table = opened(with_words(edited(fine, "xl/worksheets/sheet1.xml", rows), words))
    assert table.columns == ("Zeit", "Wärme &")


@pytest.mark.parametrize("evil", ["1;" * 200_000, '1;"\n";' * 50_000])
def test_a_row_without_end_is_not_kept_in_memory(opened, evil):
    assert "Zeile 2: " in why_not(opened, f"Zeit;Wert\n{evil}\n22.11.2026;1\n")


def test_a_sheet_with_one_cell_far_out_costs_nothing(opened):
    book = openpyxl.Workbook()
    book.active["A1"], book.active["B1"], book.active["A2"] = (
        "Zeit",
        "Wert",
        datetime.fromisoformat("2026-01-01T00:00"),
    )
    book.active["B2"] = 1
    book.active.cell(row=100_000, column=16_384, value="x")
    file = io.BytesIO()
    book.save(file)
    table = opened(file.getvalue())
    assert sum(1 for _line in table.lines()) == 1


def test_rows_that_break_off_or_run_on_are_refused_alone(opened, monkeypatch):
    table = opened(GERMAN + "22.11.2026 10:30;14\r\n22.11.2026 10:45;1;2;3\r\n22.11.2026 11:00")
    reader = RowReader(table, Columns(time=0, streams={1: 5, 2: 6}), {5: "m", 6: "m"})
    rows = list(reader.rows(table.lines()))
    assert [len(row.found) for row in rows] == [2, 1, 0, 0, 0]
    assert [row.blank for row in rows] == [0, 1, 0, 0, 0]
    assert "bricht ab" in rows[2].refused[0].reason
    assert "mehr Zellen" in rows[3].refused[0].reason
    monkeypatch.setattr(tables, "MOST_ROWS", 3)
    with pytest.raises(Unreadable, match="mehr als 3 Zeilen"):
        list(table.lines())

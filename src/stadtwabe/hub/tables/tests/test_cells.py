"""Numbers, truths and texts out of cells."""

from datetime import datetime

import pytest

from stadtwabe.hub.rules import ObservationType
from stadtwabe.hub.tables.cells import BadCell, read_number, read_value


@pytest.mark.parametrize(
    ("cell", "decimal", "number"),
    [
        ("12,5", ",", 12.5),
        ("-1.234.567,25", ",", -1234567.25),
        ("1.234", ",", 1234.0),
        ("1.234", ".", 1.234),
        ("1,234.5", ".", 1234.5),
        ("1 234,5", ",", 1234.5),
        ("1\u202f234,5", ",", 1234.5),
        ("'-5,2", ",", -5.2),
        ("−3", ",", -3.0),
        ("1,5e3", ",", 1500.0),
        (7, ",", 7.0),
        (0.1, ",", 0.1),
    ],
)
def test_numbers(cell, decimal, number):
    assert read_number(cell, decimal) == number


@pytest.mark.parametrize(
    ("cell", "why"),
    [
        ("12.5", "Dezimalzeichen"),
        ("1.23.456", "keine Zahl"),
        ("NaN", "NaN"),
        ("-inf", "NaN"),
        (float("nan"), "NaN"),
        ("1e999", "NaN"),
        ("#DIV/0!", "Fehlerwert"),
        ("#NV", "Fehlerwert"),
        ("=cmd|'/c calc'!A1", "Formeln"),
        ("@SUM(A1)", "Formeln"),
        ("12 °C", "keine Zahl"),
        ("<0,5", "keine Zahl"),
        (True, "wahr oder falsch"),
        (datetime.fromisoformat("2026-01-01T00:00"), "Datum"),
    ],
)
def test_what_is_no_number_says_why(cell, why):
    with pytest.raises(BadCell, match=why):
        read_number(cell, ",")


def test_each_type_of_datastream_takes_its_own():
    assert read_value("ja", ObservationType.TRUTH, ",") is True
    assert read_value(0.0, ObservationType.TRUTH, ",") is False
    assert read_value("gelb", ObservationType.CATEGORY, ",") == "gelb"
    assert read_value("12", ObservationType.COUNT, ",") == 12
    assert read_value("gelb", ObservationType.ANY, ",") == "gelb"
    assert read_value("1,5", ObservationType.ANY, ",") == 1.5
    for kind, cell in (
        (ObservationType.TRUTH, "vielleicht"),
        (ObservationType.COUNT, "1,5"),
        (ObservationType.CATEGORY, '=HYPERLINK("x")'),
        (ObservationType.ANY, "=1+1"),
    ):
        with pytest.raises(BadCell):
            read_value(cell, kind, ",")

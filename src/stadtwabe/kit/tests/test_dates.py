from datetime import date

import pytest

from stadtwabe.kit.dates import read_date, shown_date, typed_date
from stadtwabe.kit.errors import Invalid


@pytest.mark.parametrize(
    ("text", "day", "precision"),
    [
        ("12.05.2021", date(2021, 5, 12), "day"),
        ("2021-05-12", date(2021, 5, 12), "day"),
        ("12. Mai 2021", date(2021, 5, 12), "day"),
        ("März 2019", date(2019, 3, 1), "month"),
        ("Mrz. 2019", date(2019, 3, 1), "month"),
        ("05/2021", date(2021, 5, 1), "month"),
        ("2021-05", date(2021, 5, 1), "month"),
        (" 2021 ", date(2021, 1, 1), "year"),
    ],
)
def test_a_typed_date_keeps_how_exactly_it_is_known(text, day, precision):
    assert read_date(text) == (day, precision)
    assert read_date(typed_date(day, precision)) == (day, precision)


@pytest.mark.parametrize("text", ["", "31.02.2021", "Frühling 2021", "21", "13/2021", "gestern"])
def test_what_is_no_date_is_refused_with_an_example(text):
    with pytest.raises(Invalid) as caught:
        read_date(text)
    assert "12.05.2021" in caught.value.remedy


def test_a_date_is_shown_no_more_exactly_than_known():
    day = date(2021, 5, 1)
    assert shown_date(day, "day") == "1. Mai 2021"
    assert shown_date(day, "month") == "Mai 2021"
    assert shown_date(day, "year") == "2021"

"""Numbers as people read and type them, and what only looks like one."""

import pytest
from django.utils import translation

from stadtwabe.kit.numbers import shown_number, whole_number


@pytest.mark.parametrize(
    ("value", "decimals", "german"),
    [
        (21.5, None, "21,5"),
        (20.0, None, "20"),
        (1 / 3, None, "0,333333"),
        (1_234_567.8, None, "1234568"),
        (-0.0, None, "0"),
        (1.5e-9, None, "1,5e-09"),
        (1234.5678, 3, "1234,568"),
        (100.0, 0, "100"),
        (-0.0001, 3, "0"),
        (7.778123, 6, "7,778123"),
    ],
)
def test_numbers_have_the_separator_of_the_language(value, decimals, german):
    assert shown_number(value, decimals=decimals) == german
    with translation.override("en"):
        assert shown_number(value, decimals=decimals) == german.replace(",", ".")


@pytest.mark.parametrize(
    ("text", "number"), [("0", 0), ("0042", 42), (7, 7), ("9" * 18, 10**18 - 1)]
)
def test_digits_are_a_number(text, number):
    assert whole_number(text) == number


@pytest.mark.parametrize("text", ["", "²", "٣", "1²", "-1", "+1", " 1", "1.0", "9" * 5000, None])
def test_what_looks_like_a_number_is_none(text):
    assert whole_number(text) is None

"""Events as programmes, invitations and news announce them: one example a rule."""

import pytest

from stadtwabe.reading.as_json import record
from stadtwabe.reading.extract import extract
from stadtwabe.reading.reading import read


def events(text: str, name: str = "a.txt") -> dict[str, list[str]]:
    found = record(name, read(extract(text.encode(), name)))["events"]
    return {one["title"]: one["dates"] for one in found}


@pytest.mark.parametrize(
    ("text", "title", "dates"),
    [
        (
            "Das Team der Stadt Ulm ist am Freitag, 23. April, beim Erklärcafé.",
            "Erklärcafé",
            ["--04-23"],
        ),
        (
            "Termine\n\n11. März: Forum Mobilität, Weimar\n",
            "Forum Mobilität",
            ["--03-11"],
        ),
    ],
)
def test_a_day_without_a_year_is_still_a_day(text, title, dates):
    assert events(text) == {title: dates}

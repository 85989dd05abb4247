"""What any town may call its strategy tells nothing of whose it is."""

import pytest

from stadtwabe.reading.generic_titles import generic_part, is_generic, with_places


@pytest.mark.parametrize(
    "title",
    [
        "Digitalisierungsstrategie",
        "Smart-City-Strategie",
        "Smart City Strategie",
        "Digitale Agenda",
        "Integriertes Klimaschutzkonzept",
        "Online-Umfrage",
        "Studie",
        "Leitbild",
        "IT-Strategie",
        "Open-Data-Portal",
    ],
)
def test_generic(title):
    assert is_generic(title)


@pytest.mark.parametrize(
    "title",
    [
        "",
        "Frag das Amt",
        "Digitale Agenda 2020",
        "Studie zu offenen Daten in Kommunen",
        "Hagener Digitalstrategie",
        "Strategisch sparen",
        "Gut versorgt",
        "Appell",
    ],
)
def test_not_generic(title):
    assert not is_generic(title)


def test_the_part_that_any_town_might_use():
    assert generic_part("Digitalisierungsstrategie Olpe") == "Digitalisierungsstrategie"
    assert generic_part("Studie zu offenen Daten") == "Studie"
    assert generic_part("Zukunft Olpe") == ""


def test_a_generic_title_takes_the_names_of_its_towns():
    assert with_places("Leitbild", ["Olpe"]) == "Leitbild Olpe"
    assert with_places("Leitbild", ["Olpe", "Soest", "Olpe"]) == "Leitbild Olpe und Soest"
    assert with_places("Leitbild", ["A", "B", "C"]) == "Leitbild A, B und C"
    assert with_places("Leitbild", ["A", "B", "C", "D"]) == "Leitbild"
    assert with_places("Leitbild", []) == "Leitbild"
    assert with_places("Frag das Amt", ["Olpe"]) == "Frag das Amt"

"""Organisations that a label shows to be such."""

import pytest

from stadtwabe.reading.model import ThingKind
from stadtwabe.reading.reading import read


def organisations(text):
    return [thing.name for thing in read(text).things if thing.kind == ThingKind.ORGANISATION]


def test_the_names_in_a_field_of_partners():
    text = "Partner: KEW Neunkirchen, Landestalsperrenverwaltung und WXTS. Dauer: ein Jahr"
    assert organisations(text) == ["KEW Neunkirchen", "Landestalsperrenverwaltung", "WXTS"]


def test_the_bullets_below_such_a_heading():
    text = "Das Vorhaben läuft gut.\n\nUnsere Partner\n\n- WXTS\n- Dohna\n\nTermine\n\n- ABC"
    assert organisations(text) == ["WXTS"]


@pytest.mark.parametrize(
    "partners",
    [
        "Dohna, Bad Schandau",
        "örtliche Vereine",
        "Bürgerinnen und Bürger",
        "Schulen, Feuerwehr",
        "Prof. Dr. Luca Adorf",
        "Stadt Pirna",
        "Fachgruppe Brand- und Katastrophenschutz",
    ],
)
def test_towns_people_and_departments_are_none(partners):
    assert organisations(f"Partner: {partners}") == []


def test_what_is_listed_between_two_organisations_is_one_too():
    text = (
        "Dabei sind Bitkom, der Ärztebund Nord, Creative Towns, der Bund Grüner Dächer und Prognos."
    )
    assert organisations(text) == [
        "Bitkom",
        "Ärztebund Nord",
        "Creative Towns",
        "Bund Grüner Dächer",
        "Prognos",
    ]


@pytest.mark.parametrize(
    "between", ["viele Schulen", "Schulen", "Olpe", "Anna Weber", "die Stadt Olpe", "Vereine"]
)
def test_other_things_listed_between_are_none(between):
    assert organisations(f"Dabei sind Bitkom, {between}, und Prognos.") == ["Bitkom", "Prognos"]

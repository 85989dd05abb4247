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

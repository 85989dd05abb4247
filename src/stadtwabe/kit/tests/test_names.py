"""Names that mean the same have one form; names that do not are kept apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stadtwabe.kit.names import legal_form, name_form, same_organisation, without_legal_form


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Bitkom", "der Bitkom e.V."),
        ("Bitkom e. V.", "Bitkoms"),
        ("Stadtwerke Olpe GmbH", "Stadtwerken Olpe"),
        ("Stadtwerke Olpe GmbH & Co. KG", "Stadtwerke Olpe"),
        ("Südwestfales Agentur", "Südwestfalen-Agentur GmbH"),
        ("Deutschen Städtetages", "Deutscher Städtetag"),
        ("Bildungswerk, Anstalt des öffentlichen Rechts", "Bildungswerkes"),
        ("Volksbank Olpe eG", "VOLKSBANK OLPE"),
    ],
)
def test_legal_form_article_and_ending_make_no_other_name(one, other):
    assert name_form(one) == name_form(other)
    assert same_organisation(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Stadtwerke Olpe", "Stadtwerke Soest"),
        ("Stadtwerke Essen", "Stadtwerke Hof"),
        ("Deutscher Städtetag", "Deutscher Landkreistag"),
        ("", "GmbH"),
        ("", ""),
    ],
)
def test_other_names_stay_apart(one, other):
    assert not same_organisation(one, other)


def test_two_legal_forms_are_two_organisations():
    assert name_form("Stadtwerke Olpe GmbH") == name_form("Stadtwerke Olpe AöR")
    assert not same_organisation("Stadtwerke Olpe GmbH", "Stadtwerke Olpe AöR")


def test_a_name_that_is_nothing_but_its_form_stays_one():
    assert without_legal_form("AG Digitales") == "AG Digitales"
    assert legal_form("AG Digitales") == ""
    assert name_form("Die") == "die"
    assert name_form("„App“") == "app"


@given(st.text(max_size=40))
def test_every_text_has_a_form_and_the_form_is_its_own(text):
    assert same_organisation(text, text) == bool(name_form(text))

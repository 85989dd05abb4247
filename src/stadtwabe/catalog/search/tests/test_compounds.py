"""Where German compounds are cut, and where not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stadtwabe.catalog.search.compounds import all_parts, parts_in, split

WHOLE = """
Sensoren Waldorfschule Partnerschaft Gesellschaft Wirtschaft Verwaltung Digitalisierung Plattform
Information Universität Verantwortung Transparenz Innenstadt
"""


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("Luftqualität", ("luft", "qualität")),
        ("Bürgerbeteiligung", ("bürger", "beteiligung")),
        ("Fahrradweg", ("fahrrad", "weg")),
        ("Grundwasserpegel", ("grundwasser", "pegel")),
        ("Nachbarschaftshilfe", ("nachbarschaft", "hilfe")),
        ("Messstation", ("mess", "station")),
        ("Förderprogramm", ("förder", "programm")),
        ("Krankenhäuser", ("kranken", "häuser")),
    ],
)
def test_compounds_are_cut(word, parts):
    assert split(word) == parts


@pytest.mark.parametrize("word", WHOLE.split())
def test_words_that_only_look_like_compounds_stay_whole(word):
    assert split(word) == ()


def test_parts_of_parts_are_found_too():
    assert set(all_parts("fahrradweg")) == {"fahrrad", "fahr", "rad", "weg"}
    assert parts_in(["Luftqualität und Luftqualität"]) == "luft qualität"


@given(st.text(alphabet="abcdeinrstuäöüß", max_size=40))
def test_parts_come_from_the_word_in_its_order(word):
    parts = split(word)

    assert parts == () or (
        word.startswith(parts[0]) and word.endswith(parts[1]) and len(parts) == 2
    )

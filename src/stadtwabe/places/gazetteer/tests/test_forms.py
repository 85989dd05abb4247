import pytest

from stadtwabe.places.gazetteer.forms import Form, adjectives, genitives, names


def test_a_qualified_name_has_a_short_form():
    written = names("Menden (Sauerland)")
    assert written["Menden"] is Form.SHORT
    assert written["Menden (Sauerland)"] is Form.NAME
    assert written["Menden im Sauerland"] is Form.NAME


def test_abbreviations_are_written_out_and_back():
    assert {"Neustadt an der Aisch", "Neustadt a. d. Aisch"} <= names("Neustadt a.d. Aisch").keys()
    assert "Mülheim a.d. Ruhr" in names("Mülheim an der Ruhr")
    assert "Hannoversch Münden" in names("Hann. Münden")


@pytest.mark.parametrize(
    ("name", "adjective"),
    [
        ("Bochum", "Bochumer"),
        ("München", "Münchener"),
        ("München", "Münchner"),
        ("Solingen", "Solinger"),
        ("Karlsruhe", "Karlsruher"),
        ("Darmstadt", "Darmstädter"),
        ("Kassel", "Kasseler"),
        ("Jena", "Jenenser"),
        ("Bad Berleburg", "Bad Berleburger"),
        ("Münster", "Münsteraner"),
    ],
)
def test_adjectives(name, adjective):
    assert adjective in adjectives(name)


def test_genitives():
    assert list(genitives("Bochum")) == ["Bochums"]
    assert list(genitives("Neuss")) == ["Neuss'", "Neuss’"]
    assert list(genitives("Halle (Saale)")) == []

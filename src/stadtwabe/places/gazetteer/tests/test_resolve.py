import pytest
from hypothesis import given
from hypothesis import strategies as st

from stadtwabe.places.gazetteer import Gazetteer, Level

GAZETTEER = Gazetteer.load()


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("menden", "05962040"),
        ("Stadt Menden", "05962040"),
        ("05962040", "05962040"),
        ("Kreis Coesfeld", "05558"),
        ("coesfeld", "05558012"),
        ("Halle", "15002000"),
        ("halle westf", "05754012"),
        ("Kaiserslautren", "07312000"),
        ("wermels", "05378032"),
    ],
)
def test_what_a_person_types_gives_the_place_first(typed, expected):
    assert GAZETTEER.resolve(typed)[0].key == expected


def test_staying_within_a_state_or_a_level():
    assert GAZETTEER.resolve("Halle", within="05")[0].key == "05754012"
    assert GAZETTEER.resolve("Coesfeld", level=Level.DISTRICT)[0].key == "05558"


def test_nonsense_and_unknown_keys_give_nothing():
    assert GAZETTEER.resolve("  ") == ()
    assert GAZETTEER.resolve("99999999") == ()
    assert GAZETTEER.resolve("Xqzvwkjh") == ()


@given(st.sampled_from(sorted(GAZETTEER._entries)))
def test_every_place_is_found_by_its_own_name(key):
    entry = GAZETTEER.entry(key)
    assert entry is not None
    found = GAZETTEER.resolve(entry.name, level=entry.level, within=key[:5], limit=50)
    kreisfrei = entry.level is Level.DISTRICT and entry.kind in ("Kreisfreie Stadt", "Stadtkreis")
    assert kreisfrei or key in {candidate.key for candidate in found}

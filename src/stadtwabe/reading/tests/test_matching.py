"""Names are matched with care: alike is offered, merely similar is not."""

from hypothesis import given
from hypothesis import strategies as st

from stadtwabe.reading.matching import SAME, KnownThing, likeness, match

APP = KnownThing("1", "Gut versorgt", "project", places=frozenset({"05112000"}))
LAB = KnownThing("2", "Stadtlabor Iserlohn", "project", places=frozenset({"05962024"}))
OTHER_LAB = KnownThing("3", "Stadtlabor Haßfurt", "project", places=frozenset({"09674147"}))
STATION = KnownThing("4", "Stadtwerke Solingen GmbH", "organisation", aliases=("SWS",))
AGENDA = KnownThing("5", "Digitale Agenda 2020", "strategy")
KNOWN = [APP, LAB, OTHER_LAB, STATION, AGENDA]


def test_the_same_name_in_another_dress():
    best = match("App „Gut versorgt“", KNOWN)[0]
    assert best.thing == APP
    assert match("GUT VERSORGT", KNOWN)[0].score == 1.0
    assert match("Stadtwerken Solingen", KNOWN)[0].thing == STATION


def test_an_alias_counts_like_the_name():
    [best] = match("SWS", KNOWN)
    assert best.thing == STATION
    assert best.reasons == ("gleicher Name",)


def test_the_place_decides_between_alike_names():
    first, second = match("Stadtlabor", KNOWN, places=["09674147"])
    assert first.thing == OTHER_LAB
    assert "gleicher Ort" in first.reasons
    assert "anderer Ort" in second.reasons


def test_another_edition_is_not_the_same():
    assert match("Digitale Agenda 2030", KNOWN)[0].score < SAME


def test_two_towns_strategies_of_the_same_sort_never_match():
    olpe, soest = frozenset({"05966024"}), frozenset({"05974040"})
    known = [
        KnownThing("1", "Digitalisierungsstrategie Soest", "strategy", places=soest),
        KnownThing("2", "Digitalisierungsstrategie", "strategy", places=soest),
        KnownThing("3", "Digitalisierungsstrategie", "strategy"),
    ]
    for name in ("Digitalisierungsstrategie", "Digitalisierungsstrategie Olpe"):
        assert match(name, known, places=olpe) == []
    assert match("Digitalisierungsstrategie", known) == []
    found = match("Digitalisierungsstrategie", known, places=soest)
    assert {each.thing.key for each in found} == {"1", "2"}
    assert all(each.score >= SAME for each in found)


def test_of_the_same_sort_what_is_said_besides_decides():
    known = [KnownThing("1", "Studie zu offenen Daten in Kommunen", "publication")]
    assert match("Studie zu offenen Daten", known)[0].score >= 0.7
    assert match("Studie zur Verkehrswende", known) == []


def test_legal_form_and_ending_make_no_other_organisation():
    known = [KnownThing("1", "Bitkom", "organisation"), KnownThing("2", "Bitcom GmbH")]
    assert match("des Bitkom e.V.", known)[0] == match("Bitkom", known)[0]
    assert (
        match("Südwestfales Agentur", [KnownThing("1", "Südwestfalen-Agentur GmbH")])[0].score == 1
    )


def test_only_things_of_the_kind_are_compared():
    assert match("Gut versorgt", KNOWN, kind="strategy") == []


def test_nothing_alike_gives_nothing():
    assert match("Regenradar", KNOWN) == []


@given(st.text(max_size=30), st.text(max_size=30))
def test_likeness_is_symmetric_and_bounded(one, other):
    score, _ = likeness(one, other)
    assert 0 <= score <= 1
    assert abs(score - likeness(other, one)[0]) < 1e-9


@given(st.text(min_size=1, max_size=30))
def test_a_name_is_most_like_itself(name):
    assert likeness(name, name)[0] in {0.0, 1.0}

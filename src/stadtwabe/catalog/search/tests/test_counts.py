"""Counting facets: what the index in memory says is what the database would say."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import transaction

from stadtwabe.catalog.commands import withdraw_card, write_card
from stadtwabe.catalog.models import Card, Facet
from stadtwabe.catalog.queries.entries import with_facets
from stadtwabe.catalog.search.filters import Filters
from stadtwabe.catalog.search.results import search
from stadtwabe.catalog.specs import CardSpec
from stadtwabe.catalog.tests.factories import NOW, make_card, make_places
from stadtwabe.kit.actor import SYSTEM, VISITOR, Actor, Grant
from stadtwabe.people.commands import party_for_place

pytestmark = pytest.mark.django_db

MOBILITY = {("thema", "mobility"): "Mobilität"}
EDUCATION = {("thema", "education"): "Bildung"}


def counts(actor: Actor, name: str, **filters) -> dict[str, int]:
    found = search(actor, Filters(**filters)).facets.values.get(name, ())
    return {value.value: value.count for value in found}


def test_counts_follow_what_is_written_changed_and_withdrawn():
    bus = make_card("Bus", facets=MOBILITY)
    make_card("Bahn", facets=MOBILITY)
    assert counts(VISITOR, "thema") == counts(SYSTEM, "thema") == {"mobility": 2}

    later = NOW + timedelta(days=1)
    bus = write_card(
        spec=CardSpec(kind="network", title="Bus", facets=EDUCATION), now=later, card=bus
    )
    assert counts(VISITOR, "thema") == {"mobility": 1, "education": 1}
    assert counts(VISITOR, "thema", text="Bus") == {"education": 1}

    withdraw_card(card=bus, because="doppelt", now=later)
    assert counts(VISITOR, "thema") == counts(SYSTEM, "thema") == {"mobility": 1}
    write_card(spec=CardSpec(kind="network", title="Bus", facets=EDUCATION), now=later, card=bus)
    assert counts(VISITOR, "thema") == {"mobility": 1, "education": 1}


def test_a_thing_that_is_hidden_again_no_longer_counts():
    owner = party_for_place(make_places("05962024")["05962024"])
    card = make_card("Werkhof", facets=MOBILITY)
    make_card("Schulbank", facets=EDUCATION)
    assert counts(VISITOR, "thema") == {"mobility": 1, "education": 1}

    spec = CardSpec(kind="network", title="Werkhof", facets=MOBILITY, owner=owner, audience="owner")
    write_card(spec=spec, now=NOW + timedelta(seconds=1), card=card)

    member = Actor(person=1, grants=frozenset({Grant("editor", owner.pk)}))
    assert counts(VISITOR, "thema") == {"education": 1}
    assert counts(VISITOR, "thema", text="Werkhof") == {}
    assert counts(member, "thema") == {"mobility": 1, "education": 1}
    assert counts(member, "thema", text="Werkhof") == {"mobility": 1}


def test_a_change_written_with_an_earlier_time_is_seen():
    make_card("Bus", facets=MOBILITY)
    assert counts(VISITOR, "thema") == {"mobility": 1}

    spec = CardSpec(kind="network", title="Spät bestätigt", facets=MOBILITY)
    write_card(spec=spec, now=NOW - timedelta(days=300))

    assert counts(VISITOR, "thema") == {"mobility": 2}


def test_a_facet_that_is_called_otherwise_shows_its_new_name():
    make_card("Bus", facets={("beteiligt", "7"): "Stadtwerke"})
    before = search(VISITOR, Filters())
    assert [value.label for value in before.facets.values["beteiligt"]] == ["Stadtwerke"]
    assert with_facets(before.cards)[0].facets["beteiligt"] == [("7", "Stadtwerke")]

    make_card("Bahn", facets={("beteiligt", "7"): "Stadtwerke Süd"})

    after = search(VISITOR, Filters())
    assert [value.label for value in after.facets.values["beteiligt"]] == ["Stadtwerke Süd"]
    for listed in with_facets(after.cards):
        assert listed.facets["beteiligt"] == [("7", "Stadtwerke Süd")]


def test_what_was_rolled_back_does_not_stay():
    make_card("Bus", facets=MOBILITY)
    with transaction.atomic():
        make_card("Bahn", facets=MOBILITY)
        assert counts(VISITOR, "thema") == {"mobility": 2}
        transaction.set_rollback(True)

    assert counts(VISITOR, "thema") == {"mobility": 1}


def test_of_many_values_those_with_most_hits_are_counted_exactly():
    """Rare values are skipped without counting, but never one that belongs among the best."""
    for number in range(25):
        for turn in range(1 + number % 3):
            make_card(
                f"Ding {number} {turn}", facets={("beteiligt", f"{number}"): f"Amt {number:02}"}
            )
    make_card("Gesucht Ding", facets={("beteiligt", "0"): "Amt 00"})

    found = search(VISITOR, Filters()).facets.values["beteiligt"]
    assert [(each.value, each.count) for each in found] == [
        (str(number), 3) for number in range(2, 25, 3)
    ] + [("0", 2), ("1", 2)]

    # Of few hits a value that is rare everywhere is the only one; a chosen one always shows.
    assert counts(VISITOR, "beteiligt", text="Gesucht") == {"0": 1}
    chosen = replace(Filters(), values={"beteiligt": ("24", "3")})
    selected = {
        v.value for v in search(VISITOR, chosen).facets.values["beteiligt"] if v.is_selected
    }
    assert selected == {"24", "3"}


def test_places_are_counted_one_level_below_the_chosen_one():
    places = make_places("05962024", "05962040", "09162000")
    for place in places.values():
        if len(place.key) == 8:
            make_card(f"Ding {place.key}", places=[place])

    assert counts(VISITOR, "ort") == {"05": 2, "09": 1}
    assert counts(VISITOR, "ort", values={"ort": ("05",)}) == {"05": 2, "09": 1, "05962": 2}
    assert counts(VISITOR, "ort", values={"ort": ("05962",)}) == {
        "05": 2,
        "09": 1,
        "05962": 2,
        "05962024": 1,
        "05962040": 1,
    }


def test_every_count_is_what_the_database_counts():
    make_card("Bus", facets=MOBILITY)
    make_card("Schule", facets={**EDUCATION, **MOBILITY})
    make_card("Wald", facets={("phase", "pilot"): "Erprobung"})

    for name, values in search(VISITOR, Filters()).facets.values.items():
        for value in values:
            facet = Facet.objects.get(name=name, value=value.value)
            assert value.count == Card.objects.filter(facet_ids__contains=[facet.pk]).count()

"""What a search shows, to whom, and how it counts."""

from dataclasses import replace

import pytest
from django.http import QueryDict

from stadtwabe.catalog.commands import count_words, withdraw_card
from stadtwabe.catalog.search.filters import Filters, read_filters
from stadtwabe.catalog.search.results import search
from stadtwabe.catalog.search.terms import Loose
from stadtwabe.catalog.tests.factories import NOW, make_card, make_places
from stadtwabe.kit.actor import SYSTEM, VISITOR, Actor, Grant
from stadtwabe.people.commands import party_for_place
from stadtwabe.places.models import Network

pytestmark = pytest.mark.django_db


@pytest.fixture
def places():
    return make_places("05962024", "05962040", "09162000")


@pytest.fixture
def hidden(places):
    """One public thing, one for a network, one for its owner, one withdrawn."""
    network = Network.objects.create(slug="verbund", name="Verbund")
    owner = party_for_place(places["05962024"])
    make_card("Sensorik öffentlich", places=[places["05962040"]])
    make_card("Sensorik im Verbund", audience="networks", networks=(network,), owner=owner)
    make_card("Sensorik vertraulich", audience="owner", owner=owner)
    gone = make_card("Sensorik zurückgezogen")
    withdraw_card(card=gone, because="doppelt", now=NOW)
    return network, owner


def titles(actor: Actor, text: str = "Sensorik") -> set[str]:
    results = search(actor, Filters(text=text))
    counted = sum(value.count for value in results.facets.values.get("art", ()))
    assert results.total == len(results.cards) == counted, "facets know what the list does not"
    return {card.title.removeprefix("Sensorik ") for card in results.cards}


def test_everybody_sees_only_what_is_for_them(hidden):
    network, owner = hidden

    assert titles(VISITOR) == {"öffentlich"}
    assert titles(Actor(person=1, audiences=frozenset({network.pk + 1}))) == {"öffentlich"}
    assert titles(Actor(person=1, audiences=frozenset({network.pk}))) == {
        "öffentlich",
        "im Verbund",
    }
    member = Actor(person=1, grants=frozenset({Grant("editor", owner.pk)}))
    assert titles(member) == {"öffentlich", "im Verbund", "vertraulich"}
    assert titles(SYSTEM) == {"öffentlich", "im Verbund", "vertraulich"}


def test_counts_kept_for_visitors_do_not_tell_of_hidden_things(hidden):
    everything = search(SYSTEM, Filters())
    public = search(VISITOR, Filters())
    again = search(VISITOR, Filters())

    assert everything.total == 3
    assert public.total == again.total == 1
    make_card("Noch etwas")
    assert search(VISITOR, Filters()).total == 2


def test_a_suggestion_never_tells_a_word_of_a_hidden_thing(hidden):
    make_card("Wasserstoffbus", summary="fährt")
    card = make_card("Geothermiekarte", summary="Bohrungen")
    assert search(VISITOR, Filters(text="Geothermikarte")).suggestion == "geothermiekarte"

    withdraw_card(card=card, because="", now=NOW)

    # The word is still in the vocabulary, which is only counted now and then.
    assert search(VISITOR, Filters(text="Geothermikarte")).suggestion == ""
    assert search(VISITOR, Filters(text="wasserstofbus")).suggestion == "wasserstoffbus"
    count_words()
    assert search(VISITOR, Filters(text="wasserstofbus")).suggestion == "wasserstoffbus"


def test_a_facet_counts_as_if_its_own_choice_were_not_made(places):
    for topic, place in (
        ("mobility", "05962024"),
        ("mobility", "09162000"),
        ("education", "09162000"),
    ):
        make_card(
            f"{topic} {place}", places=[places[place]], facets={("thema", topic): topic.title()}
        )
    narrowed = Filters(values={"thema": ("mobility",)})
    results = search(VISITOR, narrowed)

    def counts(name: str) -> dict[str, int]:
        return {value.value: value.count for value in results.facets.values[name]}

    assert results.total == 2
    assert counts("thema") == {"mobility": 2, "education": 1}
    assert counts("ort") == {"05": 1, "09": 1}

    results = search(VISITOR, replace(narrowed, values={"thema": ("mobility",), "ort": ("05",)}))
    assert results.total == 1
    assert counts("thema") == {"mobility": 1}
    assert counts("ort") == {"05": 1, "09": 1, "05962": 1}


def test_values_of_one_facet_are_alternatives_and_facets_narrow_each_other():
    make_card("Bus", facets={("thema", "mobility"): "Mobilität", ("phase", "pilot"): "Erprobung"})
    make_card("Schule", facets={("thema", "education"): "Bildung"})
    make_card("Wald", facets={("thema", "energy_environment"): "Umwelt"})

    both = search(VISITOR, Filters(values={"thema": ("mobility", "education")}))
    assert {card.title for card in both.cards} == {"Bus", "Schule"}
    one = search(VISITOR, Filters(values={"thema": ("mobility", "education"), "phase": ("pilot",)}))
    assert {card.title for card in one.cards} == {"Bus"}
    assert search(VISITOR, Filters(values={"thema": ("health_care",)})).total == 0


def test_a_query_is_read_more_generously_only_when_nothing_fits():
    make_card("Luftqualität messen")
    make_card("Wasserqualität prüfen")

    exact = search(VISITOR, Filters(text="Luftqualität"))
    assert ([card.title for card in exact.cards], exact.loose) == (
        ["Luftqualität messen"],
        Loose.STRICT,
    )
    parts = search(VISITOR, Filters(text="Bodenqualität"))
    assert (parts.total, parts.loose) == (2, Loose.PARTS)
    words = search(VISITOR, Filters(text="messen Kirchturm"))
    assert ([card.title for card in words.cards], words.loose) == (
        ["Luftqualität messen"],
        Loose.WORDS,
    )


def test_phrases_exclusions_and_stop_words():
    make_card("Offene Daten für die Stadt")
    make_card("Daten der offenen Stadt")

    assert search(VISITOR, Filters(text='"offene Daten"')).total == 1
    assert search(VISITOR, Filters(text="Stadt -für -offene")).total == 0
    assert search(VISITOR, Filters(text="Daten für Stadt")).total == 2
    assert search(VISITOR, Filters(text="die der das")).total == 0
    assert search(VISITOR, Filters(text="-nichts")).total == 2


@pytest.mark.parametrize("text", ["'", "a & | !", "\\", "(((", "%s", "x" * 300, '"', "-", "\x00"])
def test_nothing_that_people_type_breaks_the_search(text):
    make_card("Karte")

    search(VISITOR, read_filters(QueryDict(mutable=True)))
    query = QueryDict(mutable=True)
    query["q"] = text
    search(VISITOR, read_filters(query))


def test_the_place_that_is_named_stands_first(places):
    from stadtwabe.catalog.cards import place_card
    from stadtwabe.catalog.commands import write_cards

    write_cards(specs=[place_card(place) for place in places.values()], now=NOW)
    make_card("Bänke", places=[places["05962040"]])

    by_name = search(VISITOR, Filters(text="Menden"))
    assert [card.title for card in by_name.places] == ["Menden (Sauerland)"]
    inflected = search(VISITOR, Filters(text="Münchner Bänke"))
    assert [card.title for card in inflected.places] == ["München"]


def test_sorting_by_distance_title_and_date(places):
    near, far = places["05962040"], places["09162000"]
    make_card("Äpfel", places=[far])
    make_card("Birnen", places=[near])
    make_card("Zwetschgen")

    def order(query: str) -> list[str]:
        return [card.title for card in search(VISITOR, read_filters(QueryDict(query))).cards]

    assert order("sort=titel") == ["Äpfel", "Birnen", "Zwetschgen"]
    assert order("sort=entfernung&von=Iserlohn") == ["Birnen", "Äpfel"]
    assert order("sort=neu") == ["Zwetschgen", "Birnen", "Äpfel"]


def test_filters_that_make_no_sense_are_named(places):
    filters = read_filters(
        QueryDict(
            "thema=quatsch&ort=Nirgendwohausen&sdg=18&sort=egal&seite=0&jahr=heute&thema=mobility"
        )
    )

    assert {problem.parameter for problem in filters.problems} == {
        "thema",
        "ort",
        "sdg",
        "sort",
        "seite",
        "jahr",
    }
    assert filters.values == {"thema": ("mobility",)}
    assert "Nirgendwohausen" in filters.problems[0].message


@pytest.mark.parametrize("query", ["", "thema=mobility", "thema=mobility&ort=05962"])
def test_a_search_takes_as_many_queries_for_three_hits_as_for_one(query, places):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def queries() -> int:
        search(SYSTEM, read_filters(QueryDict(query)))  # reads what has changed
        with CaptureQueriesContext(connection) as captured:
            search(SYSTEM, read_filters(QueryDict(query)))
        return len(captured)

    facets = {("thema", "mobility"): "Mobilität"}
    make_card("Eins", places=[places["05962040"]], facets=facets)
    one = queries()
    make_card("Zwei", places=[places["05962024"]], facets=facets)
    make_card("Drei", places=[places["05962024"]], facets=facets)

    assert queries() == one <= 6

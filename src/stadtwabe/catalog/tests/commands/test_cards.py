"""Writing cards, one by one and many at once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.utils.translation import gettext_lazy, override

from stadtwabe.catalog.commands import withdraw_card, write_card, write_cards
from stadtwabe.catalog.models import Card, Facet, FormerAddress, Word
from stadtwabe.catalog.specs import CardSpec
from stadtwabe.catalog.tests.factories import NOW, make_card, make_places

pytestmark = pytest.mark.django_db


def facets_of(card: Card) -> set[str]:
    return {str(facet) for facet in Facet.objects.filter(pk__in=card.facet_ids)}


def test_a_card_lies_in_all_places_up_the_hierarchy():
    places = make_places("05962024")
    card = make_card("Sensornetz", places=[places["05962024"]])

    assert facets_of(card) >= {"ort=05962024", "ort=05962", "ort=05", "art=network"}
    assert (card.longitude, card.latitude) == (
        places["05962024"].longitude,
        places["05962024"].latitude,
    )


def test_a_new_slug_redirects_from_the_old_one_and_back_again():
    card = make_card("Mängelmelder", slug="melder")
    spec = CardSpec(kind="network", title="Mängelmelder", slug="maengelmelder")

    write_card(spec=spec, now=NOW, card=card)
    assert card.path == "/orte/verbund/maengelmelder/"
    assert FormerAddress.objects.get(path="/orte/verbund/melder/").card == card

    # Nobody else may take an address that redirects.
    assert make_card("Melder", slug="melder").slug == "melder-2"


def test_labels_are_kept_in_german_whatever_the_writer_reads():
    with override("en"):
        card = make_card("Radweg", facets={("thema", "mobility"): gettext_lazy("Mobilität")})

    assert Facet.objects.get(name="thema").label == "Mobilität"
    assert "Mobilität" in card.search_text


def test_words_come_from_public_cards_alone():
    place = make_places("05962024")["05962024"]
    make_card("Bodenfeuchte", places=[place])
    from stadtwabe.people.commands import party_for_place

    owner = party_for_place(place)
    make_card("Geheimvorhaben", places=[place], owner=owner, audience="owner")

    assert Word.objects.filter(word="bodenfeuchte").exists()
    assert not Word.objects.filter(word="geheimvorhaben").exists()


def test_many_cards_take_as_many_queries_as_one(django_assert_num_queries):
    place = make_places("05962024")["05962024"]

    def specs(count: int) -> list[CardSpec]:
        return [
            CardSpec(kind="network", title=f"Netz {n}", slug=f"netz-{n}", places=(place,))
            for n in range(count)
        ]

    with django_assert_num_queries(10):
        assert write_cards(specs=specs(1), now=NOW) == 1
    with django_assert_num_queries(8):
        assert write_cards(specs=specs(4), now=NOW) == 3


def test_a_withdrawn_card_comes_back_when_written():
    card = make_card("Stadtlabor", slug="labor")
    withdraw_card(card=card, because="Doppelt erfasst", now=NOW)
    assert card.is_withdrawn

    write_cards(specs=[CardSpec(kind="network", title="Stadtlabor", slug="labor")], now=NOW)

    card.refresh_from_db()
    assert not card.is_withdrawn


@pytest.mark.django_db(transaction=True)
def test_cards_of_the_same_title_written_at_once_get_an_address_each():
    start = Barrier(4)

    def write(_number):
        start.wait()
        try:
            return make_card("Gleichzeitig").slug
        finally:
            connection.close()

    make_card("Vorher")  # what all cards share is there already
    with ThreadPoolExecutor(4) as threads:
        slugs = sorted(threads.map(write, range(4)))
    assert slugs == ["gleichzeitig", *(f"gleichzeitig-{n}" for n in (2, 3, 4))]

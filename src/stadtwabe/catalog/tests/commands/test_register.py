"""Loading the register: everything is there, once, and a second time changes nothing."""

from datetime import timedelta

import pytest
from django.db import connection

from stadtwabe.catalog.commands import load_register
from stadtwabe.catalog.models import Card, Word
from stadtwabe.catalog.tests.factories import NOW
from stadtwabe.kit.actor import SYSTEM, VISITOR
from stadtwabe.kit.errors import NotAllowed
from stadtwabe.people.models import AuditEntry
from stadtwabe.places.models import Network, Place

pytestmark = pytest.mark.django_db


def test_the_whole_register_stands_in_the_database_and_again_changes_nothing():
    first = load_register(actor=SYSTEM, now=NOW)

    assert first.places == Place.objects.count() > 11_000
    menden = Place.objects.get(key="05962040")
    assert (menden.name, menden.official_name) == ("Menden (Sauerland)", "Stadt Menden (Sauerland)")
    assert menden.parent_id == "05962"
    card = Card.objects.get(path="/orte/05962040-menden-sauerland/")
    assert card.kind == "municipality"
    assert card.summary == "Stadt Menden (Sauerland), Märkischer Kreis, Nordrhein-Westfalen"
    assert Word.objects.filter(word="menden").exists()
    assert AuditEntry.objects.get(command="catalog.load_register").details["places"] > 11_000
    # A town that is its own district has one card, not two.
    assert list(Card.objects.filter(title="Köln").values_list("kind", flat=True)) == [
        "municipality"
    ]
    # Eisenach went to another district: the old key leads to the new place.
    assert "16056000" in Place.objects.get(key="16063105").previous_keys
    network = Network.objects.get(slug="5-fuer-suedwestfalen")
    assert network.members.count() == 5
    # The planner knows of the new rows at once.
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE relname = 'catalog_card'")
        assert cursor.fetchone()[0] > 11_000

    Place.objects.filter(key="05962040").update(name="Verschrieben")
    again = load_register(actor=SYSTEM, now=NOW + timedelta(days=1))

    assert (again.places, again.networks, again.members, again.cards) == (1, 0, 0, 0)
    assert Place.objects.get(key="05962040").name == "Menden (Sauerland)"
    card.refresh_from_db()
    assert card.changed_at == NOW


def test_a_visitor_may_not_load_it():
    with pytest.raises(NotAllowed):
        load_register(actor=VISITOR, now=NOW)

    assert not Place.objects.exists()

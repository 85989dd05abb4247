"""Things, their locations and their cards."""

from datetime import timedelta

import pytest

from stadtwabe.catalog.queries import visible_to
from stadtwabe.catalog.rules import Audience
from stadtwabe.hub.commands import create_thing, delete_thing, edit_location, edit_thing
from stadtwabe.hub.models import Datastream, DatastreamState, FeatureOfInterest, Observation, Thing
from stadtwabe.hub.tests.factories import (
    make_datastream,
    make_location,
    make_thing,
    point,
    put_observations,
)
from stadtwabe.kit.actor import SYSTEM
from stadtwabe.kit.errors import Invalid, NotAllowed, NotFound
from stadtwabe.people.models import AuditEntry
from stadtwabe.people.tests.factories import NOW, Cast

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def cast() -> Cast:
    cast = Cast()
    cast.users  # noqa: B018 - made on first use
    return cast


def test_a_steward_creates_a_thing_with_its_card(cast: Cast) -> None:
    thing = create_thing(
        actor=cast.actor("steward"),
        owner=cast.menden,
        values={"name": "Pegel Hönne", "properties": {"baujahr": 2024}},
        locations=[make_location(cast.menden, location=point(7.8, 51.4))],
        now=NOW,
    )
    assert thing.card.path == "/daten/geraete/pegel-hoenne/"
    assert (thing.card.longitude, thing.card.latitude) == (7.8, 51.4)
    assert thing.card.place == cast.menden.place
    assert thing.historical_locations.get().time == NOW
    entry = AuditEntry.objects.get(command="hub.create_thing")
    assert entry.subject_key == str(thing.pk)


@pytest.mark.parametrize("name", ["visitor", "citizen", "editor", "foreign_editor"])
def test_others_create_edit_and_delete_nothing(cast: Cast, name: str) -> None:
    thing, actor = make_thing(cast.menden), cast.actor(name)
    with pytest.raises(NotAllowed):
        create_thing(actor=actor, owner=cast.menden, values={"name": "x"}, now=NOW)
    with pytest.raises(NotAllowed):
        edit_thing(actor=actor, thing=thing, values={"name": "x"}, now=NOW)
    with pytest.raises(NotAllowed):
        delete_thing(actor=actor, thing=thing, now=NOW)
    assert Thing.objects.get().name == thing.name


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"name": "a\x00b"}, "name"),
        ({"name": "x", "properties": []}, "properties"),
        ({"name": "x", "properties": {"a": ["b\x00"]}}, "properties"),
        ({"name": "x", "audience": "everybody"}, "audience"),
        ({"name": "x", "owner": 3}, "owner"),
    ],
)
def test_bad_values_are_named(cast: Cast, values: dict[str, object], field: str) -> None:
    with pytest.raises(Invalid) as caught:
        create_thing(actor=SYSTEM, owner=cast.menden, values=values, now=NOW)
    assert caught.value.field == field


def test_moving_writes_history_once(cast: Cast) -> None:
    old = make_location(cast.menden, "alt")
    new = make_location(cast.menden, "neu", location=point(8.0, 51.0))
    thing = make_thing(cast.menden, locations=[old])
    edit_thing(actor=SYSTEM, thing=thing, values={}, locations=[new], now=LATER)
    edit_thing(actor=SYSTEM, thing=thing, values={}, locations=[new], now=LATER)
    history = thing.historical_locations.order_by("time")
    assert [[at.name for at in each.locations.all()] for each in history] == [["alt"], ["neu"]]
    thing.card.refresh_from_db()
    assert thing.card.longitude == 8.0


def test_nobody_puts_a_thing_where_they_see_nothing(cast: Cast) -> None:
    foreign = make_location(cast.beckum)
    with pytest.raises(NotFound):
        create_thing(
            actor=cast.actor("steward"),
            owner=cast.menden,
            values={"name": "x"},
            locations=[foreign],
            now=NOW,
        )


def test_a_location_that_moves_leaves_former_observations_where_they_were(cast: Cast) -> None:
    location = make_location(cast.menden)
    feature = FeatureOfInterest.objects.create(
        name="dort", feature=point(), owner=cast.menden, location=location
    )
    edit_location(actor=SYSTEM, location=location, values={"location": point(9, 50)}, now=NOW)
    feature.refresh_from_db()
    assert feature.location is None
    assert feature.feature == point()


@pytest.mark.parametrize(
    "geometry",
    [
        {},
        [],
        "Menden",
        {"type": "Point"},
        {"type": "Point", "coordinates": ["7", "51"]},
        {"type": "Point", "coordinates": [181, 51]},
        {"type": "Polygon", "coordinates": [7, 51]},
        {"type": "Feature", "geometry": None},
        {"type": "GeometryCollection", "geometries": []},
    ],
)
def test_what_is_no_geojson_is_refused(cast: Cast, geometry: object) -> None:
    with pytest.raises(Invalid) as caught:
        make_location(cast.menden, location=geometry)
    assert caught.value.field == "location"


def test_the_card_names_only_streams_that_all_who_see_it_may_see(cast: Cast) -> None:
    thing = make_thing(cast.menden, "Schule")
    make_datastream(thing, "Kohlendioxid")
    make_datastream(thing, "Geheimzähler", narrowed_to=Audience.OWNER)
    thing.card.refresh_from_db()
    assert "Kohlendioxid" in thing.card.search_text
    assert "Geheimzähler" not in thing.card.search_text


def test_a_narrower_thing_narrows_its_datastreams_and_its_card(cast: Cast) -> None:
    thing = make_thing(cast.menden)
    stream = make_datastream(thing)
    edit_thing(actor=SYSTEM, thing=thing, values={"audience": Audience.OWNER}, now=LATER)
    stream.refresh_from_db()
    assert stream.audience == Audience.OWNER
    assert thing.card not in visible_to(cast.visitor)
    assert thing.card in visible_to(cast.actor("steward"))


def test_deleting_takes_everything_below_and_leaves_a_tombstone(cast: Cast) -> None:
    thing = make_thing(cast.menden)
    kept = make_datastream(make_thing(cast.menden, "bleibt"))
    put_observations(make_datastream(thing), 1.0, 2.0)
    put_observations(kept, 3.0)
    card = thing.card
    delete_thing(actor=cast.actor("steward"), thing=thing, now=LATER)
    assert Datastream.objects.get() == kept
    assert DatastreamState.objects.get().datastream == kept
    assert Observation.objects.get().result == 3.0
    card.refresh_from_db()
    assert card.is_withdrawn

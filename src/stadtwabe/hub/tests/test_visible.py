"""Who sees what of the hub."""

import pytest

from stadtwabe.hub.models import DatastreamFeature, FeatureOfInterest, Thing
from stadtwabe.hub.queries import (
    datastreams_visible_to,
    features_visible_to,
    historical_locations_visible_to,
    locations_visible_to,
    observations_visible_to,
    observed_properties_visible_to,
    sensors_visible_to,
    things_visible_to,
)
from stadtwabe.hub.tests.factories import HubWorld, point, put_observations

pytestmark = pytest.mark.django_db

PUBLIC = {("menden", "public"), ("beckum", "public")}
NETWORK = {("menden", "networks"), ("beckum", "networks")}
OF_MENDEN = {("menden", "owner")}
OF_BECKUM = {("beckum", "owner")}

SEES = {
    "visitor": PUBLIC,
    "citizen": PUBLIC,
    "editor": PUBLIC | NETWORK | OF_MENDEN,
    "steward": PUBLIC | NETWORK | OF_MENDEN,
    "foreign_steward": PUBLIC | OF_BECKUM | {("beckum", "networks")},
    "foreign_editor": PUBLIC | OF_BECKUM | {("beckum", "networks")},
    "operator": PUBLIC | NETWORK | OF_MENDEN | OF_BECKUM,
}


@pytest.fixture
def world() -> HubWorld:
    world = HubWorld()
    for stream in world.streams.values():
        put_observations(stream, 1.0, 2.0)
        feature = FeatureOfInterest.objects.create(
            name=f"{stream.name} Gegenstand", feature=point(), owner=stream.owner
        )
        DatastreamFeature.objects.create(datastream_id=stream.pk, feature_id=feature.pk)
    return world


@pytest.mark.parametrize("name", SEES)
def test_everything_is_seen_through_a_visible_thing_or_datastream(
    world: HubWorld, name: str
) -> None:
    actor = world.cast.actor(name)
    expected = [world.streams[key] for key in SEES[name]]
    streams = {stream.pk for stream in expected}
    assert set(datastreams_visible_to(actor).values_list("pk", flat=True)) == streams
    things = {stream.thing_id for stream in expected}
    assert set(things_visible_to(actor).values_list("pk", flat=True)) == things
    assert sensors_visible_to(actor).count() == len(expected)
    assert observed_properties_visible_to(actor).count() == len(expected)
    assert locations_visible_to(actor).count() == len(expected)
    assert features_visible_to(actor).count() == len(expected)
    assert historical_locations_visible_to(actor).count() == len(expected)
    found = observations_visible_to(actor)
    assert set(found.values_list("datastream_id", flat=True)) == streams
    assert found.count() == 2 * len(expected)


def test_where_a_private_thing_was_is_not_seen_when_a_public_one_is_elsewhere(
    world: HubWorld,
) -> None:
    secret = world.streams["menden", "owner"].thing.locations.get()
    assert secret not in locations_visible_to(world.cast.visitor)
    public: Thing = world.streams["menden", "public"].thing
    public.locations.add(secret)
    assert secret in locations_visible_to(world.cast.visitor)

"""Datastreams, their audiences, what is deleted with them, and the keys of devices."""

from datetime import timedelta

import pytest
from django.db import connection

from stadtwabe.catalog.rules import Audience
from stadtwabe.hub.commands import (
    create_datastream,
    create_device_token,
    delete_datastream,
    delete_observations,
    delete_observed_property,
    delete_sensor,
    edit_datastream,
    edit_thing,
    revoke_device_token,
)
from stadtwabe.hub.models import Datastream, Day, DeviceToken, Hour, Observation
from stadtwabe.hub.tests.factories import (
    CELSIUS,
    make_datastream,
    make_multi_datastream,
    make_observed_property,
    make_sensor,
    make_thing,
    put_observations,
)
from stadtwabe.kit.actor import SYSTEM
from stadtwabe.kit.errors import Invalid, NotAllowed, NotFound
from stadtwabe.people.tests.factories import NOW, Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    cast = Cast()
    cast.users  # noqa: B018 - made on first use
    return cast


def test_a_datastream_belongs_to_the_owner_of_its_thing(cast: Cast) -> None:
    stream = make_datastream(make_thing(cast.menden, audience=Audience.OWNER))
    assert stream.owner == cast.menden
    assert stream.audience == Audience.OWNER
    assert stream.state.observation_count == 0


def test_it_can_be_narrowed_but_never_widened(cast: Cast) -> None:
    thing = make_thing(cast.menden, audience=Audience.NETWORKS, networks=[cast.network])
    with pytest.raises(Invalid):
        make_datastream(thing, narrowed_to=Audience.PUBLIC)
    narrowed = make_datastream(thing, narrowed_to=Audience.OWNER)
    assert narrowed.audience == Audience.OWNER
    inherited = make_datastream(thing)
    assert list(inherited.networks.all()) == [cast.network]


def test_a_wish_for_networks_outlives_the_narrowness_of_its_thing(cast: Cast) -> None:
    thing = make_thing(cast.menden)
    stream = make_datastream(thing, narrowed_to=Audience.NETWORKS, narrowed_networks=[cast.network])
    edit_thing(actor=SYSTEM, thing=thing, values={"audience": Audience.OWNER}, now=NOW)
    stream.refresh_from_db()
    assert (stream.audience, list(stream.networks.all())) == (Audience.OWNER, [])
    edit_thing(actor=SYSTEM, thing=thing, values={"audience": Audience.PUBLIC}, now=NOW)
    stream.refresh_from_db()
    assert (stream.audience, list(stream.networks.all())) == (Audience.NETWORKS, [cast.network])


def test_stewards_hang_datastreams_only_on_their_own_things(cast: Cast) -> None:
    foreign = make_thing(cast.beckum)
    sensor, measured = make_sensor(cast.menden), make_observed_property(cast.menden)
    with pytest.raises(NotAllowed):
        create_datastream(
            actor=cast.actor("steward"),
            thing=foreign,
            sensor=sensor,
            observed_properties=[measured],
            values={"name": "x", "units": [CELSIUS]},
            now=NOW,
        )
    own = make_datastream(make_thing(cast.menden))
    with pytest.raises(NotAllowed):
        edit_datastream(
            actor=cast.actor("steward"), datastream=own, thing=foreign, values={}, now=NOW
        )


def test_sensors_and_properties_that_one_may_not_see_are_not_there(cast: Cast) -> None:
    thing = make_thing(cast.menden)
    with pytest.raises(NotFound) as caught:
        create_datastream(
            actor=cast.actor("steward"),
            thing=thing,
            sensor=make_sensor(cast.beckum),
            observed_properties=[make_observed_property(cast.menden)],
            values={"name": "x", "units": [CELSIUS]},
            now=NOW,
        )
    assert caught.value.field == "sensor"


@pytest.mark.parametrize("units", [[], [CELSIUS, CELSIUS], {"name": "x"}, [{"farbe": "rot"}]])
def test_units_belong_to_properties(cast: Cast, units: object) -> None:
    with pytest.raises(Invalid) as caught:
        make_datastream(make_thing(cast.menden), units=units)
    assert caught.value.field == "units"


def test_a_multi_datastream_keeps_the_order_of_its_properties(cast: Cast) -> None:
    stream = make_multi_datastream(make_thing(cast.menden))
    names = [each.observed_property.name for each in stream.ordered_properties.all()]
    assert names == ["Windgeschwindigkeit", "Windrichtung"]
    edit_datastream(actor=SYSTEM, datastream=stream, values={"name": "Sturm"}, now=NOW)
    again = [each.observed_property.name for each in stream.ordered_properties.all()]
    assert again == names


def test_deleting_a_sensor_or_property_deletes_what_measured(cast: Cast) -> None:
    thing = make_thing(cast.menden)
    by_sensor, by_property = make_datastream(thing, "eins"), make_datastream(thing, "zwei")
    put_observations(by_sensor, 1.0)
    delete_sensor(actor=SYSTEM, sensor=by_sensor.sensor, now=NOW)
    assert list(Datastream.objects.all()) == [by_property]
    measured = by_property.observed_property
    assert measured is not None
    delete_observed_property(actor=SYSTEM, observed_property=measured, now=NOW)
    assert not Datastream.objects.exists()
    assert not Observation.objects.exists()


def test_nobody_deletes_a_foreign_datastream_with_their_own_sensor(cast: Cast) -> None:
    sensor = make_sensor(cast.menden)
    make_datastream(make_thing(cast.beckum), sensor=sensor)
    with pytest.raises(NotAllowed):
        delete_sensor(actor=cast.actor("steward"), sensor=sensor, now=NOW)
    assert Datastream.objects.exists()


def test_deleting_observations_corrects_what_is_kept(cast: Cast) -> None:
    stream = make_datastream(make_thing(cast.menden))
    ids = put_observations(stream, 1.0, 2.0, 9.0, every=timedelta(minutes=20))
    assert Hour.objects.get().n == 3
    deleted = delete_observations(actor=SYSTEM, datastream=stream, ids=ids[2:], now=NOW)
    assert deleted == 1
    stream.state.refresh_from_db()
    assert stream.state.observation_count == 2
    assert (stream.state.last_result, stream.state.last_id) == (2.0, ids[1])
    with connection.cursor() as cursor:
        cursor.execute("SELECT hub_roll_up(100)")
    hour = Hour.objects.get()
    assert (hour.n, hour.sum, hour.max, hour.last) == (2, 3.0, 2.0, 2.0)
    assert Day.objects.get().sum == 3.0
    delete_observations(actor=SYSTEM, datastream=stream, now=NOW)
    stream.state.refresh_from_db()
    assert stream.state.observation_count == 0
    assert stream.state.last_end is None
    assert stream.state.last_time is None
    with connection.cursor() as cursor:
        cursor.execute("SELECT hub_roll_up(100)")
    assert not Hour.objects.exists()
    assert not Day.objects.exists()


def test_deleting_a_datastream_leaves_nothing(cast: Cast) -> None:
    stream = make_datastream(make_thing(cast.menden))
    put_observations(stream, 1.0)
    delete_datastream(actor=cast.actor("steward"), datastream=stream, now=NOW)
    for model in (Observation, Hour, Day, Datastream):
        assert not model._default_manager.exists()


def test_a_device_key_is_shown_once_and_revoked(cast: Cast) -> None:
    stream = make_datastream(make_thing(cast.menden))
    token, secret = create_device_token(
        actor=cast.actor("steward"),
        owner=cast.menden,
        label="Pegel",
        datastream=stream,
        now=NOW,
    )
    assert secret.startswith("swd_")
    assert secret not in str(DeviceToken.objects.values_list().get())
    revoke_device_token(actor=cast.actor("steward"), token=token, now=NOW)
    assert DeviceToken.objects.get().revoked_at == NOW


def test_a_device_key_never_reaches_things_of_others(cast: Cast) -> None:
    foreign = make_datastream(make_thing(cast.beckum))
    with pytest.raises(Invalid):
        create_device_token(
            actor=cast.actor("steward"),
            owner=cast.menden,
            label="x",
            datastream=foreign,
            now=NOW,
        )

"""The simulated devices: labelled, repeatable, and never sending twice."""

from datetime import timedelta

import pytest

from stadtwabe.hub.models import AlertRule, Dataset, Datastream, Thing
from stadtwabe.kit.actor import SYSTEM
from stadtwabe.kit.errors import NotAllowed
from stadtwabe.people.tests.factories import NOW, Cast, make_place
from stadtwabe.site.demo.commands.measurements import send_measurements, set_up_devices
from stadtwabe.site.demo.simulation import EVERY, THINGS, TOWNS, moments, own_number, value_at

DAY = timedelta(days=1)


@pytest.fixture
def towns():
    for key, (name, _longitude, _latitude) in TOWNS.items():
        make_place(key, name)


@pytest.mark.django_db(transaction=True)
def test_devices_send_what_is_missing_and_nothing_twice(towns):
    assert set_up_devices(actor=SYSTEM, now=NOW) == len(TOWNS) * len(THINGS)
    assert set_up_devices(actor=SYSTEM, now=NOW) == 0
    public = [thing for thing in THINGS if thing.audience == "public"]
    assert Dataset.objects.count() == len(TOWNS) * len(public)
    streams = Datastream.objects.count()
    assert send_measurements(actor=SYSTEM, now=NOW, history=DAY) == streams * (DAY // EVERY)
    assert send_measurements(actor=SYSTEM, now=NOW, history=DAY) == 0
    assert send_measurements(actor=SYSTEM, now=NOW + EVERY, history=DAY) == streams


@pytest.mark.django_db
def test_everything_simulated_is_marked_so(towns):
    set_up_devices(actor=SYSTEM, now=NOW)
    for thing in Thing.objects.all():
        assert thing.is_demo
        assert "imuliert" in thing.description
        assert thing.card.is_demo
        assert thing.properties == {"simulated": True}
    rules = AlertRule.objects.all()
    assert len(rules) == len(TOWNS)
    assert {(rule.is_demo, rule.is_shown, rule.recipients.count()) for rule in rules} == {
        (True, True, 0)
    }


@pytest.mark.django_db
def test_nobody_else_sets_up_the_demo(towns):
    with pytest.raises(NotAllowed):
        set_up_devices(actor=Cast().actor("steward"), now=NOW)


def test_the_same_moment_gives_the_same_value_and_towns_differ():
    for thing in THINGS:
        for stream in thing.streams:
            numbers = [own_number(town, thing, stream) for town in TOWNS]
            values = [value_at(stream, number, NOW) for number in numbers]
            assert values == [value_at(stream, number, NOW) for number in numbers]
            assert len(set(numbers)) == len(TOWNS)


def test_values_stay_in_a_range_that_could_be():
    ranges = {
        "Lufttemperatur": (-25, 45),
        "Luftfeuchte": (20, 100),
        "Feinstaub PM2,5": (0, 60),
        "Kohlendioxid": (400, 2500),
        "Wasserstand": (0, 250),
        "Freie Stellplätze": (0, 220),
        "Wärmemenge": (0, 10**7),
        "Kaltwasser": (0, 1000),
    }
    for thing in THINGS:
        for stream in thing.streams:
            own = own_number("05962040", thing, stream)
            found = [value_at(stream, own, NOW + number * EVERY * 7) for number in range(5000)]
            low, high = ranges[stream.name]
            assert not stream.is_counter or found == sorted(found), stream.name
            assert low <= min(found) <= max(found) <= high, stream.name
            if stream.is_counter:
                assert found == sorted(found)


def test_moments_are_round_and_after_the_last_one():
    found = list(moments(NOW, NOW + DAY, EVERY))
    assert len(found) == DAY // EVERY
    assert found[0] > NOW
    assert all(at.minute % 15 == 0 for at in found)

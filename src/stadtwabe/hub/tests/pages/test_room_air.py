"""The traffic light of a class room: never green without a fresh value, never to strangers."""

from datetime import timedelta

import pytest

from stadtwabe.hub.live.topics import topic_at
from stadtwabe.hub.queries.room_air import FRESH, Air, is_carbon_dioxide, room_air
from stadtwabe.hub.tests.factories import (
    make_datastream,
    make_location,
    make_observed_property,
    make_thing,
    put_observations,
)
from stadtwabe.people.tests.factories import NOW, Cast

pytestmark = pytest.mark.django_db
PPM = {"name": "Teile je Million", "symbol": "ppm", "definition": "[ppm]"}
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _now(monkeypatch):
    monkeypatch.setattr("stadtwabe.hub.pages.room_air.now", lambda: NOW)


@pytest.fixture
def cast():
    return Cast()


def class_room(owner, *results, at=NOW, **more):
    room = make_location(owner, "Klassenraum 1a")
    thing = make_thing(owner, "Raumluft Grundschule", locations=[room], **more)
    stream = make_datastream(thing, "Kohlendioxid", units=[PPM])
    if results:
        put_observations(stream, *results, start=at)
        stream.state.refresh_from_db()
    return stream


@pytest.mark.parametrize(
    ("value", "air"),
    [
        (420, Air.GOOD),
        (999.9, Air.GOOD),
        (1000, Air.NOTICEABLE),
        (2000, Air.NOTICEABLE),
        (2000.1, Air.UNACCEPTABLE),
    ],
)
def test_the_limits_are_those_of_the_federal_environment_agency(cast, value, air):
    assert room_air(class_room(cast.menden, value), now=NOW).air == air


@pytest.mark.parametrize("minutes", [-31, 6, 60 * 24 * 365])
def test_what_is_old_or_from_the_future_is_never_green(client, cast, minutes):
    stream = class_room(cast.menden, 420, at=NOW + minutes * MINUTE)
    page = client.get(f"/daten/ampel/{stream.pk}/").content.decode()
    assert "Keine aktuellen Werte" in page
    assert "Die Luft ist gut" not in page
    assert "420" not in page
    assert "room-air__lamp--lit" not in page


def test_a_value_that_no_sensor_can_have_measured_is_none(cast):
    stream = class_room(cast.menden, 0)
    assert room_air(stream, now=NOW).air == Air.GOOD
    stream.state.last_quality = 1
    assert room_air(stream, now=NOW).air == Air.UNKNOWN
    assert room_air(class_room(cast.menden), now=NOW).air == Air.UNKNOWN


def test_the_page_says_it_in_words_renews_itself_and_can_be_held(client, cast):
    stream = class_room(cast.menden, 1240, is_demo=True)
    answer = client.get(f"/daten/ampel/{stream.pk}/")
    page = answer.content.decode()
    assert "Bitte lüften" in page
    assert "1240&nbsp;ppm" in page
    assert "Raumluft Grundschule, Klassenraum 1a" in page
    assert "Simuliert:" in page
    assert page.count("room-air__lamp--lit") == 1
    assert answer["Refresh"] == f"20;url=/daten/ampel/{stream.pk}/"
    assert "no-store" in answer["Cache-Control"]
    held = client.get(f"/daten/ampel/{stream.pk}/?anhalten=1")
    assert "Refresh" not in held
    assert "angehalten" in held.content.decode()


def test_where_scripts_run_live_values_renew_it_and_a_failing_script_is_noticed(client, cast):
    stream = class_room(cast.menden, 1240)
    plain = client.get(f"/daten/ampel/{stream.pk}/").content.decode()
    assert 'data-light="?laufend=1"' in plain
    assert "data-live=" not in plain
    answer = client.get(f"/daten/ampel/{stream.pk}/?laufend=1")
    page = answer.content.decode()
    topic = topic_at(page.split('data-live="')[1].split('"')[0])
    assert topic is not None
    assert topic.streams == {stream.pk}
    assert f'data-light data-live-stream="{stream.pk}"' in page
    seconds, _, address = answer["Refresh"].partition(";url=")
    assert timedelta(seconds=int(seconds)) < FRESH, "what nobody renews is not called fresh"
    assert address == f"/daten/ampel/{stream.pk}/?laufend=1"
    assert "Keine Verbindung" in page.split("<template data-light-lost>")[1]
    held = client.get(f"/daten/ampel/{stream.pk}/?anhalten=1&laufend=1")
    assert "Refresh" not in held
    assert "data-light" not in held.content.decode()


def test_who_may_not_see_the_values_does_not_see_the_light(client, cast):
    stream = class_room(cast.menden, 1240, audience="owner")
    slug = stream.thing.card.slug
    for name, status in (("visitor", 404), ("foreign_steward", 404), ("steward", 200)):
        if name != "visitor":
            client.force_login(cast.users[name])
        assert client.get(f"/daten/ampel/{stream.pk}/").status_code == status
        assert client.get(f"/daten/ampel/{slug}/", follow=True).status_code == status


def test_only_carbon_dioxide_has_a_light_and_its_pages_lead_there(client, cast):
    stream = class_room(cast.menden, 420)
    warm = make_datastream(stream.thing, "Temperatur")
    ozone = make_datastream(stream.thing, "Ozon", units=[PPM])
    named = make_observed_property(cast.menden, "CO₂-Gehalt")
    other = make_datastream(stream.thing, "Luft", units=[PPM], observed_property=named)
    assert [is_carbon_dioxide(each) for each in (stream, warm, ozone, other)] == [
        True,
        False,
        False,
        True,
    ]
    assert client.get(f"/daten/ampel/{warm.pk}/").status_code == 404
    for address in (f"/daten/reihen/{stream.pk}/", stream.thing.card.get_absolute_url()):
        assert f'href="/daten/ampel/{stream.pk}/"' in client.get(address).content.decode()
    assert "ampel" not in client.get(f"/daten/reihen/{warm.pk}/").content.decode()
    bare = make_thing(cast.menden, "Pegel")
    assert client.get(f"/daten/ampel/{bare.card.slug}/").status_code == 404

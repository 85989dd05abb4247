"""Values by town and theme, as page, list, map and in other sites' frames."""

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from stadtwabe.hub.measures import THEMES, theme_of, unit_of
from stadtwabe.hub.tests.factories import (
    HubWorld,
    make_datastream,
    make_location,
    make_observed_property,
    make_thing,
    put_observations,
)
from stadtwabe.kit.clock import now
from stadtwabe.people.tests.factories import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    """Menden's streams of every audience, heard of an hour ago; what is hidden is `Geheimnis`."""
    world = HubWorld()
    for stream in world.streams.values():
        put_observations(stream, 7.0, 9.5, start=now() - timedelta(hours=1))
    return world


def text_of(client, address, status=200):
    response = client.get(address)
    assert response.status_code == status, address
    return response.getvalue().decode()


def measured(owner, name, *values, is_demo=False, **more):
    thing = make_thing(owner, f"Gerät für {name}", is_demo=is_demo, **more)
    what = make_observed_property(owner, name)
    stream = make_datastream(thing, name, observed_property=what)
    if values:
        put_observations(stream, *values, start=now() - timedelta(minutes=30))
    return stream


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Lufttemperatur", "luft"),
        ("Wassertemperatur", "wasser"),
        ("Bodenfeuchte", "wasser"),
        ("Feinstaub PM10", "luft"),
        ("CO2-Konzentration", "raumluft"),
        ("Freie Stellplätze", "parken"),
        ("Gezählte Fahrräder", "verkehr"),
        ("Fahrradzähler", None),
        ("Wärmemenge", "energie"),
        ("Bürgernähe", None),
    ],
)
def test_what_is_measured_tells_its_theme_alike_in_python_and_in_the_database(name, slug):
    theme = theme_of(name, "")
    assert (theme.slug if theme else None) == slug
    cast = Cast()
    make_observed_property(cast.menden, name)
    with connection.cursor() as cursor:
        for each in THEMES:
            cursor.execute("SELECT %s ~* %s", [name, each.words])
            assert cursor.fetchone() == (each.covers(name, ""),), each.slug


def test_a_definition_tells_the_theme_whatever_the_name_is():
    assert theme_of("PM", "http://dd.eionet.europa.eu/vocabulary/aq/pollutant/6001") is THEMES[0]
    assert unit_of("celsius") is None
    assert unit_of("°c") is unit_of("Grad Celsius") is unit_of("Cel")


def test_a_town_shows_each_only_what_they_may_see_and_its_frame_what_is_public(client, world):
    page = text_of(client, "/daten/orte/05962040-menden-sauerland/")
    assert "Offenes Reihe menden" in page
    assert "9,5&nbsp;°C" in page
    assert "24 Stunden: 7 bis 9,5" in page
    assert "Geheimnis" not in page
    assert "beckum" not in page
    client.force_login(world.cast.users["steward"])
    page = text_of(client, "/daten/orte/05962040-menden-sauerland/")
    assert "Geheimnis owner Reihe menden" in page
    assert "Geheimnis" not in text_of(client, "/daten/einbetten/orte/05962040-menden-sauerland/")
    assert client.get("/daten/orte/05962040-anders/")["Location"].endswith(
        "/05962040-menden-sauerland/"
    )
    text_of(client, "/daten/orte/05999999-nirgends/", status=404)


def test_a_frame_may_stand_in_other_sites_alone_and_sets_no_cookie(client, world, settings):
    settings.EMBED_ANCESTORS = "https://www.menden.example"
    response = client.get("/daten/einbetten/orte/05962040-menden-sauerland/")
    policy = response["Content-Security-Policy"]
    assert "frame-ancestors https://www.menden.example" in policy
    assert "X-Frame-Options" not in response
    assert not response.cookies
    whole = client.get("/daten/orte/05962040-menden-sauerland/")
    assert "frame-ancestors 'none'" in whole["Content-Security-Policy"]
    assert whole["X-Frame-Options"] == "DENY"
    assert "/daten/einbetten/orte/05962040-menden-sauerland/" in whole.content.decode()


def test_a_theme_shows_all_towns_and_says_what_is_simulated(client):
    cast = Cast()
    measured(cast.menden, "Wasserstand", 40.0, 44.0)
    measured(cast.beckum, "Wasserstand", 50.0, is_demo=True)
    measured(cast.menden, "Lufttemperatur", 8.0)
    page = text_of(client, "/daten/themen/wasser/")
    assert page.index("Beckum") < page.index("Menden")
    assert "Lufttemperatur" not in page
    assert "simuliert" in page
    assert "simuliert" not in text_of(client, "/daten/themen/luft/")
    assert "simuliert" in text_of(client, "/daten/einbetten/themen/wasser/")
    assert "Hier misst noch niemand" in text_of(client, "/daten/themen/parken/")
    text_of(client, "/daten/themen/erfunden/", status=404)


def test_a_dashboard_asks_as_often_for_three_as_for_one(client):
    cast = Cast()
    counts = []
    for number in range(3):
        measured(cast.menden, f"Wasserstand {number}", 1.0, 2.0)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            text_of(client, "/daten/themen/wasser/")
        counts.append(len(queries))
    assert counts[1] == counts[2]  # the first one asks what is then kept for a minute


def test_the_list_narrows_by_what_and_where_in_every_format(client):
    cast = Cast()
    measured(cast.menden, "Wasserstand", 40.0, locations=[make_location(cast.menden)])
    measured(cast.beckum, "Wasserstand", 50.0)
    measured(cast.menden, "Feinstaub PM10", 12.0)
    page = text_of(client, "/daten/?was=wasser&ort=05962040")
    assert "Gerät für Wasserstand, Menden" in page
    assert "Beckum</a>" not in page
    assert "Feinstaub PM10</a>" not in page
    rows = json.loads(text_of(client, "/daten/?was=Wasserstand&format=json"))
    assert sorted(row["value"] for row in rows["results"]) == [40.0, 50.0]
    assert len(text_of(client, "/daten/?format=csv").splitlines()) == 4
    (point,) = json.loads(text_of(client, "/daten/?format=geojson"))["features"]
    assert point["properties"]["group"] == 4
    assert point["properties"]["hint"].startswith("Wasserstand: 40 °C\nvor ")
    assert "keine Werte" in text_of(client, "/daten/?was=parken")


def test_old_values_are_said_to_be_old(client):
    cast = Cast()
    stream = measured(cast.menden, "Wasserstand")
    put_observations(stream, 1.0, start=now() - timedelta(days=2))
    for page in ("/daten/", "/daten/themen/wasser/", f"/daten/reihen/{stream.pk}/"):
        assert "veraltet" in text_of(client, page), page


def test_series_of_one_unit_stand_in_one_picture_table_and_file(client, world):
    stream = world.streams["menden", "public"]
    other = make_datastream(stream.thing, "Zweite Reihe")
    put_observations(other, 5.0, 6.0, start=now() - timedelta(hours=1))
    percent = make_datastream(stream.thing, "Feuchte", units=[{"symbol": "%"}])
    put_observations(percent, 50.0)
    hidden = world.streams["menden", "owner"]
    address = f"/daten/reihen/{stream.pk}/?zeitraum=24h"
    page = text_of(client, address)
    assert "Zweite Reihe" in page
    assert "Feuchte, " not in page  # of another unit
    chosen = f"{address}&mit={other.pk}&mit={hidden.pk}&mit={percent.pk}&mit=x"
    page = text_of(client, chosen)
    assert page.count("curve__line--2") == 2  # the line and its sign in the legend
    assert "curve__line--3" not in page
    assert "Geheimnis" not in page
    lines = text_of(client, f"{chosen}&format=csv").splitlines()
    assert lines[0].endswith("Zeit (UTC);Offenes Reihe menden [°C];Zweite Reihe [°C]")
    assert len(lines) > 2


def test_every_page_with_values_names_the_topic_of_what_it_shows(client, world):
    stream = world.streams["menden", "public"]
    for page in (
        "/daten/",
        "/daten/orte/05962040-menden-sauerland/",
        f"/daten/reihen/{stream.pk}/",
    ):
        text = text_of(client, page)
        assert 'data-live="/daten/live/' in text, page
        assert f'data-live-stream="{stream.pk}"' in text, page

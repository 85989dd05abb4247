"""The pages of alerts and quality: for the stewards of a town, and of no other."""

from datetime import time, timedelta

import pytest

from stadtwabe.hub.commands.alert_rules import create_alert_rule
from stadtwabe.hub.commands.alerts import watch_alerts
from stadtwabe.hub.commands.quality import review_touched
from stadtwabe.hub.models import Alert, AlertRule, Observation
from stadtwabe.hub.tests.factories import HubWorld, make_datastream, make_thing, put_observations
from stadtwabe.kit.actor import SYSTEM
from stadtwabe.people.tests.factories import NOW, Cast

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=30)


@pytest.fixture(autouse=True)
def _now(monkeypatch):
    for module in ("pages.series", "pages.alerts", "pages.quality", "forms.alerts"):
        monkeypatch.setattr(f"stadtwabe.hub.{module}.now", lambda: LATER)


@pytest.fixture
def cast():
    return Cast()


@pytest.fixture
def stream(cast):
    found = make_datastream(make_thing(cast.menden, "Wetterstation"))
    put_observations(found, *(20 + number % 3 for number in range(6)), start=NOW)
    return found


def text_of(client, address, status=200):
    response = client.get(address)
    assert response.status_code == status, address
    return response.getvalue().decode()


FORM = {
    "name": "Frost",
    "kind": "below",
    "threshold": "0,5",
    "clear_at": "2",
    "minimum_minutes": "",
    "period_minutes": "",
    "advice": "Bitte streuen.",
    "emails": "daten@menden.example, Redaktion@menden.example",
    "quiet_from": "22:00",
    "quiet_until": "06:00",
    "webhook_address": "",
    "is_shown": "on",
    "is_active": "on",
}


def test_a_steward_makes_changes_and_deletes_a_rule(client, cast, stream):
    client.force_login(cast.users["steward"])
    page = text_of(client, f"/daten/reihen/{stream.pk}/warnen/")
    assert "Grenze (°C)" in page
    assert "daten@menden.example" in page, "one's own address stands there already"
    made = client.post(f"/daten/reihen/{stream.pk}/warnen/", FORM)
    rule = AlertRule.objects.get()
    assert made["Location"] == f"/daten/warnungen/regeln/{rule.pk}/"
    assert (rule.threshold, rule.clear_at, rule.quiet_from) == (0.5, 2.0, time(22))
    assert rule.recipients.count() == 2
    page = text_of(client, made["Location"])
    assert 'value="0,5"' in page
    assert 'value="22:00"' in page
    client.post(made["Location"], FORM | {"name": "Glatteis", "is_active": ""})
    rule.refresh_from_db()
    assert (rule.name, rule.is_active) == ("Glatteis", False)
    assert "unter 0,5 °C, Entwarnung bei 2 °C" in text_of(client, "/daten/warnungen/regeln/")
    assert "ausgeschaltet" in text_of(client, "/daten/warnungen/regeln/")
    client.post(f"/daten/warnungen/regeln/{rule.pk}/loeschen/")
    assert not AlertRule.objects.exists()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"threshold": ""}, "Bitte geben Sie eine Grenze an."),
        ({"clear_at": "-1"}, "auf der anderen Seite der Grenze"),
        ({"quiet_until": ""}, "Zur Ruhezeit gehören Anfang und Ende."),
        ({"emails": "jemand@beispiel.de"}, "gehört weder Ihnen noch einem Mitglied"),
        ({"emails": "daten@beckum.example"}, "gehört weder Ihnen noch einem Mitglied"),
        ({"webhook_address": "http://10.0.0.1/"}, "internes Netz"),
    ],
)
def test_what_makes_no_sense_comes_back_in_words(client, cast, stream, change, says):
    cast.users  # noqa: B018 - the account of Beckum exists, too
    client.force_login(cast.users["steward"])
    answer = client.post(f"/daten/reihen/{stream.pk}/warnen/", FORM | change)
    assert answer.status_code == 422
    assert says in answer.content.decode()


def test_an_alert_is_listed_shown_where_the_values_are_and_acknowledged(client, cast, stream):
    create_alert_rule(
        actor=SYSTEM,
        datastream=stream,
        values={
            "name": "Hitze",
            "kind": "above",
            "threshold": 21.5,
            "clear_at": 15,
            "advice": "Bitte viel trinken.",
            "is_shown": True,
        },
        recipients=[cast.users["steward"]],
        now=NOW,
    )
    watch_alerts(now=LATER)
    alert = Alert.objects.get()
    sentence = "„Temperatur“ (Wetterstation) liegt seit 22. November 2026, 10:10 Uhr über 21,5 °C."
    for address in (stream.thing.card.get_absolute_url(), f"/daten/reihen/{stream.pk}/"):
        assert sentence in text_of(client, address)
        assert "Bitte viel trinken." in text_of(client, address)
    client.force_login(cast.users["steward"])
    assert sentence in text_of(client, "/daten/warnungen/")
    page = text_of(client, f"/daten/warnungen/{alert.pk}/")
    assert "daten@menden.example" in page
    assert "Höchster Wert: 22 °C." in page
    client.post(f"/daten/warnungen/{alert.pk}/", {"note": "Wasser steht bereit."})
    page = text_of(client, f"/daten/warnungen/{alert.pk}/")
    assert "Von Ihnen" in page
    assert "Wasser steht bereit." in page
    assert client.post(f"/daten/warnungen/{alert.pk}/", {"note": ""}).status_code == 422


def test_another_town_sees_nothing_of_what_is_ours_alone(client):
    world = HubWorld()
    for stream in world.streams.values():
        put_observations(stream, 50.0)
        create_alert_rule(
            actor=SYSTEM,
            datastream=stream,
            values={"name": stream.name, "kind": "above", "threshold": 30, "is_shown": True},
            now=NOW,
        )
    watch_alerts(now=LATER)
    assert Alert.objects.count() == len(world.streams)
    ours = AlertRule.objects.get(datastream=world.streams["menden", "owner"])
    client.force_login(world.cast.users["foreign_steward"])
    for address in ("/daten/warnungen/", "/daten/warnungen/regeln/"):
        page = text_of(client, address)
        assert "Reihe beckum" in page
        assert "menden" not in page
    for address in (
        f"/daten/warnungen/{ours.alerts.get().pk}/",
        f"/daten/warnungen/regeln/{ours.pk}/",
        f"/daten/warnungen/regeln/{ours.pk}/loeschen/",
        f"/daten/reihen/{ours.datastream_id}/warnen/",
        f"/daten/reihen/{ours.datastream_id}/qualitaet/",
    ):
        text_of(client, address, status=404)
        assert client.post(address, FORM).status_code == 404
    # On the page of a public thing a narrower series keeps its alert to itself.
    public = world.streams["menden", "public"].thing
    narrow = make_datastream(public, "Geheimnis eng", narrowed_to="owner")
    put_observations(narrow, 50.0)
    create_alert_rule(
        actor=SYSTEM,
        datastream=narrow,
        values={"name": "eng", "kind": "above", "threshold": 30, "is_shown": True},
        now=NOW,
    )
    watch_alerts(now=LATER)
    page = text_of(client, public.card.get_absolute_url())
    assert "liegt seit" in page
    assert "Geheimnis" not in page
    client.force_login(world.cast.users["steward"])
    assert "Geheimnis eng" in text_of(client, public.card.get_absolute_url())


def test_a_steward_says_what_looks_wrong_and_everybody_sees_what_does(client, cast, stream):
    address = f"/daten/reihen/{stream.pk}/qualitaet/"
    client.force_login(cast.users["steward"])
    bad = client.post(address, {"least": "30", "most": "10", "gap": "0"})
    assert bad.status_code == 422
    assert "Der größte Wert liegt unter dem kleinsten." in bad.content.decode()
    assert "Bitte eine Zahl über 0" in bad.content.decode()
    rules = {"most": "21,5", "rate": "0,35", "stuck": "90", "outlier_least": "2"}
    assert client.post(address, rules | {"review": "on"}).status_code == 302
    stream.refresh_from_db()
    assert stream.quality_rules == {
        "range": [None, 21.5],
        "rate": pytest.approx(0.35 / 60),
        "stuck": 5400,
        "outlier": [5.0, 2.0],
    }
    review_touched()
    page = text_of(client, address)
    assert 'value="0,35"' in page
    assert "außerhalb des möglichen Bereichs" in page
    client.logout()
    page = text_of(client, f"/daten/reihen/{stream.pk}/?zeitraum=24h")
    assert page.count("curve__mark") == 3
    assert "außerhalb des möglichen Bereichs" in page
    file = text_of(client, f"/daten/reihen/{stream.pk}/?zeitraum=24h&format=csv")
    assert file.splitlines()[3].endswith(";außerhalb des möglichen Bereichs")
    found = client.get(f"/sta/v1.1/Datastreams({stream.pk})/Observations?$orderby=result desc")
    assert found.json()["value"][0]["resultQuality"] == {"flags": ["range"]}
    assert Observation.objects.filter(result=22).count() == 2, "the raw value stays"

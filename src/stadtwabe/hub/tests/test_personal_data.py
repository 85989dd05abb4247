"""What the hub keeps of a person is in their export, and goes with the account."""

from datetime import timedelta

import pytest

from stadtwabe.hub.commands.alert_rules import create_alert_rule
from stadtwabe.hub.commands.alerts import watch_alerts
from stadtwabe.hub.models import AlertDelivery, AlertRule
from stadtwabe.hub.tests.factories import make_datastream, make_thing, put_observations
from stadtwabe.kit.actor import SYSTEM
from stadtwabe.people.tests.factories import NOW, Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    cast = Cast()
    stream = make_datastream(make_thing(cast.menden, "Pegel"), "Wasserstand")
    values = {"name": "Hochwasser", "kind": "above", "threshold": 300}
    steward, editor = cast.users["steward"], cast.users["editor"]
    for name, recipients in (("Nur ich", [steward]), ("Beide", [steward, editor])):
        create_alert_rule(
            actor=SYSTEM,
            datastream=stream,
            values={**values, "name": name},
            recipients=recipients,
            now=NOW,
        )
    put_observations(stream, 200, 350, start=NOW)
    watch_alerts(now=NOW + timedelta(minutes=6))
    return cast


def test_rules_and_messages_are_in_the_export(client, cast):
    client.force_login(cast.users["editor"])
    ours = client.get("/konto/daten/").json()["data_platform"]
    assert [rule["name"] for rule in ours["alert_rules"]] == ["Beide"]
    assert [(each["rule"], each["occasion"]) for each in ours["alert_messages"]] == [
        ("Beide", "began")
    ]
    client.force_login(cast.users["citizen"])
    assert not any(client.get("/konto/daten/").json()["data_platform"].values())


def test_who_leaves_hears_which_rules_tell_nobody_then(client, cast):
    user = cast.users["steward"]
    client.force_login(user)
    page = client.get("/konto/loeschen/").content.decode()
    assert "1 Warnregel nennt nur Sie" in page
    client.post("/konto/loeschen/", {"email_typed": user.email})
    left = {rule.name: rule.recipients.count() for rule in AlertRule.objects.all()}
    assert left == {"Nur ich": 0, "Beide": 1}
    assert not AlertDelivery.objects.filter(recipient_id=user.pk).exists()
    client.force_login(cast.users["citizen"])
    assert "Warnregel" not in client.get("/konto/loeschen/").content.decode()

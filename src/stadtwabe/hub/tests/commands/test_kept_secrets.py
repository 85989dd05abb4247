"""Secrets that are sent to others: sealed in the tables, and through a change of the key."""

import pytest
from django.db import connection

from stadtwabe.hub.commands.alert_rules import create_alert_rule, edit_alert_rule, webhook_secret_of
from stadtwabe.hub.commands.kept_secrets import PULL, WEBHOOK, seal_all_anew
from stadtwabe.hub.commands.pulls import create_pull, run_pull
from stadtwabe.hub.models import AlertRule, Pull
from stadtwabe.hub.tests.factories import make_datastream, make_thing
from stadtwabe.kit.actor import SYSTEM
from stadtwabe.kit.sealed import Unsealable, unseal
from stadtwabe.people.tests.factories import NOW, Cast

pytestmark = pytest.mark.django_db
SECRET = "streng-geheim-42"


@pytest.fixture
def stream():
    return make_datastream(make_thing(Cast().menden, "Station"))


@pytest.fixture
def pull(stream):
    values = {
        "name": "Wetterdienst",
        "address": "https://wetter.example/werte",
        "header_name": "X-API-Key",
        "every": 15,
        "records": "$",
        "time": "",
        "zone": "Europe/Berlin",
    }
    return create_pull(
        actor=SYSTEM,
        owner=stream.owner,
        values=values,
        streams={stream.pk: "$.t"},
        secret=SECRET,
        now=NOW,
    )


@pytest.fixture
def rule(stream):
    values = {
        "name": "Hochwasser",
        "kind": "above",
        "threshold": 300,
        "webhook_address": "https://leitstelle.example/warnung",
    }
    return create_alert_rule(actor=SYSTEM, datastream=stream, values=values, now=NOW)


def rows():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT row_to_json(p)::text FROM hub_pull p"
            " UNION ALL SELECT row_to_json(r)::text FROM hub_alertrule r"
        )
        return " ".join(text for (text,) in cursor.fetchall())


def test_the_tables_tell_no_secret(pull, rule):
    assert SECRET not in rows()
    assert webhook_secret_of(rule) not in rows()
    sent = {}

    def get(_address, headers):
        sent.update(headers)
        raise ConnectionAbortedError

    with pytest.raises(ConnectionAbortedError):
        run_pull(pull=pull, now=NOW, get=get)
    assert sent["X-API-Key"] == SECRET


def test_secrets_outlive_a_change_of_the_key(pull, rule, settings):
    signature = webhook_secret_of(rule)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "neu"
    assert seal_all_anew() == (2, 0)
    settings.SECRET_KEY_FALLBACKS = []
    assert unseal(Pull.objects.get().header_secret, purpose=PULL) == SECRET
    assert unseal(AlertRule.objects.get().webhook_secret, purpose=WEBHOOK) == signature


def test_a_lost_key_is_told_and_asked_for_again(pull, rule, settings):
    settings.SECRET_KEY = "ganz anders"
    assert seal_all_anew() == (0, 2)
    log = run_pull(pull=pull, now=NOW)
    assert log is not None
    assert "Geben Sie ihn neu ein" in log.failure
    with pytest.raises(Unsealable):
        webhook_secret_of(rule)
    edit_alert_rule(actor=SYSTEM, rule=rule, values={}, now=NOW)
    rule.refresh_from_db()
    assert webhook_secret_of(rule).startswith("whsec_")

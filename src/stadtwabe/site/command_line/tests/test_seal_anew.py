"""`seal anew`: kept secrets after a change of the key."""

import argparse
import io
import json
from typing import Any

import pytest

from stadtwabe.hub.commands.alert_rules import create_alert_rule
from stadtwabe.hub.tests.factories import make_datastream, make_thing
from stadtwabe.kit.actor import SYSTEM
from stadtwabe.people.tests.factories import NOW, Cast
from stadtwabe.site.command_line import seal_anew
from stadtwabe.site.command_line.output import Output

pytestmark = pytest.mark.django_db


def run() -> tuple[int, dict[str, int]]:
    written = io.StringIO()
    output = Output(as_json=True, results=written, talk=io.StringIO())
    return seal_anew.run(argparse.Namespace(), output), json.loads(written.getvalue())


def test_status_tells_whether_a_secret_opens_with_none_of_the_keys(settings: Any) -> None:
    values = {"name": "Hochwasser", "kind": "above", "threshold": 3}
    values["webhook_address"] = "https://leitstelle.example/warnung"
    stream = make_datastream(make_thing(Cast().menden, "Pegel"))
    create_alert_rule(actor=SYSTEM, datastream=stream, values=values, now=NOW)
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "neu"
    assert run() == (0, {"sealed": 1, "lost": 0})
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [], "verloren"
    assert run() == (2, {"sealed": 0, "lost": 1})

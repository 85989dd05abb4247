"""Harvesting our own catalogue into a second, empty installation reproduces it."""

import json
import os
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import psycopg
import pytest
from django.core.files.base import ContentFile
from django.db import connection

from stadtwabe.catalog.rules import Audience
from stadtwabe.hub.commands.datasets import Grouping, create_dataset, publish_datastreams
from stadtwabe.hub.commands.distributions import add_file, add_link
from stadtwabe.hub.dcat.describe import entry_of
from stadtwabe.hub.pages import datasets as pages
from stadtwabe.hub.queries.datasets import datasets_visible_to, with_distributions
from stadtwabe.hub.tests.factories import make_datastream, make_multi_datastream, make_thing
from stadtwabe.hub.vocabularies import DataLicence
from stadtwabe.kit.actor import SYSTEM, VISITOR
from stadtwabe.people.tests.factories import NOW, Cast

pytestmark = pytest.mark.django_db(transaction=True)

SCRIPT = Path(__file__).with_name("second_instance.py")
NAME = "stadtwabe_second_instance"
OF_THE_INSTANCE = {"address", "offers"}
"""What names an entry in its own catalogue; offers are compared by themselves."""


@pytest.fixture
def second_database():
    """Yield the address of an empty database on the same server."""
    ours = connection.settings_dict
    options = {"host": ours["HOST"], "port": ours["PORT"], "user": ours["USER"]}
    with psycopg.connect(
        dbname="postgres", password=ours["PASSWORD"] or None, autocommit=True, **options
    ) as server:
        server.execute(f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)")
        server.execute(f"CREATE DATABASE {NAME}")
        secret = f":{ours['PASSWORD']}" if ours["PASSWORD"] else ""
        yield (
            f"postgresql://{ours['USER']}{secret}@/{NAME}?host={ours['HOST']}&port={ours['PORT']}"
        )
        server.execute(f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)")


def test_the_second_has_what_the_first_has_in_public(
    live_server, second_database, tmp_path, monkeypatch
):
    monkeypatch.setattr(pages, "PER_PAGE", 2)
    cast = Cast()
    values = {
        "title": "Bäume",
        "description": "Alle Bäume.\nAuch gefällte.",
        "licence": DataLicence.DL_BY,
        "themes": ["ENVI", "REGI"],
        "keywords": ["Baum", "Straße"],
        "starts_on": NOW.date(),
        "place": cast.menden.place,
        "frequency": "ANNUAL",
        "contact_name": "Grünflächenamt",
        "contact_email": "gruen@menden.example",
        "contributor": "http://dcat-ap.de/def/contributors/openNRW",
    }
    trees = create_dataset(actor=SYSTEM, owner=cast.menden, values=values, now=NOW)
    file = ContentFile(b"baum;ort\n1;2\n", name="baeume.csv")
    add_file(actor=SYSTEM, dataset=trees, file=file, now=NOW)
    link = "https://menden.example/baeume.pdf"
    add_link(actor=SYSTEM, dataset=trees, address=link, file_type="PDF", title="Bericht", now=NOW)
    make_datastream(make_thing(cast.menden, "Wetterstation"))
    make_multi_datastream(make_thing(cast.menden, "Windrad"))
    secret = make_thing(cast.menden, "Geheimnis", audience=Audience.OWNER)
    make_datastream(secret, "Geheimnis")
    publish_datastreams(
        actor=SYSTEM,
        owner=cast.menden,
        grouping=Grouping.THING,
        values={"licence": DataLicence.CC_ZERO},
        now=NOW,
    )
    hidden = {**values, "title": "Geheimnis"}
    create_dataset(actor=SYSTEM, owner=cast.menden, values=hidden, audience=Audience.OWNER, now=NOW)
    environment = os.environ | {
        "DATABASE_URL": second_database,
        "STADTWABE_DATA": str(tmp_path),
        "STADTWABE_FETCH_PRIVATE_ADDRESSES": "1",
        "DJANGO_SETTINGS_MODULE": "stadtwabe.site.settings",
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
    }

    def second(*words: str) -> str:
        done = subprocess.run(
            [sys.executable, *words],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    harvest = ("-m", "stadtwabe.site.command_line", "harvest")
    second(str(SCRIPT), "prepare")
    address = f"{live_server.url}/daten/catalog.ttl"
    said = second(*harvest, "--add", address, "--owner", "05962040")
    assert "3 new, 0 changed, 0 the same, 0 gone, 0 refused." in said
    assert "0 new, 0 changed, 3 the same, 0 gone, 0 refused." in second(*harvest, "--all")
    shown = second(str(SCRIPT), "show")
    assert "Geheimnis" not in shown
    found = json.loads(shown)
    first = with_distributions(datasets_visible_to(VISITOR), VISITOR).order_by("title")
    entries = [asdict(entry_of(each, root=live_server.url)) for each in first]
    assert len(entries) == len(found) == 3
    for ours, theirs in zip(json.loads(json.dumps(entries, default=str)), found, strict=True):
        for name in ours.keys() - OF_THE_INSTANCE:
            assert ours[name] == theirs[name], name
        assert offers(ours) == offers(theirs)
    assert sum(len(each["offers"]) for each in found) == 8


def offers(entry):
    """The offers in a fixed order, without the keys that each instance gives them."""
    kept = [{**offer, "key": ""} for offer in entry["offers"]]
    return sorted(kept, key=lambda offer: (offer["access_url"], offer["file_type"]))

"""Entries of the demonstration say that they are examples: once a page, and in every format."""

import csv
import io
import json
from datetime import date

import pytest

from stadtwabe.catalog.models import Card
from stadtwabe.catalog.tests.factories import make_card, make_places

pytestmark = pytest.mark.django_db
BADGE = "badge--demo"
DAY = date(2099, 6, 18)


@pytest.fixture(autouse=True)
def entries():
    places = make_places("05962040").values()
    make_card("Beispielfest", kind="event", places=places, is_demo=True, starts_on=DAY)
    make_card("Stadtfest", kind="event", places=places, starts_on=DAY)


def streamed(answer):
    return b"".join(answer.streaming_content).decode()


@pytest.mark.parametrize(
    "address", ["/", "/suche/", "/termine/", "/orte/05962040-menden-sauerland/"]
)
@pytest.mark.parametrize("is_demo", [True, False])
def test_a_page_says_it_once(client, settings, address, is_demo):
    settings.DEMO = is_demo
    page = client.get(address).content.decode()
    assert "Beispielfest" in page
    assert page.count('class="demo-bar"') == 1
    assert BADGE not in page


def test_an_installation_without_examples_says_nothing(client):
    Card.objects.filter(is_demo=True).delete()
    assert 'class="demo-bar"' not in client.get("/termine/").content.decode()


def test_every_format_marks_each_example(client):
    rows = csv.DictReader(io.StringIO(streamed(client.get("/termine/?format=csv"))), delimiter=";")
    marks = {row["titel"]: row["beispiel"] for row in rows}
    assert marks["Beispielfest"] != marks["Stadtfest"]
    found = json.loads(streamed(client.get("/termine/?format=json")))["results"]
    marks = {each["title"]: each["is_demo"] for each in found}
    assert marks == {"Beispielfest": True, "Stadtfest": False}
    found = json.loads(streamed(client.get("/termine/?format=geojson")))["features"]
    marks = {each["properties"]["title"]: each["properties"]["is_demo"] for each in found}
    assert marks == {"Beispielfest": True, "Stadtfest": False}
    for name, part, mark in (
        ("rss", "<item>", "<category>Beispiel</category>"),
        ("ics", "BEGIN:VEVENT", "CATEGORIES:Beispiel"),
    ):
        text = streamed(client.get(f"/termine/?format={name}"))
        [example] = [each for each in text.split(part) if "Beispielfest" in each]
        assert mark in example
        assert text.count(mark) == 1

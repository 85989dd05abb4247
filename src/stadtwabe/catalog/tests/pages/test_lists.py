"""One list in all formats."""

import csv
import io
import json
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from stadtwabe.catalog.commands import withdraw_card
from stadtwabe.catalog.tests.factories import NOW, make_card, make_places
from stadtwabe.people.commands import party_for_place

pytestmark = pytest.mark.django_db

FORMATS = ["html", "json", "csv", "geojson", "rss", "ics"]


def body(response) -> str:
    data: bytes = response.getvalue() if response.streaming else response.content
    return data.decode()


@pytest.fixture
def cards():
    places = make_places("05962024", "05962040")
    facets = {("thema", "mobility"): "Mobilität"}
    owner = party_for_place(places["05962024"])
    make_card("Mitfahrbank", places=[places["05962040"]], facets=facets, summary="=SUMME(A1)")
    make_card("Geheimsache", places=[places["05962024"]], owner=owner, audience="owner")
    make_card("Schulnetz", starts_on=date(2026, 3, 1))


@pytest.mark.parametrize("format_name", FORMATS)
def test_every_format_shows_what_is_public_and_nothing_else(cards, client, format_name):
    response = client.get(f"/suche/?format={format_name}")

    text = body(response)
    assert response.status_code == 200
    assert "Geheimsache" not in text
    assert ("Mitfahrbank" in text) == (format_name != "ics")
    assert ("Schulnetz" in text) == (format_name != "geojson")


def test_formats_follow_the_filters_and_the_accept_header(cards, client):
    response = client.get("/suche/?ort=05962040", headers={"Accept": "application/json"})

    found = json.loads(body(response))
    assert (found["count"], found["results"][0]["title"]) == (1, "Mitfahrbank")
    assert found["results"][0]["places"] == ["05", "05962", "05962040"]
    assert found["results"][0]["topics"] == ["mobility"]
    assert found["results"][0]["url"].startswith("http://testserver/orte/verbund/")


def test_a_spreadsheet_runs_no_formula_from_a_summary(cards, client):
    text = body(client.get("/suche/?format=csv&q=Mitfahrbank"))

    row = next(csv.DictReader(io.StringIO(text.removeprefix("\ufeff")), delimiter=";"))
    assert row["zusammenfassung"] == "'=SUMME(A1)"


def test_pages_say_what_they_left_out_and_formats_refuse(cards, client):
    page = client.get("/suche/?thema=quatsch&sort=quer")
    assert page.status_code == 200
    assert "Den Wert „quatsch“ gibt es bei „Thema“ nicht." in body(page)
    assert "Diese Sortierung gibt es nicht." in body(page)

    refused = client.get("/suche/?format=json&thema=quatsch")
    assert refused.status_code == 422
    assert refused.json()["field"] == "thema"


def test_a_place_may_be_named_and_an_ambiguous_one_is_asked_about(cards, client):
    assert "Mitfahrbank" in body(client.get("/suche/?ort=Menden"))
    make_places("06412000", "12053000")

    text = body(client.get("/suche/?ort=Frankfurt"))

    assert "kann mehrere Orte meinen" in text
    assert "(06412000)" in text


def test_a_facet_is_a_link_that_can_be_taken_back(cards, client):
    page = client.get("/suche/?thema=mobility&q=Bank")

    choice = next(v for v in page.context["chosen"] if v.label == "Mobilität")
    assert choice.address == "?q=Bank"
    assert page.context["reset"] == "?q=Bank"


def test_htmx_gets_the_part_that_the_page_includes(cards, client):
    whole = client.get("/suche/?q=Bank")
    part = client.get("/suche/?q=Bank", headers={"HX-Target": "results"})

    assert body(part).strip().startswith('<div id="results"')
    assert body(part).strip() in body(whole)
    assert "HX-Target" in whole["Vary"]


def test_a_page_beyond_the_last_shows_the_last(cards, client):
    assert "Mitfahrbank" in body(client.get("/suche/?seite=77"))


def test_a_withdrawn_thing_leaves_a_tombstone_and_a_moved_one_redirects(client):
    from stadtwabe.catalog.commands import withdraw_card, write_card
    from stadtwabe.catalog.specs import CardSpec
    from stadtwabe.catalog.tests.factories import NOW

    card = make_card("Stadtlabor", slug="labor")
    write_card(
        spec=CardSpec(kind="network", title="Stadtlabor", slug="stadtlabor"), now=NOW, card=card
    )
    moved = client.get("/orte/verbund/labor/")
    assert (moved.status_code, moved["Location"]) == (301, "/orte/verbund/stadtlabor/")

    withdraw_card(card=card, because="Das Labor hat geschlossen.", now=NOW)
    gone = client.get("/orte/verbund/stadtlabor/")
    assert gone.status_code == 410
    assert "Das Labor hat geschlossen." in body(gone)
    assert "Stadtlabor" not in body(client.get("/suche/?format=json"))


def test_the_tombstone_of_a_hidden_thing_does_not_show(client):
    from stadtwabe.catalog.commands import withdraw_card
    from stadtwabe.catalog.tests.factories import NOW

    place = make_places("05962024")["05962024"]
    card = make_card("Geheimsache", owner=party_for_place(place), audience="owner")
    withdraw_card(card=card, because="geheim", now=NOW)

    assert client.get(card.path).status_code == 404


def test_three_entries_take_as_many_queries_as_one(client):
    places = make_places("05962024", "05962040")
    facets = {("thema", "mobility"): "Mobilität"}

    def queries() -> int:
        body(client.get("/suche/?thema=mobility"))  # reads what has changed
        with CaptureQueriesContext(connection) as captured:
            body(client.get("/suche/?thema=mobility"))
        return len(captured)

    make_card("Eins", places=places.values(), facets=facets)
    one = queries()
    for title in ("Zwei", "Drei"):
        make_card(title, places=places.values(), facets=facets)

    assert queries() == one


@pytest.mark.parametrize("wanted", ["json", "csv", "geojson", "rss", "ics"])
def test_a_file_that_did_not_change_is_not_sent_again(wanted, client):
    card = make_card("Stadtlabor", place=make_places("05962024")["05962024"])
    address = f"/suche/?format={wanted}"
    first = client.get(address)
    body(first)
    again = client.get(address, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")

    other = client.get(address + "&q=Labor", headers={"If-None-Match": first["ETag"]})
    english = client.get(address, headers={"If-None-Match": first["ETag"], "Accept-Language": "en"})
    assert other.status_code == english.status_code == 200

    withdraw_card(card=card, because="doppelt", now=NOW)
    changed = client.get(address, headers={"If-None-Match": first["ETag"]})
    assert changed.status_code == 200
    assert "Stadtlabor" not in body(changed)


def test_what_somebody_may_see_for_themselves_is_never_kept(client, django_user_model):
    make_card("Stadtlabor")
    seen_by_all = client.get("/suche/?format=json")["ETag"]
    user = django_user_model.objects.create(email="a@example.org", is_operator=True)
    client.force_login(user)

    answer = client.get("/suche/?format=json", headers={"If-None-Match": seen_by_all})

    assert answer.status_code == 200
    assert "ETag" not in answer
    assert answer["Cache-Control"] == "private, no-store"


def test_search_engines_get_public_addresses_alone(cards, client):
    index = body(client.get("/sitemap.xml"))
    assert "/sitemap-karten.xml" in index
    part = body(client.get("/sitemap-karten.xml"))
    assert "mitfahrbank" in part
    assert "geheimsache" not in part
    assert "Sitemap: http://testserver/sitemap.xml" in body(client.get("/robots.txt"))


def test_the_focus_has_somewhere_to_stay_when_results_are_exchanged(cards, client):
    part = body(client.get("/suche/?art=network", headers={"HX-Target": "results"}))

    assert 'id="facet-art-network"' in part, "the filter that was pressed"
    assert "data-focus-after-swap" in part, "what says how many hits there are"

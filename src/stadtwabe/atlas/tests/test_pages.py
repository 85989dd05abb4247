"""The pages of the atlas that show many things."""

import json
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from lxml import html

from stadtwabe.atlas.commands import add_deployment
from stadtwabe.catalog.rules import PartyRole
from stadtwabe.catalog.tests.factories import make_places
from stadtwabe.evidence.tests.factories import NOW, account_of, editor_of
from stadtwabe.evidence.tests.thing_factories import make_thing, quoting, town_with_card
from stadtwabe.people.commands import party_for_place

pytestmark = pytest.mark.django_db
LISTS = ("projekte", "loesungen", "strategien", "foerderung", "publikationen", "organisationen")


@pytest.fixture
def koeln():
    return town_with_card()


@pytest.fixture
def bochum():
    return town_with_card("05911000")


def portrait_of(party, **values):
    return make_thing("portrait", party, title=party.place.name, place=party.place, **values)


def queries_of(client, address):
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert client.get(address).status_code == 200
    return len(seen)


@pytest.mark.parametrize("name", [*LISTS, "portraets", ""])
def test_every_list_answers_while_it_is_empty(client, name):
    address = f"/atlas/{name}/" if name else "/atlas/"
    assert client.get(address).status_code == 200
    assert client.get(f"{address}?format=json").status_code == 200


def test_projects_are_narrowed_by_goal_stage_and_state(client, koeln, bochum):
    lead = [(koeln, PartyRole.LEAD)]
    make_thing("project", koeln, title="Pegel", stage="pilot", goals=[13], parties=lead)
    make_thing("project", bochum, title="Radzähler", stage="running", goals=[11])
    found = client.get("/atlas/projekte/?sdg=13&phase=pilot&ort=05&format=json")
    titles = [entry["title"] for entry in json.loads(b"".join(found.streaming_content))["results"]]
    assert titles == ["Pegel"]
    page = client.get("/atlas/projekte/?groesse=large").content.decode()
    assert "Pegel" in page
    assert "Radzähler" not in page, "it has no place"


def test_only_editors_are_offered_to_create(client, koeln):
    assert "/atlas/projekte/neu/" not in client.get("/atlas/projekte/").content.decode()
    client.force_login(account_of(koeln))
    assert "/atlas/projekte/neu/" in client.get("/atlas/projekte/").content.decode()


@pytest.mark.parametrize("name", ["project", "solution", "funding", "portrait"])
def test_the_page_of_a_thing_takes_as_many_queries_whatever_hangs_on_it(client, koeln, name):
    def one(number, **values):
        values = {"place": koeln.place} if name == "portrait" else {}
        parties = [(koeln, PartyRole.LEAD)]
        return make_thing(
            name, koeln, title=f"Ding {number}", topics=["mobility"], parties=parties, **values
        )

    thing = one(0)
    if name == "portrait":
        before = queries_of(client, thing.card.path)
        for number in range(3):
            make_thing("project", koeln, title=f"Vorhaben {number}", topics=["mobility"])
        assert queries_of(client, thing.card.path) == before
        return
    one(1)
    before = queries_of(client, thing.card.path)
    one(2)
    one(3)
    assert queries_of(client, thing.card.path) == before


def test_a_solution_takes_as_many_queries_with_one_town_as_with_three(client, koeln):
    app = make_thing("solution", koeln, title="Gut versorgt")

    def deploy(key):
        party = town_with_card(key)
        add_deployment(
            actor=editor_of(koeln),
            party=party,
            solution=app,
            values={"since": date(2020, 5, 1)},
            sources=dict(
                zip(["relation", "since"], quoting(koeln, f"in {key}", "ja", "Mai"), strict=True)
            ),
            now=NOW,
        )

    deploy("05911000")
    before = queries_of(client, app.card.path), queries_of(client, "/atlas/nachnutzung/")
    deploy("05113000")
    deploy("05112000")
    after = queries_of(client, app.card.path), queries_of(client, "/atlas/nachnutzung/")
    assert after == before


class TestStatistics:
    def test_every_number_is_that_of_the_list_behind_it(self, client, koeln, bochum):
        portrait_of(koeln, digital_agenda="adopted", topics=["mobility", "education"])
        portrait_of(bochum, digital_agenda="in_preparation", topics=["mobility"])
        make_thing("project", koeln, title="Pegel", stage="pilot", topics=["education"])
        found = client.get("/atlas/statistik/?format=json").json()
        figures = [figure for rows in found["tables"].values() for figure in rows]
        assert sum(figure["count"] for figure in figures) > 6
        for figure in figures:
            if figure["list"] is None:
                assert figure["count"] == 0
                continue
            address = figure["list"].removeprefix("http://testserver")
            joint = "&" if "?" in address else "?"
            listed = client.get(f"{address}{joint}format=json")
            count = json.loads(b"".join(listed.streaming_content))["count"]
            assert count == figure["count"], address

    def test_the_share_is_of_all_towns_in_the_register(self, client, koeln, bochum):
        make_places("05113000", "05770004")
        portrait_of(koeln, digital_agenda="adopted")
        found = client.get("/atlas/statistik/?format=json").json()
        [agenda] = [figure for figure in found["tables"]["all"] if figure["key"] == "agenda"]
        assert agenda["of_towns"] == found["towns_in_register"] == 4
        assert agenda["share_percent"] == 25
        page = client.get("/atlas/statistik/").content.decode()
        assert "1 (1 von 4 Städten: 25,0 %)" in page
        assert "Gebietsstand 2016: 4." in page
        assert found["territorial_status"] == {"2016": 4}

    def test_a_place_without_the_title_of_a_town_counts_as_an_entry_only(
        self, client, koeln, bochum
    ):
        village = party_for_place(make_places("05958008")["05958008"])
        for party in (koeln, village):
            portrait_of(party, digital_agenda="adopted")
        [figure] = [
            each
            for each in client.get("/atlas/statistik/?format=json").json()["tables"]["all"]
            if each["key"] == "agenda"
        ]
        assert (figure["count"], figure["towns"], figure["of_towns"]) == (2, 1, 2)
        assert figure["share_percent"] == 50
        page = client.get("/atlas/statistik/").content.decode()
        assert "2 (1 von 2 Städten: 50,0 %)" in page

    def test_hidden_portraits_are_not_counted(self, client, koeln):
        portrait = portrait_of(koeln, digital_agenda="adopted")
        portrait.card.audience = "owner"
        portrait.card.save()
        found = client.get("/atlas/statistik/?format=json").json()
        assert found["tables"]["all"][1]["count"] == 0

    def test_as_a_table(self, client, koeln):
        portrait_of(koeln, digital_agenda="adopted")
        answer = client.get("/atlas/statistik/?format=csv")
        lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
        assert lines[0].startswith("tabelle;wert")
        [row] = [line for line in lines if line.startswith("states;05;")]
        assert row.startswith("states;05;Nordrhein-Westfalen;1;1;1;100")


class TestPeers:
    def test_towns_of_the_same_size_come_with_reasons(self, client, koeln, bochum):
        make_places("05113000", "05770004", "09162000")
        make_thing(
            "project", bochum, title="R", topics=["mobility"], parties=[(bochum, PartyRole.LEAD)]
        )
        make_thing(
            "project", koeln, title="P", topics=["mobility"], parties=[(koeln, PartyRole.LEAD)]
        )
        found = client.get("/atlas/orte-wie/05315000/?format=json").json()["towns"]
        assert found[0]["name"] == "Bochum"
        assert "im selben Land" in found[0]["reasons"]
        assert "gemeinsame Themen: Mobilität" in found[0]["reasons"]
        assert "Großstadt" in found[0]["reasons"]
        names = [each["name"] for each in found]
        assert "Espelkamp" not in names, "a small town"
        assert "Köln" not in names
        assert "Bochum" in client.get(koeln.place.get_absolute_url()).content.decode()

    def test_unknown_keys_are_not_found(self, client):
        assert client.get("/atlas/orte-wie/99999999/").status_code == 404


class TestComparison:
    def test_values_stand_side_by_side_with_their_sources(self, client, koeln, bochum):
        one = portrait_of(koeln, digital_agenda="adopted")
        two = portrait_of(bochum, digital_agenda="none", website="https://bochum.example/")
        address = f"/atlas/vergleich/?karte={one.card.pk}&karte={two.card.pk}"
        page = html.fromstring(client.get(address).content)
        [row] = page.xpath("//tr[th='Digitale Agenda']")
        assert "beschlossen" in row[1].text_content()
        assert "keine" in row[2].text_content()
        assert row.get("class") == "differs"
        assert len(row.xpath(".//a[@class='source']")) == 2

    def test_nothing_hidden_foreign_or_odd_gets_in(self, client, koeln, bochum):
        hidden = portrait_of(koeln, digital_agenda="adopted")
        hidden.card.audience = "owner"
        hidden.card.save()
        solution = make_thing("solution", bochum, title="Gut versorgt")
        address = f"/atlas/vergleich/?karte={hidden.card.pk}&karte={solution.card.pk}&karte=x"
        response = client.get(address)
        assert response.status_code == 200
        page = response.content.decode()
        assert "Gut versorgt" not in page
        assert "beschlossen" not in page

    def test_at_most_four(self, client, koeln):
        ids = [make_thing("project", koeln, title=f"P {n}").card.pk for n in range(6)]
        query = "&".join(f"karte={pk}" for pk in ids)
        page = html.fromstring(client.get(f"/atlas/vergleich/?{query}").content)
        assert len(page.xpath("//table//thead//th")) == 4


def test_the_cell_of_a_town_shows_its_portrait_with_sources(client, koeln):
    portrait = portrait_of(koeln, responsible_unit="Amt für Wandel")
    page = html.fromstring(client.get(koeln.place.get_absolute_url()).content)
    [box] = page.xpath("//*[@data-property='responsible_unit']")
    assert "Amt für Wandel" in box.text_content()
    assert box.xpath(".//a[@class='source']")
    assert page.xpath("//a[@href=$path]", path=portrait.card.path)


def test_markup_in_a_title_stays_text_in_page_and_data_block(client, koeln):
    title = "</script><script>alert(1)</script>"
    thing = make_thing("project", koeln, title=title)
    page = client.get(thing.card.path).content.decode()
    assert "<script>alert" not in page
    [block] = html.fromstring(page).xpath("//script[@type='application/ld+json']/text()")
    assert json.loads(block)["name"] == title

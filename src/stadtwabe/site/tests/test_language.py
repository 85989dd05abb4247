"""Choosing the language: a form and one cookie; data stay the same in every language."""

import json
from datetime import date

import pytest
from django.template import Context, Template
from django.utils import translation
from lxml import html

from stadtwabe.evidence.tests.factories import document_of, project_of, town

GERMAN, ENGLISH = {"accept-language": "de"}, {"accept-language": "en"}


@pytest.mark.django_db
def test_reading_sets_no_cookie_and_choosing_sets_only_that_of_the_language(client):
    assert not client.get("/impressum/", headers=GERMAN).cookies

    chosen = client.post("/sprache/", {"language": "en", "next": "/impressum/"})

    assert chosen.url == "/impressum/"
    assert {name: cookie.value for name, cookie in chosen.cookies.items()} == {
        "django_language": "en"
    }
    page = client.get("/impressum/", headers=GERMAN)
    assert 'lang="en"' in page.content.decode()
    assert not page.cookies


@pytest.mark.django_db
def test_the_switch_works_without_javascript(client):
    tree = html.fromstring(client.get("/suche/?q=App", headers=GERMAN).content.decode())
    form = tree.xpath("//form[@action='/sprache/']")[0]
    (button,) = form.xpath(".//button")
    assert (form.method, button.get("name"), button.get("value")) == ("POST", "language", "en")
    assert button.get("lang") == "en"

    fields = {**dict(form.form_values()), button.get("name"): button.get("value")}
    answer = client.post("/sprache/", fields, follow=True)

    assert answer.redirect_chain == [("/suche/?q=App", 302)]
    assert answer.context["request"].LANGUAGE_CODE == "en"


@pytest.mark.django_db
def test_nobody_is_led_to_a_foreign_address(client):
    answer = client.post("/sprache/", {"language": "en", "next": "https://example.org/"})
    assert answer.url == "/"


@pytest.mark.django_db
def test_a_table_is_the_same_in_every_language(client):
    project_of(town(), document_of(town()), summary="Köln erprobt es.", starts_on=date(2024, 5, 1))
    address = "/atlas/projekte/?format=csv"
    german = client.get(address, headers=GERMAN).getvalue()
    assert "Köln" in german.decode()
    assert client.get(address, headers=ENGLISH).getvalue() == german


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address",
    [
        "/atlas/projekte/?format=json",
        "/atlas/projekte/?format=geojson",
        "/api/v1/projects/jugend-meets-verwaltung",
    ],
)
def test_json_names_its_fields_alike_in_every_language(client, address):
    project_of(town(), document_of(town()), starts_on=date(2024, 5, 1))

    def names(value):
        if isinstance(value, dict):
            return {name: names(each) for name, each in value.items()}
        return [names(each) for each in value] if isinstance(value, list) else None

    german, english = (
        json.loads(client.get(address, headers=headers).getvalue()) for headers in (GERMAN, ENGLISH)
    )
    assert "Jugend meets Verwaltung" in json.dumps(german)
    assert names(german) == names(english)


@pytest.mark.parametrize(
    ("language", "day", "number"),
    [("de", "3. Mai 2026", "1.234.567,5"), ("en", "3 May 2026", "1,234,567.5")],
)
def test_dates_and_numbers_follow_the_language(language, day, number):
    template = Template("{{ day|date }}|{{ number }}")
    with translation.override(language):
        shown = template.render(Context({"day": date(2026, 5, 3), "number": 1234567.5}))
    assert shown == f"{day}|{number}"

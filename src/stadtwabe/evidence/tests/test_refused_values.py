"""What no value may be, whichever door it comes through: command, form, API."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from stadtwabe.catalog.models import Card
from stadtwabe.evidence.commands import create_thing, describe_document
from stadtwabe.evidence.models import Statement
from stadtwabe.evidence.sources import Declaration
from stadtwabe.evidence.tests.factories import NOW, account_of, document_of, editor_of, town
from stadtwabe.evidence.tests.test_api import new, token_of
from stadtwabe.evidence.tests.test_pages_editing import NEW, declared
from stadtwabe.evidence.things import thing_kind
from stadtwabe.kit.errors import Invalid

pytestmark = pytest.mark.django_db
API = "/api/v1/projects"
HIDDEN = "Pegel \u202eim\u202c\u00a0Blick\u200b\ufeff"
FTP = "ftp://alt.example/pegel"


@pytest.fixture
def koeln():
    return town()


def make(party, *, now=NOW, on=date(2026, 11, 20), **values):
    thing, _change = create_thing(
        actor=editor_of(party),
        kind=thing_kind("project"),
        owner=party,
        values=values,
        sources=dict.fromkeys(values, Declaration(party, "Redaktion", on)),
        now=now,
    )
    return thing


def test_characters_nobody_sees_reach_neither_thing_nor_card_nor_statement(koeln):
    thing = make(koeln, title=HIDDEN, summary="Zeile eins\r\nZeile\u2066 zwei")
    thing.refresh_from_db()
    assert thing.title == Card.objects.get().title == "Pegel im\u00a0Blick"
    assert thing.summary == "Zeile eins\nZeile zwei"
    assert "\u202e" not in "".join(map(str, Statement.objects.values_list("value", flat=True)))


def test_a_title_of_nothing_but_such_characters_is_none(koeln):
    with pytest.raises(Invalid) as refused:
        make(koeln, title="\u200b\u2060")
    assert refused.value.field == "title"


def test_the_title_of_a_document_is_as_readable(koeln):
    document = document_of(koeln)
    about: dict[str, Any] = {
        "publisher": "Stadt\u202e Köln",
        "published_on": None,
        "licence": "unknown",
    }
    editor = editor_of(koeln)
    describe_document(
        actor=editor, document=document, now=NOW, title="Rund\u00adbrief", address="", **about
    )
    assert (document.title, document.publisher) == ("Rundbrief", "Stadt Köln")
    with pytest.raises(Invalid, match="http"):
        describe_document(
            actor=editor, document=document, now=NOW, title="Rundbrief", address=FTP, **about
        )


def test_an_address_that_no_browser_opens_is_refused_by_the_command(koeln):
    with pytest.raises(Invalid, match="http:// oder https://") as refused:
        make(koeln, title="Pegel", website=FTP)
    assert refused.value.field == "website"
    assert make(koeln, title="Pegel", website="HTTPS://pegel.example/").pk


def test_by_the_form_with_what_was_typed(client, koeln):
    client.force_login(account_of(koeln))
    response = client.post(NEW, declared(koeln, title="Pegel", website=FTP))
    assert response.status_code == 422
    page = response.content.decode()
    assert "http:// oder https://" in page
    assert f'value="{FTP}"' in page


def test_and_by_the_api(client, koeln):
    answer = client.post(
        API,
        new(koeln, website=FTP),
        content_type="application/json",
        headers=token_of(koeln, "edit"),
    )
    assert (answer.status_code, answer.json()["field"]) == (422, "website")


def test_a_declaration_of_tomorrow_is_refused_by_form_and_api(client, koeln):
    client.force_login(account_of(koeln))
    response = client.post(NEW, declared(koeln, title="Pegel", source_on="2999-01-01"))
    assert response.status_code == 422
    assert "liegt in der Zukunft" in response.content.decode()
    data = {**new(koeln), "source": {"on": "2999-01-01"}}
    headers = token_of(koeln, "edit", email="anders@example.org")
    answer = client.post(API, data, content_type="application/json", headers=headers)
    assert (answer.status_code, answer.json()["field"]) == (422, "source_on")
    assert not Card.objects.filter(kind="project").exists()


def test_today_is_the_day_in_germany(koeln):
    late_in_utc = datetime(2026, 11, 21, 23, 30, tzinfo=UTC)
    assert make(koeln, title="Pegel", now=late_in_utc, on=date(2026, 11, 22)).pk
    with pytest.raises(Invalid):
        make(koeln, title="Pegel", now=late_in_utc, on=date(2026, 11, 23))

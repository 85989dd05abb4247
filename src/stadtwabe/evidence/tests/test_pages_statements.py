"""Every displayed value leads to a page that quotes its source."""

import pytest
from django.template import Context, Template

from stadtwabe.evidence.commands import edit_thing, withdraw_thing
from stadtwabe.evidence.models import Statement
from stadtwabe.evidence.queries.statements import prefetch_statements, visible_to
from stadtwabe.evidence.sources import Declaration
from stadtwabe.evidence.tests.factories import (
    NOW,
    account_of,
    document_of,
    editor_of,
    passage,
    project_of,
    town,
)
from stadtwabe.evidence.things import thing_kind
from stadtwabe.kit.actor import VISITOR

pytestmark = pytest.mark.django_db


@pytest.fixture
def koeln():
    return town()


@pytest.fixture
def project(koeln):
    return project_of(koeln, document_of(koeln))


def statement_of(project, name, **more):
    return Statement.objects.get(card=project.card, property=name, **more)


def rendered(project, words):
    template = Template("{% load evidence %}" + words)
    return template.render(Context({"project": project, "card": project.card})).strip()


def test_the_mark_beside_a_value_links_to_its_statement(project):
    html = rendered(project, '{% sourced card "stage" project.stage %}')
    assert f'href="/quellen/aussage/{statement_of(project, "stage").pk}/"' in html
    assert "für: Stand" in html


def test_a_party_is_found_by_its_card_party(project):
    context = {"card": project.card, "party": project.card.card_parties.get()}
    html = Template('{% load evidence %}{% sourced card "parties" party %}').render(
        Context(context)
    )
    assert f"/quellen/aussage/{statement_of(project, 'parties').pk}/" in html


def test_nothing_is_claimed_where_there_is_no_statement(project):
    assert rendered(project, '{% sourced card "goal" project.goal %}') == ""


def test_all_marks_of_a_page_take_one_query(project, koeln, django_assert_num_queries):
    other = project_of(koeln, document_of(koeln, text="Köln erprobt „Jugend meets Verwaltung“."))
    with django_assert_num_queries(1):
        prefetch_statements([project.card, other.card])
    with django_assert_num_queries(0):
        rendered(project, '{% sourced card "stage" "pilot" %}{% sourced card "title" "x" %}')
        rendered(other, '{% sourced card "parties" %}')


def test_the_page_quotes_the_passage_in_its_sentence_and_no_more(client, project):
    statement = statement_of(project, "stage")
    page = client.get(statement.get_absolute_url()).content.decode()
    assert '<mark id="stelle">erprobt</mark>' in page
    assert "Seit Mai" in page
    assert "„Jugend meets Verwaltung“." in page
    assert "Niemand sonst" not in page, "not the rest of the document"
    assert "Stand: wird erprobt" in page
    assert "Redaktion Köln, Person Nr. 7" in page
    assert 'href="/atlas/projekte/jugend-meets-verwaltung/"' in page


def test_a_contradiction_stands_on_both_pages(client, project, koeln):
    document = document_of(koeln, text="Inzwischen läuft es dauerhaft.", title="Ratsvorlage")
    edit_thing(
        actor=editor_of(koeln),
        kind=thing_kind("project"),
        thing=project,
        values={"stage": "permanent"},
        sources={"stage": passage(document, "dauerhaft")},
        now=NOW,
        beside=True,
    )
    current = statement_of(project, "stage", value="pilot")
    disputed = statement_of(project, "stage", value="permanent")
    page = client.get(current.get_absolute_url()).content.decode()
    assert "Andere Quellen sagen etwas anderes" in page
    assert "Ratsvorlage" in page
    assert disputed.get_absolute_url() in page
    page = client.get(disputed.get_absolute_url()).content.decode()
    assert "widerspricht" in page
    assert current.get_absolute_url() in page
    html = rendered(project, '{% sourced card "stage" project.stage %}')
    assert "andere Angabe" in html


def test_several_sources_of_one_value_are_one_link_whose_page_names_them_all(
    client, project, koeln
):
    second = document_of(koeln, text="Köln erprobt es weiterhin.", title="Zweiter Bericht")
    edit_thing(
        actor=editor_of(koeln),
        kind=thing_kind("project"),
        thing=project,
        values={"stage": "pilot"},
        sources={"stage": passage(second, "erprobt")},
        now=NOW,
        beside=True,
    )
    first, *others = project.card.statements.filter(property="stage").order_by("pk")
    assert len(others) == 1, "the second source stands beside the first"
    html = rendered(project, '{% sourced card "stage" project.stage %}')
    assert html.count("<a ") == 1
    assert "2 Quellen für: Stand" in html
    assert first.get_absolute_url() in html
    assert "Zweiter Bericht" in client.get(first.get_absolute_url()).content.decode()


def test_an_earlier_value_stays_in_the_history(client, project, koeln):
    edit_thing(
        actor=editor_of(koeln),
        kind=thing_kind("project"),
        thing=project,
        values={"stage": "permanent"},
        sources={"stage": Declaration(koeln, "Redaktion", NOW.date())},
        now=NOW,
    )
    earlier = statement_of(project, "stage", value="pilot")
    page = client.get(earlier.get_absolute_url()).content.decode()
    assert "gilt nicht mehr" in page
    page = client.get(statement_of(project, "stage", value="permanent").get_absolute_url())
    assert "Früher galt" in page.content.decode()
    assert "erklärt von" in page.content.decode()


def test_json_carries_the_same(client, project):
    statement = statement_of(project, "stage")
    answer = client.get(statement.get_absolute_url() + "?format=json").json()
    assert answer["quote"] == "erprobt"
    assert answer["value"] == "pilot"
    assert answer["context"].startswith("Seit Mai erprobt")


def test_statements_about_hidden_things_are_seen_by_their_editors_only(client, project, koeln):
    project.card.audience = "owner"
    project.card.save()
    bochum = town("05911000")
    page = statement_of(project, "stage").get_absolute_url()
    assert client.get(page).status_code == 404
    assert not visible_to(VISITOR).exists()
    client.force_login(account_of(bochum, "bochum@example.org"))
    assert client.get(page).status_code == 404
    client.force_login(account_of(koeln, "koeln@example.org"))
    assert client.get(page).status_code == 200


def test_of_a_withdrawn_thing_the_public_sees_no_statement(client, project, koeln):
    page = statement_of(project, "stage").get_absolute_url()
    withdraw_thing(
        actor=editor_of(koeln),
        kind=thing_kind("project"),
        thing=project,
        because="doppelt",
        now=NOW,
    )
    assert client.get(page).status_code == 404


def test_a_party_is_named_with_its_role(client, project):
    page = client.get(statement_of(project, "parties").get_absolute_url()).content.decode()
    assert "Beteiligte: Köln (Federführung)" in page

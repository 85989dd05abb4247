"""Redacting and withdrawing reach what was accepted: columns follow from what is still stated."""

from datetime import date

import pytest

from stadtwabe.atlas.commands import add_deployment
from stadtwabe.atlas.models import Deployment
from stadtwabe.catalog.models import Card, FormerAddress, Link, Word
from stadtwabe.evidence.commands import (
    edit_thing,
    merge_things,
    redact_document,
    withdraw_statement,
)
from stadtwabe.evidence.models import Merge, Statement
from stadtwabe.evidence.queries.redaction import also_elsewhere, values_with
from stadtwabe.evidence.tests.factories import (
    NOW,
    account_of,
    document_of,
    editor_of,
    passage,
    project_of,
    town,
)
from stadtwabe.evidence.tests.thing_factories import make_thing, quoting, town_with_card
from stadtwabe.evidence.things import thing_kind
from stadtwabe.kit.errors import Conflict, Invalid, NotAllowed
from stadtwabe.people.models import AuditEntry

pytestmark = pytest.mark.django_db

TEXT = (
    "Köln erprobt „Jugend meets Verwaltung“. Erika Mustermann leitet das Angebot und sagt: Erika "
    "Mustermann freut sich. Es begann am 3. Mai 2021."
)


@pytest.fixture
def koeln():
    return town()


@pytest.fixture
def document(koeln):
    return document_of(koeln, text=TEXT, file_name="Erika Mustermann.txt")


def project(koeln, document, **values):
    made = project_of(koeln, document)
    edit_thing(
        actor=editor_of(koeln),
        kind=thing_kind("project"),
        thing=made,
        values=values,
        sources=dict.fromkeys(values, passage(document, "Erika Mustermann")),
        now=NOW,
    )
    return made


def redact(koeln, document, words="Erika Mustermann"):
    start = document.text.index(words)
    redact_document(
        actor=editor_of(koeln),
        document=document,
        start=start,
        end=start + len(words),
        because="Personenbezug",
        everywhere=True,
        now=NOW,
    )
    document.refresh_from_db()


def everything_stored():
    """Return all that the database holds of what could name the person."""
    rows = [
        *Statement.objects.values_list("value", "quote"),
        *Card.objects.values_list("title", "summary", "search_text", "path"),
        *Word.objects.values_list("word", flat=True),
        *FormerAddress.objects.values_list("path", flat=True),
        *AuditEntry.objects.values_list("details", flat=True),
    ]
    return str(rows).lower()


def test_a_value_with_the_name_is_withdrawn_and_the_column_unknown(koeln, document):
    made = project(koeln, document, contact_role="Erika Mustermann", goal="Jugend beteiligen")
    redact(koeln, document)
    made.refresh_from_db()
    assert (made.contact_role, made.goal) == (None, "Jugend beteiligen")
    statement = Statement.objects.get(card=made.card, property="contact_role")
    assert (statement.state, set(statement.value)) == ("withdrawn", {"█"})
    assert "mustermann" not in everything_stored()
    assert document.file_name == "████████████████.txt"


def test_a_title_keeps_its_other_words_at_another_address(client, koeln, document):
    made = project(koeln, document, title="Sprechstunde mit Erika Mustermann")
    Card.objects.filter(pk=made.card.pk).update(
        slug="sprechstunde-mit-erika-mustermann",
        path="/atlas/projekte/sprechstunde-mit-erika-mustermann/",
    )
    redact(koeln, document)
    made.refresh_from_db()
    card = Card.objects.get(pk=made.card.pk)
    assert made.title == card.title == "Sprechstunde mit ████████████████"
    assert card.path == "/atlas/projekte/sprechstunde-mit/"
    assert client.get(card.path).status_code == 200
    gone = client.get("/atlas/projekte/sprechstunde-mit-erika-mustermann/")
    assert gone.status_code == 404
    assert "mustermann" not in everything_stored()


def test_what_another_source_says_takes_the_place_and_is_shown_beforehand(koeln, document):
    made = project(koeln, document, contact_role="Erika Mustermann, Stabsstelle")
    other = document_of(koeln, text="Bei Erika Mustermann meldet man sich: Stabsstelle.")
    edit_thing(
        actor=editor_of(koeln),
        kind=thing_kind("project"),
        thing=made,
        values={"contact_role": "Stabsstelle", "goal": "Erika Mustermann hilft"},
        sources=dict.fromkeys(("contact_role", "goal"), passage(other, "Stabsstelle")),
        now=NOW,
        beside=True,
    )
    words = "Erika Mustermann"
    assert [s.property for s in values_with(document, words)] == ["contact_role"]
    assert [s.property for s in also_elsewhere(document, words)] == ["goal"]
    redact(koeln, document)
    made.refresh_from_db()
    assert made.contact_role == "Stabsstelle"
    assert made.goal == "Erika Mustermann hilft", "the other document is not redacted"


def test_a_value_without_the_name_stays_though_its_passage_is_blacked_out(koeln, document):
    made = project(koeln, document, technology="Telefon")
    redact(koeln, document)
    made.refresh_from_db()
    assert made.technology == "Telefon"
    statement = Statement.objects.get(card=made.card, property="technology")
    assert (statement.state, set(statement.quote)) == ("current", {"█"})


def test_withdrawing_a_statement_makes_its_value_unknown(koeln, document):
    made = project(koeln, document, starts_on=date(2021, 5, 1), starts_precision="month")
    statement = Statement.objects.get(card=made.card, property="starts_on")
    withdraw_statement(actor=editor_of(koeln), statement=statement, because="Irrtum", now=NOW)
    made.refresh_from_db()
    assert (made.starts_on, made.starts_precision) == (None, "day")
    gone = Statement.objects.filter(card=made.card, state="withdrawn")
    assert {s.property for s in gone} == {"starts_on", "starts_precision"}
    entry = AuditEntry.objects.get(command="evidence.withdraw_statement")
    assert entry.details["because"] == "Irrtum"


def test_what_contradicted_alone_takes_its_place(koeln, document):
    made = project(koeln, document, stage="permanent")
    other = document_of(koeln, text="Es läuft.")
    edit_thing(
        actor=editor_of(koeln),
        kind=thing_kind("project"),
        thing=made,
        values={"stage": "running"},
        sources={"stage": passage(other, "läuft")},
        now=NOW,
        beside=True,
    )
    known = Statement.objects.get(card=made.card, property="stage", state="current")
    withdraw_statement(actor=editor_of(koeln), statement=known, because="Irrtum", now=NOW)
    made.refresh_from_db()
    assert made.stage == "running"


def test_one_item_of_a_list_and_one_party_can_be_withdrawn(koeln, document):
    made = project(koeln, document, topics=["mobility", "education"])
    for name, value in (("topics", "mobility"), ("parties", None)):
        found = Statement.objects.filter(card=made.card, property=name)
        statement = found.filter(value=value)[0] if value else found[0]
        withdraw_statement(actor=editor_of(koeln), statement=statement, because="x", now=NOW)
    made.refresh_from_db()
    assert made.topics == ["education"]
    assert not made.card.card_parties.exists()


def test_a_thing_cannot_do_without_its_title(koeln, document):
    made = project_of(koeln, document)
    title = Statement.objects.get(card=made.card, property="title")
    with pytest.raises(Conflict):
        withdraw_statement(actor=editor_of(koeln), statement=title, because="Irrtum", now=NOW)


def test_it_needs_a_reason_the_right_and_something_to_withdraw(koeln, document):
    made = project_of(koeln, document)
    stage = Statement.objects.get(card=made.card, property="stage")
    with pytest.raises(Invalid):
        withdraw_statement(actor=editor_of(koeln), statement=stage, because=" ", now=NOW)
    with pytest.raises(NotAllowed):
        withdraw_statement(
            actor=editor_of(town("05911000")), statement=stage, because="Irrtum", now=NOW
        )
    withdraw_statement(actor=editor_of(koeln), statement=stage, because="Irrtum", now=NOW)
    with pytest.raises(Conflict):
        withdraw_statement(actor=editor_of(koeln), statement=stage, because="Irrtum", now=NOW)


def test_a_fact_between_two_things_goes_with_its_last_reason():
    koeln = town_with_card()
    app = make_thing("solution", koeln, title="Gut versorgt")
    where = dict(zip(("relation", "state"), quoting(koeln, "x", "Relation", "Stand"), strict=True))
    deployment = add_deployment(
        actor=editor_of(koeln),
        party=koeln,
        solution=app,
        values={"state": "in_use"},
        sources=where,
        now=NOW,
    )
    state, relation = (
        Statement.objects.get(link=deployment.link, property=name) for name in ("state", "relation")
    )
    withdraw_statement(actor=editor_of(koeln), statement=state, because="Irrtum", now=NOW)
    assert Deployment.objects.get().state is None
    withdraw_statement(actor=editor_of(koeln), statement=relation, because="Irrtum", now=NOW)
    assert not Deployment.objects.exists()
    assert not Link.objects.exists()


def test_an_editor_finds_every_statement_of_a_thing_and_takes_one_back(client, koeln, document):
    made = project(koeln, document, goal="Jugend beteiligen")
    statement = Statement.objects.get(card=made.card, property="goal")
    address = f"{statement.get_absolute_url()}zurueckziehen/"
    assert "zurueckziehen" not in client.get(statement.get_absolute_url()).content.decode()
    client.force_login(account_of(koeln))
    assert f"{made.card.path}angaben/" in client.get(made.card.path).content.decode()
    assert address in client.get(f"{made.card.path}angaben/").content.decode()
    assert address in client.get(statement.get_absolute_url()).content.decode()
    assert client.post(address, {"because": ""}).status_code == 422
    assert client.post(address, {"because": "Irrtum"}).url == made.card.path
    made.refresh_from_db()
    assert made.goal is None
    title = Statement.objects.get(card=made.card, property="title")
    refused = client.post(f"{title.get_absolute_url()}zurueckziehen/", {"because": "Irrtum"})
    assert refused.status_code == 422
    assert "Ohne diese Angabe kann der Eintrag nicht stehen" in refused.content.decode()


def test_a_merge_is_taken_back_on_the_page_of_the_statements(client, koeln, document):
    kept, gone = project_of(koeln, document), project_of(koeln, document, title="Jugend im Amt")
    merge_things(
        actor=editor_of(koeln),
        kind=thing_kind("project"),
        survivor=kept,
        duplicate=gone,
        now=NOW,
    )
    client.force_login(account_of(koeln))
    address = f"{kept.card.path}angaben/"
    page = client.get(address).content.decode()
    assert "Zusammenführung zurücknehmen" in page
    merge = Merge.objects.get()
    assert client.post(address, {"merge": "0"}).status_code == 404
    assert client.post(address, {"merge": merge.pk}).url == gone.card.path
    assert client.get(gone.card.path).status_code == 200
    assert "Zusammenführung zurücknehmen" not in client.get(address).content.decode()


def test_before_redacting_the_editor_sees_which_values_will_go(client, koeln, document):
    made = project(koeln, document, contact_role="Erika Mustermann")
    client.force_login(account_of(koeln))
    address = f"/redaktion/dokumente/{document.pk}/schwaerzen/"
    posted = {"words": "Erika Mustermann", "because": "Personenbezug"}
    page = client.post(address, posted).content.decode()
    assert "Diese Angaben enthalten die Wörter" in page
    assert made.card.path in page
    made.refresh_from_db()
    assert made.contact_role == "Erika Mustermann", "nothing is done yet"
    assert client.post(address, {**posted, "gesehen": "1"}).status_code == 302
    made.refresh_from_db()
    assert made.contact_role is None

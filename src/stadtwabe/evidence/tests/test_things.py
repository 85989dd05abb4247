"""Creating, editing and undoing a thing with sources, by the example of a project."""

from datetime import UTC, datetime, timedelta

import pytest

from stadtwabe.catalog.rules import PartyRole
from stadtwabe.evidence.commands import create_thing, edit_thing, undo_change, withdraw_thing
from stadtwabe.evidence.models import Document, Statement
from stadtwabe.evidence.rules import StatementState
from stadtwabe.evidence.sources import Declaration, Passage
from stadtwabe.evidence.things import thing_kind
from stadtwabe.kit.actor import VISITOR, Actor, Grant
from stadtwabe.kit.errors import Conflict, Invalid, NotAllowed
from stadtwabe.people.commands import party_for_place
from stadtwabe.places.models import Place
from stadtwabe.places.rules import Level

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
TEXT = "Köln erprobt „Jugend meets Verwaltung“. Das Angebot läuft dauerhaft."


@pytest.fixture
def party():
    state = Place.objects.create(key="05", level=Level.STATE, name="Nordrhein-Westfalen")
    Place.objects.create(key="05315", level=Level.DISTRICT, name="Köln", parent=state)
    place = Place.objects.create(
        key="05315000", level=Level.MUNICIPALITY, name="Köln", parent_id="05315"
    )
    return party_for_place(place)


@pytest.fixture
def editor(party):
    return Actor(person=7, grants=frozenset({Grant("editor", party.pk)}))


@pytest.fixture
def document(party):
    return Document.objects.create(
        title="Rundbrief",
        owner=party,
        retrieved_at=NOW,
        media_type="text/plain",
        file_sha256="0" * 64,
        text=TEXT,
        state="read",
    )


def passage(document, words):
    start = document.text.index(words)
    return Passage(document, start, start + len(words))


def make(editor, party, document):
    source = passage(document, "„Jugend meets Verwaltung“")
    return create_thing(
        actor=editor,
        kind=thing_kind("project"),
        owner=party,
        values={"title": "Jugend meets Verwaltung", "stage": "pilot", "topics": ["education"]},
        sources={
            "title": source,
            "stage": passage(document, "erprobt"),
            "topics": Declaration(party, "Redaktion", NOW.date()),
            "parties": passage(document, "Köln"),
        },
        parties=[(party, PartyRole.LEAD)],
        now=NOW,
    )


def test_every_value_of_a_new_thing_has_a_statement_that_quotes_its_source(editor, party, document):
    project, _change = make(editor, party, document)
    stated = {s.property: (s.value, s.quote) for s in Statement.objects.filter(card=project.card)}
    assert stated == {
        "title": ("Jugend meets Verwaltung", "„Jugend meets Verwaltung“"),
        "stage": ("pilot", "erprobt"),
        "topics": ("education", ""),
        "parties": ({"party": party.pk, "role": "lead"}, "Köln"),
    }
    assert project.card.path == "/atlas/projekte/jugend-meets-verwaltung/"
    assert project.card.place_id == "05315000"


def test_a_value_without_a_source_is_refused_and_nothing_is_written(editor, party):
    with pytest.raises(Invalid) as caught:
        create_thing(
            actor=editor,
            kind=thing_kind("project"),
            owner=party,
            values={"title": "Ohne Beleg"},
            sources={},
            now=NOW,
        )
    assert caught.value.field == "title"
    assert not thing_kind("project").model._default_manager.exists()


def test_a_visitor_may_write_nothing(party, document):
    with pytest.raises(NotAllowed):
        make(VISITOR, party, document)


def test_a_later_value_takes_the_place_of_the_earlier_and_can_be_undone(editor, party, document):
    project, _change = make(editor, party, document)
    change = edit_thing(
        actor=editor,
        kind=thing_kind("project"),
        thing=project,
        values={"stage": "permanent"},
        sources={"stage": passage(document, "dauerhaft")},
        now=NOW + timedelta(days=1),
    )
    states = dict(
        Statement.objects.filter(card=project.card, property="stage").values_list("value", "state")
    )
    assert states == {"pilot": StatementState.SUPERSEDED, "permanent": StatementState.CURRENT}
    undo_change(actor=editor, change=change, now=NOW + timedelta(days=2))
    project.refresh_from_db()
    assert project.stage == "pilot"
    assert Statement.objects.get(card=project.card, property="stage").state == "current"


def test_beside_keeps_a_contradiction_next_to_the_known_value(editor, party, document):
    project, _change = make(editor, party, document)
    edit_thing(
        actor=editor,
        kind=thing_kind("project"),
        thing=project,
        values={"stage": "permanent", "topics": ["administration"]},
        sources={
            "stage": passage(document, "dauerhaft"),
            "topics": passage(document, "Verwaltung"),
        },
        now=NOW + timedelta(days=1),
        beside=True,
    )
    project.refresh_from_db()
    assert project.stage == "pilot"
    assert project.topics == ["education", "administration"]
    disputed = Statement.objects.get(card=project.card, property="stage", value="permanent")
    assert disputed.state == StatementState.DISPUTED
    added = Statement.objects.get(card=project.card, property="topics", value="administration")
    assert added.state == StatementState.CURRENT, "a further topic contradicts nothing"


def test_undo_is_refused_when_somebody_has_changed_the_same_value_since(editor, party, document):
    project, change = make(editor, party, document)
    edit_thing(
        actor=editor,
        kind=thing_kind("project"),
        thing=project,
        values={"stage": "permanent"},
        sources={"stage": passage(document, "dauerhaft")},
        now=NOW,
    )
    with pytest.raises(Conflict):
        undo_change(actor=editor, change=change, now=NOW)


def test_a_withdrawn_thing_leaves_a_tombstone(editor, party, document):
    project, _change = make(editor, party, document)
    with pytest.raises(Invalid):
        withdraw_thing(
            actor=editor, kind=thing_kind("project"), thing=project, because=" ", now=NOW
        )
    withdraw_thing(
        actor=editor, kind=thing_kind("project"), thing=project, because="doppelt", now=NOW
    )
    project.card.refresh_from_db()
    assert project.card.withdrawn_because == "doppelt"

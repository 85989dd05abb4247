"""Receiving, reading, redacting documents: nothing twice, nothing half, no decision lost."""

import threading

import pytest
from django.db import connection

from stadtwabe.catalog.rules import PartyRole
from stadtwabe.evidence.commands import (
    Origin,
    Proposal,
    StoredText,
    begin_reading,
    create_thing,
    fail_document,
    note_progress,
    receive_document,
    redact_document,
    reject_suggestion,
    reopen_document,
    reopen_suggestion,
    store_reading,
)
from stadtwabe.evidence.models import Document, Statement, Suggestion
from stadtwabe.evidence.queries.documents import handled_by, near_duplicates
from stadtwabe.evidence.queries.suggestions import decidable_by, distrust
from stadtwabe.evidence.similarity import resemblance, sketch_of
from stadtwabe.evidence.tests.factories import (
    NOW,
    TEXT,
    document_of,
    editor_of,
    passage,
    project_of,
    town,
)
from stadtwabe.evidence.things import thing_kind
from stadtwabe.kit.actor import SYSTEM, VISITOR
from stadtwabe.kit.errors import Conflict, Invalid, NotAllowed
from stadtwabe.people.models import AuditEntry

pytestmark = pytest.mark.django_db
DATA = TEXT.encode()
ORIGIN = Origin(file_name="rundbrief.txt", media_type="text/plain")


@pytest.fixture
def koeln():
    return town()


def receive(party, data=DATA, origin=ORIGIN, actor=None):
    return receive_document(
        actor=actor or editor_of(party), owner=party, data=data, origin=origin, now=NOW
    )


def proposal(text, name, kind="project", **more):
    start = text.index(name)
    return Proposal(
        kind=kind,
        start=more.pop("start", 0),
        end=more.pop("end", len(text)),
        content={
            "name": name,
            "properties": [
                {
                    "name": "name",
                    "value": name,
                    "start": start,
                    "end": start + len(name),
                    "quote": name,
                    "confidence": 0.9,
                    "reasons": [],
                }
            ],
            "places": [],
        },
        confidence=0.8,
        **more,
    )


def read(document, *proposals, text=TEXT, version="1"):
    begin_reading(actor=SYSTEM, document=document)
    return store_reading(
        actor=SYSTEM,
        document=document,
        text=StoredText(text=text, layout=[]),
        proposals=proposals,
        reader_version=version,
        now=NOW,
    )


def test_a_document_is_received_with_its_hash_and_its_bytes(koeln):
    document, was_there = receive(koeln)
    assert not was_there
    assert document.state == "received"
    assert bytes(document.original) == DATA
    assert len(document.file_sha256) == 64
    assert document.title == "rundbrief"
    assert AuditEntry.objects.filter(command="evidence.receive_document").count() == 1


def test_the_same_document_twice_is_recognised_within_one_owner(koeln):
    first, _was_there = receive(koeln)
    second, was_there = receive(koeln, origin=Origin(file_name="kopie.txt"))
    assert was_there
    assert second == first
    other, was_there = receive(town("05911000"))
    assert not was_there
    assert other != first


@pytest.mark.django_db(transaction=True)
def test_the_same_upload_twice_at_once_is_one_document(koeln):
    together = threading.Barrier(4)
    found, failures = [], []

    def upload():
        try:
            together.wait(5)
            found.append(receive(koeln))
        except Exception as error:  # shown by the assertion below
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=upload) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert len({document.pk for document, _was_there in found}) == 1
    assert sorted(was_there for _document, was_there in found) == [False, True, True, True]
    assert Document.objects.count() == 1


def test_nothing_and_too_much_are_refused_by_name(koeln, settings):
    with pytest.raises(Invalid, match=r"„rundbrief\.txt“ ist leer"):
        receive(koeln, data=b" \n")
    settings.UPLOAD_LIMIT_BYTES = 1024**2
    with pytest.raises(
        Invalid, match=r"„rundbrief\.txt“ ist mit 2 MB zu groß \(höchstens 1 MB\)"
    ) as e:
        receive(koeln, data=b"x" * 1024**2 + b"x")
    assert "Teilen Sie" in e.value.remedy
    assert not Document.objects.exists()


def test_only_editors_of_the_owner_bring_in_documents(koeln):
    for actor in (VISITOR, editor_of(town("05911000"))):
        with pytest.raises(NotAllowed):
            receive(koeln, actor=actor)


def test_reading_stores_text_and_suggestions_and_drops_the_bytes(koeln):
    document, _was_there = receive(koeln)
    stored = read(document, proposal(TEXT, "Jugend meets Verwaltung"))
    document.refresh_from_db()
    assert (document.state, document.progress, document.original) == ("read", 100, None)
    assert document.text == TEXT
    assert stored.new == 1
    assert document.suggestions.get().form == "jugend meets verwaltung"


def test_reading_again_keeps_decisions_updates_open_ones_and_supersedes_the_rest(koeln):
    document, _was_there = receive(koeln)
    editor = editor_of(koeln)
    read(document, proposal(TEXT, "Jugend meets Verwaltung"), proposal(TEXT, "Städten"))
    rejected, kept_open = document.suggestions.order_by("position")
    reject_suggestion(actor=editor, suggestion=rejected, rejection="wrong", now=NOW)
    Suggestion.objects.filter(pk=kept_open.pk).update(draft={"values": {"stage": "pilot"}})
    reopen_document(actor=editor, document=document, now=NOW)
    stored = read(
        document,
        proposal(TEXT, "„Jugend meets Verwaltung“"),  # the name as a later reader gives it
        proposal(TEXT, "Städten"),
        proposal(TEXT, "Angebot"),
        version="2",
    )
    assert (stored.new, stored.known, stored.kept_decisions) == (1, 1, 1)
    rejected.refresh_from_db()
    kept_open.refresh_from_db()
    assert rejected.state == "rejected"
    assert (kept_open.state, kept_open.reader_version) == ("open", "2")
    assert kept_open.draft == {"values": {"stage": "pilot"}}, "what was chosen stays chosen"
    reopen_document(actor=editor, document=document, now=NOW)
    assert read(document, proposal(TEXT, "Angebot")).superseded == 1
    kept_open.refresh_from_db()
    assert kept_open.state == "superseded"


def test_the_text_of_a_document_cannot_be_exchanged(koeln):
    document, _was_there = receive(koeln)
    read(document)
    reopen_document(actor=editor_of(koeln), document=document, now=NOW)
    with pytest.raises(Conflict):
        read(document, text=TEXT + " Mehr.")


def test_a_cancelled_reading_writes_nothing(koeln):
    document, _was_there = receive(koeln)
    begin_reading(actor=SYSTEM, document=document)
    assert note_progress(actor=SYSTEM, document=document, percent=40)
    fail_document(
        actor=editor_of(koeln), document=document, problem="Abgebrochen.", remedy="x", now=NOW
    )
    assert not note_progress(actor=SYSTEM, document=document, percent=60)
    with pytest.raises(Conflict):
        store_reading(
            actor=SYSTEM,
            document=document,
            text=StoredText(text=TEXT, layout=[]),
            proposals=[proposal(TEXT, "Köln")],
            reader_version="1",
            now=NOW,
        )
    assert not Suggestion.objects.exists()


def test_a_document_is_done_when_the_last_suggestion_is_decided(koeln):
    document, _was_there = receive(koeln)
    read(document, proposal(TEXT, "Köln"))
    suggestion = document.suggestions.get()
    reject_suggestion(actor=editor_of(koeln), suggestion=suggestion, rejection="wrong", now=NOW)
    document.refresh_from_db()
    assert document.state == "done"
    with pytest.raises(Conflict, match="schon entschieden"):
        reject_suggestion(actor=editor_of(koeln), suggestion=suggestion, rejection="wrong", now=NOW)
    suggestion.refresh_from_db()
    reopen_suggestion(actor=editor_of(koeln), suggestion=suggestion, now=NOW)
    document.refresh_from_db()
    assert document.state == "read"


def test_rejecting_needs_a_reason_and_the_right_editor(koeln):
    document, _was_there = receive(koeln)
    read(document, proposal(TEXT, "Köln"))
    suggestion = document.suggestions.get()
    for rejection, because in (("", ""), ("irgendwas", ""), ("other", " ")):
        with pytest.raises(Invalid):
            reject_suggestion(
                actor=editor_of(koeln),
                suggestion=suggestion,
                rejection=rejection,
                because=because,
                now=NOW,
            )
    bochum = editor_of(town("05911000"))
    with pytest.raises(NotAllowed):
        reject_suggestion(actor=bochum, suggestion=suggestion, rejection="wrong", now=NOW)
    assert not decidable_by(bochum).exists()
    assert not handled_by(bochum).exists()
    assert decidable_by(editor_of(koeln)).count() == 1


def test_rejections_teach_and_acceptances_weigh_against_them(koeln):
    document, _was_there = receive(koeln)
    names = [("project", "KÖLN"), ("event", "Köln"), ("project", "Angebot")]
    assert distrust(names) == {}
    read(document, proposal(TEXT, "Köln"), proposal(TEXT, "Angebot"))
    wrong, duplicate = document.suggestions.order_by("position")
    reject_suggestion(actor=editor_of(koeln), suggestion=wrong, rejection="wrong", now=NOW)
    reject_suggestion(actor=editor_of(koeln), suggestion=duplicate, rejection="duplicate", now=NOW)
    assert distrust(names) == {("project", "KÖLN"): 0.5}, "a duplicate says nothing about the name"
    wrong.refresh_from_db()
    reopen_suggestion(actor=editor_of(koeln), suggestion=wrong, now=NOW)
    assert distrust(names) == {}


def test_redacting_keeps_length_and_offsets_and_blackens_quotes(koeln):
    document = document_of(koeln)
    project = project_of(koeln, document)
    place = passage(document, "Köln")
    count = redact_document(
        actor=editor_of(koeln),
        document=document,
        start=place.start,
        end=place.end,
        because="Personenbezug",
        now=NOW,
    )
    before = document.text
    document.refresh_from_db()
    assert count == 1
    assert len(document.text) == len(before)
    assert document.text[place.start : place.end] == "████"
    statement = Statement.objects.get(card=project.card, property="parties")
    assert statement.quote == "████"
    untouched = Statement.objects.get(card=project.card, property="stage")
    assert document.text[untouched.start : untouched.end] == untouched.quote == "erprobt"
    assert document.redactions[0]["because"] == "Personenbezug"
    assert document.text_sha256
    assert "Köln" not in str(AuditEntry.objects.values_list("details", flat=True))


def test_redacting_everywhere_reaches_title_suggestions_and_bytes(koeln):
    text = "Rundbrief von Erika Beispiel. Erika Beispiel lädt ein."
    document, _was_there = receive(koeln, text.encode(), Origin(title="Von Erika Beispiel"))
    proposed = proposal(text, "Erika Beispiel")
    name = proposed.content["properties"][0]
    proposed.content["alternatives"] = [{k: name[k] for k in ("value", "start", "end")}]
    read(document, proposed, text=text)
    start = text.index("Erika Beispiel")
    count = redact_document(
        actor=editor_of(koeln),
        document=document,
        start=start,
        end=start + len("Erika Beispiel"),
        because="Personenbezug",
        now=NOW,
        everywhere=True,
    )
    document.refresh_from_db()
    suggestion = document.suggestions.get()
    assert count == 2
    assert document.original is None
    kept = [document.text, document.title, suggestion.quote, str(suggestion.proposal)]
    assert not any("Erika" in each for each in kept)


@pytest.mark.parametrize(
    ("start", "end", "because"), [(0, 4, " "), (4, 4, "x"), (0, 10_000, "x"), (-1, 2, "x")]
)
def test_redacting_needs_a_reason_and_a_real_passage(koeln, start, end, because):
    document = document_of(koeln)
    with pytest.raises(Invalid):
        redact_document(
            actor=editor_of(koeln),
            document=document,
            start=start,
            end=end,
            because=because,
            now=NOW,
        )


def test_near_duplicates_are_found_among_ones_own_documents_only(koeln):
    text = " ".join(f"wort{number}" for number in range(300))
    document = document_of(koeln, text=text, sketch=sketch_of(text))
    nearly = text.replace("wort50 ", "anders ")
    near = document_of(koeln, text=nearly, sketch=sketch_of(nearly))
    document_of(town("05911000"), text=nearly + "!", sketch=sketch_of(nearly))
    document_of(koeln, text=TEXT, sketch=sketch_of(TEXT))
    found = near_duplicates(editor_of(koeln), document)
    assert [each for each, _percent in found] == [near]
    assert found[0][1] > 90


def test_resemblance_is_one_for_the_same_and_nought_for_the_unlike():
    assert resemblance(sketch_of(TEXT), sketch_of(TEXT)) == 1
    assert resemblance(sketch_of(TEXT), sketch_of("ganz anderes steht hier drin")) == 0
    assert resemblance([], []) == 0


def test_a_thing_of_a_redacted_document_can_still_be_written(koeln):
    document = document_of(koeln)
    place = passage(document, "Niemand")
    redact_document(
        actor=editor_of(koeln),
        document=document,
        start=place.start,
        end=place.end,
        because="x",
        now=NOW,
    )
    document.refresh_from_db()
    project, _change = create_thing(
        actor=editor_of(koeln),
        kind=thing_kind("project"),
        owner=koeln,
        values={"title": "Jugend meets Verwaltung"},
        sources={
            "title": passage(document, "„Jugend meets Verwaltung“"),
            "parties": passage(document, "Köln"),
        },
        parties=[(koeln, PartyRole.LEAD)],
        now=NOW,
    )
    assert Statement.objects.get(card=project.card, property="title").quote.startswith("„Jugend")

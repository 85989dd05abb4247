"""Accepting, merging, rejecting, undoing what the reader proposed."""

import pytest

from stadtwabe.atlas.models import Project
from stadtwabe.catalog.models import Card
from stadtwabe.desk.commands import accept_safe_places, accept_suggestion, undo_decision
from stadtwabe.desk.plans import Choice, places_of
from stadtwabe.desk.proposals import proposals_of
from stadtwabe.desk.tests.documents import NEWSLETTER
from stadtwabe.desk.tests.factories import NOW, editor_of, read_newsletter, town
from stadtwabe.evidence.commands import reject_suggestion, withdraw_thing
from stadtwabe.evidence.models import Statement
from stadtwabe.evidence.tests.factories import document_of, project_of
from stadtwabe.evidence.things import thing_kind
from stadtwabe.kit.errors import Conflict, Invalid, NotAllowed
from stadtwabe.people.models import Organisation
from stadtwabe.reading.reading import read

pytestmark = pytest.mark.django_db


@pytest.fixture
def koeln():
    return town()


@pytest.fixture
def document(koeln):
    return read_newsletter(koeln)


def suggestion_of(document, name):
    found = [s for s in document.suggestions.all() if s.proposal["name"] == name]
    assert len(found) == 1, [s.proposal["name"] for s in document.suggestions.all()]
    return found[0]


def accept(koeln, suggestion, **choice):
    return accept_suggestion(
        actor=editor_of(koeln), suggestion=suggestion, choice=Choice(**choice), now=NOW
    )


def test_what_is_accepted_becomes_a_thing_with_a_passage_behind_each_value(document, koeln):
    card = accept(koeln, suggestion_of(document, "Frag das Amt"))
    project = Project.objects.get(card=card)
    assert (project.title, project.stage) == ("Frag das Amt", "pilot")
    statements = list(Statement.objects.filter(card=card))
    assert {s.property for s in statements} >= {"title", "stage", "parties"}
    for statement in statements:
        assert NEWSLETTER[statement.start : statement.end] == statement.quote
    party = next(s for s in statements if s.property == "parties")
    assert party.quote == "Köln"
    assert card.place_id == "05315000"


def test_each_town_is_stated_by_its_own_passage(document, koeln):
    card = accept(koeln, suggestion_of(document, "Hier im Viertel"))
    parties = Statement.objects.filter(card=card, property="parties")
    assert sorted(s.quote for s in parties) == ["Bochum", "Essen"]


def test_organisations_that_take_part_are_made_with_their_own_suggestion(document, koeln):
    organisation = suggestion_of(document, "Musterwerk GmbH")
    accept(koeln, suggestion_of(document, "digitales Schulungsangebot"))
    organisation.refresh_from_db()
    assert organisation.state == "accepted"
    assert Organisation.objects.get(name="Musterwerk GmbH").legal_form == "GmbH"
    assert Card.objects.filter(kind="organisation", title="Musterwerk GmbH").exists()


def test_organisations_that_take_part_are_known_in_an_inflected_form_too(document, koeln):
    accept(koeln, suggestion_of(document, "Musterwerk GmbH"), values={"title": "Musterwerke GmbH"})
    accept(koeln, suggestion_of(document, "digitales Schulungsangebot"))
    named = Organisation.objects.filter(name__startswith="Musterwerk")
    assert [each.name for each in named] == ["Musterwerke GmbH"]


def test_an_edited_value_keeps_the_passage_it_corrects(document, koeln):
    suggestion = suggestion_of(document, "Frag das Amt")
    card = accept(koeln, suggestion, values={"title": "Frag dein Amt", "stage": "", "goal": "Nähe"})
    project = Project.objects.get(card=card)
    assert (project.title, project.stage, project.goal) == ("Frag dein Amt", None, "Nähe")
    assert Statement.objects.get(card=card, property="title").quote == "Frag das Amt"
    goal = Statement.objects.get(card=card, property="goal")
    assert (goal.start, goal.end) == (suggestion.start, suggestion.end)


def test_another_candidate_or_none_may_be_chosen_for_a_place(document, koeln):
    suggestion = suggestion_of(document, "Hier im Viertel")
    bochum, essen = places_of(suggestion)
    card = accept(koeln, suggestion, places={bochum.start: "03103000", essen.start: ""})
    assert [str(p.party) for p in card.card_parties.all()] == ["Wolfsburg"]


def test_a_place_that_the_reader_missed_can_be_added_by_name(document, koeln):
    suggestion = suggestion_of(document, "Frag das Amt")
    with pytest.raises(Invalid, match="Welcher Ort"):
        accept(koeln, suggestion, further_place="Nirgendwo")
    card = accept(koeln, suggestion, further_place="Bochum")
    assert sorted(str(p.party) for p in card.card_parties.all()) == ["Bochum", "Köln"]
    added = Statement.objects.filter(card=card, property="parties").order_by("-end")[0]
    assert (added.start, added.end) == (suggestion.start, suggestion.end)


def test_another_kind_may_be_chosen(document, koeln):
    card = accept(koeln, suggestion_of(document, "Hier im Viertel"), kind="solution")
    assert card.kind == "solution"
    assert card.path.startswith("/atlas/loesungen/")


def test_wrong_values_are_named_by_field_and_nothing_is_written(document, koeln):
    suggestion = suggestion_of(document, "Frag das Amt")
    for values, field in (
        ({"title": " "}, "title"),
        ({"starts_on": "irgendwann"}, "starts_on"),
        ({"stage": "riesig"}, "stage"),
        ({"title": "x" * 300}, "title"),
        ({"starts_on": "2021", "ends_on": "2020"}, None),
    ):
        with pytest.raises(Invalid) as caught:
            accept(koeln, suggestion, values=values)
        assert caught.value.field == field, values
    suggestion.refresh_from_db()
    assert suggestion.state == "open"
    assert not Project.objects.exists()
    assert not Statement.objects.exists()


def test_merging_enriches_the_known_thing_and_keeps_contradictions_beside(document, koeln):
    known = project_of(koeln, document_of(koeln), title="Frag das Amt!", stage="permanent")
    suggestion = suggestion_of(document, "Frag das Amt")
    card = accept(koeln, suggestion, merge_with=known.card)
    assert card == known.card
    known.refresh_from_db()
    assert known.stage == "permanent"
    assert known.title == "Frag das Amt!"
    states = dict(
        Statement.objects.filter(card=card, property="stage").values_list("value", "state")
    )
    assert states == {"permanent": "current", "pilot": "disputed"}
    titles = Statement.objects.filter(card=card, property="title", state="current")
    assert {s.document_id for s in titles} == {document.pk, titles[0].document_id}
    assert known.summary, "what was unknown is filled in"


def test_merging_may_replace_a_known_value(document, koeln):
    known = project_of(koeln, document_of(koeln), title="Frag das Amt", stage="permanent")
    accept(
        koeln,
        suggestion_of(document, "Frag das Amt"),
        merge_with=known.card,
        replace=frozenset({"stage"}),
    )
    known.refresh_from_db()
    assert known.stage == "pilot"
    states = Statement.objects.filter(card=known.card, property="stage")
    assert {s.value: s.state for s in states} == {"permanent": "superseded", "pilot": "current"}


def test_a_known_thing_of_the_same_name_is_offered_for_merging(koeln):
    known = project_of(koeln, document_of(koeln), title="Frag das Amt")
    document = read_newsletter(koeln)
    matches = suggestion_of(document, "Frag das Amt").matches
    assert [(m["card"], m["score"]) for m in matches] == [(known.card.pk, 1.0)]


def test_things_of_another_kind_or_owner_cannot_be_merged(document, koeln):
    bochum = town("05911000")
    foreign = project_of(
        bochum, document_of(bochum, text="Köln erprobt „Jugend meets Verwaltung“. Angebot")
    )
    foreign.card.card_parties.all().delete()
    suggestion = suggestion_of(document, "Frag das Amt")
    with pytest.raises(NotAllowed):
        accept(koeln, suggestion, merge_with=foreign.card)
    with pytest.raises(Invalid):
        accept(koeln, suggestion, kind="solution", merge_with=foreign.card)
    suggestion.refresh_from_db()
    assert suggestion.state == "open"


@pytest.mark.parametrize("name", ["Hier im Viertel", "digitales Schulungsangebot"])
def test_undoing_takes_everything_back_and_it_can_be_accepted_again(document, koeln, name):
    suggestion = suggestion_of(document, name)
    accept(koeln, suggestion)
    undo_decision(actor=editor_of(koeln), suggestion=suggestion, now=NOW)
    assert {s.state for s in document.suggestions.all()} == {"open"}
    assert not Statement.objects.exists()
    assert not Card.objects.filter(
        kind__in=["project", "organisation"], withdrawn_at__isnull=True
    ).exists()
    suggestion.refresh_from_db()
    card = accept(koeln, suggestion)
    assert not card.is_withdrawn
    with pytest.raises(Conflict):
        accept(koeln, suggestion)


def test_an_organisation_can_be_accepted_and_undone_again_and_again(document, koeln):
    suggestion = suggestion_of(document, "Musterwerk GmbH")
    for _round in range(3):
        assert not accept(koeln, suggestion).is_withdrawn
        suggestion.refresh_from_db()
        undo_decision(actor=editor_of(koeln), suggestion=suggestion, now=NOW)
        suggestion.refresh_from_db()
        assert Card.objects.get(title="Musterwerk GmbH").is_withdrawn
        assert not Statement.objects.exists()


def test_undoing_a_merge_restores_the_known_thing(document, koeln):
    known = project_of(koeln, document_of(koeln), title="Frag das Amt", stage="permanent")
    before = list(Statement.objects.order_by("pk").values_list("pk", "state"))
    suggestion = suggestion_of(document, "Frag das Amt")
    accept(koeln, suggestion, merge_with=known.card, replace=frozenset({"stage"}))
    undo_decision(actor=editor_of(koeln), suggestion=suggestion, now=NOW)
    known.refresh_from_db()
    assert (known.stage, known.summary) == ("permanent", None)
    assert list(Statement.objects.order_by("pk").values_list("pk", "state")) == before
    known.card.refresh_from_db()
    assert not known.card.is_withdrawn


def test_undoing_a_rejection_opens_the_suggestion_again(document, koeln):
    suggestion = suggestion_of(document, "Frag das Amt")
    with pytest.raises(Conflict):
        undo_decision(actor=editor_of(koeln), suggestion=suggestion, now=NOW)
    reject_suggestion(actor=editor_of(koeln), suggestion=suggestion, rejection="wrong", now=NOW)
    undo_decision(actor=editor_of(koeln), suggestion=suggestion, now=NOW)
    suggestion.refresh_from_db()
    assert (suggestion.state, suggestion.rejection) == ("open", "")


def test_a_rejected_name_comes_with_less_confidence_in_the_next_document(document, koeln):
    suggestion = suggestion_of(document, "digitales Schulungsangebot")
    before = suggestion.confidence
    reject_suggestion(actor=editor_of(koeln), suggestion=suggestion, rejection="wrong", now=NOW)
    again = next(
        p
        for p in proposals_of(read(NEWSLETTER + "\nNachtrag"))
        if p.name == suggestion.proposal["name"]
    )
    assert again.confidence == pytest.approx(before / 2, abs=0.001)
    assert "früher verworfen" in again.reasons


def test_all_safe_places_are_confirmed_at_once(document, koeln):
    count = accept_safe_places(actor=editor_of(koeln), document=document, now=NOW)
    assert count >= 5
    for suggestion in document.suggestions.all():
        for place in places_of(suggestion):
            assert place.is_confirmed == (place.is_safe and bool(place.chosen))
    assert accept_safe_places(actor=editor_of(koeln), document=document, now=NOW) == 0


def test_editors_of_another_town_may_decide_nothing(document, koeln):
    bochum = editor_of(town("05911000"))
    suggestion = suggestion_of(document, "Frag das Amt")
    with pytest.raises(NotAllowed):
        accept_suggestion(actor=bochum, suggestion=suggestion, now=NOW)
    with pytest.raises(NotAllowed):
        accept_safe_places(actor=bochum, document=document, now=NOW)
    accept(koeln, suggestion)
    with pytest.raises(NotAllowed):
        undo_decision(actor=bochum, suggestion=suggestion, now=NOW)


def test_what_was_undone_and_accepted_again_has_the_same_address(document, koeln):
    suggestion = suggestion_of(document, "Frag das Amt")
    first = accept(koeln, suggestion, values={"goal": "Nähe"})
    undo_decision(actor=editor_of(koeln), suggestion=suggestion, now=NOW)
    assert Card.objects.get(pk=first.pk).is_withdrawn, "its address says what became of it"
    suggestion.refresh_from_db()
    again = accept(koeln, suggestion)
    assert (again.pk, again.path) == (first.pk, "/atlas/projekte/frag-das-amt/")
    assert Project.objects.get(card=again).goal is None, "nothing of what it was"
    assert Project.objects.count() == 1


def test_undoing_the_second_time_leaves_one_tombstone(document, koeln):
    suggestion = suggestion_of(document, "Frag das Amt")
    for _round in range(2):
        accept(koeln, suggestion)
        undo_decision(actor=editor_of(koeln), suggestion=suggestion, now=NOW)
        suggestion.refresh_from_db()
    assert [card.is_withdrawn for card in Card.objects.filter(kind="project")] == [True]


def test_what_was_withdrawn_for_a_reason_keeps_its_address(document, koeln):
    gone = project_of(koeln, document_of(koeln), title="Frag das Amt")
    withdraw_thing(
        actor=editor_of(koeln), kind=thing_kind("project"), thing=gone, because="Irrtum", now=NOW
    )
    card = accept(koeln, suggestion_of(document, "Frag das Amt"))
    assert card.path == "/atlas/projekte/frag-das-amt-2/"


def test_what_another_editors_undoing_left_is_not_taken(document, koeln):
    suggestion = suggestion_of(document, "Frag das Amt")
    first = accept(koeln, suggestion)
    undo_decision(actor=editor_of(koeln), suggestion=suggestion, now=NOW)
    bochum = town("05911000")
    elsewhere = project_of(bochum, document_of(bochum), title="Frag das Amt")
    assert elsewhere.card.pk != first.pk

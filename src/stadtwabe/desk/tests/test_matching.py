"""Which known thing a suggestion may be: no duplicates, and no two towns' things made one."""

import pytest
from django.http import QueryDict

from stadtwabe.atlas.models import Project, Solution, Strategy
from stadtwabe.desk.commands import accept_suggestion, undo_decision
from stadtwabe.desk.plans import Choice
from stadtwabe.desk.tests.factories import NOW, editor_of, read_newsletter, town
from stadtwabe.desk.views import choice_of, views_of
from stadtwabe.evidence.models import Statement
from stadtwabe.evidence.tests.factories import account_of
from stadtwabe.evidence.tests.thing_factories import make_thing
from stadtwabe.people.commands import create_organisation
from stadtwabe.people.models import Organisation

pytestmark = pytest.mark.django_db

SIEGEN = (
    "- Der Rat der Stadt Siegen hat im November 2020 die Digitalisierungsstrategie beschlossen.\n"
)
BOCHUM = (
    "- Der Rat der Stadt Bochum hat im Dezember 2020 die Digitalisierungsstrategie beschlossen.\n"
)
APP = "- Die Stadt Bochum und die Stadt Essen führen die App „Hier im Viertel“ ein.\n"


@pytest.fixture
def koeln():
    return town()


def the(document, kind, nth=0):
    return document.suggestions.filter(kind=kind).order_by("position")[nth]


def accept(party, suggestion, **choice):
    return accept_suggestion(
        actor=editor_of(party), suggestion=suggestion, choice=Choice(**choice), now=NOW
    )


def test_a_generic_title_is_filled_in_with_its_town_and_still_quotes_the_passage(koeln):
    document = read_newsletter(koeln, SIEGEN)
    view = views_of([the(document, "strategy")])[0]
    assert view.title == "Digitalisierungsstrategie Siegen"
    card = accept(koeln, the(document, "strategy"))
    assert Strategy.objects.get(card=card).title == "Digitalisierungsstrategie Siegen"
    title = Statement.objects.get(card=card, property="title")
    assert title.quote == "Digitalisierungsstrategie"


def test_it_is_only_filled_in_and_may_be_changed(koeln):
    document = read_newsletter(koeln, SIEGEN)
    card = accept(koeln, the(document, "strategy"), values={"title": "Siegen digital"})
    assert card.title == "Siegen digital"


def test_two_towns_strategies_of_the_same_title_never_match(koeln):
    card = accept(koeln, the(read_newsletter(koeln, SIEGEN), "strategy"))
    bochum = the(read_newsletter(koeln, BOCHUM, name="zwei.txt"), "strategy")
    assert bochum.matches == []
    assert accept(koeln, bochum).path != card.path
    again = the(read_newsletter(koeln, SIEGEN + "Nachtrag", name="drei.txt"), "strategy")
    assert [match["card"] for match in again.matches] == [card.pk]


def test_a_known_solution_is_offered_where_a_project_was_read(koeln):
    known = make_thing("solution", koeln, title="Hier im Viertel")
    document = read_newsletter(koeln, APP)
    suggestion = the(document, "project")
    view = views_of([suggestion])[0]
    assert [(m.card, m.other_kind) for m in view.matches] == [(known.card.pk, "Lösung")]
    assert view.merge_with == known.card.pk
    page_says = choice_of(_posted(art="project", mit=str(known.card.pk)), suggestion)
    card = accept_suggestion(
        actor=editor_of(koeln), suggestion=suggestion, choice=page_says, now=NOW
    )
    assert card == known.card
    assert not Project.objects.exists()
    assert Solution.objects.count() == 1
    undo_decision(actor=editor_of(koeln), suggestion=suggestion, now=NOW)
    assert not Statement.objects.filter(card=card, document=document).exists()


def test_the_page_says_as_what_it_is_there_already(client, koeln):
    make_thing("solution", koeln, title="Hier im Viertel")
    document = read_newsletter(koeln, APP)
    client.force_login(account_of(koeln))
    page = client.get(f"/redaktion/dokumente/{document.pk}/").content.decode()
    assert "Gibt es schon als Lösung, ergänzen:" in page


def test_a_project_is_offered_where_a_solution_or_a_programme_was_read(koeln):
    known = make_thing("project", koeln, title="Heimat digital")
    text = "- Die Stadt Bochum wirbt um Geld aus dem Förderprogramm „Heimat digital“.\n"
    funding = the(read_newsletter(koeln, text), "funding")
    assert [m["card"] for m in funding.matches] == [known.card.pk]


def test_a_strategy_is_never_offered_for_a_project_of_its_name(koeln):
    make_thing("strategy", koeln, title="Hier im Viertel")
    assert the(read_newsletter(koeln, APP), "project").matches == []


def test_what_was_just_accepted_is_offered_for_the_other_suggestions_of_the_document(koeln):
    document = read_newsletter(koeln)
    first, second = the(document, "project", 1), the(document, "project", 2)
    assert second.matches == []
    card = accept(koeln, first, values={"title": second.proposal["name"]}, kind="solution")
    second.refresh_from_db()
    assert [match["card"] for match in second.matches] == [card.pk]
    undo_decision(actor=editor_of(koeln), suggestion=first, now=NOW)
    second.refresh_from_db()
    assert second.matches == []


def test_an_organisation_is_known_without_its_legal_form_and_inflected(koeln):
    create_organisation(actor=editor_of(koeln), name="Musterwerk", now=NOW)
    document = read_newsletter(koeln)
    suggestion = next(
        s for s in document.suggestions.filter(kind="project") if "Schulung" in s.quote
    )
    accept(koeln, suggestion)
    assert [o.name for o in Organisation.objects.filter(name__startswith="Muster")] == [
        "Musterwerk"
    ]


def _posted(**fields):
    posted = QueryDict(mutable=True)
    posted.update(fields)
    return posted

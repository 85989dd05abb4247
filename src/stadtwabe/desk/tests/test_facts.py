"""Deployments, grants and reuses from documents: offered, sourced, taken back."""

from datetime import date
from decimal import Decimal

import pytest

from stadtwabe.atlas.commands import add_grant
from stadtwabe.atlas.models import Deployment, Grant, Project, Reuse
from stadtwabe.catalog.models import Card, Link
from stadtwabe.desk.commands import accept_suggestion, undo_decision
from stadtwabe.desk.plans import Choice
from stadtwabe.desk.relations import facts_of_thing, since_in
from stadtwabe.desk.tests.factories import NOW, editor_of, read_newsletter, town
from stadtwabe.desk.views import views_of
from stadtwabe.evidence.models import Statement
from stadtwabe.evidence.tests.factories import account_of
from stadtwabe.evidence.tests.thing_factories import make_thing, quoting, town_with_card
from stadtwabe.reading.reading import read

pytestmark = pytest.mark.django_db

MONEY = (
    "- Die Stadt Siegen erhält 1,2 Mio. Euro aus dem Förderprogramm „Digitale Modellregionen“ "
    "für das Projekt „Marktplatz Digital“.\n"
)
IN_USE = "- Die Stadt Bochum nutzt die App „Hier im Viertel“ seit Mai 2021.\n"
TAKEN_OVER = "- Die Stadt Bochum nutzt die Plattform „Frag das Amt“ der Stadt Köln nach.\n"


@pytest.fixture
def koeln():
    return town_with_card()


@pytest.fixture
def bochum():
    return town_with_card("05911000")


def the(document, kind):
    return document.suggestions.filter(kind=kind).order_by("position")[0]


def accept(party, suggestion, **choice):
    return accept_suggestion(
        actor=editor_of(party), suggestion=suggestion, choice=Choice(**choice), now=NOW
    )


def test_a_grant_is_offered_once_project_and_programme_are_both_known(koeln):
    document = read_newsletter(koeln, MONEY)
    project, programme = the(document, "project"), the(document, "funding")
    assert views_of([project])[0].facts == ()
    accept(koeln, programme)
    [offered] = views_of([project])[0].facts
    assert (offered.title, offered.about) == ("Digitale Modellregionen", "1.200.000 Euro")
    accept(koeln, project)
    grant = Grant.objects.get()
    assert (str(grant.recipient), grant.amount_eur) == ("Siegen", Decimal(1_200_000))
    assert str(grant.project) == "Marktplatz Digital"
    quotes = dict(Statement.objects.filter(link=grant.link).values_list("property", "quote"))
    assert quotes == {"relation": "Digitale Modellregionen", "amount_eur": "1,2 Mio. Euro"}


def test_it_is_offered_the_other_way_round_as_well(koeln):
    document = read_newsletter(koeln, MONEY)
    accept(koeln, the(document, "project"))
    assert not Grant.objects.exists()
    accept(koeln, the(document, "funding"))
    assert Grant.objects.get().amount_eur == Decimal(1_200_000)


def test_what_one_town_received_is_not_the_budget_of_the_programme(koeln):
    document = read_newsletter(koeln, MONEY)
    card = accept(koeln, the(document, "funding"))
    assert card.fundingprogramme.budget_eur is None


def test_a_known_programme_needs_no_mark_in_the_text(koeln):
    make_thing("funding", koeln, title="Zukunft Stadtgrün")
    text = "- Das Projekt „Pflück mich“ der Stadt Siegen wird von Zukunft Stadtgrün gefördert.\n"
    accept(koeln, the(read_newsletter(koeln, text), "project"))
    assert Grant.objects.get().amount_eur is None


def test_naming_a_programme_without_money_for_it_is_no_grant(koeln):
    make_thing("funding", koeln, title="Zukunft Stadtgrün")
    text = "- Das Projekt „Pflück mich“ der Stadt Siegen stellt sich Zukunft Stadtgrün vor.\n"
    assert the(read_newsletter(koeln, text), "project").proposal["facts"] == []


def test_what_is_not_chosen_is_not_written(koeln):
    document = read_newsletter(koeln, MONEY)
    accept(koeln, the(document, "funding"))
    accept(koeln, the(document, "project"), facts=frozenset())
    assert not Grant.objects.exists()
    assert not Link.objects.exists()


def test_undoing_takes_the_grant_back_with_its_statements(koeln):
    document = read_newsletter(koeln, MONEY)
    accept(koeln, the(document, "funding"))
    project = the(document, "project")
    accept(koeln, project)
    undo_decision(actor=editor_of(koeln), suggestion=project, now=NOW)
    assert not Grant.objects.exists()
    assert not Link.objects.exists()
    assert not Statement.objects.filter(link__isnull=False).exists()
    accept(koeln, project)
    assert Grant.objects.count() == 1


def test_undoing_leaves_what_another_source_says_of_the_same_grant(koeln):
    programme = make_thing("funding", koeln, title="Digitale Modellregionen")
    document = read_newsletter(koeln, MONEY)
    suggestion = the(document, "project")
    known = make_thing(
        "project", koeln, title="Marktplatz Digital", parties=[(town("05970040"), "lead")]
    )
    where = quoting(koeln, "Zuwendung", "relation")
    add_grant(
        actor=editor_of(koeln),
        programme=programme,
        recipient=town("05970040"),
        project=known,
        values={},
        sources={"relation": where[0]},
        now=NOW,
    )
    accept(koeln, suggestion, merge_with=known.card)
    assert Grant.objects.get().amount_eur == Decimal(1_200_000)
    undo_decision(actor=editor_of(koeln), suggestion=suggestion, now=NOW)
    assert Grant.objects.get().amount_eur is None
    assert [s.quote for s in Statement.objects.filter(link__isnull=False)] == [where[0].quote]


def test_a_sum_that_contradicts_stands_beside_the_known_one(koeln):
    document = read_newsletter(koeln, MONEY)
    accept(koeln, the(document, "funding"))
    accept(koeln, the(document, "project"))
    other = read_newsletter(koeln, MONEY.replace("1,2", "1,5"), name="zwei.txt")
    accept(koeln, the(other, "project"), merge_with=Project.objects.get().card)
    grant = Grant.objects.get()
    assert grant.amount_eur == Decimal(1_200_000)
    sums = Statement.objects.filter(link=grant.link, property="amount_eur")
    assert {s.value: s.state for s in sums} == {"1200000": "current", "1500000": "disputed"}


def test_a_solution_is_in_use_in_the_towns_that_are_told(koeln, bochum):
    suggestion = the(read_newsletter(koeln, IN_USE), "project")
    card = accept(koeln, suggestion, kind="solution")
    deployment = Deployment.objects.get()
    assert (deployment.party, deployment.solution.card) == (bochum, card)
    assert (deployment.state, deployment.since) == ("in_use", date(2021, 5, 1))
    assert deployment.since_precision == "month"
    quotes = dict(Statement.objects.filter(link=deployment.link).values_list("property", "quote"))
    assert (quotes["relation"], quotes["since"]) == ("Bochum", "Mai 2021")
    undo_decision(actor=editor_of(koeln), suggestion=suggestion, now=NOW)
    assert not Deployment.objects.exists()


def test_a_project_that_is_known_as_a_solution_adds_the_town_to_it(koeln, bochum):
    known = make_thing("solution", koeln, title="Hier im Viertel")
    suggestion = the(read_newsletter(koeln, IN_USE), "project")
    accept(koeln, suggestion, kind="solution", merge_with=known.card)
    assert Deployment.objects.get().party == bochum
    undo_decision(actor=editor_of(koeln), suggestion=suggestion, now=NOW)
    assert not Deployment.objects.exists()
    assert not Card.objects.get(pk=known.card.pk).is_withdrawn


def test_a_project_taken_over_is_a_reuse_of_the_known_one_and_not_merged_with_it(koeln, bochum):
    original = make_thing("project", koeln, title="Frag das Amt", parties=[(koeln, "lead")])
    suggestion = the(read_newsletter(koeln, TAKEN_OVER), "project")
    view = views_of([suggestion])[0]
    assert [(f.kind, f.title) for f in view.facts] == [("reuse", "Frag das Amt")]
    assert view.merge_with is None
    card = accept(koeln, suggestion)
    reuse = Reuse.objects.get()
    assert (reuse.project.card, reuse.original) == (card, original)
    assert Statement.objects.get(link=reuse.link).quote == "Frag das Amt"
    undo_decision(actor=editor_of(koeln), suggestion=suggestion, now=NOW)
    assert not Reuse.objects.exists()


def test_the_model_of_a_project_is_the_one_named_as_such():
    reading = read(
        "Die Gemeinde Wenden hat nach dem Vorbild von „Frag das Amt“ in Köln das Projekt "
        "„Wenden fragt“ gestartet."
    )
    facts = {thing.name: facts_of_thing(thing, reading) for thing in reading.things}
    assert [fact["other"] for fact in facts["Wenden fragt"]] == ["Frag das Amt"]
    assert facts["Frag das Amt"] == []


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("läuft seit 2022.", ["2022"]),
        ("läuft seit Mai 2021 und seit dem 3. Juni 2020 auch dort", ["2021-05", "2020-06-03"]),
        ("seit Langem, seit 14 Tagen, Seite 2022", []),
    ],
)
def test_since_when(text, values):
    assert [each["value"] for each in since_in(text, 0, len(text))] == values
    assert all(text[e["start"] : e["end"]] == e["quote"] for e in since_in(text, 0, len(text)))


def test_the_page_offers_the_grant_and_says_how_much(client, koeln):
    document = read_newsletter(koeln, MONEY)
    accept(koeln, the(document, "funding"))
    suggestion = the(document, "project")
    client.force_login(account_of(koeln))
    page = client.get(f"/redaktion/dokumente/{document.pk}/").content.decode()
    assert "Was damit zusammenhängt" in page
    assert "1.200.000 Euro" in page
    answer = client.post(
        f"/redaktion/vorschlaege/{suggestion.pk}/uebernehmen/",
        {"art": "project", "fakten": "project"},
    )
    assert answer.status_code == 302
    assert not Grant.objects.exists(), "unticked"

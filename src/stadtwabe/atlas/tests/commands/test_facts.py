"""Facts between things: with a source each, undoable, and never a way around permission."""

import pytest

from stadtwabe.atlas.commands import (
    add_deployment,
    add_effect,
    add_grant,
    add_reuse,
    create_organisation_profile,
    remove_deployment,
    remove_effect,
)
from stadtwabe.atlas.models import Deployment, EffectClaim
from stadtwabe.catalog.models import Link
from stadtwabe.evidence.commands import merge_things, unmerge_things
from stadtwabe.evidence.models import Statement
from stadtwabe.evidence.sources import Declaration
from stadtwabe.evidence.tests.factories import NOW, editor_of, town
from stadtwabe.evidence.tests.thing_factories import make_thing, quoting, town_with_card
from stadtwabe.evidence.things import thing_kind
from stadtwabe.kit.actor import VISITOR
from stadtwabe.kit.errors import Invalid, NotAllowed
from stadtwabe.people.commands import party_for_organisation
from stadtwabe.people.models import AuditEntry, Organisation

pytestmark = pytest.mark.django_db


@pytest.fixture
def koeln():
    return town_with_card("05315000")


@pytest.fixture
def bochum():
    return town_with_card("05911000")


@pytest.fixture
def app(koeln):
    return make_thing("solution", koeln, title="Gut versorgt")


def sources(party, *names):
    return dict(zip(["relation", *names], quoting(party, "x", "relation", *names), strict=True))


def deploy(actor, party, solution, *, values=None, where=None, **more):
    values = values or {"state": "in_use"}
    return add_deployment(
        actor=actor,
        party=party,
        solution=solution,
        values=values,
        sources=where or sources(party, *values),
        now=NOW,
        **more,
    )


def test_a_deployment_shows_on_the_solution_and_leads_to_its_sources(client, koeln, bochum, app):
    deployment = deploy(editor_of(koeln), bochum, app)
    page = client.get(app.card.path).content.decode()
    assert "Auch im Einsatz in" in page
    assert "Bochum" in page
    for statement in Statement.objects.filter(link=deployment.link):
        assert statement.get_absolute_url() in page
        quoted = client.get(statement.get_absolute_url()).content.decode()
        assert statement.quote in quoted
    assert (
        "Stand: im Einsatz"
        in client.get(
            Statement.objects.get(link=deployment.link, property="state").get_absolute_url()
        ).content.decode()
    )
    assert AuditEntry.objects.filter(command="atlas.add_deployment").exists()


def test_it_also_shows_in_the_cell_of_the_town(client, koeln, bochum, app):
    deploy(editor_of(bochum), bochum, app)
    page = client.get(bochum.place.get_absolute_url()).content.decode()
    assert "Lösungen im Einsatz" in page
    assert app.card.path in page


def test_the_same_again_from_another_source_keeps_a_contradiction_beside(koeln, bochum, app):
    deploy(editor_of(koeln), bochum, app)
    again = {"state": "ended", "cost": "1.000 Euro im Jahr"}
    deployment = deploy(editor_of(koeln), bochum, app, values=again, beside=True)
    assert (deployment.state, deployment.cost) == ("in_use", "1.000 Euro im Jahr")
    states = dict(
        Statement.objects.filter(link=deployment.link, property="state").values_list(
            "value", "state"
        )
    )
    assert states == {"in_use": "current", "ended": "disputed"}
    assert Deployment.objects.count() == 1


def test_without_a_source_nothing_is_written(koeln, bochum, app):
    where = sources(bochum)
    with pytest.raises(Invalid) as caught:
        deploy(editor_of(koeln), bochum, app, where=where)
    assert caught.value.field == "state"
    assert not Deployment.objects.exists()
    assert not Link.objects.exists()


def test_neither_visitors_nor_third_parties_may(koeln, bochum, app):
    for actor in (VISITOR, editor_of(town("05113000"))):
        with pytest.raises(NotAllowed):
            deploy(actor, bochum, app)


def test_taking_it_back_takes_link_and_statements_and_needs_a_reason(koeln, bochum, app):
    deployment = deploy(editor_of(koeln), bochum, app)
    with pytest.raises(Invalid):
        remove_deployment(actor=editor_of(koeln), deployment=deployment, because=" ", now=NOW)
    remove_deployment(actor=editor_of(koeln), deployment=deployment, because="Irrtum", now=NOW)
    assert not Link.objects.exists()
    assert not Statement.objects.filter(link__isnull=False).exists()
    assert AuditEntry.objects.get(command="atlas.remove_deployment").details["because"] == "Irrtum"


def test_an_organisation_without_a_page_gets_one_first(koeln, app):
    works = Organisation.objects.create(name="Stadtwerke Köln", slug="stadtwerke-koeln")
    party = party_for_organisation(works)
    with pytest.raises(Invalid):
        deploy(editor_of(koeln), party, app)
    create_organisation_profile(
        actor=editor_of(koeln),
        owner=koeln,
        values={"title": "Stadtwerke Köln"},
        sources={"title": Declaration(koeln, "Redaktion", NOW.date())},
        now=NOW,
    )
    deployment = deploy(editor_of(koeln), party, app)
    assert deployment.link.source.kind == "organisation"
    assert Organisation.objects.count() == 1


def test_a_reuse_shows_on_both_sides(client, koeln, bochum):
    original = make_thing("project", koeln, title="Mensch Köln")
    project = make_thing("project", bochum, title="Bochum-App")
    add_reuse(
        actor=editor_of(bochum),
        project=project,
        original=original,
        values={"changes": "eigene Module"},
        sources=sources(bochum, "changes"),
        now=NOW,
    )
    assert "Nachgenutzt von" in client.get(original.card.path).content.decode()
    page = client.get(project.card.path).content.decode()
    assert "eigene Module" in page
    assert "Mensch Köln" in client.get("/atlas/nachnutzung/").content.decode()
    with pytest.raises(Invalid):
        add_reuse(
            actor=editor_of(bochum),
            project=original,
            original=project,
            values={},
            sources=sources(bochum),
            now=NOW,
        )


def test_a_grant_shows_on_the_programme_and_in_the_cell(client, koeln, bochum):
    programme = make_thing("funding", koeln, title="Modellprojekte")
    add_grant(
        actor=editor_of(koeln),
        programme=programme,
        recipient=bochum,
        values={"amount_eur": 1_250_000},
        sources=sources(koeln, "amount_eur"),
        now=NOW,
    )
    assert "1.250.000 Euro" in client.get(programme.card.path).content.decode()
    assert "Modellprojekte" in client.get(bochum.place.get_absolute_url()).content.decode()


def test_an_effect_that_is_only_claimed_says_so(client, koeln):
    project = make_thing("project", koeln, title="Pegel")
    [source] = quoting(koeln, "effekt", "von 12 auf 4 Tage")
    effect = add_effect(
        actor=editor_of(koeln),
        project=project,
        values={"indicator": "Bearbeitungszeit", "baseline": 12, "value": 4, "unit": "Tage"},
        source=source,
        now=NOW,
    )
    page = client.get(project.card.path).content.decode()
    assert "Bearbeitungszeit: 12 → 4 Tage" in page
    assert "nach eigener Angabe" in page
    assert "behauptet" in page
    statement = Statement.objects.get(property="effects")
    assert statement.get_absolute_url() in page
    assert "von 12 auf 4 Tage" in client.get(statement.get_absolute_url()).content.decode()
    remove_effect(actor=editor_of(koeln), effect=effect, because="widerlegt", now=NOW)
    assert "Bearbeitungszeit" not in client.get(project.card.path).content.decode()
    assert client.get(statement.get_absolute_url()).status_code == 404


def test_a_measured_effect_needs_value_and_method(koeln):
    project = make_thing("project", koeln, title="Pegel")
    [source] = quoting(koeln, "effekt", "schneller")
    with pytest.raises(Invalid) as caught:
        add_effect(
            actor=editor_of(koeln),
            project=project,
            values={"indicator": "Tempo", "value": 4, "grade": "measured"},
            source=source,
            now=NOW,
        )
    assert caught.value.field == "method"
    assert not EffectClaim.objects.exists()


def test_merging_solutions_moves_their_deployments_and_back(koeln, bochum, app):
    other = make_thing("solution", koeln, title="Gutversorgt")
    deploy(editor_of(koeln), koeln, app)
    mine = deploy(editor_of(koeln), bochum, other)
    merge = merge_things(
        actor=editor_of(koeln),
        kind=thing_kind("solution"),
        survivor=app,
        duplicate=other,
        now=NOW,
    )
    mine.refresh_from_db()
    assert mine.solution.pk == app.pk
    assert mine.link.target_id == app.card.pk
    unmerge_things(actor=editor_of(koeln), merge=merge, now=NOW)
    mine.refresh_from_db()
    assert mine.solution.pk == other.pk
    assert mine.link.target_id == other.card.pk

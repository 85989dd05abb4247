"""Editors write things by form; nobody else may."""

import pytest
from allauth.account.models import EmailAddress
from lxml import html

from stadtwabe.catalog.rules import PartyRole
from stadtwabe.evidence.commands import create_thing, merge_things, unmerge_things
from stadtwabe.evidence.models import Merge, Statement
from stadtwabe.evidence.sources import Declaration
from stadtwabe.evidence.tests.factories import (
    NOW,
    account_of,
    document_of,
    editor_of,
    project_of,
    town,
)
from stadtwabe.evidence.things import thing_kind
from stadtwabe.kit.errors import Conflict, NotAllowed

pytestmark = pytest.mark.django_db
NEW = "/atlas/projekte/neu/"


@pytest.fixture
def koeln():
    return town()


@pytest.fixture
def bochum():
    return town("05911000")


@pytest.fixture
def project(koeln):
    return project_of(koeln, document_of(koeln))


def declared(party, **fields):
    """Return what a browser sends when only these fields were filled in."""
    return {
        "source_kind": "declaration",
        "source_on": "2026-11-20",
        "owner": str(party.pk),
        **fields,
    }


def sent_back(client, address, **changes):
    """Return what a browser sends when somebody changes only these fields of a form."""
    return {**form_data(client.get(address).content), **changes}


def form_data(content):
    """Return what a browser sends for a form that it has got."""
    page = html.fromstring(content)
    [form] = [form for form in page.forms if form.xpath(".//*[@name='version']")]
    data = {name: value or "" for name, value in form.fields.items()}
    for box in form.xpath(".//input[@type='checkbox' and not(@checked)]"):
        data.pop(box.name, None)
    for name in ("topics", "goals"):
        data[name] = form.xpath(f".//input[@name='{name}' and @checked]/@value")
        data[f"initial-{name}"] = form.xpath(f".//input[@name='initial-{name}']/@value")
    return data


def test_a_form_asks_three_things_first(client, koeln):
    client.force_login(account_of(koeln))
    page = html.fromstring(client.get(NEW).content)
    box = "//form/div[@class='form-fields']/div"
    first = page.xpath(f"{box}//input/@name | {box}//textarea/@name")
    assert first == ["title", "summary"]
    assert page.xpath("//form/div[@class='form-fields']/fieldset//input[@name='party_0']")
    assert len(page.xpath("//form//details[not(@open)]")) == 4


def test_an_editor_makes_a_project_and_every_value_says_where_from(client, koeln, bochum):
    client.force_login(account_of(koeln))
    response = client.post(
        NEW,
        declared(
            koeln,
            title="Pegel im Blick",
            starts_on="Mai 2021",
            topics=["energy_environment"],
            party_0="Bochum",
            role_0="lead",
        ),
    )
    assert response.status_code == 302
    project = thing_kind("project").model._default_manager.get(title="Pegel im Blick")
    assert project.serializable_value("starts_on").isoformat() == "2021-05-01"
    assert project.serializable_value("starts_precision") == "month"
    stated = {s.property: str(s.declared_on) for s in Statement.objects.filter(card=project.card)}
    assert set(stated) == {"title", "starts_on", "starts_precision", "topics", "parties"}
    assert set(stated.values()) == {"2026-11-20"}
    page = client.get(project.card.path).content.decode()
    assert "Mai 2021" in page
    assert "Bochum (Federführung)" in page


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("title", "", "Dieses Feld ist zwingend erforderlich"),
        ("starts_on", "neulich", "ist kein Datum"),
        ("party_0", "Nirgendwo am See", "kennen wir nicht"),
        ("website", "keine adresse", "gültige Adresse"),
        ("source_on", "", "Nennen Sie den Tag"),
    ],
)
def test_errors_say_what_to_do_in_the_field_and_on_top(client, koeln, field, value, message):
    client.force_login(account_of(koeln))
    data = declared(koeln, title="Pegel", role_0="lead" if field == "party_0" else "")
    response = client.post(NEW, {**data, field: value})
    assert response.status_code == 422
    page = html.fromstring(response.content)
    summary = page.xpath("//div[@data-error-summary]")[0]
    assert message in summary.text_content()
    assert summary.xpath(f".//a[@href='#id_{field}']")
    assert page.xpath("//*[@id=$id]", id=f"id_{field}")
    assert message in page.xpath("//main")[0].text_content().replace(summary.text_content(), "")
    assert not thing_kind("project").model._default_manager.exists()


def test_a_name_that_may_mean_several_towns_is_asked_back(client, koeln):
    town("01051012")
    town("03257008")
    client.force_login(account_of(koeln))
    data = declared(koeln, title="Pegel", party_0="Buchholz", role_0="lead")
    response = client.post(NEW, data)
    assert response.status_code == 422
    assert "Buchholz (01051012)" in response.content.decode()
    response = client.post(NEW, {**data, "party_0": "Buchholz (03257008)"})
    assert response.status_code == 302
    assert thing_kind("project").model._default_manager.get().card.place_id == "03257008"


def test_a_passage_must_stand_in_the_document(client, koeln):
    document = document_of(koeln)
    client.force_login(account_of(koeln))
    data = declared(koeln, title="Jugend meets Verwaltung", source_kind="passage")
    data |= {"source_document": str(document.pk), "source_quote": "steht nirgends"}
    response = client.post(NEW, data)
    assert response.status_code == 422
    assert "steht so nicht im Dokument" in response.content.decode()
    response = client.post(NEW, {**data, "source_quote": "„Jugend meets Verwaltung“"})
    assert response.status_code == 302
    assert Statement.objects.get(property="title").quote == "„Jugend meets Verwaltung“"


def test_editing_writes_only_what_was_changed(client, koeln, project):
    client.force_login(account_of(koeln))
    address = f"{project.card.path}bearbeiten/"
    before = Statement.objects.count()
    data = sent_back(client, address, stage="permanent")
    assert client.post(address, data).status_code == 302
    project.refresh_from_db()
    assert project.stage == "permanent"
    assert Statement.objects.count() == before + 1
    assert Statement.objects.get(property="stage", state="current").declared_by == koeln


def test_editing_an_unchanged_form_writes_nothing(client, koeln, project):
    client.force_login(account_of(koeln))
    address = f"{project.card.path}bearbeiten/"
    before = Statement.objects.count()
    assert client.post(address, sent_back(client, address)).status_code == 302
    assert Statement.objects.count() == before


def test_two_editors_at_once_do_not_overwrite_each_other(client, koeln, project):
    client.force_login(account_of(koeln))
    address = f"{project.card.path}bearbeiten/"
    data = sent_back(client, address, stage="permanent", goal="Mehr Mitsprache")
    client.post(address, sent_back(client, address, stage="stopped", summary="Ein Angebot."))
    response = client.post(address, data)
    assert response.status_code == 422
    page = html.fromstring(response.content)
    assert "Inzwischen hat jemand" in page.text_content()
    assert "„beendet oder abgebrochen“" in page.text_content(), "what stands there now"
    assert page.xpath("//select[@name='stage']/option[@selected]/@value") == ["permanent"]
    assert page.xpath("//textarea[@name='goal']")[0].text_content().strip() == "Mehr Mitsprache"
    assert page.xpath("//textarea[@name='summary']")[0].text_content().strip() == "Ein Angebot."


def test_after_a_look_at_it_saving_again_works_and_keeps_what_the_other_did(client, koeln, project):
    client.force_login(account_of(koeln))
    address = f"{project.card.path}bearbeiten/"
    data = sent_back(client, address, stage="permanent")
    client.post(address, sent_back(client, address, stage="stopped", summary="Ein Angebot."))
    again = form_data(client.post(address, data).content)
    assert client.post(address, again).status_code == 302
    project.refresh_from_db()
    assert (project.stage, project.summary) == ("permanent", "Ein Angebot.")


def test_changes_of_different_fields_go_together_without_asking(client, koeln, bochum, project):
    client.force_login(account_of(koeln))
    address = f"{project.card.path}bearbeiten/"
    data = sent_back(client, address, goal="Mehr\r\nMitsprache")
    other = sent_back(client, address, stage="stopped", party_1="Bochum", role_1="partner")
    assert client.post(address, other).status_code == 302
    assert client.post(address, data).status_code == 302
    project.refresh_from_db()
    assert (project.goal, project.stage) == ("Mehr\nMitsprache", "stopped")
    assert project.card.card_parties.count() == 2
    before = Statement.objects.count()
    assert client.post(address, sent_back(client, address)).status_code == 302
    assert Statement.objects.count() == before, "a line end of the browser is no change"


def test_two_who_add_a_party_see_each_other(client, koeln, bochum, project):
    client.force_login(account_of(koeln))
    address = f"{project.card.path}bearbeiten/"
    data = sent_back(client, address, party_1="Bochum", role_1="partner")
    client.post(address, sent_back(client, address, party_1="Bochum", role_1="funder"))
    page = client.post(address, data).content.decode()
    assert "Inzwischen steht hier „Förderung“" in page


@pytest.mark.parametrize("page", ["bearbeiten", "zurueckziehen", "zusammenfuehren"])
def test_who_is_not_editor_there_may_not_write(client, project, bochum, page):
    address = f"{project.card.path}{page}/"
    assert client.get(address).status_code == 403
    client.force_login(account_of(bochum, "bochum@example.org"))
    assert client.get(address).status_code == 403
    assert client.post(address, {"because": "weg", "title": "x"}).status_code == 403
    assert "bearbeiten/" not in client.get(project.card.path).content.decode()


def test_an_editor_cannot_create_in_a_foreign_cell(client, koeln, bochum):
    assert client.get(NEW).status_code == 403
    client.force_login(account_of(bochum, "bochum@example.org"))
    response = client.post(NEW, declared(koeln, title="Fremd"))
    assert response.status_code == 422
    assert not thing_kind("project").model._default_manager.exists()


def test_a_withdrawn_thing_is_gone_and_says_why(client, koeln, project):
    client.force_login(account_of(koeln))
    address = f"{project.card.path}zurueckziehen/"
    assert client.post(address, {"because": ""}).status_code == 422
    assert client.post(address, {"because": "doppelt erfasst"}).status_code == 302
    client.logout()
    response = client.get(project.card.path)
    assert response.status_code == 410
    assert "doppelt erfasst" in response.content.decode()


class TestMerging:
    @pytest.fixture
    def duplicate(self, koeln, bochum):
        source = Declaration(koeln, "Redaktion", NOW.date())
        fields = ("title", "stage", "goal", "topics", "parties")
        thing, _change = create_thing(
            actor=editor_of(koeln),
            kind=thing_kind("project"),
            owner=koeln,
            values={
                "title": "Jugend trifft Verwaltung",
                "stage": "permanent",
                "goal": "Verstehen",
                "topics": ["education"],
            },
            sources=dict.fromkeys(fields, source),
            parties=[(bochum, PartyRole.PARTNER)],
            now=NOW,
        )
        return thing

    def merge(self, actor, project, duplicate):
        return merge_things(
            actor=actor,
            kind=thing_kind("project"),
            survivor=project,
            duplicate=duplicate,
            now=NOW,
        )

    def test_the_survivor_takes_over_what_it_does_not_know(self, client, koeln, project, duplicate):
        self.merge(editor_of(koeln), project, duplicate)
        project.refresh_from_db()
        assert (project.stage, project.goal) == ("pilot", "Verstehen")
        assert project.topics == ["education"]
        states = dict(
            Statement.objects.filter(card=project.card, property="stage").values_list(
                "value", "state"
            )
        )
        assert states == {"pilot": "current", "permanent": "disputed"}
        assert "Bochum (Partner)" in client.get(project.card.path).content.decode()
        response = client.get(duplicate.card.path)
        assert (response.status_code, response["Location"]) == (301, project.card.path)

    def test_it_can_be_taken_back(self, client, koeln, project, duplicate):
        before = sorted(Statement.objects.values_list("pk", "card", "state"))
        merge = self.merge(editor_of(koeln), project, duplicate)
        unmerge_things(actor=editor_of(koeln), merge=merge, now=NOW)
        project.refresh_from_db()
        assert (project.goal, project.topics) == (None, [])
        assert sorted(Statement.objects.values_list("pk", "card", "state")) == before
        assert client.get(duplicate.card.path).status_code == 200
        assert "Bochum" not in client.get(project.card.path).content.decode()
        with pytest.raises(Conflict):
            unmerge_things(actor=editor_of(koeln), merge=merge, now=NOW)

    def test_only_who_edits_both_may_merge(self, bochum, project, duplicate):
        with pytest.raises(NotAllowed):
            self.merge(editor_of(bochum), project, duplicate)
        assert not Merge.objects.exists()

    def test_by_page(self, client, koeln, project, duplicate):
        client.force_login(account_of(koeln))
        address = f"{project.card.path}zusammenfuehren/"
        assert "Jugend trifft Verwaltung" in client.get(address).content.decode()
        response = client.post(address, {"duplicate": str(duplicate.card.pk)})
        assert response.status_code == 302
        assert Merge.objects.get().duplicate == duplicate.card


class TestAnExpiredSignIn:
    """The session has ended while somebody was typing."""

    LOGIN = {"login": "redaktion@example.org", "password": "ein langes Kennwort"}

    @staticmethod
    def editor(party):
        user = account_of(party)
        EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
        return user

    def test_what_was_typed_into_a_new_entry_is_back_after_signing_in(self, client, koeln):
        self.editor(koeln)
        asked = client.post(NEW, declared(koeln, title="Pegel", topics=["mobility", "education"]))
        assert (asked.status_code, asked.url) == (302, f"/konto/login/?next={NEW}")
        signed_in = client.post(asked.url, {**self.LOGIN, "next": NEW})
        assert signed_in.url == NEW
        answer = client.get(NEW)
        assert answer.status_code == 200
        page = html.fromstring(answer.content)
        assert page.xpath("//input[@name='title']/@value") == ["Pegel"]
        chosen = page.xpath("//input[@name='topics' and @checked]/@value")
        assert set(chosen) == {"mobility", "education"}
        assert "Gespeichert ist es noch nicht" in page.text_content()
        assert not Statement.objects.exists()
        again = html.fromstring(client.get(NEW).content)
        assert not again.xpath("//input[@name='title']/@value"), "once"

    def test_so_is_a_change_and_saving_it_still_sees_what_others_did(self, client, koeln, project):
        user = self.editor(koeln)
        client.force_login(user)
        address = f"{project.card.path}bearbeiten/"
        data = sent_back(client, address, stage="permanent")
        client.post(address, sent_back(client, address, stage="stopped"))
        client.logout()
        asked = client.post(address, data)
        assert asked.url == f"/konto/login/?next={address}"
        client.post(asked.url, self.LOGIN)
        back = form_data(client.get(address).content)
        assert back["stage"] == "permanent"
        assert client.post(address, back).status_code == 422
        project.refresh_from_db()
        assert project.stage == "stopped"

    def test_nobody_fills_the_database_with_drafts(self, client, koeln):
        client.post(NEW, declared(koeln, title="Pegel", summary="x" * 300_000))
        assert "draft" not in client.session
        answers = [client.post(NEW, declared(koeln, title="Pegel")) for _each in range(21)]
        assert answers[-1].status_code == 429

    def test_without_the_right_signing_in_helps_nothing(self, client, koeln, bochum, project):
        self.editor(bochum)
        address = f"{project.card.path}bearbeiten/"
        asked = client.post(address, {"title": "Gekapert"})
        client.post(asked.url, self.LOGIN)
        assert client.get(address).status_code == 403
        project.refresh_from_db()
        assert project.title == "Jugend meets Verwaltung"

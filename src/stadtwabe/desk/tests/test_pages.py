"""The desk as a person uses it, by its real addresses, with and without htmx."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from procrastinate.contrib.django.models import ProcrastinateJob

from stadtwabe.atlas.models import Project
from stadtwabe.desk.commands import accept_suggestion
from stadtwabe.desk.reading import read_document
from stadtwabe.desk.tests.documents import NEWSLETTER
from stadtwabe.desk.tests.factories import NOW, editor_of, read_newsletter, submitted, town
from stadtwabe.evidence.models import Document, LinkCheck, Statement
from stadtwabe.evidence.tests.factories import account_of, document_of, project_of

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def koeln():
    return town()


@pytest.fixture
def desk(client, koeln):
    client.force_login(account_of(koeln))
    return client


@pytest.fixture
def document(koeln):
    return read_newsletter(koeln)


def suggestion_of(document, name):
    return next(s for s in document.suggestions.all() if s.proposal["name"] == name)


def upload(desk, koeln, *files, **more):
    return desk.post(
        "/redaktion/",
        {
            "owner": koeln.pk,
            "documents": [SimpleUploadedFile(name, data) for name, data in files],
            **more,
        },
    )


def test_several_files_are_received_and_queued_in_one_go(desk, koeln):
    answer = upload(desk, koeln, ("eins.txt", b"Erstes"), ("zwei.txt", b"Zweites"), address="")
    assert answer.status_code == 302
    assert Document.objects.count() == 2
    jobs = ProcrastinateJob.objects.filter(task_name="stadtwabe.desk.read_document")
    assert sorted(job.args["document_id"] for job in jobs) == sorted(
        Document.objects.values_list("pk", flat=True)
    )
    page = desk.get("/redaktion/").content.decode()
    assert "2 Dokumente sind eingegangen" in page
    assert 'hx-trigger="every 2s"' in page


def test_one_wrong_file_is_named_with_its_remedy_and_the_others_come_in(desk, koeln, settings):
    settings.UPLOAD_LIMIT_BYTES = 1000
    answer = upload(desk, koeln, ("leer.txt", b""), ("gut.txt", b"Text"), ("dick.txt", b"x" * 5000))
    page = answer.content.decode()
    assert "„dick.txt“ ist zu groß" in page
    assert "gut.txt" in page
    assert [d.file_name for d in Document.objects.all()] == ["gut.txt"]
    assert "leer.txt" in page


def test_the_same_file_again_leads_to_the_document_that_is_there(desk, koeln):
    upload(desk, koeln, ("eins.txt", b"Text"))
    answer = upload(desk, koeln, ("kopie.txt", b"Text"))
    assert answer.url == f"/redaktion/dokumente/{Document.objects.get().pk}/"
    assert ProcrastinateJob.objects.filter(task_name="stadtwabe.desk.read_document").count() == 1


def test_sending_nothing_says_what_to_do(desk, koeln):
    answer = desk.post("/redaktion/", {"owner": koeln.pk})
    assert answer.status_code == 422
    assert "Bitte wählen Sie Dateien aus" in answer.content.decode()


def test_while_a_document_is_read_its_progress_is_asked_for(desk, koeln):
    document = submitted(koeln)
    page = desk.get(f"/redaktion/dokumente/{document.pk}/").content.decode()
    assert "wartet auf das Lesen" in page
    part = desk.get(f"/redaktion/dokumente/{document.pk}/?teil=fortschritt")
    assert "HX-Refresh" not in part
    read_document(document=document, now=NOW)
    assert desk.get(f"/redaktion/dokumente/{document.pk}/?teil=fortschritt")["HX-Refresh"] == "true"


def test_the_page_shows_text_with_passages_and_suggestions(desk, document):
    page = desk.get(f"/redaktion/dokumente/{document.pk}/").content.decode()
    suggestion = suggestion_of(document, "Frag das Amt")
    assert f'<mark id="stelle-{suggestion.pk}-0"' in page
    assert f'data-passage="stelle-{suggestion.pk}-0"' in page
    ids = [part.split('"')[0] for part in page.split(' id="')[1:]]
    assert len(ids) == len(set(ids)), "ids are unique"
    for key in "aeru":
        assert f'data-shortcut="{key}"' in page


def test_numbers_in_forms_are_not_written_for_people(desk, koeln):
    document = read_newsletter(koeln, "Vorwort. " * 150 + "\n" + NEWSLETTER)
    page = desk.get(f"/redaktion/dokumente/{document.pk}/").content.decode()
    names = re.findall(r'name="ort-([^"]+)"', page)
    starts = re.findall(r'name="organisation" value="([^"]+)"', page)
    assert names
    assert starts
    assert all(each.isdigit() and int(each) > 1000 for each in (*names, *starts))


def test_the_page_takes_the_same_number_of_queries_for_one_and_for_many(
    desk, koeln, document, django_assert_max_num_queries
):
    with django_assert_max_num_queries(30):
        desk.get(f"/redaktion/dokumente/{document.pk}/")


def test_accepting_by_htmx_returns_the_changed_parts(desk, document):
    suggestion = suggestion_of(document, "digitales Schulungsangebot")
    organisation = suggestion_of(document, "Musterwerk GmbH")
    answer = desk.post(f"/redaktion/vorschlaege/{suggestion.pk}/uebernehmen/", headers=HTMX)
    part = answer.content.decode()
    assert answer.status_code == 200
    assert "<html" not in part
    assert f'id="vorschlag-{suggestion.pk}"' in part
    assert f'id="vorschlag-{organisation.pk}"' in part, "its organisation was accepted with it"
    assert "offen" in part
    assert Project.objects.get().title == "digitales Schulungsangebot"


def test_accepting_without_javascript_goes_on_with_the_next(desk, document):
    suggestion = suggestion_of(document, "Frag das Amt")
    page = desk.get(f"/redaktion/vorschlaege/{suggestion.pk}/").content.decode()
    assert "<html" in page
    assert "<mark>Frag das Amt</mark>" in page
    answer = desk.post(
        f"/redaktion/vorschlaege/{suggestion.pk}/uebernehmen/",
        {"werte": "1", "einzeln": "1", "art": "project", "wert-title": "Frag dein Amt"},
    )
    assert answer.status_code == 302
    assert answer.url.startswith("/redaktion/vorschlaege/")
    assert Project.objects.get().title == "Frag dein Amt"


def test_the_form_shows_an_error_at_its_field_and_keeps_what_was_written(desk, document):
    suggestion = suggestion_of(document, "Frag das Amt")
    answer = desk.post(
        f"/redaktion/vorschlaege/{suggestion.pk}/uebernehmen/",
        {"werte": "1", "art": "project", "wert-title": "Neu", "wert-starts_on": "bald"},
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "„bald“ ist kein Datum" in page
    assert 'value="Neu"' in page
    assert not Project.objects.exists()


def test_another_kind_changes_the_fields_of_the_form(desk, document):
    suggestion = suggestion_of(document, "Hier im Viertel")
    part = desk.get(
        f"/redaktion/vorschlaege/{suggestion.pk}/?art=publication", headers=HTMX
    ).content.decode()
    assert "wert-sample_size" in part
    assert "wert-stage" not in part


def test_rejecting_and_undoing_the_last_decision(desk, document):
    suggestion = suggestion_of(document, "Frag das Amt")
    desk.post(
        f"/redaktion/vorschlaege/{suggestion.pk}/verwerfen/", {"grund": "wrong"}, headers=HTMX
    )
    suggestion.refresh_from_db()
    assert suggestion.state == "rejected"
    answer = desk.post(f"/redaktion/dokumente/{document.pk}/zurueck/", headers=HTMX)
    assert f'id="vorschlag-{suggestion.pk}"' in answer.content.decode()
    suggestion.refresh_from_db()
    assert suggestion.state == "open"
    desk.post(f"/redaktion/vorschlaege/{suggestion.pk}/uebernehmen/")
    desk.post(f"/redaktion/vorschlaege/{suggestion.pk}/zuruecknehmen/")
    suggestion.refresh_from_db()
    assert suggestion.state == "open"


def test_rejecting_without_a_reason_explains_itself(desk, document):
    suggestion = suggestion_of(document, "Frag das Amt")
    answer = desk.post(f"/redaktion/vorschlaege/{suggestion.pk}/verwerfen/", {"grund": ""})
    assert "Bitte nennen Sie einen Grund" in answer.content.decode()


def test_a_second_editor_is_told_that_it_is_decided(desk, koeln, document):
    suggestion = suggestion_of(document, "Frag das Amt")
    accept_suggestion(actor=editor_of(koeln), suggestion=suggestion, now=NOW)
    answer = desk.post(f"/redaktion/vorschlaege/{suggestion.pk}/uebernehmen/", headers=HTMX)
    assert "schon entschieden: übernommen" in answer.content.decode()


def test_a_contradiction_with_the_known_is_shown_side_by_side(desk, koeln):
    project_of(koeln, document_of(koeln), title="Frag das Amt", stage="permanent")
    document = read_newsletter(koeln)
    page = desk.get(f"/redaktion/dokumente/{document.pk}/").content.decode()
    assert "bekannt „Dauerbetrieb“ durch „wird erprobt“ ersetzen" in page


def test_documents_can_be_described_redacted_read_again_and_cancelled(desk, document):
    base = f"/redaktion/dokumente/{document.pk}/"
    answer = desk.post(base + "angaben/", {"title": "Rundbrief 7", "licence": "CC-BY-4.0"})
    assert answer.status_code == 302
    assert (
        "stehen nicht im Text"
        in desk.post(base + "schwaerzen/", {"words": "Gibtsnicht", "because": "x"}).content.decode()
    )
    assert (
        desk.post(base + "schwaerzen/", {"words": "Siegen", "because": "Test"}).status_code == 302
    )
    assert desk.post(base + "orte/").status_code == 302
    assert desk.post(base + "erneut/").status_code == 302
    document.refresh_from_db()
    assert (document.title, document.state) == ("Rundbrief 7", "received")
    assert "Siegen" not in document.text
    assert desk.post(base + "abbrechen/").status_code == 302
    document.refresh_from_db()
    assert (document.state, document.problem) == ("read", "Das Lesen wurde abgebrochen.")


def test_the_quality_board_names_what_needs_care(desk, koeln):
    document = document_of(koeln)
    project = project_of(koeln, document, website="https://weg.example/")
    Statement.objects.filter(card=project.card, property="stage").delete()
    Statement.objects.filter(property="title").update(state="disputed")
    Statement.objects.update(first_seen="2020-01-01T00:00Z", last_seen="2020-01-02T00:00Z")
    LinkCheck.objects.create(
        address="https://weg.example/", checked_at=NOW, status=404, failing_since=NOW
    )
    page = desk.get("/redaktion/qualitaet/").content.decode()
    assert "Angaben ohne Quelle (1)" in page
    assert "Widersprüche zwischen Quellen (1)" in page
    assert "Lange nicht bestätigt (über zwei Jahre) (1)" in page
    assert "Adressen, die nicht mehr antworten (1)" in page


def test_the_change_log_names_what_was_done_and_persons_by_number(desk, koeln, document):
    suggestion = suggestion_of(document, "Frag das Amt")
    accept_suggestion(actor=editor_of(koeln), suggestion=suggestion, now=NOW)
    page = desk.get("/redaktion/aenderungen/").content.decode()
    assert "Vorschlag übernommen" in page
    assert "Nr. 7" in page
    assert "Dokument eingegangen" in page
    assert "angelegt" in page


@pytest.mark.parametrize("number", ["²", "9" * 19, "9" * 5000, "-1", "1e3"])
def test_numbers_that_are_none_do_not_break_accepting(desk, document, number):
    suggestion = suggestion_of(document, "Frag das Amt")
    posted = {"mit": number, "organisationen": "1", "organisation": number}
    answer = desk.post(f"/redaktion/vorschlaege/{suggestion.pk}/uebernehmen/", posted)
    assert answer.status_code == 302
    assert Project.objects.get().title == "Frag das Amt"


def test_what_a_document_says_is_never_markup_not_even_in_a_hint(desk, document):
    suggestion = suggestion_of(document, "Frag das Amt")
    names = [p for p in suggestion.proposal["properties"] if p["name"] == "name"]
    suggestion.proposal["properties"].append(
        {**names[0], "value": "<form action=/konto/loeschen/>"}
    )
    suggestion.save()
    page = desk.get(f"/redaktion/vorschlaege/{suggestion.pk}/").content.decode()
    assert "&lt;form action=/konto/loeschen/&gt;" in page
    assert "<form action=/konto/loeschen/>" not in page

"""Documents by program: token, answers, and who may."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from procrastinate.contrib.django.models import ProcrastinateJob

from stadtwabe.desk.reading import read_document
from stadtwabe.desk.tests.factories import NOW, submitted, town
from stadtwabe.evidence.models import Document
from stadtwabe.evidence.tests.factories import account_of
from stadtwabe.kit.actor import Actor
from stadtwabe.kit.clock import now
from stadtwabe.people.commands import create_token

pytestmark = pytest.mark.django_db


@pytest.fixture
def koeln():
    return town()


def bearer(user, *scopes):
    _token, secret = create_token(
        actor=Actor(person=user.number), user=user, label="Test", scopes=scopes, now=now()
    )
    return {"Authorization": f"Bearer {secret}"}


@pytest.fixture
def headers(koeln):
    return bearer(account_of(koeln), "documents")


def post(client, headers, data=b"Text", name="rundbrief.txt", **fields):
    return client.post(
        "/api/v1/documents", {"file": SimpleUploadedFile(name, data), **fields}, headers=headers
    )


def test_a_file_is_received_and_queued(client, koeln, headers):
    answer = post(client, headers, title="Rundbrief 7", licence="CC-BY-4.0")
    assert answer.status_code == 201
    status = answer.json()
    assert (status["state"], status["was_there"]) == ("received", False)
    document = Document.objects.get()
    assert (document.owner, document.title, document.licence) == (koeln, "Rundbrief 7", "CC-BY-4.0")
    assert ProcrastinateJob.objects.get().args == {"document_id": document.pk}
    again = post(client, headers)
    assert again.status_code == 200
    assert again.json()["was_there"]


def test_the_status_is_for_the_owners_editors_only(client, koeln, headers):
    document = submitted(koeln)
    page = f"/api/v1/documents/{document.pk}"
    assert client.get(page, headers=headers).json()["progress"] == 0
    assert client.get(page).status_code == 404
    bochum = bearer(account_of(town("05911000"), "bochum@example.org"), "documents")
    assert client.get(page, headers=bochum).status_code == 404


def test_a_token_needs_the_scope(client, koeln, headers):
    user = account_of(koeln, "lesend@example.org")
    document = submitted(koeln)
    reading = bearer(user, "read")
    assert post(client, reading).status_code == 403
    assert client.get(f"/api/v1/documents/{document.pk}", headers=reading).status_code == 404
    assert post(client, {}).status_code in {401, 403}
    assert post(client, {"Authorization": "Bearer sw_falsch"}).status_code == 401
    assert Document.objects.count() == 1


def test_documents_for_others_are_refused(client, koeln, headers):
    assert post(client, headers, owner=town("05911000").pk).status_code == 403
    assert not Document.objects.exists()


@pytest.mark.parametrize(
    ("data", "fields", "field", "words"),
    [
        (b"", {}, "file", "leer"),
        (b"x" * 3000, {}, "file", "zu groß"),
        (b"Text", {"licence": "gratis"}, "licence", "Lizenz"),
    ],
)
def test_bad_input_names_field_and_remedy(client, headers, settings, data, fields, field, words):
    settings.UPLOAD_LIMIT_BYTES = 2000
    answer = post(client, headers, data, **fields)
    assert answer.status_code == 422
    found = answer.json()
    assert found["field"] == field
    assert words in found["detail"]
    assert not Document.objects.exists()


def test_an_address_is_queued_and_its_document_says_what_came_of_it(client, headers):
    answer = client.post("/api/v1/documents", {"address": "http://127.0.0.1:1/x"}, headers=headers)
    assert answer.status_code == 201
    assert answer.json()["state"] == "received"
    document = Document.objects.get()
    read_document(document=document, now=NOW)
    found = client.get(f"/api/v1/documents/{document.pk}", headers=headers).json()
    assert found["state"] == "failed"
    assert "internes Netz" in found["problem"]
    assert found["remedy"]


def test_what_is_no_address_is_refused(client, headers):
    answer = client.post("/api/v1/documents", {"address": "ftp://x.example/"}, headers=headers)
    assert answer.status_code == 422
    assert answer.json()["field"] == "address"

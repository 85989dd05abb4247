"""100 MB through the real form: refused while it streams in, or taken in without many copies."""

import io
import tracemalloc

import pytest

from stadtwabe.desk.tests.factories import town
from stadtwabe.evidence.models import Document
from stadtwabe.evidence.tests.factories import account_of

pytestmark = pytest.mark.django_db

MEGABYTE = 1024 * 1024
BOUNDARY = "grenze"


class Form(io.RawIOBase):
    """A form with one file of ``size`` bytes that is made up while it is read."""

    def __init__(self, owner: int, size: int) -> None:
        head = (
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="owner"\r\n\r\n{owner}\r\n'
            f"--{BOUNDARY}\r\n"
            'Content-Disposition: form-data; name="documents"; filename="gross.txt"\r\n'
            "Content-Type: text/plain\r\n\r\n"
        ).encode()
        tail = f"\r\n--{BOUNDARY}--\r\n".encode()
        self.parts: list[bytes | int] = [head, size, tail]
        self.length = len(head) + size + len(tail)
        self.largest = 0

    def read(self, wanted: int = -1) -> bytes:
        assert wanted >= 0, "the whole form at once"
        self.largest = max(self.largest, wanted)
        while self.parts and not self.parts[0]:
            self.parts.pop(0)
        if not self.parts:
            return b""
        first = self.parts[0]
        if isinstance(first, bytes):
            self.parts[0] = first[wanted:]
            return first[:wanted]
        taken = min(wanted, first)
        self.parts[0] = first - taken
        return b"W" * taken


def send(client, form: Form):
    """Return the answer, and the most memory that Python held while it was made, in bytes."""
    tracemalloc.start()
    try:
        answer = client.request(
            REQUEST_METHOD="POST",
            PATH_INFO="/redaktion/",
            CONTENT_TYPE=f"multipart/form-data; boundary={BOUNDARY}",
            CONTENT_LENGTH=str(form.length),
            **{"wsgi.input": form},
        )
        return answer, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.fixture
def editor(client):
    koeln = town()
    client.force_login(account_of(koeln))
    client.get("/redaktion/")  # what is loaded once counts for nobody
    client.koeln = koeln
    return client


def test_100_mb_are_refused_while_they_come_in_and_take_no_memory(editor):
    form = Form(editor.koeln.pk, 100 * MEGABYTE)
    answer, most = send(editor, form)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "„gross.txt“ ist zu groß: mehr als 50 MB." in page
    assert "Teilen Sie das Dokument" in page
    assert not Document.objects.exists()
    assert form.parts == [] or not any(form.parts), "it was read to its end, and thrown away"
    assert form.largest < MEGABYTE
    assert most < 10 * MEGABYTE


def test_a_large_file_within_the_limit_is_never_in_memory_more_than_twice(editor):
    size = 40 * MEGABYTE
    answer, most = send(editor, Form(editor.koeln.pk, size))
    assert answer.status_code == 302
    document = Document.objects.defer("original").get()
    assert document.file_name == "gross.txt"
    assert most < 2.2 * size

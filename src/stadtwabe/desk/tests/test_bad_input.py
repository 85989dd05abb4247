"""Bad input: each gets a message that names the file and the remedy; nothing is half-written."""

import io
import zipfile

import pytest

from stadtwabe.desk.commands import Offered, submit_address, submit_documents
from stadtwabe.desk.reading import read_document
from stadtwabe.desk.tests.documents import NEWSLETTER
from stadtwabe.desk.tests.factories import NOW, editor_of, submitted, town
from stadtwabe.evidence.commands import Origin
from stadtwabe.evidence.models import Document, Suggestion
from stadtwabe.evidence.tests.factories import account_of
from stadtwabe.kit.tests.web_server import serving

pytestmark = pytest.mark.django_db


@pytest.fixture
def koeln():
    return town()


def read(koeln, data, name):
    document = submitted(koeln, data, name)
    read_document(document=document, now=NOW)
    document.refresh_from_db()
    return document


def pdf(text, *, encrypted=False):
    """Return a PDF of one page; without text it is as good as a scan."""
    stream = f"BT /F1 12 Tf 72 700 Td ({text}) Tj ET".encode("latin-1") if text else b""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1/MediaBox[0 0 612 792]>>",
        b"<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    if encrypted:
        objects.append(
            b"<</Filter/Standard/V 1/R 2/P -4/O<" + b"aa" * 32 + b">/U<" + b"bb" * 32 + b">>>"
        )
    out = io.BytesIO(b"%PDF-1.4\n")
    out.seek(0, io.SEEK_END)
    offsets = []
    for number, body in enumerate(objects, start=1):
        offsets.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    table = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    for offset in offsets:
        out.write(b"%010d 00000 n \n" % offset)
    lock = b"/Encrypt 6 0 R/ID[<00><00>]" if encrypted else b""
    out.write(
        b"trailer<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF"
        % (len(objects) + 1, lock, table)
    )
    return out.getvalue()


def bomb():
    """Return a small DOCX that unpacks to a gigabyte."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        with archive.open("word/document.xml", "w", force_zip64=True) as entry:
            for _megabyte in range(1000):
                entry.write(b"0" * 1024 * 1024)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "make", "problem", "remedy"),
    [
        ("scan.pdf", lambda: pdf(""), "scan.pdf", "OCR"),
        ("geheim.pdf", lambda: pdf("Text", encrypted=True), "geheim.pdf", "Schutz"),
        ("bombe.docx", bomb, "bombe.docx", ""),
        ("bild.bin", lambda: b"\x00\x01\x02\xff" * 500, "bild.bin", "PDF"),
        ("kaputt.pdf", lambda: b"%PDF-1.4\nMuell", "kaputt.pdf", ""),
    ],
)
def test_what_cannot_be_read_says_why_and_what_helps(koeln, name, make, problem, remedy):
    document = read(koeln, make(), name)
    assert document.state == "failed"
    assert problem in document.problem
    assert document.remedy
    assert remedy in f"{document.problem} {document.remedy}"
    assert document.text == ""
    assert not Suggestion.objects.exists()


@pytest.mark.parametrize(
    ("encoding", "name"), [("cp1252", "alt.txt"), ("utf-16", "breit.txt"), ("utf-8-sig", "bom.txt")]
)
def test_other_encodings_are_read_right(koeln, encoding, name):
    document = read(koeln, "Die Stadt Köln prüft „Frag das Amt“.".encode(encoding), name)
    assert document.text.strip() == "Die Stadt Köln prüft „Frag das Amt“."


def test_mixed_encodings_are_read_with_a_warning(koeln):
    data = "Köln zuerst.\n".encode() + "Münster dann.\n".encode("cp1252")
    document = read(koeln, data, "gemischt.txt")
    assert "Köln" in document.text
    assert "Münster" in document.text
    assert "mischt" in " ".join(document.warnings)


def test_html_with_scripts_leaves_only_its_text(koeln, client):
    data = (
        "<html><head><title>Rundbrief</title><script>alert('Skript')</script></head><body>"
        "<p onclick='x()'>In Köln wird „Frag das Amt“ ausprobiert.</p>"
        "<p>&lt;script&gt;alert(2)&lt;/script&gt;</p></body></html>"
    ).encode()
    document = read(koeln, data, "seite.html")
    assert document.title == "Rundbrief"
    assert "Skript" not in document.text
    assert "onclick" not in document.text
    client.force_login(account_of(koeln))
    page = client.get(f"/redaktion/dokumente/{document.pk}/").content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(2)" in page


def test_another_language_is_read_with_a_warning(koeln):
    text = "The city council has decided to publish the new plan for the public data. " * 5
    document = read(koeln, text, "english.txt")
    assert document.state in {"read", "done"}
    assert "nicht auf Deutsch" in " ".join(document.warnings)


def test_one_wrong_document_of_a_batch_stops_no_other(koeln, settings):
    settings.UPLOAD_LIMIT_BYTES = 5000
    results = submit_documents(
        actor=editor_of(koeln),
        owner=koeln,
        offered=[
            Offered(b"", Origin(file_name="leer.txt")),
            Offered(b"x" * 6000, Origin(file_name="gross.txt")),
            Offered(NEWSLETTER.encode(), Origin(file_name="gut.txt")),
            Offered(NEWSLETTER.encode(), Origin(file_name="kopie.txt")),
        ],
        now=NOW,
    )
    assert ["„leer.txt“ ist leer." in results[0].problem, "„gross.txt“" in results[1].problem] == [
        True,
        True,
    ]
    assert all(each.remedy for each in results[:2])
    assert [each.is_received for each in results] == [False, False, True, False]
    assert results[3].was_there
    assert Document.objects.count() == 1


def bring_in(koeln, address):
    """Submit an address and let the worker do its job; return the document as it then is."""
    done = submit_address(
        actor=editor_of(koeln), owner=koeln, address=address, origin=Origin(), now=NOW
    )
    assert done.document is not None
    read_document(document=done.document, now=NOW)
    done.document.refresh_from_db()
    return done.document


def test_an_address_is_fetched_by_the_worker_and_its_last_place_is_kept(koeln, settings):
    settings.FETCH_PRIVATE_ADDRESSES = True
    with serving() as site:
        site.redirect("/alt", "/neu.html")
        site.page("/neu.html", "<p>In Köln wird „Frag das Amt“ ausprobiert.</p>".encode())
        done = submit_address(
            actor=editor_of(koeln),
            owner=koeln,
            address=f"{site.address}/alt",
            origin=Origin(),
            now=NOW,
        )
        assert not site.asked, "whoever submits it waits for no server"
        assert done.document
        assert (done.document.state, done.document.is_at_its_address) == ("received", True)
        read_document(document=done.document, now=NOW)
    done.document.refresh_from_db()
    assert done.document.state == "read"
    assert done.document.address.endswith("/neu.html")
    assert done.document.title.startswith("In Köln"), "the page names itself"
    assert "Frag das Amt" in done.document.text


@pytest.mark.parametrize("case", ["slow", "loop", "inside", "missing", "empty"])
def test_a_bad_address_says_why_at_its_document_and_can_be_tried_again(
    koeln, settings, monkeypatch, case
):
    settings.FETCH_PRIVATE_ADDRESSES = case != "inside"
    if case == "slow":
        monkeypatch.setattr("stadtwabe.desk.reading.FETCH_SECONDS", 0.7)
    with serving() as site:
        site.drip("/slow")
        site.redirect("/loop", "/loop")
        site.page("/empty", b" ")
        document = bring_in(koeln, f"{site.address}/{case}")
        words = {
            "slow": "Sekunden",
            "loop": "Kreis",
            "inside": "internes Netz",
            "missing": "404",
            "empty": "steht nichts",
        }
        assert document.state == "failed"
        assert words[case] in document.problem
        assert site.address in document.problem
        assert document.remedy
        assert document.text == ""
        settings.FETCH_PRIVATE_ADDRESSES = True
        monkeypatch.undo()
        site.page(f"/{case}", "<p>In Köln wird „Frag das Amt“ ausprobiert.</p>".encode())
        assert bring_in(koeln, f"{site.address}/{case}") == document
    document.refresh_from_db()
    assert (document.state, document.problem) == ("read", "")
    assert Document.objects.count() == 1


def test_what_is_no_address_is_refused_at_once(koeln):
    done = submit_address(
        actor=editor_of(koeln), owner=koeln, address="ftp://x.example/", origin=Origin(), now=NOW
    )
    assert "keine Internetadresse" in done.problem
    assert not Document.objects.exists()


def test_the_same_page_under_two_addresses_is_there_already(koeln, settings):
    settings.FETCH_PRIVATE_ADDRESSES = True
    with serving() as site:
        for path in ("/a.html", "/b.html"):
            site.page(path, "<p>In Köln wird „Frag das Amt“ ausprobiert.</p>".encode())
        first = bring_in(koeln, f"{site.address}/a.html")
        second = bring_in(koeln, f"{site.address}/b.html")
    assert (first.state, second.state) == ("read", "failed")
    assert f"schon da: „{first.title}“" in second.problem


def test_an_address_waiting_to_be_fetched_is_not_queued_twice(koeln):
    address = "https://www.example.org/rundbrief.html"
    first, second = (
        submit_address(
            actor=editor_of(koeln), owner=koeln, address=address, origin=Origin(), now=NOW
        )
        for _time in range(2)
    )
    assert first.document == second.document
    assert (first.was_there, second.was_there) == (False, True)


def test_the_inbox_shows_that_an_address_is_being_fetched_and_why_it_could_not(
    client, koeln, settings
):
    settings.FETCH_PRIVATE_ADDRESSES = False
    client.force_login(account_of(koeln))
    address = "http://127.0.0.1:1/rundbrief.html"
    answer = client.post("/redaktion/", {"address": address, "owner": koeln.pk}, follow=True)
    page = answer.content.decode()
    assert "ist eingegangen und wird gelesen" in page
    assert "wartet auf das Lesen" in page
    document = Document.objects.get()
    Document.objects.update(state="reading")
    assert "wird abgerufen" in client.get("/redaktion/").content.decode()
    read_document(document=document, now=NOW)
    for shown in ("/redaktion/", f"/redaktion/dokumente/{document.pk}/"):
        page = client.get(shown).content.decode()
        assert "internes Netz" in page
        assert "wird abgerufen" not in page
    client.post(f"/redaktion/dokumente/{document.pk}/erneut/")
    document.refresh_from_db()
    assert document.state == "received"

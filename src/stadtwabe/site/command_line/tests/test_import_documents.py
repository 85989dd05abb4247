"""`stadtwabe import documents` as an operator meets it, on files, folders and addresses."""

import argparse
import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from stadtwabe.catalog.tests.factories import make_places
from stadtwabe.desk.tests.documents import NEWSLETTER, PLACES
from stadtwabe.evidence.models import Document
from stadtwabe.kit.errors import NotFound
from stadtwabe.kit.tests.web_server import serving
from stadtwabe.people.models import AuditEntry
from stadtwabe.site.command_line import import_documents
from stadtwabe.site.command_line.output import Output

pytestmark = pytest.mark.django_db
KOELN = "05315000"


@pytest.fixture(autouse=True)
def places() -> None:
    make_places(*PLACES)


def run(*words: str, owner: str = KOELN) -> tuple[int, list[dict[str, Any]], str]:
    """Return the exit status, the results as JSON, and what was told besides."""
    parser = argparse.ArgumentParser()
    import_documents.add_arguments(parser)
    results, talk = StringIO(), StringIO()
    output = Output(as_json=True, results=results, talk=talk)
    status = import_documents.run(parser.parse_args([*words, "--owner", owner]), output)
    lines = [json.loads(line) for line in results.getvalue().splitlines()]
    return status, lines, talk.getvalue()


def test_a_folder_is_received_and_queued_and_the_wrong_file_stops_no_other(tmp_path: Path) -> None:
    (tmp_path / "unten").mkdir()
    (tmp_path / "a-leer.txt").write_text("")
    (tmp_path / "rundbrief.txt").write_text(NEWSLETTER)
    (tmp_path / "unten" / "notiz.html").write_text("<p>Köln prüft „Frag das Amt“.</p>")
    (tmp_path / "bild.png").write_bytes(b"\x89PNG")
    status, lines, talk = run(str(tmp_path), "--publisher", "Verband", "--licence", "CC0-1.0")
    assert status == 2, "one was skipped"
    assert [line["doc"] for line in lines] == ["a-leer.txt", "rundbrief.txt", "notiz.html"]
    assert "„a-leer.txt“ ist leer." in lines[0]["error"]
    assert [line["state"] for line in lines] == ["skipped", "received", "received"]
    assert "3/3" in talk
    document = Document.objects.get(file_name="rundbrief.txt")
    assert (document.publisher, document.licence) == ("Verband", "CC0-1.0")
    assert document.owner.place_id == KOELN
    assert ProcrastinateJob.objects.count() == Document.objects.count() == 2
    assert AuditEntry.objects.filter(command="evidence.receive_document").count() == 2


def test_the_same_again_is_there_already(tmp_path: Path) -> None:
    (tmp_path / "rundbrief.txt").write_text(NEWSLETTER)
    assert run(str(tmp_path))[0] == 0
    status, [line], _talk = run(str(tmp_path / "rundbrief.txt"))
    assert (status, line["was_there"]) == (0, True)
    assert Document.objects.count() == 1


def test_with_read_they_are_read_at_once_without_a_worker(tmp_path: Path) -> None:
    (tmp_path / "rundbrief.txt").write_text(NEWSLETTER)
    (tmp_path / "kaputt.pdf").write_bytes(b"%PDF-1.4 nichts dahinter")
    status, lines, _talk = run(str(tmp_path), "--read")
    broken, good = lines
    assert status == 2
    assert (broken["state"], good["state"]) == ("failed", "read")
    assert "kaputt.pdf" in broken["error"]
    assert good["suggestions"] > 5


def test_addresses_are_fetched_when_they_are_read(settings: Any) -> None:
    settings.FETCH_PRIVATE_ADDRESSES = True
    with serving() as site:
        site.page("/rundbrief.html", f"<p>{NEWSLETTER}</p>".encode())
        status, lines, _talk = run(
            f"{site.address}/rundbrief.html", f"{site.address}/weg.html", "--read"
        )
    assert status == 2
    assert [line["state"] for line in lines] == ["read", "failed"]
    assert "404" in lines[1]["error"]


def test_a_missing_file_an_empty_folder_and_an_unknown_owner_say_so(tmp_path: Path) -> None:
    status, [line], _talk = run(str(tmp_path / "nirgends.txt"))
    assert (status, line["state"]) == (2, "skipped")
    assert "nirgends.txt" in line["error"]
    status, lines, talk = run(str(tmp_path))
    assert (status, lines) == (2, [])
    assert "no document in this folder" in talk
    with pytest.raises(NotFound):
        run(str(tmp_path), owner="99999999")

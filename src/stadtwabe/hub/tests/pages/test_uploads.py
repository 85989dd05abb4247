"""The pages on which stewards upload tables."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from procrastinate.contrib.django.models import ProcrastinateJob

from stadtwabe.hub.models import RefusedRow, Upload, UploadState
from stadtwabe.hub.tests.commands.test_uploads import WIDE, Town
from stadtwabe.hub.tests.factories import make_datastream, make_thing

pytestmark = pytest.mark.django_db
LIST = "/daten/hochladen/"


@pytest.fixture
def town():
    return Town()


@pytest.fixture
def steward(client, town):
    client.force_login(town.user)
    return client


def send(client, town, text=WIDE):
    file = SimpleUploadedFile("messung.csv", text.encode())
    return client.post(LIST, {"file": file, "owner": town.cast.menden.pk})


def test_from_the_file_over_the_preview_to_the_worker(steward, town):
    address = send(steward, town).url
    text = steward.get(address).content.decode()
    assert "CSV, UTF-8 · Semikolon · Überschriften in Zeile 1 · Dezimalkomma" in text
    assert "geprüft: 5 Zeilen. Werte: 5, Fehler: 3, leere Zellen: 1." in text
    assert "22.11.2026 10:00:00 CET" in text
    assert "Formeln werden nicht ausgerechnet" in text
    assert "=cmd|&#x27;/c calc&#x27;!A1" in text
    values = {"time": 0, "column_1": town.warmth.pk, "column_2": "", "column_0": ""}
    checked = steward.post(address, values)
    assert "Werte: 2, Fehler: 2, leere Zellen: 1." in checked.content.decode()
    answer = steward.post(f"{address}starten/", follow=True).content.decode()
    assert "Die Werte werden gespeichert" in answer
    upload = Upload.objects.get()
    job = ProcrastinateJob.objects.get(task_name="stadtwabe.hub.store_upload")
    assert job.args == {"upload_id": upload.pk}
    assert "HX-Refresh" not in steward.get(f"{address}?teil=fortschritt")
    Upload.objects.update(state=UploadState.DONE)
    assert steward.get(f"{address}?teil=fortschritt")["HX-Refresh"] == "true"
    again = steward.post(f"{address}starten/", follow=True).content.decode()
    assert "schon gespeichert" in again


def test_what_was_recognised_can_be_corrected(steward, town):
    address = send(steward, town, "Zeit;Temperatur\n1/2/2026;1.5\n").url
    assert "Tag oder Monat zuerst" in steward.get(address).content.decode()
    values = {
        "separator": ";",
        "header_line": 1,
        "decimal": ".",
        "zone": "UTC",
        "date_order": "month",
    }
    assert steward.post(f"{address}lesen/", values).status_code == 302
    text = steward.get(address).content.decode()
    assert "Dezimalpunkt · UTC" in text
    assert "02.01.2026 01:00:00" in text, "the second of January in UTC, shown in local time"
    broken = steward.post(f"{address}lesen/", values | {"header_line": 900})
    assert broken.status_code == 422
    assert "steht nichts" in broken.content.decode()


def test_a_column_that_names_the_series_shows_its_names(steward, town):
    address = send(steward, town, "Zeit;Was;Wert\n22.11.2026;A;1\n22.11.2026;<b>B;2\n").url
    values = {"time": 0, "series": 1, "value": 2}
    text = steward.post(f"{address}?aufbau=lang", values).content.decode()
    assert "„A“" in text
    assert "„&lt;b&gt;B“" in text
    values |= {"name_0": town.warmth.pk}
    text = steward.post(f"{address}?aufbau=lang", values).content.decode()
    assert "Werte: 1, Fehler: 1" in text
    assert "keiner Messreihe zugeordnet" in text
    # Whoever sends something else gets told so.
    assert steward.post(address, {"time": "x"}).status_code == 422
    assert steward.post(address, {"time": 0, "column_1": 0}).status_code == 422


def test_refused_rows_are_handed_out_and_no_spreadsheet_runs_them(steward, town):
    address = send(steward, town).url
    upload = Upload.objects.get()
    reason = {"column": 1, "cell": "=cmd", "reason": "Formeln <nicht>"}
    RefusedRow.objects.create(upload=upload, line=3, reasons=[reason])
    Upload.objects.update(state=UploadState.DONE)
    text = steward.get(address).content.decode()
    assert "Formeln &lt;nicht&gt;" in text
    rows = steward.get(f"{address}abgelehnt.csv").getvalue().decode("utf-8-sig").splitlines()
    assert rows[0] == "Zeit;Temperatur;Fenster offen;Notiz;Zeile in der Datei;Grund"
    assert rows[1].startswith("22.11.2026 10:15;'=cmd|'/c calc'!A1;nein;;3;")
    assert len(rows) == 2


def test_files_that_are_no_table_are_refused_on_the_page(steward, town, settings):
    for text, why in (("", "leer"), ("%PDF-1.4", "keine Tabelle"), ("a;b\n", "steht nichts")):
        answer = send(steward, town, text)
        assert answer.status_code == 422
        assert why in answer.content.decode()
    settings.UPLOAD_LIMIT_BYTES = 100
    answer = send(steward, town)
    assert answer.status_code == 422
    assert "zu groß" in answer.content.decode()
    assert not Upload.objects.exists()


def test_uploads_of_other_towns_are_not_there(steward, client, town):
    make_datastream(make_thing(town.cast.beckum, "Geheimnis"), "Geheimnis")
    address = send(steward, town).url
    assert "Geheimnis" not in steward.get(address).content.decode()
    client.force_login(town.cast.users["foreign_steward"])
    assert "messung.csv" not in client.get(LIST).content.decode()
    for ending in ("", "lesen/", "starten/", "loeschen/", "abgelehnt.csv"):
        asks = client.post if ending == "starten/" else client.get
        assert asks(address + ending).status_code == 404
    client.force_login(town.cast.users["editor"])
    assert client.get(LIST).status_code == 403


def test_a_file_is_deleted_after_a_question(steward, town):
    address = send(steward, town).url
    assert "bleibt" in steward.get(f"{address}loeschen/").content.decode()
    steward.post(f"{address}loeschen/")
    assert steward.get(address).status_code == 404

"""Tables by program: token, mapping by headings, state, report by position, and who may."""

import json
from io import BytesIO

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from procrastinate.contrib.django.models import ProcrastinateJob

from stadtwabe.hub.commands import uploads as commands
from stadtwabe.hub.commands.uploads import store_upload
from stadtwabe.hub.models import Observation, Upload
from stadtwabe.hub.tests.commands.test_uploads import WIDE, Town
from stadtwabe.hub.tests.factories import make_datastream, make_thing
from stadtwabe.kit.actor import Actor
from stadtwabe.kit.clock import now
from stadtwabe.people.commands import create_token

pytestmark = pytest.mark.django_db(transaction=True)

UPLOADS = "/api/v1/uploads"


def bearer(user, *scopes):
    _token, secret = create_token(
        actor=Actor(person=user.number), user=user, label="Test", scopes=scopes, now=now()
    )
    return {"Authorization": f"Bearer {secret}"}


@pytest.fixture
def town(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return Town()


@pytest.fixture
def key(town):
    return bearer(town.user, "data")


def send(client, key, text=WIDE, status=201, **fields):
    data = text if isinstance(text, bytes) else text.encode()
    file = SimpleUploadedFile("messung.csv", data)
    fields = {
        name: json.dumps(value) if isinstance(value, dict) else value
        for name, value in fields.items()
    }
    answer = client.post(UPLOADS, {"file": file, **fields}, headers=key)
    assert answer.status_code == status, answer.content
    return answer.json()


def meaning(town, **more):
    return {"time": "Zeit", "streams": {"Temperatur": town.warmth.pk, **more}}


def run(found):
    upload = Upload.objects.get(pk=found["id"])
    store_upload(upload=upload, clock=now)


def test_a_table_is_stored_as_its_headings_say_and_the_report_names_positions(client, town, key):
    made = send(client, key, columns=meaning(town, **{"Fenster offen": town.window.pk}))
    assert (made["state"], made["owner"]) == ("waiting", town.cast.menden.pk)
    assert ProcrastinateJob.objects.get().args == {"upload_id": made["id"]}
    run(made)
    found = client.get(f"{UPLOADS}/{made['id']}", headers=key).json()
    assert (found["state"], found["rows"], found["stored"]) == ("done", 5, 5)
    assert found["columns"][1] == {
        "place": 1,
        "heading": "Temperatur",
        "datastream": town.warmth.pk,
    }
    report = client.get(f"{UPLOADS}/{made['id']}/refused", headers=key).json()
    assert report["next_after"] is None
    assert [(each["line"], each["column"], each["cell"]) for each in report["cells"]] == [
        (3, "Temperatur", "=cmd|'/c calc'!A1"),
        (4, "Zeit", "31.12.9999"),
        (5, "Fenster offen", "vielleicht"),
    ]
    assert all(each["reason"] for each in report["cells"])
    assert found["refused"] == 3
    assert Observation.objects.filter(datastream_id=town.warmth.pk).count() == 2


def test_without_start_it_waits_to_be_mapped_and_started(client, town, key):
    made = send(client, key, start="false")
    assert made["state"] == "draft"
    page = f"{UPLOADS}/{made['id']}"
    wrong = {"columns": {"time": "Zeit", "streams": {"Feuchte": town.warmth.pk}}}
    answer = client.put(f"{page}/mapping", wrong, "application/json", headers=key)
    assert (answer.status_code, answer.json()["field"]) == (422, "columns.streams")
    assert "Fenster offen" in answer.json()["remedy"]
    right = {"format": {"zone": "UTC"}, "columns": {"time": 0, "streams": {"1": town.warmth.pk}}}
    answer = client.put(f"{page}/mapping", right, "application/json", headers=key)
    assert answer.status_code == 200, answer.content
    assert answer.json()["format"]["zone"] == "UTC"
    assert client.post(f"{page}/start", headers=key).json()["state"] == "waiting"
    assert client.post(f"{page}/start", headers=key).status_code == 409
    assert client.put(f"{page}/mapping", right, "application/json", headers=key).status_code == 409
    run(made)
    assert Upload.objects.get().stored == 2
    first = Observation.objects.filter(datastream_id=town.warmth.pk).earliest("phenomenon_time")
    assert first.phenomenon_time.isoformat() == "2026-11-22T10:00:00+00:00"


def test_one_series_a_row(client, town, key):
    text = "Wann;Wo;Wert\n2026-11-22T10:00Z;Station A;4,5\n2026-11-22T10:00Z;Station B;7\n"
    made = send(
        client,
        key,
        text,
        columns={
            "time": "Wann",
            "series": "Wo",
            "value": "Wert",
            "names": {"Station A": town.warmth.pk},
        },
    )
    run(made)
    report = client.get(f"{UPLOADS}/{made['id']}/refused", headers=key).json()
    assert [(each["line"], each["column"]) for each in report["cells"]] == [(3, "Wo")]
    assert Upload.objects.get().stored == 1


def test_the_next_file_with_the_same_headings_needs_no_mapping(client, town, key):
    run(send(client, key, columns=meaning(town)))
    more = WIDE.replace("22.11.", "23.11.")
    made = send(client, key, more)
    assert (made["state"], made["meaning"]["streams"]) == ("waiting", {"1": town.warmth.pk})


@pytest.mark.parametrize(
    ("fields", "field", "status"),
    [
        ({"columns": "{"}, "columns", 422),
        ({"columns": {"time": "Zeit", "streams": {}, "more": 1}}, "columns", 422),
        ({"columns": {"time": "Uhr", "streams": {}}}, "columns.time", 422),
        ({"columns": {"time": "Zeit", "streams": {"Temperatur": 999999}}}, None, 404),
        ({"columns": {"time": "Zeit", "series": "Notiz"}}, "columns.value", 422),
        ({"format": {"decimal": ";"}}, "format", 422),
        ({"owner": 999999}, None, 403),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_kept(client, town, key, fields, field, status):
    answer = send(client, key, status=status, **fields)
    assert (answer["status"], answer["field"]) == (status, field)
    assert not Upload.objects.exists()


@pytest.mark.parametrize("text", [b"", b"\x00\x01\x02" * 50, "Überschrift;nur\r\n"])
def test_what_is_no_table_is_refused(client, town, key, text):
    assert send(client, key, text, status=422)["field"] == "file"
    assert client.post(UPLOADS, {}, headers=key).json()["field"] == "file"
    assert not Upload.objects.exists()


def test_a_file_over_the_limit_is_refused(client, town, key, settings):
    settings.UPLOAD_LIMIT_BYTES = 1000
    assert send(client, key, "Zeit;Temperatur\r\n" + "1;2\r\n" * 400, 422)["field"] == "file"


def test_so_many_files_an_hour(client, town, key, monkeypatch):
    monkeypatch.setattr(commands, "PER_HOUR", 1)
    send(client, key, start="false")
    answer = send(client, key, start="false", status=429)
    assert answer["remedy"]


def test_nobody_else_sees_or_changes_it(client, town, key):
    made = send(client, key, start="false", columns=meaning(town))
    page = f"{UPLOADS}/{made['id']}"
    others = [
        bearer(town.cast.users["foreign_steward"], "data"),
        bearer(town.user, "read", "documents"),
        {},
    ]
    for other in others:
        assert client.get(page, headers=other).status_code == 404
        assert client.get(f"{page}/refused", headers=other).status_code == 404
        assert client.get(UPLOADS, headers=other).json()["total"] == 0
        for answer in (
            client.delete(page, headers=other),
            client.post(f"{page}/start", headers=other),
            client.put(f"{page}/mapping", {}, "application/json", headers=other),
        ):
            assert answer.status_code in {401, 404}
    reading = bearer(town.user, "read")
    assert send(client, reading, status=403)["status"] == 403
    foreign = make_datastream(make_thing(town.cast.beckum), "Temperatur")
    into = {"time": "Zeit", "streams": {"Temperatur": foreign.pk}}
    assert send(client, key, status=404, columns=into)["status"] == 404
    assert send(client, key, status=403, owner=town.cast.beckum.pk)["status"] == 403
    assert client.get(UPLOADS, headers=key).json()["total"] == 1
    assert client.delete(page, headers=key).status_code == 204
    assert client.get(page, headers=key).status_code == 404


def test_the_report_goes_on_behind_a_line(client, town, key, monkeypatch):
    monkeypatch.setattr("stadtwabe.hub.api.REFUSED_PER_PAGE", 2)
    made = send(client, key, columns=meaning(town, **{"Fenster offen": town.window.pk}))
    run(made)
    page = f"{UPLOADS}/{made['id']}/refused"
    first = client.get(page, headers=key).json()
    assert ([each["line"] for each in first["cells"]], first["next_after"]) == ([3, 4], 4)
    rest = client.get(f"{page}?after=4", headers=key).json()
    assert ([each["line"] for each in rest["cells"]], rest["next_after"]) == ([5], None)


def test_an_excel_file(client, town, key):
    book = openpyxl.Workbook()
    book.active.append(["Zeit", "Temperatur"])
    book.active.append(["2026-11-22T10:00:00Z", 12.5])
    target = BytesIO()
    book.save(target)
    run(send(client, key, target.getvalue(), columns=meaning(town)))
    assert Upload.objects.get().stored == 1


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"columns": {"time": "9" * 5000, "streams": {}}}, "columns.time"),
        ({"columns": "[" * 19_000}, "columns"),
        ({"columns": {"time": "Zeit", "streams": {"Temperatur": 2**70}}}, None),
        ({"format": {"encoding": "hex"}}, None),
        ({"format": {"encoding": "a\x00b"}}, None),
        ({"format": {"separator": ""}}, None),
        ({"format": {"separator": "\n"}}, None),
        ({"format": {"zone": "../../etc/passwd"}}, None),
        ({"format": {"date_order": "?"}}, None),
        ({"format": {"sheet": "x"}}, None),
    ],
)
def test_what_no_person_would_say_of_a_table_is_refused_and_leaves_nothing(
    client, town, key, fields, field
):
    client.raise_request_exception = False
    file = SimpleUploadedFile("messung.csv", WIDE.encode())
    fields = {
        name: json.dumps(value) if isinstance(value, dict) else value
        for name, value in fields.items()
    }
    answer = client.post(UPLOADS, {"file": file, **fields}, headers=key)
    assert answer.status_code in {404, 422}, answer.content
    assert field is None or answer.json()["field"] == field
    assert not Upload.objects.exists()

"""Bad input at the door of the SensorThings API: one shape says what, where, what to do."""

import json
from urllib.parse import quote

import pytest
from django.test import Client

from stadtwabe.hub.sta.answers import refused_by_domain
from stadtwabe.hub.tests.factories import make_datastream, make_thing
from stadtwabe.kit.actor import SYSTEM
from stadtwabe.kit.errors import Conflict
from stadtwabe.people.commands import create_token
from stadtwabe.people.tests.factories import NOW, Cast

pytestmark = pytest.mark.django_db
ROOT = "/sta/v1.1"
JSON = "application/json"


@pytest.fixture
def cast():
    return Cast()


@pytest.fixture
def secret(cast) -> str:
    steward = cast.users["steward"]
    return create_token(actor=SYSTEM, user=steward, label="Test", scopes=["data"], now=NOW)[1]


def said(response, status: int):
    assert response.status_code == status, response.content
    assert response.headers["Content-Type"].startswith("application/json")
    body = response.json()
    assert (body["code"], body["type"]) == (status, "error")
    assert body["message"]
    assert set(body) <= {"code", "type", "message", "field", "position", "remedy"}
    return body


@pytest.fixture
def post(client: Client, secret: str):
    def send(path: str, body: bytes, content_type: str = JSON, **headers: str):
        return client.post(
            f"{ROOT}/{path}",
            body,
            content_type=content_type,
            headers={"Authorization": f"Bearer {secret}", **headers},
        )

    return send


@pytest.mark.parametrize("content_type", [JSON, "application/x-www-form-urlencoded"])
@pytest.mark.parametrize("path", ["Things", "$batch", "gibt/es/nicht"])
def test_too_much_at_once_names_the_limit(client, post, settings, path, content_type):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024**2
    body = b"x" * (2 * 1024**2 + 1)
    found = said(post(path, body, content_type), 413)
    assert "2 MB" in found["message"]
    assert found["remedy"]
    # without a token no less
    said(client.post(f"{ROOT}/{path}", body, content_type=content_type), 413)


def test_so_does_our_own_api(client, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1024**2
    answer = client.post("/api/v1/projects", b"x" * (1024**2 + 1), content_type=JSON)
    assert answer.status_code == 413
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert "1 MB" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("body", "field", "word"),
    [
        (b"", None, "JSON"),
        (b'{"name": "x"', None, "JSON"),
        (b'{"name": "x\xff"}', None, "JSON"),
        (b'{"name": "x", "properties": {"a": NaN}}', None, "JSON"),
        (b'{"name": "x", "properties": {"a": 1, "a": 2}}', "a", "twice"),
        (b'{"name": "x", "name": "y"}', "name", "twice"),
        (b'{"a":' * 2_000_000, None, "deep"),
        (b"[" * 4_000_000, None, "deep"),
        (b'{"name": "a\\u0000b"}', "name", "NUL"),
    ],
)
def test_bodies_that_make_no_sense(post, settings, body, field, word):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024**2
    found = said(post("Things", body), 400)
    assert found.get("field") == field
    assert word in found["message"]


@pytest.mark.parametrize(
    "body",
    [
        {"name": "x", "HistoricalLocations": [{"time": "0000-01-01T00:00:00Z"}]},
        {"name": "x", "HistoricalLocations": [{"time": "0001-01-01T00:00:00+01:00"}]},
        {"name": "x", "HistoricalLocations": [{"time": "9999-12-31T23:59:59-01:00"}]},
    ],
)
def test_years_beyond_the_calendar(post, body):
    assert said(post("Things", json.dumps(body).encode()), 400)["field"] == "time"


@pytest.mark.parametrize(
    "question",
    [
        "phenomenonTime gt 0000-01-01T00:00:00Z",
        "phenomenonTime gt 9999-12-31T23:59:59-01:00",
        "phenomenonTime gt 2026-13-01T00:00:00Z",
        "phenomenonTime add duration'P300000D' gt now()",
    ],
)
def test_times_in_questions(client, question):
    answer = client.get(f"{ROOT}/Observations?$filter={quote(question)}")
    if answer.status_code != 200:
        assert said(answer, 400)["field"] == "$filter"


@pytest.mark.parametrize(
    ("path", "position"),
    [("Nonsense", 0), ("Things(1)(2)", None), ("Things(1)", None), ("Observations(1)/a/b", None)],
)
def test_addresses_that_lead_nowhere(client, path, position):
    answer = client.get(f"{ROOT}/{path}")
    found = said(answer, answer.status_code)
    assert answer.status_code in {400, 404}
    if position is not None:
        assert (found["code"], found["position"]) == (404, position)


@pytest.mark.parametrize("address", ["/sta/v1.1/Things?$filter=%00", "/sta/v2.0/", "/sta/"])
def test_what_never_gets_to_the_api_is_told_in_its_shape_too(client, address):
    answer = client.get(address)
    said(answer, answer.status_code)


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("TRACE", "Things", "GET"),
        ("POST", "Things(1)", "PATCH"),
        ("DELETE", "Things", "POST"),
        ("PATCH", "Things", "POST"),
        ("GET", "$batch", "POST"),
    ],
)
def test_what_one_cannot_do_somewhere(client, cast, secret, method, path, allowed):
    thing = make_thing(cast.menden)
    path = path.replace("(1)", f"({thing.pk})")
    answer = client.generic(
        method, f"{ROOT}/{path}", b"{}", headers={"Authorization": f"Bearer {secret}"}
    )
    said(answer, 405)
    assert allowed in answer.headers["Allow"]


@pytest.mark.parametrize("content_type", ["application/xml", "multipart/form-data; boundary=b"])
@pytest.mark.parametrize("path", ["Things", "$batch"])
def test_what_is_no_json(post, path, content_type):
    assert said(post(path, b"--b--", content_type), 415)["field"] == "Content-Type"


def test_a_body_without_its_length(post):
    answer = post("Things", b"", **{"Transfer-Encoding": "chunked"})
    assert said(answer, 411)["field"] == "Content-Length"


def test_without_a_key_nothing_is_written(client):
    found = said(client.post(f"{ROOT}/Things", b"{}", content_type=JSON), 401)
    assert found["field"] == "Authorization"


def test_a_remedy_stands_once():
    answer = refused_by_domain(Conflict("Das ist schon da.", remedy="Nehmen Sie jenes."))
    assert answer.status == 409
    assert answer.body.count(b"Nehmen Sie jenes.") == 1


@pytest.mark.parametrize("language", ["de", "en"])
def test_programs_are_answered_in_english_whatever_the_browser_wants(post, cast, language):
    stream = make_datastream(make_thing(cast.menden))
    body = json.dumps({"Sensor": {"@iot.id": 2_000_000}}).encode()
    answer = post(f"Datastreams({stream.pk})", body, **{"Accept-Language": language})
    found = said(answer, 405)
    assert found["remedy"].startswith("Here one can")
    answer = post("Things", b'{"name": ""}', **{"Accept-Language": language})
    assert said(answer, 400)["message"] == "This field cannot be blank."
    assert answer.headers["Content-Language"] == "en"

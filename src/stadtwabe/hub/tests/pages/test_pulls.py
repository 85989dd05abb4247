"""The pages of pulls: trying out, keeping, pausing, ending."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from procrastinate.contrib.django.models import ProcrastinateJob

from stadtwabe.hub.commands.pulls import secret_of
from stadtwabe.hub.models import Pull, PullLog
from stadtwabe.hub.tasks import queue_due_pulls, run_pull_job
from stadtwabe.hub.tests.commands.test_pulls import SECRET, Town, answer
from stadtwabe.hub.tests.factories import make_datastream, make_thing
from stadtwabe.kit.tests.web_server import serving
from stadtwabe.people.tests.factories import NOW

pytestmark = pytest.mark.django_db
LIST = "/daten/abrufe/"


@pytest.fixture
def town():
    return Town()


@pytest.fixture
def steward(client, town):
    client.force_login(town.cast.users["steward"])
    return client


def form(town, address, **more):
    return {
        **town.values(address),
        "owner": town.cast.menden.pk,
        "header_secret": SECRET,
        "path_0": "$.temp",
        "stream_0": town.stream.pk,
        **more,
    }


def test_a_mapping_is_tried_on_the_live_answer_before_it_is_kept(steward, town, settings):
    settings.FETCH_PRIVATE_ADDRESSES = True
    with serving() as site:
        site.page("/v1", answer(1.5, "zwei"), media_type="application/json")
        sent = form(town, f"{site.address}/v1")
        text = steward.post(f"{LIST}neu/", {**sent, "try": "1"}).content.decode()
        assert "Einträge: 2, Werte: 1, Fehler: 1." in text
        assert "$[&#x27;data&#x27;][0][&#x27;temp&#x27;]" in text
        assert "&quot;zwei&quot;" in text
        assert SECRET not in text
        assert not Pull.objects.exists()
        kept = steward.post(f"{LIST}neu/", {**sent, "save": "1"}, follow=True)
    pull = Pull.objects.get()
    assert secret_of(pull) == SECRET
    assert "gespeichert, wird als X-API-Key gesendet" in kept.content.decode()
    assert SECRET not in kept.content.decode()
    assert SECRET not in steward.get(f"{LIST}{pull.pk}/bearbeiten/").content.decode()
    queue_due_pulls(0)
    jobs = ProcrastinateJob.objects.filter(task_name="stadtwabe.hub.run_pull")
    assert [job.args for job in jobs] == [{"pull_id": pull.pk}], "queued once, not twice"


def test_the_form_asks_for_the_datastreams_of_all_towns_at_once(client, town):
    client.force_login(town.cast.users["operator"])
    client.get(f"{LIST}neu/")  # what is asked once in a process
    with CaptureQueriesContext(connection) as few:
        client.get(f"{LIST}neu/")
    make_datastream(make_thing(town.cast.beckum, "Pegel"), "Wasserstand")
    with CaptureQueriesContext(connection) as more:
        page = client.get(f"{LIST}neu/").content.decode()
    assert "Wasserstand" in page
    assert len(more) == len(few)


def test_inside_addresses_are_not_asked(steward, town):
    answered = steward.post(f"{LIST}neu/", {**form(town, "http://127.0.0.1:1/"), "try": "1"})
    assert answered.status_code == 422
    assert "internes Netz" in answered.content.decode()
    pull = town.create("http://127.0.0.1:1/")
    run_pull_job(pull.pk)
    assert "internes Netz" in PullLog.objects.get().failure
    run_pull_job(0)


def test_half_a_row_and_a_series_twice_are_mistakes(steward, town):
    sent = form(town, "https://x.example", path_1="$.b", path_2="$.c", stream_2=town.stream.pk)
    text = steward.post(f"{LIST}neu/", {**sent, "stream_1": "", "save": "1"}).content.decode()
    assert "In welche Messreihe soll der Wert?" in text
    assert "bekommt schon einen Wert" in text
    bad = steward.post(f"{LIST}neu/", form(town, "https://x.example", path_0="temp"))
    assert bad.status_code == 422
    assert "ist kein JSONPath" in bad.content.decode()


def test_it_is_shown_changed_paused_and_ended(steward, town):
    pull = town.create()
    problem = {"path": "$['a']", "value": "<b>", "problem": "Hier steht nichts."}
    PullLog.objects.create(
        pull=pull, started_at=NOW, ended_at=NOW, refused=1, problems=[problem], stored=3
    )
    address = f"{LIST}{pull.pk}/"
    text = steward.get(address).content.decode()
    assert "„&lt;b&gt;“: Hier steht nichts." in text
    assert "3 neue Werte, 1 Fehler" in steward.get(LIST).content.decode()
    sent = form(town, pull.address, name="Anders", header_secret="")
    steward.post(f"{address}bearbeiten/", {**sent, "save": "1"})
    pull.refresh_from_db()
    assert (pull.name, secret_of(pull)) == ("Anders", SECRET)
    steward.post(f"{address}anhalten/")
    assert "angehalten" in steward.get(address).content.decode()
    steward.post(f"{address}anhalten/")
    pull.refresh_from_db()
    assert pull.paused_at is None
    assert "bleiben" in steward.get(f"{address}beenden/").content.decode()
    steward.post(f"{address}beenden/")
    assert steward.get(address).status_code == 404


def test_pulls_of_other_towns_are_not_there(steward, client, town):
    pull = town.create()
    client.force_login(town.cast.users["foreign_steward"])
    assert "elsewhere.example" not in client.get(LIST).content.decode()
    for ending in ("", "bearbeiten/", "anhalten/", "beenden/"):
        assert client.post(f"{LIST}{pull.pk}/{ending}").status_code in {404, 405}
    assert not ProcrastinateJob.objects.exists()
    client.force_login(town.cast.users["editor"])
    assert client.get(LIST).status_code == 403

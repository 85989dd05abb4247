"""The pages on which stewards take over datasets from elsewhere."""

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from stadtwabe.hub.commands.harvests import create_harvest, run_harvest
from stadtwabe.hub.dcat.reader import Problem, ReadPage
from stadtwabe.hub.dcat.tests.test_round_trip import AIR
from stadtwabe.hub.models import Dataset, Harvest
from stadtwabe.hub.tasks import queue_due_harvests, run_harvest_job
from stadtwabe.kit.actor import SYSTEM
from stadtwabe.people.tests.factories import NOW, Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    return Cast()


def make(owner, address="https://elsewhere.example/catalog.ttl"):
    return create_harvest(
        actor=SYSTEM,
        owner=owner,
        name="Landesportal",
        kind="dcat",
        address=address,
        rhythm="daily",
        now=NOW,
    )


def filled(harvest, *problems):
    def read(_kind, _address):
        return ReadPage((AIR,), problems, "")

    run_harvest(actor=SYSTEM, harvest=harvest, now=NOW, read=read)


@pytest.fixture
def steward(client, cast):
    client.force_login(cast.users["steward"])
    return client


def test_a_steward_adds_a_source_and_a_worker_is_asked_for_the_first_run(steward, cast):
    values = {
        "name": "Landesportal",
        "kind": "ckan",
        "address": "https://portal.example/",
        "rhythm": "weekly",
        "owner": cast.menden.pk,
    }
    answer = steward.post("/daten/uebernahmen/neu/", values, follow=True)
    harvest = Harvest.objects.get()
    assert (harvest.kind, harvest.owner) == ("ckan", cast.menden)
    job = ProcrastinateJob.objects.get(task_name="stadtwabe.hub.run_harvest")
    assert job.args == {"harvest_id": harvest.pk}
    assert "läuft oder beginnt gleich" in answer.content.decode()
    twice = steward.post("/daten/uebernahmen/neu/", values)
    assert twice.status_code == 422
    assert "wird schon übernommen" in twice.content.decode()


def test_its_page_shows_every_run_with_what_was_wrong(steward, cast):
    harvest = make(cast.menden)
    filled(harvest, Problem("https://elsewhere.example/x", "Der Titel <x>", "fehlt"))
    text = steward.get(f"/daten/uebernahmen/{harvest.pk}/").content.decode()
    assert "1 Datensatz kommt von dort." in text
    assert "Der Titel &lt;x&gt;: fehlt" in text
    assert "1 neu" in steward.get("/daten/uebernahmen/").content.decode()


def test_a_dataset_shows_where_it_comes_from_and_is_not_edited_here(steward, cast):
    filled(make(cast.menden))
    dataset = Dataset.objects.get()
    text = steward.get(dataset.card.path).content.decode()
    assert "Landesportal" in text
    assert AIR.page in text
    assert "/bearbeiten/" not in text
    assert steward.get(f"{dataset.card.path}bearbeiten/").status_code in {200, 409}
    answer = steward.post(
        f"{dataset.card.path}bearbeiten/",
        {"title": "x", "description": "x", "licence": "cc-zero", "audience": "public"},
    )
    assert "kommt aus einer anderen Quelle" in answer.content.decode()


def test_it_is_run_changed_and_ended(steward, cast):
    harvest = make(cast.menden)
    filled(harvest)
    address = f"/daten/uebernahmen/{harvest.pk}/"
    steward.post(f"{address}starten/")
    assert ProcrastinateJob.objects.filter(task_name="stadtwabe.hub.run_harvest").exists()
    steward.post(address, {"name": "Anders", "rhythm": "never"})
    harvest.refresh_from_db()
    assert (harvest.name, harvest.rhythm) == ("Anders", "never")
    assert "zurückgezogen" in steward.get(f"{address}beenden/").content.decode()
    steward.post(f"{address}beenden/")
    assert steward.get(Dataset.objects.get().card.path).status_code == 410
    assert steward.get(address).status_code == 404


def test_sources_of_other_towns_are_not_there(steward, cast):
    foreign = make(cast.beckum)
    assert "elsewhere.example" not in steward.get("/daten/uebernahmen/").content.decode()
    for verb in ("", "starten/", "beenden/"):
        answer = steward.post(f"/daten/uebernahmen/{foreign.pk}/{verb}")
        assert answer.status_code == 404


def test_the_worker_runs_what_is_asked_for_and_queues_what_is_due(cast, monkeypatch):
    harvest = make(cast.menden, "http://127.0.0.1:1/catalog.ttl")
    queue_due_harvests(0)
    assert ProcrastinateJob.objects.filter(task_name="stadtwabe.hub.run_harvest").count() == 1
    run_harvest_job(harvest.pk)
    assert "internes Netz" in harvest.logs.get().failure
    run_harvest_job(0)

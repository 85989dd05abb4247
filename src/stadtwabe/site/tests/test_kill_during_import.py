"""Kill -9 of worker, submitter and database during an import: nothing acknowledged is lost."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psycopg
import pytest

import stadtwabe
from stadtwabe.site.postgres.server import Server

pytestmark = pytest.mark.soak

SUBMIT = """
import sys
import django
django.setup()
from stadtwabe.desk.commands import submit_document
from stadtwabe.desk.tests.documents import NEWSLETTER
from stadtwabe.evidence.commands import Origin
from stadtwabe.kit.actor import SYSTEM
from stadtwabe.kit.clock import now
from stadtwabe.people.commands import party_for_place
from stadtwabe.places.models import Place
from stadtwabe.places.rules import Level

place, _new = Place.objects.get_or_create(
    key="05", defaults={"level": Level.STATE, "name": "Nordrhein-Westfalen"}
)
owner = party_for_place(place)
number = int(sys.argv[1])
while True:
    text = f"{NEWSLETTER}Ausgabe {number}."
    document, _was_there = submit_document(
        actor=SYSTEM, owner=owner, data=text.encode(),
        origin=Origin(file_name=f"ausgabe-{number}.txt"), now=now(),
    )
    print(document.pk, flush=True)
    number += 1
"""


class Installation:
    """A data folder with a database, a worker and somebody who brings documents in."""

    def __init__(self, folder: Path) -> None:
        self.server = Server(folder)
        self.running: list[subprocess.Popen[str]] = []
        self.folder = folder

    def start(self, *arguments: str) -> "subprocess.Popen[str]":
        process = subprocess.Popen(
            [sys.executable, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env={
                **os.environ,
                "DATABASE_URL": self.server.url,
                "STADTWABE_DATA": str(self.folder),
                "STADTWABE_SECRET_KEY": "only-for-this-test",
                "DJANGO_SETTINGS_MODULE": "stadtwabe.site.settings",
                "PYTHONPATH": str(Path(stadtwabe.__file__).parent.parent),
            },
        )
        self.running.append(process)
        return process

    def worker(self) -> "subprocess.Popen[str]":
        return self.start("-m", "stadtwabe.site.process_tree.child", "worker")

    def kill_everything(self) -> None:
        """Kill worker, submitter and the database server, without a word of warning."""
        found = self.server.cluster.read_pid_file()
        for process in self.running:
            process.kill()
        if found is not None:
            os.kill(found.pid, signal.SIGKILL)
        for process in self.running:
            process.wait()
        self.running.clear()

    def rows(self, query: str) -> list[tuple[object, ...]]:
        with psycopg.connect(self.server.url) as connection:
            return connection.execute(query).fetchall()


@pytest.fixture
def installation():
    folder = Path(tempfile.mkdtemp(prefix="stadtwabe-kill-"))
    folder.chmod(0o711)
    installation = Installation(folder)
    installation.server.start()
    try:
        assert installation.start("-m", "django", "migrate", "-v0").wait(300) == 0
        yield installation
    finally:
        for process in installation.running:
            process.kill()
            process.wait()
        installation.server.close()
        shutil.rmtree(folder)


def wait_for_database(installation: Installation, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while True:
        try:
            installation.rows("select 1")
        except psycopg.OperationalError:
            if time.monotonic() > end:
                raise
            if not installation.server.is_running:
                installation.server.start()
            time.sleep(0.2)
        else:
            return


def test_nothing_acknowledged_is_lost_and_a_restart_goes_on(installation):
    acknowledged: list[int] = []
    for round_number in range(2):
        installation.worker()
        submitter = installation.start("-c", SUBMIT, str(round_number * 1000))
        assert submitter.stdout is not None
        for line in submitter.stdout:
            acknowledged.append(int(line))
            if len(acknowledged) >= 8 * (round_number + 1):
                break
        time.sleep(3)  # the worker is in the middle of reading
        installation.kill_everything()
        rest = submitter.stdout.read().split()
        acknowledged += [int(line) for line in rest]
        wait_for_database(installation)
        known = {row[0] for row in installation.rows("select id from evidence_document")}
        assert set(acknowledged) <= known
    unread = "select count(*) from evidence_document where state in ('received', 'reading')"
    assert installation.rows(unread)[0][0], "there is something left to go on with"
    installation.worker()
    end = time.monotonic() + 240
    while installation.rows(unread)[0][0] and time.monotonic() < end:
        time.sleep(1)
    rows = installation.rows(
        "select d.id, d.state, count(s.id), count(distinct s.fingerprint)"
        " from evidence_document d left join evidence_suggestion s on s.document_id = d.id"
        " group by d.id, d.state"
    )
    assert {row[1] for row in rows} == {"read"}
    assert {row[2] for row in rows} == {row[3] for row in rows}
    assert len({row[2] for row in rows}) == 1, "every document is read as a whole, none twice"
    assert set(acknowledged) <= {row[0] for row in rows}

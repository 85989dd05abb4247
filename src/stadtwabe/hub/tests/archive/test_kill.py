"""Kill -9 at every step of a move, and readers in the middle of it: each value exactly once."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection

import stadtwabe
from stadtwabe.hub.archive import lake
from stadtwabe.hub.commands.archive import STEPS, archive_month, sweep_archive
from stadtwabe.hub.models import ArchiveMonth, Datastream
from stadtwabe.hub.queries.archive import archived_parts
from stadtwabe.hub.tests.archive.s3 import Storage
from stadtwabe.hub.tests.archive.world import MONTHS, NOW, START, follow, rows
from stadtwabe.hub.tests.factories import make_datastream, make_thing, put_observations
from stadtwabe.kit.actor import SYSTEM
from stadtwabe.people.tests.factories import Cast

pytestmark = pytest.mark.django_db(transaction=True)

MOVER = """
import json, os, signal, sys
from datetime import date, datetime
from pathlib import Path
import django
django.setup()
import duckdb
from stadtwabe.hub.archive import lake
from stadtwabe.hub.archive.bucket import BucketAddress
from stadtwabe.hub.commands.archive import archive_month
from stadtwabe.kit.actor import SYSTEM

lake.use_folder(Path(sys.argv[1]))
if sys.argv[3:]:
    lake.use_bucket(BucketAddress(**json.loads(sys.argv[3])), cache_bytes=10**9)
now = datetime.fromisoformat(sys.argv[2])
for line in sys.stdin:
    child = os.fork()
    if not child:
        def at(step):
            if step == line.strip():
                os.kill(os.getpid(), signal.SIGKILL)
        archive_month(actor=SYSTEM, month=date(2026, 3, 1), now=now, at=at)
        os._exit(0)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


class Mover:
    """A process that moves March whenever it is told to, and dies at the step that it is told."""

    def __init__(self, folder: Path, storage: Storage | None = None) -> None:
        settings = connection.settings_dict
        user, host = quote(settings["USER"] or ""), quote(str(settings["HOST"] or ""), safe="")
        port = f"&port={settings['PORT']}" if settings["PORT"] else ""
        bucket = [json.dumps(asdict(storage.address(folder.name)))] if storage else []
        environment = {
            **os.environ,
            "DATABASE_URL": f"postgresql://{user}@/{settings['NAME']}?host={host}{port}",
            "DJANGO_SETTINGS_MODULE": "stadtwabe.site.settings",
            "PYTHONPATH": str(Path(stadtwabe.__file__).parent.parent),
        }
        self._process = subprocess.Popen(
            [sys.executable, "-c", MOVER, str(folder), NOW.isoformat(), *bucket],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def move(self, *, until: str = "") -> int:
        """Return the exit status: -9 if it was killed."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{until}\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())

    def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(20)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(lake, "_folder", [tmp_path])
    return tmp_path


@pytest.fixture
def mover(folder: Path) -> Iterator[Mover]:
    mover = Mover(folder)
    yield mover
    mover.close()


def make_streams() -> list[Datastream]:
    thing = make_thing(Cast().menden)
    streams = [make_datastream(thing, f"Reihe {number}") for number in range(2)]
    for stream in streams:
        put_observations(stream, *range(60), start=START, every=timedelta(minutes=40))
    return streams


def read(streams: list[Datastream]) -> list[list[float]]:
    return [
        [each["result"] for each in follow(SYSTEM, f"Datastreams({stream.pk})/Observations")]
        for stream in streams
    ]


def test_nothing_is_missing_or_doubled_wherever_a_move_is_killed(
    mover: Mover, folder: Path
) -> None:
    streams = make_streams()
    expected = read(streams)
    assert expected == [list(range(60))] * 2
    for number in range(2):
        killed = [mover.move(until=step) for step in STEPS if read(streams) == expected]
        assert killed == [-9] * len(STEPS)
        assert read(streams) == expected
        assert mover.move() == 0
        assert read(streams) == expected
        assert rows("SELECT count(*) FROM hub_observation") == [(0,)]
        if not number:  # once more, with what came late beside the files that are there
            for stream in streams:
                put_observations(stream, 100.0, start=START + timedelta(minutes=41 + 40 * 70))
            expected = [[*each, 100.0] for each in expected]
    assert {each.rows for each in ArchiveMonth.objects.all()} == {61}
    sweep_archive(actor=SYSTEM)
    left = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert left == set(ArchiveMonth.objects.values_list("file", flat=True))
    assert read(streams) == expected


def in_a_thread(act: Any) -> Any:
    """Do something on a connection of its own."""
    found: list[Any] = []

    def run() -> None:
        try:
            found.append(act())
        finally:
            connection.close()

    thread = Thread(target=run)
    thread.start()
    thread.join(30)
    return found[0]


def test_readers_see_all_while_it_moves_and_when_it_moves_under_their_hands(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    streams = make_streams()
    expected = read(streams)
    seen: dict[str, Any] = {}

    def move() -> None:
        archive_month(
            actor=SYSTEM,
            month=MONTHS[0],
            now=NOW,
            at=lambda step: seen.update({step: in_a_thread(lambda: read(streams))}),
        )

    # The reader has just found that nothing is archived; then everything is.
    waiting = [move]

    def found_and_moved(*arguments: Any, **options: Any) -> Any:
        found = archived_parts(*arguments, **options)
        while waiting:
            in_a_thread(waiting.pop())
        return found

    monkeypatch.setattr("stadtwabe.hub.sta.archived.archived_parts", found_and_moved)
    assert read(streams) == expected
    assert seen == dict.fromkeys(STEPS, expected)
    assert ArchiveMonth.objects.count() == 2
    assert rows("SELECT count(*) FROM hub_observation") == [(0,)]

    # The reader has just read which file it is; then the file is replaced.
    put_observations(streams[0], 7.0, start=START + timedelta(days=3))
    waiting.append(move)
    assert read(streams) == [[*expected[0], 7.0], expected[1]]
    assert not waiting

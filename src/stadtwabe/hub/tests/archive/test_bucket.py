"""The archive in a bucket: the same move, the same answers, and what happens without it."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from stadtwabe.hub.archive import lake
from stadtwabe.hub.archive.bucket import ArchiveAway, Bucket
from stadtwabe.hub.archive.cache import Cache
from stadtwabe.hub.archive.duck import GoneFromArchive
from stadtwabe.hub.commands import delete_observations, store_observations
from stadtwabe.hub.commands.archive import STEPS, fill_bucket, sweep_archive
from stadtwabe.hub.ingest.batch import NewObservation
from stadtwabe.hub.models import ArchiveMonth
from stadtwabe.hub.sta.answers import Call
from stadtwabe.hub.sta.dispatch import Dispatcher
from stadtwabe.hub.tests.archive.s3 import BUCKET, Storage, archive_in
from stadtwabe.hub.tests.archive.test_kill import Mover, make_streams, read
from stadtwabe.hub.tests.archive.world import (
    EVERY,
    NOW,
    ROOT,
    START,
    archive,
    fill_stream,
    follow,
    rows,
)
from stadtwabe.hub.tests.factories import make_datastream, make_thing, put_observations
from stadtwabe.kit.actor import SYSTEM
from stadtwabe.people.tests.factories import Cast

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(scope="module")
def storage() -> Iterator[Storage]:
    storage = Storage()
    yield storage
    storage.stop()


@pytest.fixture
def folder(storage: Storage, tmp_path: Path) -> Iterator[Path]:
    with archive_in(storage, tmp_path):
        yield tmp_path


def objects() -> set[str]:
    ((bucket, _cache),) = lake._remote
    return set(bucket.names())


def valid() -> set[str]:
    return set(ArchiveMonth.objects.values_list("file", flat=True))


def in_folder(folder: Path) -> set[str]:
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    return {name for name in found if not name.startswith(".cache/")}


def forget_copies(folder: Path) -> None:
    for path in (folder / ".cache").rglob("*.parquet"):
        path.unlink()


def test_nothing_is_missing_or_doubled_wherever_a_move_to_the_bucket_is_killed(
    storage: Storage, folder: Path
) -> None:
    streams = make_streams()
    expected = read(streams)
    mover = Mover(folder, storage)
    try:
        for number in range(2):
            killed = [mover.move(until=step) for step in STEPS if read(streams) == expected]
            assert killed == [-9] * len(STEPS)
            assert mover.move() == 0
            forget_copies(folder)
            assert read(streams) == expected
            assert rows("SELECT count(*) FROM hub_observation") == [(0,)]
            if not number:
                for stream in streams:
                    put_observations(stream, 100.0, start=START + timedelta(minutes=41 + 40 * 70))
                expected = [[*each, 100.0] for each in expected]
    finally:
        mover.close()
    assert objects() > valid()  # what the killed ones have left behind
    sweep_archive(actor=SYSTEM)
    assert (objects(), in_folder(folder)) == (valid(), set())
    assert read(streams) == expected


def test_late_data_deletions_and_the_way_back_are_the_same_in_the_bucket(folder: Path) -> None:
    stream = make_datastream(make_thing(Cast().menden))
    ids = fill_stream(stream)
    archive()
    assert (objects(), in_folder(folder)) == (valid(), set())
    forget_copies(folder)
    late = NewObservation(
        datastream_id=stream.pk, result=1006.0, phenomenon_time=(START + 6 * EVERY).isoformat()
    )
    assert store_observations(actor=SYSTEM, observations=[late]).versioned == {0}
    forget_copies(folder)
    deleted = delete_observations(actor=SYSTEM, datastream=stream, ids=[ids[3]], now=NOW)
    assert deleted == 1
    assert objects() == valid()
    results = [float(number) for number in range(700) if number != 3]
    results[results.index(6.0)] = 1006.0
    found = follow(SYSTEM, f"Datastreams({stream.pk})/Observations", top=150)
    assert [each["result"] for each in found] == results


def test_a_folder_moves_to_the_bucket_and_is_read_on_the_way(
    storage: Storage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stream = make_datastream(make_thing(Cast().menden))
    monkeypatch.setattr(lake, "_folder", [tmp_path])
    fill_stream(stream)
    archive()
    path = f"Datastreams({stream.pk})/Observations"
    before = follow(SYSTEM, path, top=150)
    with archive_in(storage, tmp_path):
        assert follow(SYSTEM, path, top=150) == before
        moved = fill_bucket(actor=SYSTEM)
        assert (set(moved), objects(), in_folder(tmp_path)) == (valid(), valid(), set())
        forget_copies(tmp_path)
        assert follow(SYSTEM, path, top=150) == before
        assert fill_bucket(actor=SYSTEM) == []


def test_without_the_bucket_old_values_are_out_of_reach_and_new_ones_go_on(
    tmp_path: Path,
) -> None:
    storage = Storage()
    stream = make_datastream(make_thing(Cast().menden))
    path = f"Datastreams({stream.pk})/Observations"
    with archive_in(storage, tmp_path):
        fill_stream(stream)
        archive()
        forget_copies(tmp_path)
        storage.stop()
        answer = Dispatcher(SYSTEM, NOW, ROOT).answer(Call("GET", path))
        assert answer.status == 503
        assert json.loads(answer.body)["remedy"]
        sent = [
            NewObservation(datastream_id=stream.pk, result=1.0, phenomenon_time=at)
            for at in ((START + 6 * EVERY).isoformat(), "2026-11-22T08:00:00Z")
        ]
        outcomes = store_observations(actor=SYSTEM, observations=sent)
        assert (set(outcomes.refused), outcomes[0].status, outcomes[0].field) == (
            {0},
            503,
            "phenomenonTime",
        )
        newest = Dispatcher(SYSTEM, NOW, ROOT).answer(Call("GET", f"Datastreams({stream.pk})"))
        assert newest.status == 200
        assert outcomes[1].id


def test_what_the_storage_gives_is_what_was_written_or_is_refused(
    storage: Storage, folder: Path
) -> None:
    bucket, file, draft = (
        Bucket(storage.address("b")),
        "2026-03/01-0123456789ab.parquet",
        folder / "x",
    )
    draft.write_bytes(b"PAR1 something")
    bucket.put(draft, file, "0" * 64)
    with pytest.raises(ArchiveAway, match="other content"):
        bucket.fetch(file, folder / "y")
    bucket.delete(file)
    bucket.delete(file)
    with pytest.raises(GoneFromArchive):
        bucket.fetch(file, folder / "y")


def test_copies_make_room_but_never_those_in_use(storage: Storage, folder: Path) -> None:
    bucket = Bucket(storage.address("c"))
    draft = folder / "draft"
    draft.write_bytes(bytes(1000))
    names = [f"2026-03/{number:02d}-0123456789ab.parquet" for number in range(4)]
    for name in names:
        bucket.put(draft, name, "")
    cache = Cache(bucket, folder / ".cache", 2500)
    for name in names[:3]:
        with cache.holding([name]):
            pass
    assert sorted(cache.names()) == names[1:3]
    with cache.holding(names) as paths:
        assert all(path.read_bytes() == bytes(1000) for path in paths)
    with cache.holding([names[0]]):
        pass
    forget = cache.path_of(names[3])
    forget.unlink(missing_ok=True)
    with cache.holding([names[3]]):
        assert len(cache.names()) <= 3


def test_only_what_is_named_like_our_files_is_swept(storage: Storage, folder: Path) -> None:
    address = f"{storage.endpoint}/{BUCKET}/{folder.name}"
    for name in ("readme.txt", "2026-03/notes.parquet", "2026-03/01-0123456789ab.parquet"):
        httpx.put(f"{address}/{name}", content=b"x").raise_for_status()
    assert sweep_archive(actor=SYSTEM) == ["2026-03/01-0123456789ab.parquet"]
    assert objects() == {"readme.txt", "2026-03/notes.parquet"}

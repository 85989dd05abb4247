"""Deleting reaches the archive: nothing is left in a file, and all counts follow."""

from datetime import timedelta

import duckdb
import pytest
from django.db import transaction

from stadtwabe.hub.archive import lake
from stadtwabe.hub.archive.rows import bucket_of
from stadtwabe.hub.commands import delete_datastream, delete_observations
from stadtwabe.hub.commands.archive import sweep_archive
from stadtwabe.hub.models import ArchiveMonth, Datastream, DatastreamState
from stadtwabe.hub.tests.archive.world import (
    EVERY,
    NOW,
    START,
    archive,
    ask,
    fill_stream,
    follow,
    rows,
)
from stadtwabe.hub.tests.factories import make_datastream, make_thing, put_observations
from stadtwabe.kit.actor import SYSTEM
from stadtwabe.people.tests.factories import Cast

pytestmark = pytest.mark.django_db


def in_files(stream: Datastream) -> int:
    """Observations of a datastream in any file that lies in the folder."""
    pattern = str(lake.folder() / "**" / "*.parquet")
    query = "SELECT count(*) FROM read_parquet(?) WHERE datastream_id = ?"
    return int(duckdb.execute(query, [pattern, stream.pk]).fetchall()[0][0])


def test_a_period_is_deleted_across_archive_and_table(
    django_capture_on_commit_callbacks, tmp_path, monkeypatch
) -> None:
    monkeypatch.setattr(lake, "_folder", [tmp_path])
    thing = make_thing(Cast().menden)
    stream, other = make_datastream(thing), make_datastream(thing)
    fill_stream(stream)
    fill_stream(other)
    archive()
    since, until = START + 100 * EVERY, START + 600 * EVERY
    with django_capture_on_commit_callbacks(execute=True):
        deleted = delete_observations(
            actor=SYSTEM, datastream=stream, since=since, until=until, now=NOW
        )
    assert deleted == 500
    found = follow(SYSTEM, f"Datastreams({stream.pk})/Observations", top=60)
    assert [each["result"] for each in found] == [*range(100), *range(600, 700)]
    rows("SELECT hub_roll_up(100000)")
    assert rows("SELECT count(*) FROM hub_hour WHERE datastream_id = %s", stream.pk) == [(200,)]
    state = DatastreamState.objects.get(pk=stream.pk)
    assert (state.observation_count, state.first_time) == (200, START)
    assert len(follow(SYSTEM, f"Datastreams({other.pk})/Observations", top=500)) == 700
    assert in_files(stream) == 100

    with django_capture_on_commit_callbacks(execute=True):
        assert delete_observations(actor=SYSTEM, datastream=stream, until=since, now=NOW) == 100
    state.refresh_from_db()
    assert (state.observation_count, state.first_time) == (100, until)
    assert in_files(stream) == 0
    with django_capture_on_commit_callbacks(execute=True):
        assert delete_observations(actor=SYSTEM, datastream=other, now=NOW) == 700
    state = DatastreamState.objects.get(pk=other.pk)
    assert (state.observation_count, state.first_time, state.last_id) == (0, None, None)


def test_part_of_an_hour_is_deleted_and_the_rest_counted_anew() -> None:
    stream = make_datastream(make_thing(Cast().menden))

    ids = put_observations(stream, 1, 2, 3, 4, start=START, every=timedelta(minutes=10))
    archive()
    assert delete_observations(actor=SYSTEM, datastream=stream, ids=ids[3:], now=NOW) == 1
    rows("SELECT hub_roll_up(1000)")
    assert rows("SELECT n, sum, last FROM hub_hour") == [(3, 6.0, 3.0)]
    state = DatastreamState.objects.get(pk=stream.pk)
    assert (state.observation_count, state.last_id, state.last_result) == (3, ids[2], 3.0)
    archive()
    assert len(ask(SYSTEM, "Observations")["value"]) == 3


def test_a_deleted_datastream_leaves_nothing_in_any_file(
    django_capture_on_commit_callbacks, tmp_path, monkeypatch
) -> None:
    monkeypatch.setattr(lake, "_folder", [tmp_path])
    thing = make_thing(Cast().menden)
    stream = make_datastream(thing)
    # Both in one bucket, so that a file is rewritten, not just deleted.
    rows("SELECT setval(pg_get_serial_sequence('hub_datastream', 'id'), %s)", stream.pk + 15)
    other = make_datastream(thing)
    assert bucket_of(stream.pk) == bucket_of(other.pk)
    for each in (stream, other):
        fill_stream(each)
    assert [len(file.streams) for file in archive()] == [2, 2]
    assert in_files(stream) > 400
    with django_capture_on_commit_callbacks(execute=True):
        delete_datastream(actor=SYSTEM, datastream=stream, now=NOW)
    assert in_files(stream) == 0
    assert in_files(other) > 400
    assert not ArchiveMonth.objects.filter(streams__contains=[stream.pk]).exists()


def test_what_was_rolled_back_is_not_deleted_and_leftovers_are_swept(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(lake, "_folder", [tmp_path])
    stream = make_datastream(make_thing(Cast().menden))
    fill_stream(stream)
    files = {file.file for file in archive()}

    try:
        with transaction.atomic():
            delete_observations(actor=SYSTEM, datastream=stream, until=START + EVERY, now=NOW)
            raise ZeroDivisionError
    except ZeroDivisionError:
        pass
    assert len(follow(SYSTEM, "Observations", top=500)) == 700
    (tmp_path / ".unfinished-x.csv").write_text("1,2")
    swept = sweep_archive(actor=SYSTEM)
    assert len(swept) == 2
    assert {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.parquet")} == files

"""The embedded PostgreSQL in everyday use."""

import os
import signal
import stat
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from stadtwabe.site.postgres.account import SYSTEM_FOLDER
from stadtwabe.site.postgres.errors import PostgresError
from stadtwabe.site.postgres.guardian import POLL_SECONDS
from stadtwabe.site.postgres.server import Server
from stadtwabe.site.postgres.tests.conftest import IS_ROOT, OtherProcess, ask, server_pid


def test_the_first_start_makes_a_database_for_german_text(folder: Path) -> None:
    with Server(folder / "data") as server:
        assert ask(server.url, "SELECT 'Ä' < 'Z', upper('ä'), current_database()") == (
            "f|Ä|stadtwabe"
        )
        extensions = "unaccent, pg_trgm, btree_gist, cube, earthdistance"
        for name in extensions.split(", "):
            ask(server.url, f"CREATE EXTENSION {name}")
        found = "SELECT to_tsvector('german', 'Städte und Gemeinden') @@ to_tsquery('german', "
        assert ask(server.url, found + "'stadt')") == "t"


def test_nothing_listens_on_the_network_and_only_we_may_enter_the_socket(folder: Path) -> None:
    with Server(folder / "data") as server:
        assert ask(server.url, "SHOW listen_addresses") == ""
        assert stat.S_IMODE(server.cluster.socket_folder.stat().st_mode) == 0o700


def test_what_was_written_is_there_after_a_restart(folder: Path) -> None:
    with Server(folder / "data") as server:
        ask(server.url, "CREATE TABLE kept AS SELECT 'Bochum' AS town")
    assert not server.is_running
    with Server(folder / "data") as server:
        assert ask(server.url, "SELECT town FROM kept") == "Bochum"


def test_after_the_last_one_has_closed_nothing_is_left_running(folder: Path) -> None:
    with Server(folder / "data") as server:
        pid = server_pid(server)
        sockets = server.cluster.socket_folder
    assert server.cluster.read_pid_file() is None
    assert not Path(f"/proc/{pid}").exists()
    assert not sockets.exists()


def test_closing_waits_too_when_the_guardian_sees_first_that_nobody_is_left(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = Server(folder / "data")
    server.start()
    pid = server_pid(server)
    take_alone = server.cluster.users_lock.try_take

    def let_the_guardian_be_quicker() -> bool:
        server.cluster.users_lock.release()
        time.sleep(3 * POLL_SECONDS)
        return take_alone()

    monkeypatch.setattr(server.cluster.users_lock, "try_take", let_the_guardian_be_quicker)
    os.kill(pid, signal.SIGSTOP)  # a server that takes its time to stop
    threading.Timer(6 * POLL_SECONDS, os.kill, [pid, signal.SIGCONT]).start()
    server.close()
    assert not Path(f"/proc/{pid}").exists()


def test_a_path_with_spaces_and_umlauts_works(folder: Path) -> None:
    with Server(folder / "Städte & Gemeinden 'im Überblick'") as server:
        assert ask(server.url, "SELECT 1") == "1"


def test_a_path_of_110_characters_works(folder: Path) -> None:
    data = folder / ("x" * 110)
    with Server(data) as server:
        assert len(str(server.cluster.socket_folder)) < 80
        assert ask(server.url, "SELECT 1") == "1"


def test_a_long_temporary_directory_works(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    long = folder / ("t" * 90)
    long.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(long))
    with Server(folder / "data") as server:
        assert ask(server.url, "SELECT 1") == "1"


def test_two_processes_share_one_server_and_the_last_one_stops_it(
    folder: Path, other_process: Callable[[Path], OtherProcess]
) -> None:
    first = other_process(folder / "data")
    with Server(folder / "data") as second:
        assert second.url == first.url
        pid = server_pid(second)
        # The one that started the server leaves; the other one goes on with the same server.
        first.close()
        assert ask(second.url, "SELECT 1") == "1"
        assert server_pid(second) == pid
    assert not second.is_running


def test_several_processes_starting_at_once_get_one_server(
    folder: Path, other_process: Callable[[Path], OtherProcess]
) -> None:
    with Server(folder / "data") as server:
        pid = server_pid(server)
        others = [other_process(folder / "data") for _ in range(3)]
        assert {other.url for other in others} == {server.url}
        assert server_pid(server) == pid


@pytest.mark.skipif(not IS_ROOT, reason="is about starting as root")
def test_as_root_a_private_home_stays_private(private_folder: Path) -> None:
    above = [private_folder, *private_folder.parents]
    before = [path.stat().st_mode for path in above]
    with Server(private_folder / "share" / "stadtwabe") as server:
        assert ask(server.url, "SELECT 1") == "1"
        # The system user cannot get into the home, so the data lie in its own folder.
        assert server.cluster.data.is_relative_to(SYSTEM_FOLDER)
        assert server.cluster.data.stat().st_uid != 0
    assert [path.stat().st_mode for path in above] == before


@pytest.mark.skipif(not IS_ROOT, reason="is about starting as root")
def test_as_root_data_stay_in_their_folder_where_the_system_user_can_reach_it(
    folder: Path,
) -> None:
    with Server(folder / "data") as server:
        assert server.cluster.data.is_relative_to(folder)
        assert server.cluster.data.stat().st_uid != 0


def test_data_of_another_version_are_refused_and_left_alone(folder: Path) -> None:
    with Server(folder / "data") as server:
        version = server.cluster.data / "PG_VERSION"
    version.write_text("14\n")
    with pytest.raises(PostgresError, match=r"written by PostgreSQL 14.*backup"):
        server.start()
    assert version.read_text() == "14\n"


@pytest.mark.skipif(not IS_ROOT, reason="only root can give files away")
def test_data_of_another_user_are_refused_and_left_alone(folder: Path) -> None:
    with Server(folder / "data") as server:
        data = server.cluster.data
    os.chown(data, 12345, 12345)
    with pytest.raises(PostgresError, match=r"belongs to the user with the number 12345"):
        server.start()
    assert data.stat().st_uid == 12345


def test_a_missing_database_folder_is_named(folder: Path) -> None:
    with Server(folder / "data") as server:
        data = server.cluster.data
    data.rename(folder / "taken-away")
    with pytest.raises(PostgresError, match=r"is gone.*Bring it back"):
        server.start()

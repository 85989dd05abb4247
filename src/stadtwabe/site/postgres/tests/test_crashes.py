"""The embedded PostgreSQL when something is killed or left over. Nothing acknowledged is lost."""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from stadtwabe.site.postgres.account import database_account
from stadtwabe.site.postgres.server import Server
from stadtwabe.site.postgres.tests.conftest import (
    OtherProcess,
    ask,
    guardian_pid,
    server_pid,
    wait_until,
)


class Writer(threading.Thread):
    """Commits one row after the other and counts what the server acknowledged."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self._connection = psycopg.connect(url, autocommit=True)
        self.acknowledged = 0

    def run(self) -> None:
        try:
            while True:
                self._connection.execute("INSERT INTO rows VALUES (%s)", [self.acknowledged])
                self.acknowledged += 1
        except psycopg.OperationalError:
            self._connection.close()


def wait_for_another_server(server: Server, killed: int) -> None:
    def is_there() -> bool:
        found = server.cluster.read_pid_file()
        return found is not None and found.pid != killed and found.is_ready

    wait_until(is_there, seconds=60)


def test_after_kill_9_of_the_application_the_server_stops_cleanly(
    folder: Path, other_process: Callable[[Path], OtherProcess]
) -> None:
    application = other_process(folder / "data")
    server = Server(folder / "data")
    application.kill()
    wait_until(lambda: server.cluster.read_pid_file() is None)
    assert "database system is shut down" in server.cluster.log.read_text()
    # A clean stop: the next start has nothing to recover.
    server.cluster.log.write_text("")
    with server:
        assert "not properly shut down" not in server.cluster.log.read_text()


def test_after_kill_9_of_the_database_it_comes_back_with_every_acknowledged_row(
    folder: Path,
) -> None:
    with Server(folder / "data") as server:
        ask(server.url, "CREATE TABLE rows (number int)")
        writer = Writer(server.url)
        writer.start()
        wait_until(lambda: writer.acknowledged > 500)
        killed = server_pid(server)
        os.kill(killed, signal.SIGKILL)
        writer.join()
        wait_for_another_server(server, killed)
        rows = int(ask(server.url, "SELECT count(*) FROM rows"))
        # The row under way when the server was killed may be there or not.
        assert writer.acknowledged <= rows <= writer.acknowledged + 1


@pytest.mark.soak
def test_ten_kills_by_9_lose_no_acknowledged_row(folder: Path) -> None:
    acknowledged = 0
    with Server(folder / "data") as server:
        ask(server.url, "CREATE TABLE rows (number int)")
        for _ in range(10):
            writer = Writer(server.url)
            writer.start()
            wait_until(lambda writer=writer: writer.acknowledged > 500)  # type: ignore[misc]  # mypy cannot infer a lambda with a default
            killed = server_pid(server)
            os.kill(killed, signal.SIGKILL)
            writer.join()
            acknowledged += writer.acknowledged
            wait_for_another_server(server, killed)
            # The guardian gives up after five restarts within a minute.
            time.sleep(13)
        rows = int(ask(server.url, "SELECT count(*) FROM rows"))
    assert acknowledged <= rows <= acknowledged + 10


def test_after_kill_9_of_both_the_next_start_finds_every_acknowledged_row(
    folder: Path, other_process: Callable[[Path], OtherProcess]
) -> None:
    server = Server(folder / "data")
    application = other_process(folder / "data")
    ask(application.url, "CREATE TABLE rows (number int)")
    writer = Writer(application.url)
    writer.start()
    wait_until(lambda: writer.acknowledged > 500)
    os.kill(guardian_pid(server), signal.SIGKILL)
    os.kill(server_pid(server), signal.SIGKILL)
    application.kill()
    writer.join()
    with server:
        assert int(ask(server.url, "SELECT count(*) FROM rows")) >= writer.acknowledged


def test_a_guardian_killed_by_9_takes_the_server_with_it_and_the_next_start_works(
    folder: Path,
) -> None:
    with Server(folder / "data") as server:
        ask(server.url, "CREATE TABLE kept AS SELECT 1 AS one")
        os.kill(guardian_pid(server), signal.SIGKILL)
        wait_until(lambda: not server.is_running)
        server.start()
        assert ask(server.url, "SELECT one FROM kept") == "1"


@pytest.fixture
def bystander() -> Iterator["subprocess.Popen[bytes]"]:
    """An innocent process with the rights of the database's account."""
    account = database_account()
    process = subprocess.Popen(
        ["sleep", "1000"],
        user=account.step_down_to_user,
        group=account.step_down_to_group,
        extra_groups=account.step_down_to_groups,
    )
    yield process
    process.kill()
    process.wait()


def test_a_pid_file_whose_number_is_another_program_now_does_not_matter(
    folder: Path, bystander: "subprocess.Popen[bytes]"
) -> None:
    with Server(folder / "data") as server:
        left_over = (server.cluster.data / "postmaster.pid").read_text()
    number, rest = left_over.split("\n", 1)
    assert int(number) != bystander.pid
    (server.cluster.data / "postmaster.pid").write_text(f"{bystander.pid}\n{rest}")
    with server:
        assert ask(server.url, "SELECT 1") == "1"
    assert bystander.poll() is None, "the innocent process was stopped"


def test_a_pid_file_of_a_process_that_is_gone_does_not_matter(folder: Path) -> None:
    gone = subprocess.Popen(["true"])
    gone.wait()
    with Server(folder / "data") as server:
        left_over = (server.cluster.data / "postmaster.pid").read_text()
    rest = left_over.split("\n", 1)[1]
    (server.cluster.data / "postmaster.pid").write_text(f"{gone.pid}\n{rest}")
    with server:
        assert ask(server.url, "SELECT 1") == "1"


def test_a_first_start_that_was_interrupted_is_begun_again(folder: Path) -> None:
    with Server(folder / "data") as server:
        name = server.cluster.data.name
    half_made = folder / "other" / "postgres" / f"{name}.new"
    half_made.mkdir(parents=True)
    (half_made / "PG_VERSION").write_text("18\n")
    with Server(folder / "other") as server:
        assert ask(server.url, "SELECT 1") == "1"
    assert not half_made.exists()

"""Stadtwabe as a whole, started as an operator starts it: `stadtwabe serve` as a real process."""

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from stadtwabe.site.postgres.server import Server
from stadtwabe.site.postgres.tests.conftest import (
    SOURCE,
    copy_data,
    data_with_tables,
    folder,
    wait_until,
)

__all__ = ["data_with_tables", "folder"]


class Installation:
    """A running `stadtwabe serve` with a data folder of its own."""

    def __init__(self, data: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.data = data
        self.said = ""
        self.written = ""
        environment = {k: v for k, v in os.environ.items() if k != "DATABASE_URL"}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "stadtwabe.site.command_line", "serve"],
            env={
                **environment,
                "PYTHONPATH": str(SOURCE),
                "STADTWABE_DATA": str(data),
                "STADTWABE_PORT": str(self.port),
            },
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self._listener = threading.Thread(target=self._listen)
        self._listener.start()

    def _listen(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.said += line

    @property
    def server(self) -> Server:
        return Server(self.data)

    def health(self) -> str:
        try:
            return httpx.get(f"http://127.0.0.1:{self.port}/-/health", timeout=5).text
        except httpx.HTTPError as error:
            return str(error)

    def wait_until_ready(self) -> None:
        wait_until(lambda: "is ready" in self.said or self.process.poll() is not None)
        assert self.process.poll() is None, self.said

    def children(self, role: str = "") -> list[int]:
        """The process numbers of web server and worker, as the kernel lists them."""
        listed = subprocess.run(
            ["ps", "-wweo", "pid,ppid,args"], capture_output=True, text=True, check=True
        ).stdout
        found = re.findall(
            rf"(?m)^\s*(\d+)\s+(\d+) .*process_tree\.child (?:{role or '.*'})$", listed
        )
        return [int(pid) for pid, parent in found if int(parent) == self.process.pid]

    def end(self) -> str:
        """Kills what is left; returns what it wrote on standard output."""
        self.process.kill()
        self.process.wait()
        self._listener.join()
        for pipe in (self.process.stdout, self.process.stderr):
            assert pipe is not None
            if not pipe.closed and pipe is self.process.stdout:
                self.written = pipe.read()
            pipe.close()
        return self.written


@pytest.fixture
def start(folder: Path, data_with_tables: Path) -> Iterator[Callable[[str], Installation]]:
    """Starts installations by the name of their data folder."""
    started: list[Installation] = []

    def start_one(name: str) -> Installation:
        copy_data(data_with_tables, folder / name)
        started.append(Installation(folder / name))
        return started[-1]

    yield start_one
    for one in started:
        one.end()
        wait_until(lambda one=one: not one.server.cluster.guardian_lock.is_held_by_somebody())  # type: ignore[misc]  # mypy cannot infer a lambda with a default


def is_alive(pid: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return False


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_one_signal_ends_everything_and_the_terminal_stays_clean(
    start: Callable[[str], Installation], number: signal.Signals
) -> None:
    wabe = start("data")
    wabe.wait_until_ready()
    children = wabe.children()
    assert len(children) == 2
    wabe.process.send_signal(number)
    assert wabe.process.wait(60) == 0
    assert not any(is_alive(pid) for pid in children)
    assert not wabe.server.is_running
    assert "Traceback" not in wabe.said
    assert wabe.end() == "", "standard output belongs to results"


def test_two_installations_run_side_by_side(start: Callable[[str], Installation]) -> None:
    arnsberg, olpe = start("Arnsberg"), start("Olpe")
    for wabe in (arnsberg, olpe):
        wabe.wait_until_ready()
        assert wabe.health() == "ok\n"
    arnsberg.process.terminate()
    arnsberg.process.wait(60)
    assert olpe.health() == "ok\n"


@pytest.mark.parametrize("role", ["web", "worker"])
def test_a_child_that_dies_is_started_again(
    start: Callable[[str], Installation], role: str
) -> None:
    wabe = start("data")
    wabe.wait_until_ready()
    [pid] = wabe.children(role)
    os.kill(pid, signal.SIGKILL)
    wait_until(lambda: wabe.children(role) not in ([], [pid]))
    assert f"The {role} process has ended; starting it again." in wabe.said
    wait_until(lambda: wabe.health() == "ok\n")


def test_a_database_that_dies_comes_back_below_running_pages(
    start: Callable[[str], Installation],
) -> None:
    wabe = start("data")
    wabe.wait_until_ready()
    sign_in = f"http://127.0.0.1:{wabe.port}/konto/login/"
    assert httpx.get(sign_in, timeout=60).status_code == 200
    pid_file = wabe.server.cluster.read_pid_file()
    assert pid_file is not None
    os.kill(pid_file.pid, signal.SIGKILL)
    wait_until(
        lambda: (
            (found := wabe.server.cluster.read_pid_file()) is not None
            and found.pid != pid_file.pid
            and found.is_ready
        )
    )
    time.sleep(0.2)
    assert httpx.get(sign_in, timeout=60).status_code == 200


def test_kill_9_of_the_parent_ends_the_children_and_the_database(
    start: Callable[[str], Installation],
) -> None:
    wabe = start("data")
    wabe.wait_until_ready()
    children = wabe.children()
    wabe.process.kill()
    wabe.process.wait()
    wait_until(lambda: not any(is_alive(pid) for pid in children))
    wait_until(lambda: wabe.server.cluster.read_pid_file() is None)


def test_a_port_in_use_is_named_with_the_remedy(
    start: Callable[[str], Installation], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = start("Arnsberg")
    first.wait_until_ready()
    done = subprocess.run(
        [sys.executable, "-m", "stadtwabe.site.command_line", "serve", "--port", str(first.port)],
        env={**os.environ, "PYTHONPATH": str(SOURCE), "STADTWABE_DATA": str(first.data)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert f"Port {first.port} on 127.0.0.1 cannot be used" in done.stderr
    assert "STADTWABE_PORT" in done.stderr

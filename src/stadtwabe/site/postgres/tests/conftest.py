"""What the tests of the supervisor share: folders, and users of the server that can be killed."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import stadtwabe
from stadtwabe.site.postgres.account import SYSTEM_FOLDER
from stadtwabe.site.postgres.binaries import find_binaries
from stadtwabe.site.postgres.locks import FileLock
from stadtwabe.site.postgres.server import Server

IS_ROOT = os.getuid() == 0
SOURCE = Path(stadtwabe.__file__).parent.parent

USER_OF_THE_SERVER = """
import sys
from pathlib import Path
from stadtwabe.site.postgres.server import Server

server = Server(Path(sys.argv[1]))
server.start()
print(server.url, flush=True)
sys.stdin.readline()
server.close()
print("closed", flush=True)
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that every user may pass through, as /srv/stadtwabe would be."""
    made = Path(tempfile.mkdtemp(prefix="wabe-"))
    made.chmod(0o755)
    yield made
    _forget(made)


@pytest.fixture(scope="session")
def data_with_tables() -> Iterator[Path]:
    """The data folder of an installation that has been migrated; `copy_data` makes others of it.

    Making a cluster and all tables takes seven seconds, copying it a fraction of one.
    """
    made = Path(tempfile.mkdtemp(prefix="wabe-"))
    made.chmod(0o755)
    done = subprocess.run(
        [sys.executable, "-m", "stadtwabe.site.command_line", "migrate"],
        env={
            **{name: value for name, value in os.environ.items() if name != "DATABASE_URL"},
            "PYTHONPATH": str(SOURCE),
            "STADTWABE_DATA": str(made / "data"),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    yield made / "data"
    _forget(made)


def copy_data(source: Path, target: Path) -> None:
    """Copies a data folder whose server does not run; the database's account keeps its files."""
    subprocess.run(["cp", "-a", source, target], check=True)


@pytest.fixture
def private_folder() -> Iterator[Path]:
    """A folder like root's home: nobody else may enter."""
    made = Path(tempfile.mkdtemp(prefix="wabe-"))
    made.chmod(0o700)
    yield made
    _forget(made)


def _forget(folder: Path) -> None:
    # A server whose last user was killed needs a moment to stop.
    for lock in folder.rglob("guardian.lock"):
        wait_until(lambda lock=lock: not FileLock(lock).is_held_by_somebody(), seconds=30)  # type: ignore[misc]  # mypy cannot infer a lambda with a default
    for place in (SYSTEM_FOLDER / "clusters").glob("*"):
        try:
            owner = (place / "belongs-to").read_text(encoding="utf-8")
        except FileNotFoundError:
            continue  # another test makes or removes its own at this moment
        if owner.startswith(f"{folder}/"):
            _remove(place)
    _remove(folder)


def _remove(folder: Path) -> None:
    # The server takes files away and makes new ones while it stops.
    def is_gone() -> bool:
        shutil.rmtree(folder, ignore_errors=True)
        return not folder.exists()

    wait_until(is_gone, seconds=30)


class OtherProcess:
    """A process of its own that uses the server on `data` until told otherwise."""

    def __init__(self, data: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", USER_OF_THE_SERVER, str(data)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(SOURCE)},
        )
        self.url = self.hear()

    def hear(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def close(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        assert self.hear() == "closed"
        self.process.wait()

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


@pytest.fixture
def other_process() -> Iterator[Callable[[Path], OtherProcess]]:
    """Starts processes that use a server; kills those that are left over."""
    started: list[OtherProcess] = []

    def start(data: Path) -> OtherProcess:
        started.append(OtherProcess(data))
        return started[-1]

    yield start
    for one in started:
        one.kill()
        for pipe in (one.process.stdin, one.process.stdout):
            assert pipe is not None
            pipe.close()


def ask(url: str, sql: str) -> str:
    """The answer of the server at `url`, in psql's plainest form."""
    psql = find_binaries().program("psql")
    done = subprocess.run([psql, url, "-XAtqc", sql], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def wait_until(condition: Callable[[], bool], *, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


def server_pid(server: Server) -> int:
    pid_file = server.cluster.read_pid_file()
    assert pid_file is not None
    return pid_file.pid


def guardian_pid(server: Server) -> int:
    return int((server.cluster.folder / "guardian.pid").read_text())

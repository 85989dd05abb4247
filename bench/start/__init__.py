"""From nothing to the first page, and from the second start to the first page.

A copy of the project without anything installed is set up by `./run` with empty data, then
started again. The yardstick of the warm start is the bare minimum of the same: an interpreter
that imports Django and sets it up once.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from bench.row import Row

PROJECT = Path(__file__).resolve().parent.parent.parent
LEFT_OUT = (
    ".venv",
    "node_modules",
    "build",
    "built",
    ".git",
    "__pycache__",
    "*.mo",
    "results",
    ".*_cache",
    ".hypothesis",
)
FIRST_PAGE = "/"
PATIENCE_SECONDS = 600
WARM_ROUNDS = 3


def measure() -> Iterator[Row]:
    folder = Path(tempfile.mkdtemp(prefix="stadtwabe-bench-"))
    folder.chmod(0o755)
    try:
        copy = folder / "stadtwabe"
        shutil.copytree(PROJECT, copy, ignore=shutil.ignore_patterns(*LEFT_OUT))
        yield Row(
            "fresh clone to first page",
            seconds_to_first_page(copy, folder / "data"),
            "s",
            goal=180,
        )
        yield Row(
            "warm start to first page",
            median(seconds_to_first_page(copy, folder / "data") for _ in range(WARM_ROUNDS)),
            "s",
            goal=5,
            yardstick=median(seconds_to_set_up_django(copy) for _ in range(WARM_ROUNDS)),
            yardstick_is="Django set up once",
        )
    finally:
        shutil.rmtree(folder)


def seconds_to_first_page(project: Path, data: Path) -> float:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    began = time.monotonic()
    with tempfile.TemporaryFile() as log:
        running = subprocess.Popen(
            ["./run"],
            cwd=project,
            env=environment(STADTWABE_DATA=str(data), STADTWABE_PORT=str(port)),
            stderr=log,
        )
        try:
            while not has_a_page(port):
                if running.poll() is not None or time.monotonic() > began + PATIENCE_SECONDS:
                    log.seek(0)
                    sys.exit(f"./run did not start:\n{log.read().decode()}")
                time.sleep(0.05)
            return time.monotonic() - began
        finally:
            running.send_signal(signal.SIGINT)
            running.wait()


def has_a_page(port: int) -> bool:
    """Whether the home page comes; an error page of the application is none."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{FIRST_PAGE}", timeout=30) as page:
            return bool(page.status == 200)
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False


def seconds_to_set_up_django(project: Path) -> float:
    began = time.monotonic()
    subprocess.run(
        [project / ".venv/bin/python", "-c", "import django; django.setup()"],
        env=environment(
            PYTHONPATH=str(project / "src"), DJANGO_SETTINGS_MODULE="stadtwabe.site.settings"
        ),
        check=True,
    )
    return time.monotonic() - began


def environment(**variables: str) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    return {**inherited, **variables}

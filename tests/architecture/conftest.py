"""A copy of the house that may be broken, to see the contracts fail."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent.parent
SOURCE = PROJECT / "src"

Tool = Callable[..., "subprocess.CompletedProcess[str]"]


def run_tool(
    name: str, *arguments: str, folder: Path = PROJECT
) -> "subprocess.CompletedProcess[str]":
    """Runs a program of the virtual environment on the house in `folder`."""
    return subprocess.run(
        [Path(sys.executable).parent / name, *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder / "src"), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    """A copy of the house with its tools' settings."""
    ignored = shutil.ignore_patterns("__pycache__", "static", "data", "locale")
    shutil.copytree(SOURCE, tmp_path / "src", ignore=ignored)
    for name in ("pyproject.toml", "README.md"):
        if (PROJECT / name).exists():
            shutil.copy(PROJECT / name, tmp_path)
    return tmp_path


def append(file: Path, text: str) -> None:
    with file.open("a", encoding="utf-8") as opened:
        opened.write(text)

"""The installed package: everything that runs is in the wheel, and it runs from there."""

import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.architecture.conftest import PROJECT, SOURCE

pytestmark = pytest.mark.soak  # half a minute
SOURCES_ALONE = {".md", ".po"}
"""Kinds of files that only whoever changes the code needs."""


def run(
    words: Sequence["str | Path"], folder: Path, **variables: str
) -> "subprocess.CompletedProcess[str]":
    inherited = {n: v for n, v in os.environ.items() if n not in {"DATABASE_URL", "PYTHONPATH"}}
    return subprocess.run(
        words,
        cwd=folder,
        env={**inherited, **variables},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built in a copy, because building leaves files beside the sources."""
    folder = tmp_path_factory.mktemp("wheel")
    project = folder / "project"
    leave_out = shutil.ignore_patterns("__pycache__", "*.egg-info", "built.new")
    shutil.copytree(SOURCE, project / "src", ignore=leave_out)
    for name in ("pyproject.toml", "README.md", "LICENSE", "NOTICE"):
        shutil.copy(PROJECT / name, project)
    shutil.copytree(PROJECT / "requirements", project / "requirements")
    # The environment may have been made without pip; setuptools is there.
    build = "import sys; from setuptools.build_meta import build_wheel; build_wheel(sys.argv[1])"
    done = run([sys.executable, "-c", build, folder], project)
    assert done.returncode == 0, done.stderr
    [built] = folder.glob("stadtwabe-*.whl")
    return built


def test_every_file_that_is_needed_to_run_is_in_it(wheel: Path) -> None:
    packed = set(zipfile.ZipFile(wheel).namelist())
    needed = {
        str(path.relative_to(SOURCE))
        for path in (SOURCE / "stadtwabe").rglob("*")
        if path.is_file()
        and not {"tests", "__pycache__", "built.new"} & set(path.parts)
        and path.suffix not in SOURCES_ALONE
        and path.name != ".made-from"
    }
    assert needed - packed == set()
    assert not [name for name in packed if "/tests/" in name]
    assert "stadtwabe/places/data/register.csv" in packed
    assert "stadtwabe/site/locale/en/LC_MESSAGES/django.mo" in packed


def test_it_runs_where_it_is_installed(wheel: Path, tmp_path: Path) -> None:
    installed = tmp_path / "installed"
    zipfile.ZipFile(wheel).extractall(installed)
    (tmp_path / "brief.txt").write_text(
        "Die Stadt Menden (Sauerland) lädt am 12.05.2021 zum Digitaltag ein.", encoding="utf-8"
    )
    command = [sys.executable, "-m", "stadtwabe.site.command_line"]
    shown = run([*command, "--help"], tmp_path, PYTHONPATH=str(installed))
    assert shown.stdout.startswith("usage: stadtwabe COMMAND"), shown.stderr
    done = run([*command, "read", "--json", "brief.txt"], tmp_path, PYTHONPATH=str(installed))
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert [place["ags"] for place in found["municipalities"]] == ["05962040"]
    assert found["dates"] == ["2021-05-12"]

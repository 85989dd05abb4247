"""The scripts that a newcomer meets first."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.architecture.conftest import PROJECT

SCRIPTS = ["run", "test", ".ci/run", ".ci/environment.sh", ".ci/on-system-postgres", "bench/run"]


@pytest.mark.parametrize("name", SCRIPTS)
def test_scripts_are_plain_posix_shell(name: str) -> None:
    script = PROJECT / name
    subprocess.run(["sh", "-n", script], check=True)
    text = script.read_text(encoding="utf-8")
    for bashism in ("[[", "function ", "source ", "local ", "pipefail", "<<<", "&>"):
        assert bashism not in text
    if script.name != "environment.sh":
        assert text.startswith("#!/bin/sh\n")
        assert os.access(script, os.X_OK)


def test_run_passes_commands_on_from_anywhere_and_keeps_standard_output_clean(
    tmp_path: Path,
) -> None:
    done = subprocess.run(
        [PROJECT / "run", "--help"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("usage: stadtwabe COMMAND")


def test_without_a_python_that_is_new_enough_run_says_what_it_needs(tmp_path: Path) -> None:
    project = tmp_path / "project"
    (project / ".ci").mkdir(parents=True)
    (project / "requirements").mkdir()
    for name in ("run", ".ci/environment.sh", "requirements/runtime.txt"):
        (project / name).write_bytes((PROJECT / name).read_bytes())
    programs = tmp_path / "programs"
    programs.mkdir()
    for name in ("dirname", "cat", "cksum"):
        found = next(
            Path(folder) / name for folder in ("/usr/bin", "/bin") if (Path(folder) / name).exists()
        )
        (programs / name).symlink_to(found)
    old = programs / "python3"
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)
    done = subprocess.run(
        ["/bin/sh", project / "run"],
        env={"PATH": str(programs)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert "Stadtwabe needs Python 3.11 or newer with pip." in done.stderr

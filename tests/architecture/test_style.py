"""Style, types, templates, migrations: each tool runs clean, and finds what it is there for."""

import re
from pathlib import Path

import pytest

from tests.architecture.conftest import PROJECT, SOURCE, append, run_tool

FOLDERS = [name for name in ("src", "tests", "bench", "conftest.py") if (PROJECT / name).exists()]
TEMPLATES = sorted(str(path) for path in SOURCE.glob("stadtwabe/**/templates/**/*.html"))
FORBIDDEN_NAMES = re.compile(r"(^|_)(utils?|helpers?|managers?|base)$")


def test_ruff_finds_nothing() -> None:
    checked = run_tool("ruff", "check", "--no-cache", *FOLDERS)
    assert checked.returncode == 0, checked.stdout


def test_everything_is_formatted() -> None:
    checked = run_tool("ruff", "format", "--no-cache", "--check", *FOLDERS)
    assert checked.returncode == 0, checked.stdout


@pytest.mark.parametrize(
    ("code", "rule"),
    [
        ("from .rules import Level", "TID252"),
        ("def f():\n    import json\n    return json", "PLC0415"),
        ("from datetime import datetime\n\nNOW = datetime.now()", "DTZ005"),
        ("print('here')", "T201"),
        ("from django.db.models.signals import post_save", "TID251"),
        ("from django.contrib.contenttypes.fields import GenericForeignKey", "TID251"),
        ("from django.utils.timezone import now", "TID251"),
        ("def command():\n    pass", "D103"),
        ("import subprocess\n\nsubprocess.run('ls', shell=True)", "S602"),
        ("try:\n    pass\nexcept Exception:\n    pass", "S110"),
    ],
)
def test_ruff_finds_a_breach(scratch: Path, code: str, rule: str) -> None:
    (scratch / "src/stadtwabe/places/breach.py").write_text(f'"""Breach."""\n\n{code}\n')
    checked = run_tool("ruff", "check", "--no-cache", "src", folder=scratch)
    assert checked.returncode == 1
    assert rule in checked.stdout


def test_mypy_finds_nothing() -> None:
    checked = run_tool("mypy")
    assert checked.returncode == 0, checked.stdout


def test_mypy_finds_a_breach(scratch: Path) -> None:
    append(scratch / "src/stadtwabe/kit/clock.py", "\n\ndef later(moment):\n    return moment\n")
    checked = run_tool("mypy", "src/stadtwabe/kit/clock.py", folder=scratch)
    assert checked.returncode == 1
    assert "no-untyped-def" in checked.stdout


def test_templates_are_formatted() -> None:
    checked = run_tool("djade", "--target-version", "5.2", "--check", *TEMPLATES)
    assert checked.returncode == 0, checked.stderr


def test_djade_finds_a_breach(scratch: Path) -> None:
    (scratch / "breach.html").write_text("{% load   i18n %}\n{{name}}\n")
    checked = run_tool("djade", "--target-version", "5.2", "--check", "breach.html", folder=scratch)
    assert checked.returncode == 1


def test_no_migration_is_missing() -> None:
    checked = run_tool("python", "-m", "django", *MAKEMIGRATIONS)
    assert checked.returncode == 0, checked.stdout + checked.stderr


MAKEMIGRATIONS = ["makemigrations", "--check", "--dry-run", "--settings=stadtwabe.site.settings"]


def test_a_missing_migration_is_found(scratch: Path) -> None:
    file = scratch / "src/stadtwabe/people/models/organisation.py"
    source = file.read_text(encoding="utf-8")
    first_field = re.search(r"(?m)^    \w+ = models\.", source)
    assert first_field is not None
    at = first_field.start()
    file.write_text(source[:at] + "    breach = models.IntegerField()\n" + source[at:], "utf-8")
    checked = run_tool("python", "-m", "django", *MAKEMIGRATIONS, folder=scratch)
    assert checked.returncode != 0
    assert "breach" in checked.stdout + checked.stderr


def test_no_module_has_a_name_that_says_nothing() -> None:
    named = [
        str(path.relative_to(SOURCE))
        for path in SOURCE.rglob("*.py")
        if FORBIDDEN_NAMES.search(path.stem)
    ]
    assert named == []


def test_models_are_imported_not_looked_up() -> None:
    looked_up = [
        str(path.relative_to(SOURCE))
        for path in SOURCE.rglob("*.py")
        if "apps.get_model" in path.read_text(encoding="utf-8") and "migrations" not in path.parts
    ]
    assert looked_up == []


def test_no_room_has_outgrown_itself() -> None:
    """Past about 400 lines a room becomes a package, split by noun."""
    grown = {
        str(path.relative_to(SOURCE)): lines
        for path in SOURCE.rglob("*.py")
        if "migrations" not in path.parts
        and "tests" not in path.parts
        and (lines := path.read_text(encoding="utf-8").count("\n")) > 450
    }
    assert grown == {}

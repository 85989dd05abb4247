"""Floors and rooms: an import goes down, never up or sideways."""

from pathlib import Path

import pytest

from tests.architecture.conftest import append, run_tool

FLOORS = "Floors: an import goes down, never up or sideways"
ROOMS = "Rooms: the same order in every domain"
PURE = "Reading and the gazetteer are free of Django and of the database"


def test_all_contracts_are_kept() -> None:
    checked = run_tool("lint-imports", "--no-cache")
    assert checked.returncode == 0, checked.stdout
    assert "0 broken" in checked.stdout


@pytest.mark.parametrize(
    ("file", "breach", "contract"),
    [
        ("places/rules.py", "import stadtwabe.people.rules", FLOORS),
        ("kit/errors.py", "import stadtwabe.site.context", FLOORS),
        ("catalog/panels.py", "import stadtwabe.evidence.rules", FLOORS),
        ("atlas/apps.py", "import stadtwabe.programme.apps", FLOORS),
        ("evidence/rules.py", "import stadtwabe.reading.model", FLOORS),
        ("reading/model.py", "import stadtwabe.evidence.rules", FLOORS),
        ("catalog/rules.py", "import stadtwabe.catalog.models", ROOMS),
        ("people/models/user.py", "import stadtwabe.people.commands.tokens", ROOMS),
        ("reading/model.py", "import django.utils.text", PURE),
        ("places/gazetteer/__init__.py", "import stadtwabe.places.models", PURE),
    ],
)
def test_a_breach_is_found(scratch: Path, file: str, breach: str, contract: str) -> None:
    append(scratch / "src/stadtwabe" / file, f"\n{breach}\n")
    checked = run_tool("lint-imports", "--no-cache", folder=scratch)
    assert checked.returncode == 1
    assert f"{contract} BROKEN" in checked.stdout


def test_a_floor_that_nobody_has_named_is_found(scratch: Path) -> None:
    (scratch / "src/stadtwabe/attic").mkdir()
    (scratch / "src/stadtwabe/attic/__init__.py").write_text("")
    checked = run_tool("lint-imports", "--no-cache", folder=scratch)
    assert checked.returncode == 1
    assert "attic" in checked.stdout

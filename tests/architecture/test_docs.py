"""Every setting, command and dependency stands in the documents, and nothing else does."""

import json
import re
from pathlib import Path

import pytest

from stadtwabe.site.command_line.table import COMMANDS
from stadtwabe.site.export import TABLES
from tests.architecture.conftest import PROJECT, SOURCE

OPERATIONS = (PROJECT / "docs/operations.md").read_text(encoding="utf-8")
DEPENDENCIES = (PROJECT / "docs/dependencies.md").read_text(encoding="utf-8")
LISTS = sorted((PROJECT / "requirements").glob("*.in"))


def section(text: str, title: str) -> str:
    """The part of a document below one heading of the second level."""
    return text.split(f"\n## {title}\n")[1].split("\n## ")[0]


def first_column(text: str) -> list[str]:
    """The names in backticks, or plain, that begin the rows of the tables in `text`."""
    rows = re.findall(r"(?m)^\| `?([^`|]+?)`? \|", text)
    return [row for row in rows if set(row) - set("- ")]


def direct_dependencies(requirements: str) -> list[str]:
    lines = requirements.splitlines()
    return [found[0] for line in lines if (found := re.match(r"[A-Za-z][\w.-]*", line))]


def test_every_setting_is_documented_and_every_documented_one_exists() -> None:
    source = (SOURCE / "stadtwabe/site/settings.py").read_text(encoding="utf-8")
    read = set(re.findall(r'"(STADTWABE_[A-Z_]+|DATABASE_URL)"', source))
    documented = set(first_column(section(OPERATIONS, "Settings"))) - {"variable"}
    assert documented == read


def test_settings_are_read_in_one_place() -> None:
    """Between parent and child of one tree a variable of their own may pass."""
    allowed = {"site/settings.py", "site/process_tree/child.py", "site/command_line/table.py"}
    elsewhere = {
        str(path.relative_to(SOURCE / "stadtwabe"))
        for path in (SOURCE / "stadtwabe").rglob("*.py")
        if "tests" not in path.parts
        and re.search(r'environ\W.*"STADTWABE_|getenv', path.read_text(encoding="utf-8"))
    }
    assert elsewhere - allowed == set()


def test_every_command_is_documented_and_every_documented_one_exists() -> None:
    commands = section(OPERATIONS, "Commands").split("| command |")[1]
    assert set(first_column(f"| command |{commands}")) - {"command"} == set(COMMANDS)


def test_every_module_of_the_command_line_is_reached_by_the_table() -> None:
    folder = SOURCE / "stadtwabe/site/command_line"
    modules = {path.stem for path in folder.glob("*.py")}
    assert {command.module for command in COMMANDS.values()} == modules - {
        "__init__",
        "__main__",
        "output",
        "table",
    }


@pytest.mark.parametrize("requirements", LISTS, ids=lambda path: path.name)
def test_every_package_is_explained(requirements: Path) -> None:
    named = first_column(DEPENDENCIES)
    wanted = direct_dependencies(requirements.read_text(encoding="utf-8"))
    assert [name for name in wanted if name not in named] == []


def test_every_package_of_the_front_end_is_explained() -> None:
    package = json.loads((PROJECT / "package.json").read_text(encoding="utf-8"))
    wanted = {*package["dependencies"], *package["devDependencies"]}
    assert wanted - set(first_column(DEPENDENCIES)) == set()


def test_no_explained_package_is_gone() -> None:
    package = json.loads((PROJECT / "package.json").read_text(encoding="utf-8"))
    wanted = {*package["dependencies"], *package["devDependencies"], "package"}
    for requirements in LISTS:
        wanted |= set(direct_dependencies(requirements.read_text(encoding="utf-8")))
    assert set(first_column(DEPENDENCIES)) - wanted == set()


@pytest.mark.parametrize("requirements", LISTS, ids=lambda path: path.stem)
def test_lock_files_have_hashes_and_no_addresses_of_indexes(requirements: Path) -> None:
    lock = requirements.with_suffix(".txt").read_text(encoding="utf-8")
    assert "://" not in lock
    pinned = re.findall(r"(?m)^([\w.-]+(?:\[[\w,-]+\])?)==\S+", lock)
    assert set(direct_dependencies(requirements.read_text(encoding="utf-8"))) <= {
        name.split("[")[0] for name in pinned
    }
    for block in re.split(r"(?m)^(?=[a-z])", lock):
        assert "==" not in block or "--hash=sha256:" in block, block


def test_packages_are_named_with_a_licence_that_may_be_linked_in() -> None:
    rows = re.findall(r"(?m)^\| ([^|]+) \| ([^|]+) \|", DEPENDENCIES)
    bad = [name for name, licence in rows if re.search(r"(?<!L)(A?GPL)", licence)]
    assert bad == []


def test_front_end_packages_have_the_licence_that_is_named() -> None:
    modules = PROJECT / "node_modules"
    if not modules.exists():
        pytest.skip("the front end's packages are not installed")
    rows = dict(
        re.findall(
            r"(?m)^\| ([^|]+) \| ([^|]+) \|", section(DEPENDENCIES, "Front end (`package.json`)")
        )
    )
    for name in set(rows) - {"package", "---"}:
        about = json.loads((modules / name / "package.json").read_text(encoding="utf-8"))
        assert about["license"] == rows[name]


def test_every_column_of_the_export_is_documented() -> None:
    described = section(OPERATIONS, "What `export` writes")
    for table in TABLES:
        [row] = [line for line in described.splitlines() if line.startswith(f"| `{table.name}` |")]
        assert set(re.findall(r"`(\w+)`", row)) == {table.name, *table.columns}

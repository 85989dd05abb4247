"""What the documents say is so: the glossary is complete, and the recipe for a domain works."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.urls import get_resolver

from stadtwabe.catalog.kinds import all_kinds
from stadtwabe.catalog.rules import Topic
from stadtwabe.people.rules import Role
from tests.architecture.conftest import PROJECT, run_tool

GLOSSARY = (PROJECT / "docs/glossary.md").read_text(encoding="utf-8")
RECIPE = (PROJECT / "docs/how-to/add-a-domain.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"```(python|diff)\n# (\S+)\n(.*?)```", re.DOTALL)
OF_THE_MACHINE = {
    "robots.txt",
    "sitemap",
    "sitemap.xml",
    "static",
    "stil",
    "vorfuehrung",
    "favicon.ico",
}


def test_every_kind_of_card_stands_in_the_glossary_with_its_address() -> None:
    missing = [
        kind.name
        for kind in all_kinds()
        if not re.search(rf"\| `{kind.name}` \|[^|]*\| `{re.escape(kind.prefix)}", GLOSSARY)
    ]
    assert missing == []


@pytest.mark.parametrize("word", [*Role.values, *Topic.values])
def test_every_role_and_topic_stands_in_the_glossary(word: str) -> None:
    assert f"| `{word}` |" in GLOSSARY


def test_every_address_at_the_root_stands_in_the_glossary() -> None:
    roots = set()
    for pattern in flatten(get_resolver().url_patterns):
        root = re.split(r"[/<-]", str(pattern).removeprefix("^"))[0]
        roots.add(root)
    missing = sorted(
        root for root in roots - OF_THE_MACHINE if root and f"`/{root}" not in GLOSSARY
    )
    assert missing == []


def flatten(patterns, prefix=""):
    for each in patterns:
        address = prefix + str(each.pattern)
        if hasattr(each, "url_patterns"):
            yield from flatten(each.url_patterns, address)
        else:
            yield address


def carry_out_recipe(scratch: Path) -> None:
    for language, name, body in BLOCK.findall(RECIPE):
        file = scratch / name
        if language == "diff":
            old = "".join(line[1:] + "\n" for line in body.splitlines() if line[0] == "-")
            new = "".join(line[1:] + "\n" for line in body.splitlines() if line[0] == "+")
            text = file.read_text(encoding="utf-8")
            assert text.count(old) == 1, f"{name} no longer has the line of the recipe: {old}"
            file.write_text(text.replace(old, new), encoding="utf-8")
        else:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(body, encoding="utf-8")
    migrations = scratch / "src/stadtwabe/trees/migrations"
    migrations.mkdir()
    (migrations / "__init__.py").touch()


@pytest.mark.django_db(transaction=True)
def test_the_recipe_for_a_domain_works(scratch: Path, settings) -> None:
    carry_out_recipe(scratch)
    checked = run_tool("lint-imports", "--no-cache", folder=scratch)
    assert checked.returncode == 0, checked.stdout
    database = settings.DATABASES["default"]
    environment = {
        **os.environ,
        "PYTHONPATH": str(scratch / "src"),
        "DJANGO_SETTINGS_MODULE": "stadtwabe.site.settings",
        "DATABASE_URL": "postgresql://{USER}:{PASSWORD}@/trees?host={HOST}&port={PORT}".format(
            **database
        ),
    }
    for arguments in (
        ["-m", "django", "makemigrations", "trees"],
        ["-m", "pytest", "-q", "-p", "no:cacheprovider", "src/stadtwabe/trees"],
    ):
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=scratch,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
    assert "2 passed" in done.stdout

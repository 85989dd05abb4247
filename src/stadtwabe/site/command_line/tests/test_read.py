"""`stadtwabe read`: documents in, lines of JSON out, without a database."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from stadtwabe.site.postgres.tests.conftest import SOURCE

KEYS = [
    "doc", "municipalities", "projects", "events", "strategies", "publications", "organisations",
    "amounts_eur", "dates", "urls", "topics", "sdgs", "statements",
]  # fmt: skip


def stadtwabe_read(*words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "stadtwabe.site.command_line", "read", *words],
        env={
            **os.environ,
            "PYTHONPATH": str(SOURCE),
            "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none",
            "DJANGO_SETTINGS_MODULE": "no.such.settings",
        },
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    text = "Die Stadt Köln startet am 3. Mai 2024 die App „Gut versorgt“ für 38.500 Euro.\n"
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    (tmp_path / "leer.txt").write_text("")
    (tmp_path / "b.html").write_text(f"<html><body><p>{text}</p></body></html>", encoding="utf-8")
    (tmp_path / "bild.png").write_bytes(b"\x89PNG")
    return tmp_path


def test_a_folder_becomes_lines_and_the_unreadable_is_named(folder: Path) -> None:
    done = stadtwabe_read("--json", str(folder))
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 2
    assert [line["doc"] for line in lines] == ["a.txt", "b.html", "leer.txt"]
    assert list(lines[2]) == ["doc", "error"]
    assert "leer.txt" in lines[2]["error"]
    for line in lines[:2]:
        assert list(line) == KEYS
        assert line["municipalities"] == [{"name": "Köln", "ags": "05315000", "role": "actor"}]
        assert line["projects"] == [{"name": "Gut versorgt", "municipalities": ["05315000"]}]
        assert line["dates"] == ["2024-05-03"]
        assert line["amounts_eur"] == [38500]
    assert "3/3 leer.txt" in done.stderr


def test_offsets_count_in_the_file_itself(folder: Path) -> None:
    path = folder / "a.txt"
    done = stadtwabe_read("--json", str(path))
    assert done.returncode == 0
    text = path.read_text(encoding="utf-8")
    statements = json.loads(done.stdout)["statements"]
    assert statements
    for one in statements:
        assert text[one["start"] : one["end"]] == one["quote"]


def test_a_missing_file_is_an_error_of_its_own(folder: Path) -> None:
    done = stadtwabe_read("--json", str(folder / "fehlt.txt"), str(folder / "a.txt"))
    assert done.returncode == 2
    assert len(done.stdout.splitlines()) == 2


def test_without_json_it_is_for_people(folder: Path) -> None:
    done = stadtwabe_read(str(folder / "a.txt"))
    assert "municipalities: Köln" in done.stdout

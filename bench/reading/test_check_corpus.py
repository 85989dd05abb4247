"""The tuned half agrees with itself, and the check sees what a slip of the hand would break."""

import json
from pathlib import Path
from typing import Any

import pytest

from bench.reading.check_corpus import HERE, problems, register_keys, visible_text

TUNED = HERE / "corpus" / "tuned"
TEXT = (
    "Die Stadt Lage hat am 3. Mai 2024 die App „Laterne“ gestartet. Sie kostete 1,2 Mio. Euro."
    " Partner: Stadtwerke Lage. Mehr: https://lage.example/app."
)


def record(**changes: Any) -> dict[str, Any]:
    place = {
        "name": "Lage",
        "ags": "05766040",
        "level": "gemeinde",
        "role": "actor",
        "official": "Lage, Stadt",
    }
    whole = {
        "doc": "a.txt",
        "municipalities": [place],
        "projects": [
            {"name": "Laterne", "municipalities": ["05766040"], "anchor": "die App „Laterne“"}
        ],
        "events": [{"title": "Laterne gestartet", "dates": ["2024-05-03"], "place": "05766040"}],
        "strategies": [],
        "publications": [],
        "organisations": ["Stadtwerke Lage"],
        "amounts_eur": [1200000],
        "dates": ["2024-05-03"],
        "urls": ["https://lage.example/app"],
        "topics": ["energy_environment"],
        "sdgs": [7],
        "note": "",
    }
    return {**whole, **changes}


def check(folder: Path, *records: dict[str, Any], text: str = TEXT) -> list[str]:
    (folder / "a.txt").write_text(text, encoding="utf-8")
    lines = [json.dumps(each, ensure_ascii=False) for each in records]
    (folder / "gold.jsonl").write_text("\n".join(lines), encoding="utf-8")
    return problems(folder, frozenset({"05766040", "05766"}))


def test_the_tuned_half_agrees_with_itself():
    assert problems(TUNED, register_keys()) == []
    assert len(list(TUNED.glob("*.txt")) + list(TUNED.glob("*.html"))) == 42


def test_a_sound_record_has_no_problem(tmp_path: Path):
    assert check(tmp_path, record()) == []


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"doc": "b.txt"}, "no such document"),
        ({"sdgs": [18]}, "sdgs"),
        ({"topics": ["weather"]}, "topics"),
        ({"topics": "mobility"}, "topics is no list"),
        ({"dates": []}, "2024-05-03 is no date of the document"),
        ({"dates": ["2024-05-03", "2024-05-04"]}, "its day is not in the text"),
        ({"dates": ["2024-05-03", "2025-05"]}, "its year is not in the text"),
        ({"dates": ["2024-02-30", "2024-05-03"]}, "not in the calendar"),
        ({"dates": ["2024", "2024-05-03"]}, "is no YYYY-MM-DD"),
        ({"urls": []}, "only in the text"),
        ({"urls": ["https://lage.example/app", "www.lage.example"]}, "only annotated"),
        ({"amounts_eur": [12]}, "reads as 12 euros"),
        ({"organisations": ["Stadtwerke Hof|SWH"]}, "organisation is not in the text"),
        ({"municipalities": []}, "05766040 is no place of the document"),
        (
            {"projects": [{"name": "Laterne", "municipalities": [], "anchor": "das Laterne"}]},
            "anchor is not in the text",
        ),
        ({"publications": [{"title": "Jahrbuch", "publisher": None}]}, "sounds like: Jahrbuch"),
        ({"extra": []}, "fields differ"),
    ],
)
def test_a_slip_is_seen(tmp_path: Path, changes: dict[str, Any], problem: str):
    assert problem in "\n".join(check(tmp_path, record(**changes)))


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"ags": "05766041"}, "no place has the key"),
        ({"ags": "05766"}, "does not fit the level"),
        ({"role": "host"}, "role host"),
        ({"name": "Verl"}, "Verl is not in the text"),
    ],
)
def test_a_wrong_place_is_seen(tmp_path: Path, change: dict[str, str], problem: str):
    place = {**record()["municipalities"][0], **change}
    assert problem in "\n".join(check(tmp_path, record(municipalities=[place])))


def test_a_document_is_annotated_exactly_once(tmp_path: Path):
    assert check(tmp_path) == ["a.txt: not annotated"]
    assert check(tmp_path, record(), record()) == ["a.txt: annotated twice"]


def test_visible_text_is_what_a_browser_shows(tmp_path: Path):
    page = tmp_path / "a.html"
    page.write_text(
        "<head><title>Titel</title><style>p{}</style></head><body><p>Die&nbsp;<b>Lage</b>r</p>"
        "<p>am <a href='https://x.example'>Bahnhof</a></p><script>var a</script>",
        encoding="utf-8",
    )
    assert visible_text(page) == "Die Lager am Bahnhof"

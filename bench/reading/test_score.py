"""The scorer counts as its manual says."""

import json
from pathlib import Path
from typing import Any

import pytest

from bench.reading.score import (
    NAME_KEYS,
    Tally,
    bare_address,
    likeness,
    main,
    match,
    read_records,
    score,
)

FIELDS = (*NAME_KEYS, "municipalities", "amounts_eur", "dates", "urls", "topics", "sdgs")


def record(**fields: Any) -> dict[str, Any]:
    empty: dict[str, Any] = {name: [] for name in FIELDS}
    return {"doc": "a.txt", **empty, **fields}


def tallies(gold: dict[str, Any], found: dict[str, Any]) -> dict[str, tuple[int, int, int]]:
    rows = score({"a.txt": gold}, {"a.txt": found}).tallies
    return {row: (tally.hits, tally.gold, tally.found) for row, tally in rows.items()}


def test_likeness_ignores_articles_legal_forms_and_case():
    assert likeness("Stadtwerke Lemgo GmbH", "die stadtwerke LEMGO") == 1
    assert likeness("Der", "der") == 1  # nothing but a silent word: then it counts
    assert likeness("Forum Mobilität", "Forum Energie") == 0.5
    assert likeness("", "Forum") == 0


def test_likeness_takes_the_best_alias_of_the_gold_side():
    assert likeness("Deutsche Bundesstiftung Umwelt|DBU", "DBU") == 1
    assert likeness("DBU", "Deutsche Bundesstiftung Umwelt|DBU") < 0.6


def test_names_match_one_to_one_and_the_most_alike_first():
    gold = ["Smart City Forum", "Smart City Forum Halle"]
    assert sorted(match(gold, ["Smart City Forum Halle", "Smart City Forum"])) == [(0, 1), (1, 0)]
    assert match(gold, ["Smart City Forum"]) == [(0, 0)]


def test_a_place_counts_once_whatever_it_is_called():
    gold = record(
        municipalities=[
            {"name": "Hof", "ags": "09464000", "role": "actor"},
            {"name": "Lage", "ags": "05766040", "role": "mention"},
        ]
    )
    found = record(
        municipalities=[
            {"name": "Hofer", "ags": "09464000"},
            {"name": "Hofs", "ags": "09464000"},
            {"name": "Essen", "ags": "05113000"},
            {"name": "unresolved", "ags": ""},
        ]
    )
    rows = tallies(gold, found)
    assert rows["municipalities"] == (1, 2, 2)
    assert rows["  recall actor"] == (1, 1, 1)
    assert rows["  recall mention"] == (0, 1, 0)


def test_links_count_only_with_their_project():
    gold = record(
        projects=[
            {"name": "Laterne 4.0", "municipalities": ["05766044", "05766020"]},
            {"name": "Polenz-Melder", "municipalities": ["14628260"]},
        ]
    )
    found = record(
        projects=[
            {"name": "Laterne 4.0", "municipalities": ["05766044", "05766008"]},
            {"name": "Etwas ganz anderes", "municipalities": ["14628260"]},
        ]
    )
    rows = tallies(gold, found)
    assert rows["projects"] == (1, 2, 2)
    assert rows["project_links"] == (1, 3, 3)


def test_dates_of_an_event_count_only_with_the_event():
    gold = record(events=[{"title": "Hackathon", "dates": ["2023-10-07", "2023-10-08"]}])
    found = record(events=[{"title": "Hackathon", "dates": ["2023-10-07"]}])
    assert tallies(gold, found)["event_dates"] == (1, 2, 1)


def test_a_second_form_of_a_matched_organisation_is_no_error():
    gold = record(organisations=["Deutsche Bundesstiftung Umwelt|DBU", "Geo-Wetter"])
    found = record(organisations=["Deutsche Bundesstiftung Umwelt", "DBU", "Caritas"])
    assert tallies(gold, found)["organisations"] == (1, 2, 2)


def test_sets_compare_amounts_to_the_cent_and_addresses_without_scheme():
    gold = record(
        amounts_eur=[61230.45, 4.1], urls=["https://a.example/x/"], dates=["--05-03"], sdgs=[11]
    )
    found = record(
        amounts_eur=[61230.4501, 4], urls=["A.example/x"], dates=["2024-05-03"], sdgs=["11"]
    )
    rows = tallies(gold, found)
    assert rows["amounts_eur"] == (1, 2, 2)
    assert rows["urls"] == (1, 1, 1)
    assert rows["dates"] == (0, 1, 1)
    assert rows["sdgs"] == (1, 1, 1)
    assert bare_address(" HTTP://www.A.example// ") == "www.a.example"


def test_a_document_not_read_is_all_missed_and_an_unknown_one_ignored():
    gold = {"a.txt": record(dates=["2024-01-01"])}
    scores = score(gold, {"b.txt": record(dates=["2024-01-01", "2024-01-02"])})
    assert scores.tallies["dates"] == Tally(hits=0, gold=1, found=0)
    assert scores.tallies["dates"].f1 == 0
    assert [(slip.doc, slip.missed) for slip in scores.slips] == [("a.txt", ["2024-01-01"])]


def test_figures_are_the_usual_ones():
    tally = Tally(hits=3, gold=4, found=6)
    assert tally.as_dict() == {
        "precision": 0.5,
        "recall": 0.75,
        "f1": 0.6,
        "tp": 3,
        "gold": 4,
        "pred": 6,
    }


def test_the_command_prints_a_table_errors_and_json(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    gold, found = tmp_path / "gold.jsonl", tmp_path / "found.jsonl"
    gold.write_text(json.dumps(record(dates=["2024-01-01"])) + "\n\n", encoding="utf-8")
    found.write_text(json.dumps(record(dates=["2024-01-02"])) + "\n", encoding="utf-8")
    assert read_records(gold).keys() == {"a.txt"}

    assert main([str(gold), str(found), "--errors", "dates"]) == 0
    printed = capsys.readouterr().out
    assert "a.txt MISSED ['2024-01-01'] SPURIOUS ['2024-01-02']" in printed
    assert "1 documents, 1 with predictions" in printed

    assert main([str(gold), str(found), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["dates"]["gold"] == 1

    with pytest.raises(SystemExit):
        main([str(gold), str(found), "--only", "nowhere.txt"])
    assert "nowhere.txt" in capsys.readouterr().err

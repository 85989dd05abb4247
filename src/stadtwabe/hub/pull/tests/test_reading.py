"""Answers in JSON: what is found, and what is wrong where."""

from datetime import UTC, datetime

import pytest

from stadtwabe.hub.pull.asking import NoAnswer, read_json
from stadtwabe.hub.pull.reading import Wanted, compile_path, read_answer
from stadtwabe.hub.rules import ObservationType
from stadtwabe.kit.errors import Invalid

NOW = datetime(2026, 11, 22, 12, 0, 7, 5, tzinfo=UTC)
KINDS = {1: ObservationType.MEASUREMENT, 2: ObservationType.TRUTH}


def read(answer, records="$.data[*]", time="$.at", values=(("$.temp", 1),), zone="UTC", now=NOW):
    return read_answer(answer, Wanted(records, time, zone, values), KINDS, now=now)


def test_each_record_has_a_time_and_values():
    answer = {
        "data": [
            {"at": "2026-11-22T10:00:00Z", "temp": 12.5, "open": True},
            {"at": 1795342800, "temp": "13.25", "open": "nein"},
            {"at": "2026-11-22T11:00:00+01:00", "temp": None, "open": False},
        ]
    }
    pulled = read(answer, values=(("$.temp", 1), ("$['open']", 2)))
    assert pulled.records == 3
    assert pulled.problems == []
    assert [(each.path, each.result) for each in pulled.found] == [
        ("$['data'][0]['temp']", 12.5),
        ("$['data'][0]['open']", True),
        ("$['data'][1]['temp']", 13.25),
        ("$['data'][1]['open']", False),
        ("$['data'][2]['open']", False),
    ]
    assert {each.at.tzinfo for each in pulled.found} == {UTC}


def test_problems_name_path_and_position():
    answer = {
        "data": [
            {"at": "gestern", "temp": 1},
            {"temp": 1},
            {"at": "0000-01-01", "temp": 1},
            {"at": "9999-12-31", "temp": 1},
            {"at": "2026-11-22", "temp": [1]},
            {"at": "2026-11-22", "temp": "12,5"},
            {"at": "2026-11-22", "temp": True},
            {"at": "2026-11-22"},
            "ein Text",
        ]
    }
    pulled = read(answer)
    assert pulled.found == []
    told = [f"{each.path}: {each.problem}" for each in pulled.problems]
    assert told[0].startswith("$['data'][0]['at']: Das ist keine Zeit")
    assert told[1] == "$['data'][1] › $['at']: Hier steht nichts."
    assert "Jahr 0" in told[2]
    assert "9999" in told[3]
    assert "kein einzelner Wert" in told[4]
    assert "Dezimalzeichen" in told[5]
    assert "wahr oder falsch" in told[6]
    assert told[7].startswith("$['data'][7] › $['temp']")
    assert told[8].startswith("$['data'][8] › $['at']")
    assert "in der Antwort nichts" in read({"other": 1}).problems[0].problem
    assert "in der Antwort nichts" in read('{"data": []}').problems[0].problem


def test_without_a_path_to_the_time_it_is_when_it_was_fetched():
    pulled = read({"temp": 3}, records="$", time="")
    assert [each.at for each in pulled.found] == [NOW.replace(microsecond=0)]


def test_in_the_doubled_hour_the_only_record_says_what_is_now():
    answer = {"at": "2026-10-25T02:30", "temp": 3}
    given = {"records": "$", "zone": "Europe/Berlin"}
    first = datetime(2026, 10, 25, 0, 31, tzinfo=UTC)
    assert read(answer, now=first, **given).found[0].at.hour == 0
    second = datetime(2026, 10, 25, 1, 31, tzinfo=UTC)
    assert read(answer, now=second, **given).found[0].at.hour == 1


@pytest.mark.parametrize(
    "path", ["", "temp", "$.", "$[", "$..a..b", "$[?@.a[?@.b]]", "$..[?@.x]", "$[?match(@.a,'x')]"]
)
def test_paths_that_are_none_or_cost_too_much(path):
    with pytest.raises(Invalid) as caught:
        compile_path(path, "time")
    assert caught.value.field == "time"


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b'{"data": [1, 2', "kein JSON"),
        (b"<html>", "kein JSON"),
        (b'{"a": NaN}', "kein JSON"),
        (b"\xff\xfe", "kein JSON"),
        (b"[" * 100_000, "verschachtelt"),
    ],
)
def test_answers_that_are_no_json(data, why):
    with pytest.raises(NoAnswer, match=why):
        read_json(data)


def test_more_records_than_a_run_may_have_are_said(monkeypatch):
    monkeypatch.setattr("stadtwabe.hub.pull.reading.MOST_RECORDS", 3)
    pulled = read({"data": [{"at": "2026-11-22", "temp": 1}] * 4})
    assert pulled.records == 3
    assert "Mehr als 3" in pulled.problems[0].problem


def test_an_answer_made_to_be_read_for_ever_is_given_up(monkeypatch):
    monkeypatch.setattr("stadtwabe.hub.pull.reading.SECONDS", 0.05)
    with pytest.raises(Invalid, match="zu aufwendig"):
        read(nested(60), records="$..*", time="", values=(("$..nowhere", 1),))
    with pytest.raises(Invalid, match="zu tief verschachtelt"):
        read(nested(200), records="$..*", time="")


def nested(levels: int) -> object:
    deep: object = {"at": "2026-11-22", "temp": 1}
    for _level in range(levels):
        deep = {"in": deep, "beside": [0] * 100}
    return deep

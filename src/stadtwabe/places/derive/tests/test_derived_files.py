"""What the committed files promise, checked on the files themselves."""

import csv
import json
from pathlib import Path

import pytest

DATA = Path(__file__).parents[2] / "data"


@pytest.fixture(scope="module")
def rows():
    with (DATA / "register.csv").open(encoding="utf-8", newline="") as file:
        return {row["key"]: row for row in csv.DictReader(file)}


def test_every_key_lies_in_its_district_and_state(rows):
    assert all(len(key) in (2, 5, 8) for key in rows)
    assert {key[:5] for key in rows if len(key) == 8} == {key for key in rows if len(key) == 5}
    assert {key[:2] for key in rows} == {key for key in rows if len(key) == 2}
    assert len([key for key in rows if len(key) == 2]) == 16


def test_ended_keys_name_a_successor_in_force(rows):
    ended = [row for row in rows.values() if row["successor"]]
    assert {"03152012", "16056000"} <= {row["key"] for row in ended}
    for row in ended:
        assert row["valid_until"]
        assert not rows[row["successor"]]["valid_until"]


def test_goettingen_and_eisenach_have_their_keys_of_today(rows):
    assert rows["03152012"]["successor"] == "03159016"
    assert rows["16056000"]["successor"] == "16063105"
    assert rows["03159016"]["edition"] == "geonames-2023"


def test_every_district_in_force_has_a_file_of_borders(rows):
    districts = {key for key, row in rows.items() if len(key) == 5 and not row["valid_until"]}
    collection = json.loads((DATA / "boundaries" / "districts.geojson").read_text())
    assert {feature["properties"]["key"] for feature in collection["features"]} == districts
    files = {path.stem for path in (DATA / "boundaries" / "municipalities").glob("*.geojson")}
    assert files == districts


def test_networks_name_places_that_exist_and_where_that_is_written(rows):
    networks = json.loads((DATA / "networks.json").read_text(encoding="utf-8"))["networks"]
    for network in networks:
        for member in network["members"]:
            assert member["key"] in rows
            assert member["source"] in network["sources"]

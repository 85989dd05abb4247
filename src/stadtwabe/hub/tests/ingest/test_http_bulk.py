"""The hot door: many observations in one request."""

from typing import Any

import pytest

from stadtwabe.hub.models import Datastream, Observation
from stadtwabe.hub.tests.factories import HubWorld, make_multi_datastream
from stadtwabe.hub.tests.ingest.door import ROOT, TIME, send


def arrays(*parts: tuple[Datastream, list[str], list[Any]]) -> list[dict[str, Any]]:
    return [
        {"Datastream": {"@iot.id": each.pk}, "components": components, "dataArray": data}
        for each, components, data in parts
    ]


PLAIN = ["phenomenonTime", "result"]


def test_many_at_once_get_an_address_each(world: HubWorld, secret: str) -> None:
    first, second = world.streams["menden", "public"], world.streams["menden", "owner"]
    times = [f"2026-11-22T12:{minute:02}:00Z" for minute in range(30)]
    body = arrays(
        (first, PLAIN, [[time, number] for number, time in enumerate(times)]),
        (second, ["result", "phenomenonTime", "parameters"], [[1, TIME, {"a": 1}]]),
    )
    answer = send("CreateObservations", body, secret)
    assert answer.status_code == 201
    links = answer.json()
    assert len(links) == len(set(links)) == 31
    found = Observation.objects.get(detail__p__a=1)
    assert links[-1] == f"{ROOT}Observations({found.pk})"
    assert found.datastream_id == second.pk


@pytest.mark.parametrize("is_minimal", [False, True])
def test_bad_rows_are_told_by_position_and_good_ones_stored(
    world: HubWorld, stream: Datastream, secret: str, is_minimal: bool
) -> None:
    foreign = world.streams["beckum", "owner"]
    body = arrays(
        (stream, PLAIN, [[TIME, 1], ["2026-11-22T12:01:00", 2], [TIME], 7, [TIME, 1]]),
        (foreign, PLAIN, [[TIME, 1], [TIME, 2]]),
        (stream, PLAIN, [["2026-11-22T12:05:00+01:00", 5]]),
    )
    headers = {"Prefer": "return=minimal"} if is_minimal else {}
    answer = send("CreateObservations", body, secret, **headers).json()
    if is_minimal:
        assert answer["stored"] == 3
        assert [each["position"] for each in answer["refused"]] == [1, 2, 3, 5, 6]
    else:
        assert [link.startswith("error: ") for link in answer] == [
            False,
            True,
            True,
            True,
            False,
            True,
            True,
            False,
        ]
        assert answer[0] == answer[4]
    assert Observation.objects.count() == 2


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ([{"components": PLAIN, "dataArray": []}], "Datastream"),
        ([{"Datastream": {"@iot.id": 1}, "components": PLAIN}], None),
        ({"Datastream": {"@iot.id": 1}, "components": PLAIN, "dataArray": {}}, None),
    ],
)
def test_a_bulk_of_the_wrong_shape_is_refused_whole(
    stream: Datastream, secret: str, body: Any, field: str | None
) -> None:
    answer = send("CreateObservations", body, secret)
    assert answer.status_code == 400
    assert answer.json().get("field") == field


def test_an_unknown_component_is_named(stream: Datastream, secret: str) -> None:
    answer = send("CreateObservations", arrays((stream, ["wert"], [[1]])), secret)
    assert (answer.status_code, answer.json()["field"]) == (400, "components")


def test_a_multi_datastream_takes_arrays(world: HubWorld, secret: str) -> None:
    stream = make_multi_datastream(world.streams["menden", "public"].thing)
    address = f"MultiDatastreams({stream.pk})/Observations"
    assert send(address, {"result": [3, 270]}, secret).status_code == 201
    answer = send(address, {"result": [3]}, secret)
    assert "2 values are expected" in answer.json()["message"]

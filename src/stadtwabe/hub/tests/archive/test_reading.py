"""What is asked of the SensorThings API has the same answer before and after archiving."""

from typing import Any

import pytest

from stadtwabe.hub.models import Datastream
from stadtwabe.hub.tests.archive.world import (
    archive,
    ask,
    fill_stream,
    follow,
    hot_rows,
)
from stadtwabe.hub.tests.factories import HubWorld

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return HubWorld()


APRIL = "2026-04-01T00:00:00Z"
OF_ONE = "Datastreams({public})/Observations"
QUESTIONS: tuple[tuple[str, dict[str, Any]], ...] = (
    (OF_ONE, {"top": 1000, "count": "true"}),
    (OF_ONE, {"top": 7, "skip": 230, "orderby": "phenomenonTime"}),
    (OF_ONE, {"top": 7, "skip": 450, "orderby": "phenomenonTime desc"}),
    (OF_ONE, {"top": 2, "orderby": "phenomenonTime desc"}),
    (OF_ONE, {"filter": "result ge 225 and result lt 240"}),
    (OF_ONE, {"filter": "result mod 100 eq 3", "count": "true"}),
    (OF_ONE, {"orderby": "result desc", "top": 4, "filter": f"phenomenonTime lt {APRIL}"}),
    (OF_ONE, {"filter": f"phenomenonTime ge {APRIL}", "top": 3, "count": "true"}),
    (OF_ONE, {"filter": f"phenomenonTime lt {APRIL}", "count": "true", "top": 0}),
    (OF_ONE, {"filter": f"{APRIL} gt phenomenonTime and day(phenomenonTime) eq 31"}),
    (OF_ONE, {"filter": f"during(phenomenonTime,2026-03-31T00:00:00Z/{APRIL})"}),
    ("Observations", {"top": 20, "skip": 695, "count": "true"}),
    ("Observations", {"top": 9, "orderby": "phenomenonTime desc"}),
    ("Observations", {"top": 9, "orderby": "phenomenonTime"}),
    ("Observations", {"top": 3, "filter": "Datastream/id eq {networks}", "count": "true"}),
    ("Observations", {"top": 3, "filter": "startswith(Datastream/name,'O') and result gt 498"}),
    ("Datastreams", {"expand": "Observations($top=3)"}),
    ("Datastreams", {"expand": "Observations($top=2;$count=true;$orderby=phenomenonTime desc)"}),
    ("Datastreams", {"expand": "Observations($top=1;$count=true;$filter=result eq 17)"}),
    (OF_ONE, {"expand": "Datastream($select=name)", "top": 2}),
    (OF_ONE, {"select": "result,id", "top": 2}),
    (OF_ONE, {"resultFormat": "dataArray", "top": 2}),
    (OF_ONE + "/$ref", {"top": 2}),
    (OF_ONE, {"unit": "[degF]", "filter": "result gt 1000", "top": 3, "count": "true"}),
    (OF_ONE, {"unit": "K", "top": 3, "skip": 220}),
    (OF_ONE, {"aggregate": "day", "top": 40, "skip": 10, "count": "true"}),
    ("Observations({first})", {"expand": "Datastream"}),
    ("Observations({first})/result", {}),
    ("Observations({first})/Datastream", {}),
    (OF_ONE + "({first})", {}),
    ("Observations({hidden})", {}),
)


def filled(options: dict[str, Any], names: dict[str, int]) -> dict[str, str]:
    return {name: str(value).format(**names) for name, value in options.items()}


def test_every_question_has_the_same_answer(world: HubWorld) -> None:
    shown = world.streams["menden", "public"]
    shared = world.streams["menden", "networks"]
    hidden = world.streams["beckum", "owner"]
    Datastream.objects.filter(pk=shown.pk).update(units=[{"definition": "Cel"}])
    ids = fill_stream(shown)
    fill_stream(shared, count=500)
    hidden_ids = fill_stream(hidden, first=5000.0)
    names = {
        "public": shown.pk,
        "networks": shared.pk,
        "first": ids[3],
        "hidden": hidden_ids[3],
    }
    actors = [world.cast.actor(who) for who in ("visitor", "operator")]

    def answers():
        return [
            ask(actor, path.format(**names), **filled(options, names))
            for actor in actors
            for path, options in QUESTIONS
        ]

    before = answers()
    assert not any(answer.get("code") == 400 for answer in before), before
    files = archive()
    assert {file.month.month for file in files} == {3, 4}
    assert 0 < hot_rows(shown) < 300
    after = answers()
    for number, (one, other) in enumerate(zip(before, after, strict=True)):
        assert other == one, QUESTIONS[number % len(QUESTIONS)]
    found = follow(actors[0], f"Datastreams({shown.pk})/Observations", top=99)
    assert [each["result"] for each in found] == list(range(700))
    everything = follow(actors[1], "Observations", top=333)
    assert len({each["@iot.id"] for each in everything}) == len(everything) == 1900

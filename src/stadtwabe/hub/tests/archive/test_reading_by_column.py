"""Pages of an archived datastream go a short way; what comes out is what the long way gives."""

from datetime import timedelta
from typing import Any

import pytest

from stadtwabe.hub.models import Datastream
from stadtwabe.hub.sta.by_column import PageOf
from stadtwabe.hub.tests.archive.world import EVERY, START, archive, ask, fill_stream, follow, rows
from stadtwabe.hub.tests.factories import HubWorld, put_observations
from stadtwabe.kit.actor import VISITOR

pytestmark = pytest.mark.django_db

MORE_THAN_A_NUMBER = (
    # place, column, value
    (3, "quality", "5"),
    (4, "detail", """'{"q": "geschätzt", "p": {"Tiefe": 3}}'"""),
    (5, "detail", """'{"e": "2026-03-02T01:00:00Z"}'"""),
    (6, "detail", """'{"r": "kalt"}', result = NULL"""),
    (7, "result_time", "phenomenon_time + interval '7 minutes'"),
    (8, "detail", """'{"p": {}}', result_time = phenomenon_time + interval '1.5 seconds'"""),
    (240, "quality", "1"),
)


@pytest.fixture
def stream() -> Datastream:
    """A datastream whose archived observations were corrected, and got company, afterwards."""
    stream = HubWorld().streams["menden", "public"]
    ids = fill_stream(stream)
    for place, column, value in MORE_THAN_A_NUMBER:
        rows(f"UPDATE hub_observation SET {column} = {value} WHERE id = %s", ids[place])
    archive()
    for place, result in ((0, -1.0), (4, -2.0), (6, -3.0), (98, -4.0), (99, -5.0)):
        put_observations(stream, result, start=START + place * EVERY)
    for place in (10, 98, 239):
        later = timedelta(microseconds=1_200_000)
        put_observations(stream, -6.0, start=START + place * EVERY + later)
    return stream


@pytest.mark.parametrize("order", ["", "phenomenonTime", "phenomenonTime desc"])
@pytest.mark.parametrize("top", [1000, 99, 2])
def test_both_ways_give_the_same(
    stream: Datastream, order: str, top: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = f"Datastreams({stream.pk})/Observations"
    options: dict[str, Any] = {"top": top} | ({"orderby": order} if order else {})
    made = []
    short = PageOf.from_archive

    def seen(*page: Any) -> Any:
        made.append(short(*page))
        return made[-1]

    monkeypatch.setattr(PageOf, "from_archive", seen)
    read = ask if top == 2 else follow
    quick = read(VISITOR, path, **options)
    assert made
    assert None not in made
    monkeypatch.setattr(PageOf, "from_archive", lambda *_page: None)
    assert quick == read(VISITOR, path, **options)

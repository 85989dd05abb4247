"""Pages of whole observations go a short way; what comes out is what the long way gives."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client

from stadtwabe.hub.models import Datastream
from stadtwabe.hub.sta import by_column
from stadtwabe.hub.sta.observations import whole
from stadtwabe.hub.tests.factories import make_datastream, make_multi_datastream, make_thing
from stadtwabe.people.tests.factories import NOW, Cast

pytestmark = pytest.mark.django_db
ROWS = (
    # result, quality, result time (minutes after), detail
    (20.0, 0, None, None),
    (-0.1, 0, None, None),
    (1e22, 0, None, None),
    (1.5e-7, 0, 3, None),
    (21.25, 1, None, None),
    (21.25, 5, 7, '{"q": "geschätzt"}'),
    (20.0, 0, None, '{"p": {"depth": 3, "Tiefe": "50 % %s"}}'),
    (3.0, 0, None, '{"e": "2026-11-22T13:00:00Z"}'),
    (None, 0, None, '{"r": "kalt"}'),
    (None, 0, 1, '{"r": [1.5, null], "v": ["2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z"]}'),
    (None, 2, None, '{"r": false}'),
)


@pytest.fixture
def stream() -> Datastream:
    thing = make_thing(Cast().menden)
    stream = make_datastream(thing)
    multi = make_multi_datastream(thing)
    with connection.cursor() as cursor:
        cursor.execute("SELECT hub_ensure_months(%s, %s)", [NOW, NOW])
        for number, (result, quality, later, detail) in enumerate(ROWS):
            at = NOW + timedelta(minutes=10 * number, microseconds=1200 * (number % 3))
            for pk in (stream.pk, multi.pk):
                cursor.execute(
                    "INSERT INTO hub_observation (id, datastream_id, phenomenon_time, result,"
                    " quality, result_time, detail) VALUES (%s, %s, %s, %s, %s, %s, %s)",
                    [
                        100 * pk + number,
                        pk,
                        at,
                        result,
                        quality,
                        None if later is None else at + timedelta(minutes=later),
                        detail,
                    ],
                )
    return stream


QUESTIONS = (
    "",
    "$top=3",
    "$top=4&$skip=5",
    "$top=0",
    "$top=1&$orderby=result desc",
    "$top=3&$orderby=result desc,phenomenonTime&$count=true",
    "$filter=result gt 1 and resultQuality/flags ne null",
    "$filter=result gt 1e99",
    "$top=7&$orderby=Datastream/name,id desc",
)


@pytest.mark.parametrize("collection", ["Observations", "Datastreams({})/Observations"])
def test_both_ways_give_the_same_bytes(
    client: Client, stream: Datastream, collection: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    addresses = [f"/sta/v1.1/{collection.format(stream.pk)}?{question}" for question in QUESTIONS]

    def pages() -> list[bytes]:
        found = []
        for address in addresses:
            answer = client.get(address)
            assert answer.status_code == 200, answer.content
            found.append(answer.content)
            link = answer.json().get("@iot.nextLink")
            found.append(client.get(link).content if link else b"")
        return found

    quick = pages()
    monkeypatch.setattr(by_column, "is_whole", lambda *_: False)
    for one, other in zip(quick, pages(), strict=True):
        assert one == other
    assert sum(page.count(b"selfLink") for page in quick) > 40


def test_an_address_with_a_per_cent_sign_is_no_template(
    stream: Datastream,
) -> None:
    page = whole((bytes(8), bytes(8), bytes(8), bytes(8), None), "http://a%b", top=1)
    assert b'"http://a%b/Observations(0)"' in b"".join(page.value)

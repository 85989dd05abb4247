"""The files themselves: their columns, their means, and who does not get to see them."""

import json
from datetime import UTC, timedelta
from pathlib import Path

import duckdb
import pytest
from django.test import Client

from stadtwabe.hub.archive import lake
from stadtwabe.hub.archive.rows import BUCKETS, COLUMNS, bucket_of
from stadtwabe.hub.commands.archive import archive_month, put_back
from stadtwabe.hub.ingest.columns import OBSERVATION
from stadtwabe.hub.models import ArchiveMonth
from stadtwabe.hub.sta.answers import Call
from stadtwabe.hub.sta.dispatch import Dispatcher
from stadtwabe.hub.tests.archive.world import (
    MONTHS,
    NOW,
    ROOT,
    START,
    archive,
    ask,
    fill_stream,
    rows,
)
from stadtwabe.hub.tests.factories import (
    HubWorld,
    make_datastream,
    make_thing,
    put_observations,
)
from stadtwabe.kit.actor import SYSTEM, VISITOR
from stadtwabe.kit.errors import Invalid, NotAllowed
from stadtwabe.people.tests.factories import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(lake, "_folder", [tmp_path])
    return tmp_path


def test_duckdb_alone_finds_the_hourly_means_of_the_api(folder: Path) -> None:
    streams = [make_datastream(make_thing(Cast().menden)) for _number in range(2)]
    for number, stream in enumerate(streams):
        results = [round(20 + (each * 37 % 113) / 10 + number, 1) for each in range(1500)]
        put_observations(stream, *results, start=START, every=timedelta(minutes=17))

    def of_the_api() -> dict[int, list[tuple[str, float]]]:
        found = {}
        for stream in streams:
            path = f"Datastreams({stream.pk})/Observations"
            pairs = (("aggregate", "hour"), ("$top", "5000"))
            answer = Dispatcher(VISITOR, NOW, ROOT).answer(Call("GET", path, pairs))
            means = [
                (each["phenomenonTime"].partition("/")[0], each["mean"])
                for each in json.loads(answer.body)["value"]
            ]
            found[stream.pk] = means
        return found

    before = of_the_api()
    assert sum(map(len, before.values())) == 2 * 425
    archive(MONTHS[0])
    assert of_the_api() == before
    assert rows("SELECT count(*) FROM hub_observation") == [(0,)]
    means = duckdb.execute(
        "SELECT datastream_id, epoch_us(date_trunc('hour', phenomenon_time)), avg(result)"
        " FROM read_parquet(?) WHERE result IS NOT NULL GROUP BY ALL ORDER BY ALL",
        [str(folder / "*" / "*.parquet")],
    ).fetchall()
    alone: dict[int, list[tuple[str, float]]] = {stream.pk: [] for stream in streams}
    for pk, hour, mean in means:
        at = lake.moment_of(hour - lake.SINCE).astimezone(UTC)
        alone[pk].append((f"{at:%Y-%m-%dT%H:%M:%SZ}", mean))
    for pk, expected in before.items():
        assert [at for at, _mean in alone[pk]] == [at for at, _mean in expected]
        assert [mean for _at, mean in alone[pk]] == pytest.approx([mean for _at, mean in expected])


def test_the_files_have_the_columns_of_the_table(folder: Path) -> None:
    assert set(COLUMNS) == set(OBSERVATION)
    kinds = {"TIMESTAMP WITH TIME ZONE": "timestamp with time zone", "VARCHAR": "jsonb"}
    same = {"DOUBLE": "double precision", **kinds}
    assert {name: same.get(kind, kind.lower()) for name, kind in COLUMNS.items()} == OBSERVATION
    stream = make_datastream(make_thing(Cast().menden))
    first = put_observations(stream, 1.5, 2.5, start=START)[0]
    detail = json.dumps({"r": 'ü, "quoted"\nline', "e": "2026-03-01T00:04:00Z", "p": {"a": [1]}})
    rows(
        "UPDATE hub_observation SET result = NULL, quality = 9, feature_id = 7, detail = %s,"
        " result_time = '1969-12-31 23:59:59.999999Z' WHERE id = %s",
        detail,
        first,
    )
    whole = "SELECT * FROM hub_observation ORDER BY id"
    before, answered = rows(whole), ask(SYSTEM, "Observations")
    (file,) = archive(MONTHS[0])
    assert (file.bucket, file.rows) == (bucket_of(stream.pk), 2)
    assert file.bucket == stream.pk % BUCKETS
    schema = "SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM read_parquet(?))"
    path = str(folder / file.file)
    assert dict(duckdb.execute(schema, [path]).fetchall()) == COLUMNS
    assert ask(SYSTEM, "Observations") == answered
    assert rows("SELECT count(*) FROM hub_observation") == [(0,)]
    # Into the table again, as a late value does: not a bit is lost on the way.
    put_back(lake.read_rows([file.file]))
    assert rows(whole) == before


SECRET = "4711"


def test_archived_values_of_others_come_out_nowhere(client: Client) -> None:
    world = HubWorld()
    for (_town, audience), stream in world.streams.items():
        fill_stream(stream, first=1.0 if audience == "public" else 4711.0, count=1)
    ids = {key: rows("SELECT id FROM hub_observation WHERE datastream_id = %s", stream.pk)[0][0]
           for key, stream in world.streams.items()}  # fmt: skip
    archive(MONTHS[0])
    assert rows("SELECT count(*) FROM hub_observation") == [(0,)]
    visitor, operator = world.cast.actor("visitor"), world.cast.actor("operator")
    assert SECRET in json.dumps(ask(operator, "Observations"))
    hidden = world.streams["menden", "owner"]
    asked = [
        ("Observations", {"count": "true"}),
        ("Observations", {"orderby": "phenomenonTime desc", "count": "true"}),
        ("Observations", {"orderby": "result desc"}),
        ("Observations", {"filter": f"Datastream/id eq {hidden.pk}", "count": "true"}),
        ("Observations", {"filter": "result gt 4000", "count": "true"}),
        ("Datastreams", {"expand": "Observations($count=true)"}),
        ("Things", {"expand": "Datastreams($expand=Observations)"}),
        (f"Datastreams({hidden.pk})/Observations", {}),
        (f"Observations({ids['menden', 'owner']})", {}),
        (f"Observations({ids['menden', 'networks']})/result/$value", {}),
    ]
    for path, options in asked:
        answer = ask(visitor, path, **options)
        assert SECRET not in json.dumps(answer), path
        if "filter" in options:
            assert (answer["value"], answer["@iot.count"]) == ([], 0)
    assert ask(visitor, "Observations", count="true")["@iot.count"] == 2
    member = world.cast.actor("network_admin")
    shared = world.streams["menden", "networks"]
    assert SECRET in json.dumps(ask(member, f"Datastreams({shared.pk})/Observations"))
    assert client.get(f"/daten/reihen/{hidden.pk}/?format=csv").status_code == 404

    # Entities are not searched by what lies in the archive: an error, never a gap.
    refused = ask(operator, "Things", filter="Datastreams/Observations/result eq 4711")
    assert refused["code"] == 400
    assert "archive" in refused["message"]
    with pytest.raises(NotAllowed):
        archive_month(actor=member, month=MONTHS[0], now=NOW)
    with pytest.raises(Invalid):
        archive_month(actor=SYSTEM, month=NOW.date().replace(day=1), now=NOW)


def test_chart_and_csv_read_table_and_archive(client: Client) -> None:
    stream = make_datastream(make_thing(Cast().menden))
    fill_stream(stream)
    question = {"von": "20.03.2026", "bis": "10.05.2026", "aufloesung": "werte"}
    address = f"/daten/reihen/{stream.pk}/"

    def csv() -> str:
        return b"".join(client.get(address, {**question, "format": "csv"})).decode()

    before, drawn = csv(), client.get(address, question).content
    assert before.count("\n") > 390
    archive(MONTHS[1])
    assert csv() == before
    archive(MONTHS[0])
    put_observations(stream, 9999.0, start=START + timedelta(days=31, minutes=1))
    assert "9999" in csv()
    assert csv().count("\n") == before.count("\n") + 1
    assert b"<svg" in drawn
    assert ArchiveMonth.objects.count() == 2

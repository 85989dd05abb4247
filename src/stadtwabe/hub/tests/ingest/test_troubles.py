"""Many at once, lost connections, a full disk: nothing is lost, nothing half stored."""

import asyncio
import json

import asyncpg
import pytest
from django.db import connection

from stadtwabe.hub.database import connect_parameters
from stadtwabe.hub.ingest.batch import Batch, Run
from stadtwabe.hub.ingest.connections import Connections
from stadtwabe.hub.ingest.outcome import Outcomes, Overloaded, Unavailable
from stadtwabe.hub.ingest.service import Service
from stadtwabe.hub.ingest.writer import Writer
from stadtwabe.hub.models import Datastream, Observation
from stadtwabe.hub.tests.factories import HubWorld
from stadtwabe.hub.tests.ingest.conftest import fates, rows, seen, state, store, with_service


def test_64_at_once_share_few_commits_and_lose_nothing(world: HubWorld) -> None:
    streams = list(world.streams.values())

    async def use(service: Service) -> list[Outcomes]:
        async def post(number: int) -> Outcomes:
            return await service.store([seen(streams[number % 6], number, float(number))])

        return await asyncio.gather(*(post(number) for number in range(64)))

    outcomes = with_service(use)
    assert len({outcome.ids[0] for outcome in outcomes}) == 64
    assert Observation.objects.count() == 64
    assert sum(state(stream).observation_count for stream in streams) == 64
    ((commits,),) = rows("SELECT count(DISTINCT xmin::text) FROM hub_observation")
    assert commits < 10


def test_two_writers_on_the_same_datastream_store_everything_once(stream: Datastream) -> None:
    async def use(first: Service) -> None:
        second = Service(connect_parameters())
        both = (first, second)
        await asyncio.gather(
            *(
                both[number % 2].store([seen(stream, number // 2, float(number // 2))])
                for number in range(80)
            )
        )
        await second.close()

    with_service(use)
    assert Observation.objects.count() == 40
    assert state(stream).observation_count == 40


def test_too_much_at_once_is_refused_and_what_was_taken_is_stored(stream: Datastream) -> None:
    async def use(service: Service) -> tuple[int, int]:
        known = (await service.streams.get([stream.pk]))[stream.pk]
        writer = Writer(Connections(connect_parameters()), most_waiting=100)

        def batch(number: int) -> Batch:
            run = Run(known, times=list(range(number * 30, number * 30 + 30)))
            run.results, run.positions = [1.0] * 30, range(30)
            return Batch(30, [run])

        results = await asyncio.gather(
            *(writer.store(batch(number)) for number in range(10)), return_exceptions=True
        )
        await writer.close()
        refused = sum(isinstance(result, Overloaded) for result in results)
        return refused, sum(len(result) for result in results if isinstance(result, Outcomes))

    refused, stored = with_service(use)
    assert refused == 7
    assert Observation.objects.count() == stored == 90


def test_a_lost_connection_costs_nothing(stream: Datastream) -> None:
    async def use(service: Service) -> None:
        await service.store([seen(stream, 0, 1.0)])
        killer = await asyncpg.connect(**connect_parameters())
        await killer.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE application_name = 'stadtwabe ingest' AND datname = current_database()"
        )
        await killer.close()
        await service.store([seen(stream, 1, 1.0)])

    with_service(use)
    assert state(stream).observation_count == 2


def test_a_month_that_was_taken_away_comes_back(stream: Datastream) -> None:
    async def use(service: Service) -> Outcomes:
        await service.store([seen(stream, 0, 1.0)])
        async with service.connections.asking() as asking:
            await asking.execute("DROP TABLE hub_observation_2026_11")
        return await service.store([seen(stream, 5, 2.0)])

    assert fates(with_service(use)) == ["stored"]


def test_a_deleted_datastream_is_refused(world: HubWorld, stream: Datastream) -> None:
    async def use(service: Service) -> Outcomes:
        await service.store([seen(stream, 0, 1.0)])
        async with service.connections.asking() as asking:
            await asking.execute(
                "DELETE FROM hub_datastreamstate WHERE datastream_id = $1", stream.pk
            )
        return await service.store([seen(stream, 5, 2.0)])

    outcomes = with_service(use)
    assert outcomes[0].status == 404


def test_listeners_hear_of_every_commit(stream: Datastream) -> None:
    async def use(service: Service) -> None:
        heard: list[str] = []
        listening = await asyncpg.connect(**connect_parameters())
        await listening.add_listener("hub_observation", lambda *call: heard.append(call[3]))
        outcomes = await service.store([seen(stream, 0, 1.0), seen(stream, 5, 1.0)])
        await asyncio.sleep(0.2)
        await listening.close()
        (told,) = map(json.loads, heard)
        (span,) = told.pop("spans")
        assert told == {"streams": [stream.pk], "ids": [outcomes.ids]}
        assert span[1] - span[0] == 5 * 60 + 1

    with_service(use)


def test_a_full_disk_is_said_and_nothing_is_half_stored(stream: Datastream) -> None:
    """The database answers as with a full disk: with 53100, in the middle of the transaction."""
    store(seen(stream, 0, 1.0))
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            " RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'; END $$;"
            "CREATE TRIGGER full_disk BEFORE UPDATE ON hub_datastreamstate"
            " FOR EACH ROW EXECUTE FUNCTION full_disk()"
        )
    try:
        with pytest.raises(Unavailable, match="nichts speichern"):
            store(seen(stream, 5, 1.0))
        with pytest.raises(Unavailable):
            store(seen(stream, 10, 1.0, parameters={"a": 1}))
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP FUNCTION full_disk CASCADE")
    assert Observation.objects.count() == 1
    assert fates(store(seen(stream, 5, 1.0))) == ["stored"]
    assert state(stream).observation_count == 2

"""Hours and days follow what is stored, however many processes take care of them."""

import asyncio
import contextlib
from datetime import UTC, datetime, timedelta

from stadtwabe.hub.ingest.batch import NewObservation
from stadtwabe.hub.ingest.rollups import keep_rolling
from stadtwabe.hub.ingest.service import Service
from stadtwabe.hub.models import Day, Hour
from stadtwabe.hub.tests.factories import HubWorld
from stadtwabe.hub.tests.ingest.conftest import rows, with_service

START = datetime(2026, 11, 22, 12, tzinfo=UTC)
COUNT = 120


def test_two_processes_at_it_count_everything_once(world: HubWorld) -> None:
    streams = list(world.streams.values())

    async def post(service: Service) -> None:
        for number in range(COUNT):
            time = START + timedelta(minutes=number)
            await service.store(
                [
                    NewObservation(
                        datastream_id=stream.pk, phenomenon_time=time, result=float(number)
                    )
                    for stream in streams
                ]
            )
            if number % 10 == 9:  # a correction: its hour is counted anew
                await service.store(
                    [
                        NewObservation(
                            datastream_id=streams[0].pk, phenomenon_time=START, result=-number
                        )
                    ]
                )

    async def use(service: Service) -> None:
        rolling = [
            asyncio.create_task(keep_rolling(service.connections, every=0.02)) for _ in range(2)
        ]
        await post(service)
        for task in rolling:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    with_service(use)
    rows("SELECT hub_roll_up(100000)")
    expected = rows(
        "SELECT datastream_id, date_trunc('hour', phenomenon_time, 'UTC'), count(*), sum(result),"
        " min(result), max(result) FROM hub_observation GROUP BY 1, 2"
    )
    found = Hour.objects.values_list("datastream_id", "start", "n", "sum", "min", "max")
    assert set(found) == set(expected)
    assert sum(Day.objects.values_list("n", flat=True)) == COUNT * len(streams)


def test_within_two_seconds_of_a_commit_the_hour_is_there(world: HubWorld) -> None:
    stream = world.streams["menden", "public"]

    async def use(service: Service) -> None:
        rolling = asyncio.create_task(keep_rolling(service.connections))
        await asyncio.sleep(0.3)
        await service.store(
            [NewObservation(datastream_id=stream.pk, phenomenon_time=START, result=3)]
        )
        await asyncio.sleep(2)
        rolling.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await rolling

    with_service(use)
    assert Hour.objects.get().sum == 3

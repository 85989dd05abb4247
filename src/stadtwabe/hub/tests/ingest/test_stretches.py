"""What ingest leaves for the second look at flags of quality."""

from datetime import timedelta

from stadtwabe.hub.commands.quality import review_touched
from stadtwabe.hub.ingest.batch import NewObservation
from stadtwabe.hub.models import Datastream, Observation, TouchedStretch
from stadtwabe.hub.rules import Quality
from stadtwabe.hub.tests.factories import HubWorld
from stadtwabe.hub.tests.ingest.conftest import with_service
from stadtwabe.people.tests.factories import NOW

MINUTE = timedelta(minutes=1)


def store(stream, *values):
    """Store results at minutes after now."""
    new = [
        NewObservation(datastream_id=stream.pk, phenomenon_time=NOW + at * MINUTE, result=result)
        for at, result in values
    ]
    return with_service(lambda service: service.store(new))


def test_late_rows_and_possible_outliers_are_looked_at_again(world: HubWorld) -> None:
    plain, gaps, wild = list(world.streams.values())[:3]
    Datastream.objects.filter(pk=gaps.pk).update(quality_rules={"gap": 90, "rate": 1.0})
    Datastream.objects.filter(pk=wild.pk).update(quality_rules={"outlier": [5, 2]})
    for stream in (plain, gaps, wild):
        store(stream, *((at, 20.0) for at in (0, 1, 2, 5, 6, 7, 8)), (9, 50.0))
    noted = {stretch.datastream_id: stretch for stretch in TouchedStretch.objects.all()}
    assert set(noted) == {wild.pk}
    assert noted[wild.pk].first_time == NOW
    assert noted[wild.pk].last_time == NOW + 9 * MINUTE
    for stream in (plain, gaps, wild):
        store(stream, (3, 20.0), (4, 20.0))
    assert set(TouchedStretch.objects.values_list("datastream_id", flat=True)) == {gaps.pk, wild.pk}
    # Ingest had said that there was a gap before minute 5: now there is none.
    review_touched()
    flagged = Observation.objects.exclude(quality=0).values_list("datastream_id", "quality")
    assert set(flagged) == {(wild.pk, Quality.OUTLIER)}
    # A late correction of the spike takes its flag away, too.
    store(wild, (9, 21.0))
    review_touched()
    assert not Observation.objects.exclude(quality=0).exists()

"""The way in for everything that is not the hot door."""

import pytest

from stadtwabe.hub.commands import store_observations
from stadtwabe.hub.ingest import quality
from stadtwabe.hub.ingest.batch import NewObservation
from stadtwabe.hub.models import Observation
from stadtwabe.hub.rules import Quality
from stadtwabe.hub.tests.factories import HubWorld
from stadtwabe.kit.errors import NotAllowed, NotFound

TIME = "2026-11-22T12:00:00Z"


def test_a_steward_stores_and_reads_at_once(world: HubWorld) -> None:
    new = NewObservation(
        datastream_id=world.streams["menden", "owner"].pk, phenomenon_time=TIME, result=1
    )
    outcomes = store_observations(actor=world.cast.actor("steward"), observations=[new, new])
    assert [outcome.fate.value for outcome in outcomes] == ["stored", "repeated"]
    assert Observation.objects.get().pk == outcomes[0].id


@pytest.mark.parametrize(
    ("name", "audience", "error"),
    [
        ("editor", "owner", NotAllowed),
        ("foreign_editor", "public", NotAllowed),
        ("foreign_editor", "owner", NotFound),
        ("visitor", "public", NotAllowed),
    ],
)
def test_others_store_nothing_not_even_beside_what_they_may(
    world: HubWorld, name: str, audience: str, error: type[Exception]
) -> None:
    new = NewObservation(
        datastream_id=world.streams["menden", audience].pk, phenomenon_time=TIME, result=1
    )
    with pytest.raises(error):
        store_observations(actor=world.cast.actor(name), observations=[new])
    assert not Observation.objects.exists()


def test_flags_of_ingest_are_those_of_the_hub() -> None:
    names = ("RANGE", "RATE", "STUCK", "GAP_BEFORE", "OUTLIER")
    assert {name: getattr(quality, name) for name in names} == {
        flag.name: flag.value for flag in Quality
    }

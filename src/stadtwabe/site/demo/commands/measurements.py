"""Setting up the simulated devices of the demo, and letting them send."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from django.db import transaction

from stadtwabe.hub.commands import (
    create_datastream,
    create_location,
    create_observed_property,
    create_sensor,
    create_thing,
    store_observations,
)
from stadtwabe.hub.commands.alert_rules import create_alert_rule
from stadtwabe.hub.commands.datasets import Grouping, publish_datastreams
from stadtwabe.hub.commands.meters import create_meter
from stadtwabe.hub.ingest.batch import NewObservation
from stadtwabe.hub.models import Datastream, Location, Thing
from stadtwabe.hub.queries.room_air import NOTICEABLE_FROM, of_carbon_dioxide
from stadtwabe.hub.rules import AlertKind
from stadtwabe.kit.actor import Actor
from stadtwabe.people.commands.parties import party_for_place
from stadtwabe.people.models import Party
from stadtwabe.people.permissions import require
from stadtwabe.places.models import Place
from stadtwabe.site.demo.simulation import (
    EVERY,
    HISTORY,
    THINGS,
    TOWNS,
    SimulatedStream,
    SimulatedThing,
    moments,
    own_number,
    value_at,
)

PER_BATCH = 5_000


def set_up_devices(*, actor: Actor, now: datetime) -> int:
    """Create the devices that are missing, without values; return how many. Raises NotAllowed."""
    require(actor, "demo.load_demo")
    made = 0
    for key, town in TOWNS.items():
        owner = party_for_place(Place.objects.get(pk=key))
        known = set(Thing.objects.filter(owner=owner, is_demo=True).values_list("name", flat=True))
        for thing in THINGS:
            if thing.name not in known:
                _create(actor, owner, town, thing, now)
                made += 1
        _warn(actor, owner, now)
        publish_datastreams(
            actor=actor,
            owner=owner,
            grouping=Grouping.THING,
            values={"licence": "cc-zero"},
            is_demo=True,
            now=now,
        )
    return made


def _warn(actor: Actor, owner: Party, now: datetime) -> None:
    """Give the class room its rule: nobody gets a message, the page of the device shows it."""
    streams = Datastream.objects.filter(owner=owner, thing__is_demo=True, alert_rules__isnull=True)
    for stream in of_carbon_dioxide(streams.select_related("observed_property", "owner")):
        create_alert_rule(
            actor=actor,
            datastream=stream,
            values={
                "name": "Bitte lüften",
                "kind": AlertKind.ABOVE.value,
                "threshold": NOTICEABLE_FROM,
                "clear_at": NOTICEABLE_FROM - 200,
                "advice": "Bitte lüften: Fenster weit öffnen, am besten alle, fünf Minuten lang.",
                "is_shown": True,
            },
            is_demo=True,
            now=now,
        )


@transaction.atomic
def _create(
    actor: Actor, owner: Party, town: tuple[str, float, float], thing: SimulatedThing, now: datetime
) -> None:
    name, longitude, latitude = town
    point = [round(longitude + thing.shift[0], 5), round(latitude + thing.shift[1], 5)]
    where = {
        "name": f"{thing.place}, {name}",
        "description": "Erfundener Standort in der Nähe der Stadtmitte.",
        "location": {"type": "Point", "coordinates": point},
    }
    location: Location = create_location(actor=actor, owner=owner, values=where, now=now)
    made = create_thing(
        actor=actor,
        owner=owner,
        values={
            "name": thing.name,
            "description": thing.description,
            "audience": thing.audience,
            "properties": {"simulated": True},
        },
        locations=[location],
        is_demo=True,
        now=now,
    )
    sensor = create_sensor(
        actor=actor,
        owner=owner,
        values={"name": "Simulation", "description": "Rechnet Werte aus Ort und Zeit."},
        now=now,
    )
    for stream in thing.streams:
        observed = create_observed_property(
            actor=actor, owner=owner, values={"name": stream.observed_property}, now=now
        )
        unit = dict(zip(("name", "symbol", "definition"), stream.unit, strict=True))
        datastream = create_datastream(
            actor=actor,
            thing=made,
            sensor=sensor,
            observed_properties=[observed],
            values={
                "name": stream.name,
                "description": "Simulierte Werte zur Vorführung.",
                "units": [unit],
                "properties": {"simulated": True},
            },
            now=now,
        )
        if thing.unit is not None:
            building, flat = thing.unit
            said = {"building": building, "unit": flat, "kind": stream.meter_kind}
            create_meter(actor=actor, datastream=datastream, values=said, now=now)


def send_measurements(
    *,
    actor: Actor,
    now: datetime,
    every: timedelta = EVERY,
    history: timedelta = HISTORY,
    most: int | None = None,
) -> int:
    """Store what the devices would have sent up to ``now``; return how many values.

    A stream goes on after its last value, an empty one begins ``history`` ago. ``most``: no more
    than so many values of each stream. Raises NotAllowed.
    """
    require(actor, "demo.load_demo")
    sent = 0
    streams = Datastream.objects.filter(thing__is_demo=True).select_related(
        "state", "thing", "owner__place"
    )
    for datastream in streams.order_by("pk"):
        simulated = _simulated(datastream)
        if simulated is None:
            continue
        last = datastream.state.last_time or now - history
        values = list(
            _values(
                datastream, *simulated, moments(last.astimezone(UTC), now.astimezone(UTC), every)
            )
        )[:most]
        for first in range(0, len(values), PER_BATCH):
            store_observations(actor=actor, observations=values[first : first + PER_BATCH])
        sent += len(values)
    return sent


def _simulated(datastream: Datastream) -> tuple[SimulatedThing, SimulatedStream] | None:
    for thing in THINGS:
        for stream in thing.streams:
            if (thing.name, stream.name) == (datastream.thing.name, datastream.name):
                return thing, stream
    return None


def _values(
    datastream: Datastream,
    thing: SimulatedThing,
    stream: SimulatedStream,
    at_each: Iterator[datetime],
) -> Iterator[NewObservation]:
    own = own_number(str(datastream.owner.place_id), thing, stream)
    for at in at_each:
        yield NewObservation(
            datastream_id=datastream.pk, result=value_at(stream, own, at), phenomenon_time=at
        )

"""A small world of the hub: two towns of the standing cast with streams of every audience."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from django.db import connection

from stadtwabe.catalog.rules import Audience
from stadtwabe.hub.commands import (
    create_datastream,
    create_location,
    create_observed_property,
    create_sensor,
    create_thing,
)
from stadtwabe.hub.models import Datastream, Location, ObservedProperty, Sensor, Thing
from stadtwabe.kit.actor import SYSTEM
from stadtwabe.people.models import Party
from stadtwabe.people.tests.factories import NOW, Cast

CELSIUS = {
    "name": "Grad Celsius",
    "symbol": "°C",
    "definition": "http://unitsofmeasure.org/ucum.html#para-30",
}


def point(longitude: float = 7.8, latitude: float = 51.44) -> dict[str, Any]:
    return {"type": "Point", "coordinates": [longitude, latitude]}


def make_location(owner: Party, name: str = "Rathaus", **values: Any) -> Location:
    return create_location(
        actor=SYSTEM, owner=owner, values={"name": name, "location": point(), **values}, now=NOW
    )


def make_sensor(owner: Party, name: str = "Fühler") -> Sensor:
    return create_sensor(actor=SYSTEM, owner=owner, values={"name": name}, now=NOW)


def make_observed_property(owner: Party, name: str = "Lufttemperatur") -> ObservedProperty:
    return create_observed_property(actor=SYSTEM, owner=owner, values={"name": name}, now=NOW)


def make_thing(owner: Party, name: str = "Wetterstation", **more: Any) -> Thing:
    """``more``: audience, properties … of the thing; networks and locations of the command."""
    given = {key: more.pop(key) for key in ("networks", "locations", "is_demo") if key in more}
    return create_thing(actor=SYSTEM, owner=owner, values={"name": name, **more}, now=NOW, **given)


def make_datastream(
    thing: Thing,
    name: str = "Temperatur",
    *,
    sensor: Sensor | None = None,
    observed_property: ObservedProperty | None = None,
    **more: Any,
) -> Datastream:
    """``more``: further columns; narrowed_networks of the command."""
    given = {key: more.pop(key) for key in ("narrowed_networks",) if key in more}
    return create_datastream(
        actor=SYSTEM,
        thing=thing,
        sensor=sensor or make_sensor(thing.owner),
        observed_properties=[observed_property or make_observed_property(thing.owner)],
        values={"name": name, "units": [CELSIUS], **more},
        now=NOW,
        **given,
    )


def make_multi_datastream(thing: Thing, name: str = "Wind", **more: Any) -> Datastream:
    """Speed and direction at once: two numbers in each result."""
    measurement = "http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_Measurement"
    return create_datastream(
        actor=SYSTEM,
        thing=thing,
        sensor=make_sensor(thing.owner, "Windmesser"),
        observed_properties=[
            make_observed_property(thing.owner, "Windgeschwindigkeit"),
            make_observed_property(thing.owner, "Windrichtung"),
        ],
        values={
            "name": name,
            "units": [
                {"name": "Meter je Sekunde", "symbol": "m/s", "definition": "m/s"},
                {"name": "Grad", "symbol": "°", "definition": "deg"},
            ],
            "multi_types": [measurement, measurement],
            **more,
        },
        is_multi=True,
        now=NOW,
    )


def put_observations(
    datastream: Datastream,
    *results: float,
    start: datetime = NOW,
    every: timedelta = timedelta(minutes=5),
) -> list[int]:
    """Store results by plain SQL, as ingest would leave them; return their ids.

    For tests of reading. They come after what is there already if ``start`` does.
    """
    rows = [(start + number * every, result) for number, result in enumerate(results)]
    with connection.cursor() as cursor:
        cursor.execute("SELECT hub_ensure_months(%s, %s)", [rows[0][0], rows[-1][0]])
        cursor.execute("SELECT nextval('hub_observation_id')")
        (first,) = cursor.fetchone()
        ids = [first + number for number in range(len(rows))]
        cursor.executemany(
            "INSERT INTO hub_observation (id, datastream_id, phenomenon_time, result)"
            " VALUES (%s, %s, %s, %s)",
            [(pk, datastream.pk, *row) for pk, row in zip(ids, rows, strict=True)],
        )
        cursor.execute(
            "INSERT INTO hub_touchedhour (datastream_id, hour)"
            " SELECT DISTINCT datastream_id, date_trunc('hour', phenomenon_time, 'UTC')"
            " FROM hub_observation WHERE id = ANY(%s)",
            [ids],
        )
        cursor.execute(
            "UPDATE hub_datastreamstate SET observation_count = observation_count + %s,"
            " first_time = least(first_time, %s), last_time = %s, last_id = %s, last_result = %s,"
            " last_received = %s WHERE datastream_id = %s",
            [len(rows), rows[0][0], rows[-1][0], ids[-1], rows[-1][1], rows[-1][0], datastream.pk],
        )
        cursor.execute("SELECT hub_roll_up(100000)")
    return ids


@dataclass
class HubWorld:
    """Menden (in the network) and Beckum (not), each with a thing of every audience.

    ``streams["menden", "owner"]`` is the datastream of Menden that only Menden sees; its thing
    and everything below are named after it, so that a leak shows: ``Geheimnis owner``.
    """

    cast: Cast = field(default_factory=Cast)

    @cached_property
    def towns(self) -> dict[str, Party]:
        return {"menden": self.cast.menden, "beckum": self.cast.beckum}

    @cached_property
    def streams(self) -> dict[tuple[str, str], Datastream]:
        self.cast.users  # noqa: B018 - the network's members are made with them
        return {
            (town, audience): self._stream(owner, town, audience)
            for town, owner in self.towns.items()
            for audience in Audience.values
        }

    def _stream(self, owner: Party, town: str, audience: str) -> Datastream:
        word = "Offenes" if audience == Audience.PUBLIC else f"Geheimnis {audience}"
        thing = make_thing(
            owner,
            f"{word} {town}",
            audience=audience,
            networks=[self.cast.network] if audience == Audience.NETWORKS else [],
            locations=[make_location(owner, f"{word} Ort {town}")],
        )
        return make_datastream(
            thing,
            f"{word} Reihe {town}",
            sensor=make_sensor(owner, f"{word} Fühler {town}"),
            observed_property=make_observed_property(owner, f"{word} Größe {town}"),
        )

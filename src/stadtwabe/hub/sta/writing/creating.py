"""Creating entities, with those inside them (deep insert), in one transaction."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Model, QuerySet

from stadtwabe.hub import commands
from stadtwabe.hub.ingest.batch import NewObservation
from stadtwabe.hub.models import (
    Datastream,
    FeatureOfInterest,
    HistoricalLocation,
    Location,
    ObservedProperty,
    Sensor,
    Thing,
)
from stadtwabe.hub.queries import visible
from stadtwabe.hub.sta.query.tokens import moment_of
from stadtwabe.hub.sta.writing.body import Body
from stadtwabe.kit.actor import Actor
from stadtwabe.kit.errors import Invalid, NotFound
from stadtwabe.people.models import Party
from stadtwabe.people.rules import Role

VISIBLE: dict[str, Callable[[Actor], QuerySet[Any]]] = {
    "Thing": visible.things_visible_to,
    "Location": visible.locations_visible_to,
    "HistoricalLocation": visible.historical_locations_visible_to,
    "Datastream": visible.datastreams_visible_to,
    "MultiDatastream": visible.datastreams_visible_to,
    "Sensor": visible.sensors_visible_to,
    "ObservedProperty": visible.observed_properties_visible_to,
    "FeatureOfInterest": visible.features_visible_to,
}


@dataclass(slots=True)
class Creator:
    """Creates what one request of ``actor`` says; ``observations`` are stored after the commit.

    ``owner`` is the party whose new things they become; below a thing it is always the thing's.
    """

    actor: Actor
    now: datetime
    owner_id: int | None = None
    observations: list[NewObservation] = field(default_factory=list)

    def create(self, name: str, body: Body) -> Model:
        """Create an entity of the type ``name``. Raises the domain errors of the commands."""
        makers: dict[str, Callable[[Body], Model]] = {
            "Thing": self.thing,
            "Location": self.location,
            "HistoricalLocation": self.historical_location,
            "Datastream": self.datastream,
            "MultiDatastream": self.datastream,
            "Sensor": lambda inner: self.sensor(inner, self.owner()),
            "ObservedProperty": lambda inner: self.observed_property(inner, self.owner()),
            "FeatureOfInterest": lambda inner: self.feature(inner, self.owner()),
        }
        return makers[name](body)

    def owner(self) -> Party:
        """Return the party that owns what is created. Raises Invalid when that is not clear."""
        mine = self.actor.parties_with(Role.STEWARD)
        if self.owner_id is not None:
            found = Party.objects.filter(pk=self.owner_id).first()
            if found is None:
                raise Invalid("There is no such party.", field="Stadtwabe-Party")
            return found
        if len(mine) == 1:
            return Party.objects.get(pk=mine[0])
        raise Invalid(
            "Whose is it? You are steward of several parties, or of none.",
            field="Stadtwabe-Party",
            remedy="Name one in the header Stadtwabe-Party.",
        )

    def linked(self, name: str, key: int) -> Any:
        """Return the entity with the id ``key`` that the actor may see. Raises NotFound."""
        rows = VISIBLE[name](self.actor)
        if name.endswith("Datastream"):
            rows = rows.filter(is_multi=name.startswith("Multi"))
        found = rows.filter(pk=key).first()
        if found is None:
            raise NotFound(f"There is no {name} {key}, or it is not for you to see.", field=name)
        return found

    def thing(self, body: Body) -> Thing:
        """Create a thing with its locations and datastreams."""
        owner = self.owner()
        places = [self.place(one, owner) for one in body.related.get("Locations", [])]
        thing = commands.create_thing(
            actor=self.actor, owner=owner, values=body.values, now=self.now, locations=places
        )
        for name in ("Datastreams", "MultiDatastreams"):
            for one in body.related.get(name, []):
                if isinstance(one, int):
                    stream = self.linked(name.removesuffix("s"), one)
                    commands.edit_datastream(
                        actor=self.actor, datastream=stream, thing=thing, values={}, now=self.now
                    )
                else:
                    self.datastream(one, thing)
        for one in body.related.get("HistoricalLocations", []):
            if not isinstance(one, int):
                self.historical_location(one, thing)
        return thing

    def place(self, one: "Body | int", owner: Party) -> Location:
        """Create or link a location."""
        if isinstance(one, int):
            found: Location = self.linked("Location", one)
            return found
        return commands.create_location(
            actor=self.actor, owner=owner, values=one.values, now=self.now
        )

    def location(self, body: Body) -> Location:
        """Create a location; things it is given for are there from now on."""
        things = [self.thing_for(one) for one in body.related.get("Things", [])]
        location = self.place(body, things[0].owner if things else self.owner())
        for thing in things:
            commands.edit_thing(
                actor=self.actor, thing=thing, values={}, locations=[location], now=self.now
            )
        return location

    def thing_for(self, one: "Body | int | None") -> Thing:
        """Create or link a thing. Raises Invalid when there is none."""
        if one is None:
            raise Invalid("The Thing is missing.", field="Thing")
        if isinstance(one, int):
            found: Thing = self.linked("Thing", one)
            return found
        return self.thing(one)

    def historical_location(self, body: Body, thing: Thing | None = None) -> HistoricalLocation:
        """Create an entry of a thing's history."""
        thing = thing or self.thing_for(body.single("Thing"))
        places = [self.place(one, thing.owner) for one in body.related.get("Locations", [])]
        return commands.create_historical_location(
            actor=self.actor, thing=thing, locations=places, time=time_of(body), now=self.now
        )

    def datastream(self, body: Body, thing: Thing | None = None) -> Datastream:
        """Create a Datastream or MultiDatastream with sensor, properties and observations."""
        thing = thing or self.thing_for(body.single("Thing"))
        is_multi = "ObservedProperties" in body.related or "multi_types" in body.values
        sensor = body.single("Sensor")
        if sensor is None:
            raise Invalid("The Sensor is missing.", field="Sensor")
        measured = body.related.get("ObservedProperties" if is_multi else "ObservedProperty", [])
        stream = commands.create_datastream(
            actor=self.actor,
            thing=thing,
            sensor=self.sensor(sensor, thing.owner),
            observed_properties=[self.observed_property(one, thing.owner) for one in measured],
            values=body.values,
            is_multi=is_multi,
            now=self.now,
        )
        for one in body.related.get("Observations", []):
            if not isinstance(one, int):
                self.observation(one, stream)
        return stream

    def sensor(self, one: "Body | int", owner: Party) -> Sensor:
        """Create or link a sensor."""
        if isinstance(one, int):
            found: Sensor = self.linked("Sensor", one)
            return found
        sensor = commands.create_sensor(
            actor=self.actor, owner=owner, values=one.values, now=self.now
        )
        self._streams_of(one, Sensor=sensor)
        return sensor

    def observed_property(self, one: "Body | int", owner: Party) -> ObservedProperty:
        """Create or link an observed property."""
        if isinstance(one, int):
            found: ObservedProperty = self.linked("ObservedProperty", one)
            return found
        made = commands.create_observed_property(
            actor=self.actor, owner=owner, values=one.values, now=self.now
        )
        self._streams_of(one, ObservedProperty=made)
        return made

    def _streams_of(self, body: Body, **link: Model) -> None:
        for one in body.related.get("Datastreams", []):
            if isinstance(one, Body):
                for name, row in link.items():
                    one.related[name] = [int(row.pk)]
                self.datastream(one)

    def feature(self, one: "Body | int", owner: Party) -> FeatureOfInterest:
        """Create or link a feature of interest."""
        if isinstance(one, int):
            found: FeatureOfInterest = self.linked("FeatureOfInterest", one)
            return found
        made = commands.create_feature_of_interest(
            actor=self.actor, owner=owner, values=one.values, now=self.now
        )
        for inner in one.related.get("Observations", []):
            if isinstance(inner, Body):
                inner.related["FeatureOfInterest"] = [int(made.pk)]
                self.observation(inner)
        return made

    def observation(self, body: Body, stream: Datastream | None = None) -> NewObservation:
        """Note an observation to be stored once everything else is committed."""
        if stream is None:
            single, multi = body.single("Datastream"), body.single("MultiDatastream")
            given = single if multi is None else multi
            if given is None:
                raise Invalid("The Datastream is missing.", field="Datastream")
            name = "Datastream" if multi is None else "MultiDatastream"
            stream = self.linked(name, given) if isinstance(given, int) else self.datastream(given)
        feature = body.single("FeatureOfInterest")
        feature_id = None
        if feature is not None:
            feature_id = int(self.feature(feature, stream.owner).pk)
        new = observation_of(body.given, int(stream.pk), feature_id)
        self.observations.append(new)
        return new


def observation_of(given: Any, datastream_id: int, feature_id: int | None) -> NewObservation:
    """Return an observation as the body gives it; ingest checks the values."""
    if "result" not in given:
        raise Invalid("The result is missing.", field="result")
    return NewObservation(
        datastream_id=datastream_id,
        result=given["result"],
        phenomenon_time=given.get("phenomenonTime"),
        result_time=given.get("resultTime"),
        valid_time=given.get("validTime"),
        parameters=given.get("parameters"),
        result_quality=given.get("resultQuality"),
        feature_id=feature_id,
    )


def time_of(body: Body) -> datetime:
    """Return the time of a HistoricalLocation. Raises Invalid."""
    text = body.values.get("time")
    try:
        return moment_of(str(text))
    except ValueError as error:
        raise Invalid(f"{text!r} is not a point in time (ISO 8601).", field="time") from error

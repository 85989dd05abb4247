"""Changing (PATCH), replacing (PUT) and deleting entities."""

from collections.abc import Callable
from typing import Any

from django.db.models import NOT_PROVIDED, Model

from stadtwabe.hub import commands
from stadtwabe.hub.models import (
    Datastream,
    FeatureOfInterest,
    HistoricalLocation,
    Location,
    Observation,
    ObservedProperty,
    Sensor,
    Thing,
)
from stadtwabe.hub.queries import visible
from stadtwabe.hub.sta.schema.entity import EntityType
from stadtwabe.hub.sta.writing.body import COLUMNS, Body
from stadtwabe.hub.sta.writing.creating import Creator, observation_of, time_of
from stadtwabe.kit.errors import Invalid, NotFound


def change(creator: Creator, entity: EntityType, key: int, body: Body) -> None:
    """Change what ``body`` names. Raises the domain errors of the commands."""
    if entity.name == "Observation":
        _change_observation(creator, key, body)
        return
    row = creator.linked(entity.name, key)
    _CHANGES[type(row)](creator, row, body)


def replace(creator: Creator, entity: EntityType, key: int, body: Body) -> None:
    """Put ``body`` in place of what is there: values it does not name fall back to none."""
    row = None if entity.name == "Observation" else creator.linked(entity.name, key)
    if row is not None:
        for column in COLUMNS[entity.name].values():
            default = type(row)._meta.get_field(column).get_default()
            if column not in body.values and column != "time":
                body.values[column] = "" if default is NOT_PROVIDED else default
    change(creator, entity, key, body)


def delete(creator: Creator, entity: EntityType, key: int) -> None:
    """Delete an entity and, as the standard wants, what cannot be without it."""
    actor, now = creator.actor, creator.now
    if entity.name == "Observation":
        observation = _observation(creator, key)
        stream = Datastream.objects.get(pk=observation.datastream_id)
        commands.delete_observations(actor=actor, datastream=stream, ids=[key], now=now)
        return
    row = creator.linked(entity.name, key)
    match row:
        case Thing():
            commands.delete_thing(actor=actor, thing=row, now=now)
        case Location():
            commands.delete_location(actor=actor, location=row, now=now)
        case HistoricalLocation():
            commands.delete_historical_location(actor=actor, historical_location=row, now=now)
        case Datastream():
            commands.delete_datastream(actor=actor, datastream=row, now=now)
        case Sensor():
            commands.delete_sensor(actor=actor, sensor=row, now=now)
        case ObservedProperty():
            commands.delete_observed_property(actor=actor, observed_property=row, now=now)
        case FeatureOfInterest():
            commands.delete_feature_of_interest(actor=actor, feature=row, now=now)


def _change_thing(creator: Creator, thing: Thing, body: Body) -> None:
    given = body.related.get("Locations")
    places = None
    if given is not None:
        places = [creator.place(one, thing.owner) for one in given]
    commands.edit_thing(
        actor=creator.actor, thing=thing, values=body.values, locations=places, now=creator.now
    )


def _change_location(creator: Creator, location: Location, body: Body) -> None:
    commands.edit_location(
        actor=creator.actor, location=location, values=body.values, now=creator.now
    )
    for one in body.related.get("Things", []):
        if isinstance(one, int):
            commands.edit_thing(
                actor=creator.actor,
                thing=creator.linked("Thing", one),
                values={},
                locations=[location],
                now=creator.now,
            )


def _change_history(creator: Creator, row: HistoricalLocation, body: Body) -> None:
    given = body.related.get("Locations")
    commands.edit_historical_location(
        actor=creator.actor,
        historical_location=row,
        now=creator.now,
        time=time_of(body) if "time" in body.values else None,
        locations=None if given is None else [creator.place(one, row.thing.owner) for one in given],
    )


def _change_datastream(creator: Creator, row: Datastream, body: Body) -> None:
    thing, sensor = body.single("Thing"), body.single("Sensor")
    name = "ObservedProperties" if row.is_multi else "ObservedProperty"
    measured = body.related.get(name)
    commands.edit_datastream(
        actor=creator.actor,
        datastream=row,
        values=body.values,
        now=creator.now,
        thing=None if thing is None else creator.thing_for(thing),
        sensor=None if sensor is None else creator.sensor(sensor, row.owner),
        observed_properties=None
        if measured is None
        else [creator.observed_property(one, row.owner) for one in measured],
    )


def _change_sensor(creator: Creator, row: Sensor, body: Body) -> None:
    commands.edit_sensor(actor=creator.actor, sensor=row, values=body.values, now=creator.now)


def _change_property(creator: Creator, row: ObservedProperty, body: Body) -> None:
    commands.edit_observed_property(
        actor=creator.actor, observed_property=row, values=body.values, now=creator.now
    )


def _change_feature(creator: Creator, row: FeatureOfInterest, body: Body) -> None:
    commands.edit_feature_of_interest(
        actor=creator.actor, feature=row, values=body.values, now=creator.now
    )


_CHANGES: dict[type[Model], Callable[[Creator, Any, Body], None]] = {
    Thing: _change_thing,
    Location: _change_location,
    HistoricalLocation: _change_history,
    Datastream: _change_datastream,
    Sensor: _change_sensor,
    ObservedProperty: _change_property,
    FeatureOfInterest: _change_feature,
}


def _observation(creator: Creator, key: int) -> Observation:
    found = visible.observation_visible_to(creator.actor, key)
    if found is None:
        raise NotFound(f"There is no Observation {key}, or it is not for you to see.")
    return found


def _change_observation(creator: Creator, key: int, body: Body) -> None:
    """Another result for the same time is a new version; the time itself stays what it is."""
    known = _observation(creator, key)
    detail = known.detail or {}
    start = known.phenomenon_time.isoformat()
    time = f"{start}/{detail['e']}" if "e" in detail else start
    if body.given.get("phenomenonTime") not in {None, time}:
        raise Invalid(
            "The phenomenonTime of an observation cannot be changed.",
            field="phenomenonTime",
            remedy="Delete the observation and send another.",
        )
    given = {"result": known.value, "parameters": detail.get("p"), "resultQuality": detail.get("q")}
    if known.result_time is not None:
        given["resultTime"] = known.result_time.isoformat()
    given |= {name: value for name, value in body.given.items() if "@iot." not in name}
    new = observation_of({**given, "phenomenonTime": time}, known.datastream_id, known.feature_id)
    creator.observations.append(new)

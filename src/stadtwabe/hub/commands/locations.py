"""Creating, editing and deleting locations, and the history of where things were."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from stadtwabe.hub.commands.announce import announce_change
from stadtwabe.hub.commands.things import write_thing_card
from stadtwabe.hub.commands.values import take
from stadtwabe.hub.geometry import box_of
from stadtwabe.hub.models import FeatureOfInterest, HistoricalLocation, Location, Thing
from stadtwabe.kit.actor import Actor
from stadtwabe.people.audit import record
from stadtwabe.people.models import Party
from stadtwabe.people.permissions import require

COLUMNS = ("name", "description", "encoding_type", "location", "properties")


@transaction.atomic
def create_location(
    *, actor: Actor, owner: Party, values: Mapping[str, Any], now: datetime
) -> Location:
    """Create a location of ``owner``; ``values`` as in ``COLUMNS``."""
    require(actor, "hub.create_location", owner)
    location = Location(owner=owner)
    _fill(location, values)
    location.save()
    record(actor=actor, command="hub.create_location", subject=location, now=now)
    return location


@transaction.atomic
def edit_location(
    *, actor: Actor, location: Location, values: Mapping[str, Any], now: datetime
) -> Location:
    """Change a location. What was observed there before keeps the feature with the old geometry."""
    require(actor, "hub.edit_location", location)
    changed = _fill(location, values)
    location.save()
    if "location" in changed:
        FeatureOfInterest.objects.filter(location=location).update(location=None)
    for thing in location.things.all():
        write_thing_card(thing, now=now)
    announce_change()
    record(
        actor=actor,
        command="hub.edit_location",
        subject=location,
        now=now,
        details={"changed": changed},
    )
    return location


@transaction.atomic
def delete_location(*, actor: Actor, location: Location, now: datetime) -> None:
    """Delete a location and, as the standard wants, the history that has no other place left."""
    require(actor, "hub.delete_location", location)
    record(
        actor=actor,
        command="hub.delete_location",
        subject=location,
        now=now,
        details={"name": location.name},
    )
    things = list(location.things.all())
    HistoricalLocation.objects.filter(locations=location).exclude(
        pk__in=HistoricalLocation.locations.through.objects.exclude(location=location).values(
            "historicallocation"
        )
    ).delete()
    location.delete()
    for thing in things:
        write_thing_card(thing, now=now)
    announce_change()


@transaction.atomic
def create_historical_location(
    *,
    actor: Actor,
    thing: Thing,
    locations: Iterable[Location],
    time: datetime,
    now: datetime,
) -> HistoricalLocation:
    """Say where a thing was from ``time`` on. Later than all others, it is where the thing is."""
    require(actor, "hub.create_historical_location", thing)
    found = list(locations)
    is_newest = not thing.historical_locations.filter(time__gt=time).exists()
    moved = HistoricalLocation.objects.create(thing=thing, time=time)
    moved.locations.set(found)
    if is_newest:
        thing.locations.set(found)
        write_thing_card(thing, now=now)
        announce_change()
    record(actor=actor, command="hub.create_historical_location", subject=moved, now=now)
    return moved


@transaction.atomic
def edit_historical_location(
    *,
    actor: Actor,
    historical_location: HistoricalLocation,
    now: datetime,
    time: datetime | None = None,
    locations: Iterable[Location] | None = None,
) -> HistoricalLocation:
    """Correct the history of a thing; where it is now stays."""
    require(actor, "hub.edit_historical_location", historical_location.thing)
    if time is not None:
        historical_location.time = time
        historical_location.save(update_fields=["time"])
    if locations is not None:
        historical_location.locations.set(locations)
    record(
        actor=actor, command="hub.edit_historical_location", subject=historical_location, now=now
    )
    return historical_location


@transaction.atomic
def delete_historical_location(
    *, actor: Actor, historical_location: HistoricalLocation, now: datetime
) -> None:
    """Take one entry out of the history of a thing."""
    require(actor, "hub.delete_historical_location", historical_location.thing)
    record(
        actor=actor, command="hub.delete_historical_location", subject=historical_location, now=now
    )
    historical_location.delete()


def _fill(location: Location, values: Mapping[str, Any]) -> list[str]:
    changed = take(location, values, COLUMNS, required=("name", "location"))
    box = box_of(location.location, location.encoding_type, field="location")
    location.min_lon, location.min_lat, location.max_lon, location.max_lat = box or [None] * 4
    return changed

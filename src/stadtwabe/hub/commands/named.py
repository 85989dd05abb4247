"""Sensors and observed properties by name: an owner's own one, made when it is missing."""

from datetime import datetime

from stadtwabe.hub.commands.observed_properties import create_observed_property
from stadtwabe.hub.commands.sensors import create_sensor
from stadtwabe.hub.models import ObservedProperty, Sensor
from stadtwabe.kit.actor import Actor
from stadtwabe.people.models import Party


def sensor_called(
    name: str,
    *,
    actor: Actor,
    owner: Party,
    now: datetime,
    description: str = "",
    metadata: str = "",
) -> Sensor:
    """Return the sensor of ``owner`` with that name, a new one if there is none."""
    known = Sensor.objects.filter(owner=owner, name=name).order_by("pk").first()
    return known or create_sensor(
        actor=actor,
        owner=owner,
        values={"name": name, "description": description, "metadata": metadata},
        now=now,
    )


def property_called(
    name: str, *, actor: Actor, owner: Party, now: datetime, definition: str = ""
) -> ObservedProperty:
    """Return the observed property of ``owner`` with that name and definition, else a new one."""
    known = ObservedProperty.objects.filter(owner=owner, name=name, definition=definition)
    return known.order_by("pk").first() or create_observed_property(
        actor=actor, owner=owner, values={"name": name, "definition": definition}, now=now
    )

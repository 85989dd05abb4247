"""Creating, editing and deleting sensors."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from stadtwabe.hub.commands.datastreams import delete_datastream
from stadtwabe.hub.commands.values import take
from stadtwabe.hub.models import Sensor
from stadtwabe.kit.actor import Actor
from stadtwabe.people.audit import record
from stadtwabe.people.models import Party
from stadtwabe.people.permissions import require

COLUMNS = ("name", "description", "encoding_type", "metadata", "properties")


@transaction.atomic
def create_sensor(
    *, actor: Actor, owner: Party, values: Mapping[str, Any], now: datetime
) -> Sensor:
    """Create a sensor of ``owner``; ``values`` as in ``COLUMNS``."""
    require(actor, "hub.create_sensor", owner)
    sensor = Sensor(owner=owner)
    take(sensor, values, COLUMNS, required=("name",))
    sensor.save()
    record(actor=actor, command="hub.create_sensor", subject=sensor, now=now)
    return sensor


@transaction.atomic
def edit_sensor(
    *, actor: Actor, sensor: Sensor, values: Mapping[str, Any], now: datetime
) -> Sensor:
    """Change a sensor; what is not named stays."""
    require(actor, "hub.edit_sensor", sensor)
    changed = take(sensor, values, COLUMNS, required=("name",))
    sensor.save()
    record(
        actor=actor,
        command="hub.edit_sensor",
        subject=sensor,
        now=now,
        details={"changed": changed},
    )
    return sensor


@transaction.atomic
def delete_sensor(*, actor: Actor, sensor: Sensor, now: datetime) -> None:
    """Delete a sensor and, as the standard wants, its datastreams; one may have to delete each."""
    require(actor, "hub.delete_sensor", sensor)
    for datastream in sensor.datastreams.select_related("thing"):
        delete_datastream(actor=actor, datastream=datastream, now=now)
    record(
        actor=actor,
        command="hub.delete_sensor",
        subject=sensor,
        now=now,
        details={"name": sensor.name},
    )
    sensor.delete()

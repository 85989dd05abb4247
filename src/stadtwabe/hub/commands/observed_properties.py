"""Creating, editing and deleting what is measured."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from stadtwabe.hub.commands.datastreams import delete_datastream
from stadtwabe.hub.commands.things import write_thing_card
from stadtwabe.hub.commands.values import take
from stadtwabe.hub.models import Datastream, ObservedProperty, Thing
from stadtwabe.kit.actor import Actor
from stadtwabe.people.audit import record
from stadtwabe.people.models import Party
from stadtwabe.people.permissions import require

COLUMNS = ("name", "definition", "description", "properties")


@transaction.atomic
def create_observed_property(
    *, actor: Actor, owner: Party, values: Mapping[str, Any], now: datetime
) -> ObservedProperty:
    """Create an observed property of ``owner``; ``values`` as in ``COLUMNS``."""
    require(actor, "hub.create_observed_property", owner)
    observed_property = ObservedProperty(owner=owner)
    take(observed_property, values, COLUMNS, required=("name",))
    observed_property.save()
    record(actor=actor, command="hub.create_observed_property", subject=observed_property, now=now)
    return observed_property


@transaction.atomic
def edit_observed_property(
    *, actor: Actor, observed_property: ObservedProperty, values: Mapping[str, Any], now: datetime
) -> ObservedProperty:
    """Change an observed property; the cards of the things that measure it follow."""
    require(actor, "hub.edit_observed_property", observed_property)
    changed = take(observed_property, values, COLUMNS, required=("name",))
    observed_property.save()
    if "name" in changed:
        for thing in Thing.objects.filter(datastreams__in=_datastreams(observed_property)):
            write_thing_card(thing, now=now)
    record(
        actor=actor,
        command="hub.edit_observed_property",
        subject=observed_property,
        now=now,
        details={"changed": changed},
    )
    return observed_property


@transaction.atomic
def delete_observed_property(
    *, actor: Actor, observed_property: ObservedProperty, now: datetime
) -> None:
    """Delete an observed property and, as the standard wants, the datastreams that measure it."""
    require(actor, "hub.delete_observed_property", observed_property)
    for datastream in _datastreams(observed_property).select_related("thing"):
        delete_datastream(actor=actor, datastream=datastream, now=now)
    record(
        actor=actor,
        command="hub.delete_observed_property",
        subject=observed_property,
        now=now,
        details={"name": observed_property.name},
    )
    observed_property.delete()


def _datastreams(observed_property: ObservedProperty) -> Any:
    measured = Q(observed_property=observed_property) | Q(
        ordered_properties__observed_property=observed_property
    )
    return Datastream.objects.filter(measured).distinct()

"""Creating, editing and deleting datastreams and multi-datastreams."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from stadtwabe.hub.commands.announce import announce_change
from stadtwabe.hub.commands.audiences import apply_audience, refuse_wider
from stadtwabe.hub.commands.observations import forget_datastreams
from stadtwabe.hub.commands.quality import check_quality_rules
from stadtwabe.hub.commands.things import write_thing_card
from stadtwabe.hub.commands.values import take
from stadtwabe.hub.models import (
    Datastream,
    DatastreamState,
    MultiDatastreamProperty,
    ObservedProperty,
    Sensor,
    Thing,
)
from stadtwabe.hub.queries import observed_properties_visible_to, sensors_visible_to
from stadtwabe.hub.rules import ObservationType
from stadtwabe.kit.actor import Actor
from stadtwabe.kit.errors import Invalid, NotFound
from stadtwabe.people.audit import record
from stadtwabe.people.permissions import require
from stadtwabe.places.models import Network

COLUMNS = (
    "name",
    "description",
    "observation_type",
    "units",
    "multi_types",
    "properties",
    "narrowed_to",
    "licence",
    "retention_days",
    "on_differing",
    "quality_rules",
)
UNIT_KEYS = ("name", "symbol", "definition")


@transaction.atomic
def create_datastream(
    *,
    actor: Actor,
    thing: Thing,
    sensor: Sensor,
    observed_properties: Sequence[ObservedProperty],
    values: Mapping[str, Any],
    now: datetime,
    is_multi: bool = False,
    narrowed_networks: Iterable[Network] = (),
) -> Datastream:
    """Create a datastream of ``thing``, which gives it its owner.

    ``values`` as in ``COLUMNS``: ``units`` is a list with one unit for each of
    ``observed_properties``, of which a Datastream has exactly one. Raises NotAllowed, Invalid,
    and NotFound for a sensor or property that the actor may not see.
    """
    require(actor, "hub.create_datastream", thing)
    datastream = Datastream(thing=thing, sensor=sensor, owner=thing.owner, is_multi=is_multi)
    if is_multi:
        datastream.observation_type = ObservationType.COMPLEX
    take(datastream, values, COLUMNS, required=("name",))
    check_quality_rules(datastream.quality_rules)
    refuse_wider(thing, datastream.narrowed_to)
    datastream.audience = thing.audience
    _observe(actor, datastream, sensor, observed_properties)
    datastream.narrowed_networks.set(narrowed_networks)
    apply_audience(datastream)
    DatastreamState.objects.create(datastream=datastream)
    write_thing_card(thing, now=now)
    announce_change()
    record(actor=actor, command="hub.create_datastream", subject=datastream, now=now)
    return datastream


@transaction.atomic
def edit_datastream(
    *,
    actor: Actor,
    datastream: Datastream,
    values: Mapping[str, Any],
    now: datetime,
    thing: Thing | None = None,
    sensor: Sensor | None = None,
    observed_properties: Sequence[ObservedProperty] | None = None,
    narrowed_networks: Iterable[Network] | None = None,
) -> Datastream:
    """Change a datastream; what is not named stays. It may go to another thing one stewards."""
    require(actor, "hub.edit_datastream", datastream)
    former = datastream.thing
    if thing is not None and thing != former:
        require(actor, "hub.create_datastream", thing)
        datastream.thing = thing
    changed = take(datastream, values, COLUMNS, required=("name",))
    check_quality_rules(datastream.quality_rules)
    if "narrowed_to" in changed:
        refuse_wider(datastream.thing, datastream.narrowed_to)
    known = [
        datastream.observed_property,
        *(each.observed_property for each in datastream.ordered_properties.all()),
    ]
    properties = (
        [each for each in known if each is not None]
        if observed_properties is None
        else observed_properties
    )
    _observe(actor, datastream, sensor or datastream.sensor, properties)
    if narrowed_networks is not None:
        datastream.narrowed_networks.set(narrowed_networks)
    apply_audience(datastream)
    for each in {former, datastream.thing}:
        write_thing_card(each, now=now)
    announce_change()
    record(
        actor=actor,
        command="hub.edit_datastream",
        subject=datastream,
        now=now,
        details={"changed": changed},
    )
    return datastream


@transaction.atomic
def delete_datastream(*, actor: Actor, datastream: Datastream, now: datetime) -> None:
    """Delete a datastream with all its observations, versions and rollups."""
    require(actor, "hub.delete_datastream", datastream)
    record(
        actor=actor,
        command="hub.delete_datastream",
        subject=datastream,
        now=now,
        details={"name": datastream.name},
    )
    thing = datastream.thing
    forget_datastreams(Datastream.objects.filter(pk=datastream.pk), now=now)
    datastream.delete()
    write_thing_card(thing, now=now)
    announce_change()


def _observe(
    actor: Actor,
    datastream: Datastream,
    sensor: Sensor,
    observed_properties: Sequence[ObservedProperty],
) -> None:
    """Check sensor, properties and units against each other, and save the datastream with them."""
    if not _is_used(datastream, sensor) and not sensors_visible_to(actor).filter(pk=sensor.pk):
        raise NotFound(_("Diesen Sensor gibt es nicht."), field="sensor")
    datastream.sensor = sensor
    wanted = {each.pk for each in observed_properties}
    seen = observed_properties_visible_to(actor).filter(pk__in=wanted)
    if set(seen.values_list("pk", flat=True)) != wanted:
        raise NotFound(_("Diese Messgröße gibt es nicht."), field="observed_properties")
    count = len(observed_properties)
    if not datastream.is_multi and count != 1:
        raise Invalid(
            _("Eine Messreihe hat genau eine Messgröße."),
            field="observed_properties",
            remedy=_("Für mehrere Werte zugleich gibt es MultiDatastreams."),
        )
    _check_units(datastream, count)
    datastream.observed_property = None if datastream.is_multi else observed_properties[0]
    datastream.save()
    if datastream.is_multi:
        datastream.ordered_properties.all().delete()
        MultiDatastreamProperty.objects.bulk_create(
            MultiDatastreamProperty(datastream=datastream, observed_property=each, position=number)
            for number, each in enumerate(observed_properties)
        )


def _is_used(datastream: Datastream, sensor: Sensor) -> bool:
    return datastream.pk is not None and datastream.sensor_id == sensor.pk


def _check_units(datastream: Datastream, count: int) -> None:
    units = datastream.units
    if not isinstance(units, list) or not all(isinstance(unit, dict) for unit in units):
        raise Invalid(_("Einheiten sind eine Liste von Objekten."), field="units")
    for unit in units:
        if set(unit) - set(UNIT_KEYS):
            raise Invalid(
                _("Eine Einheit hat nur: %(names)s.") % {"names": ", ".join(UNIT_KEYS)},
                field="units",
            )
    if len(units) != count or (datastream.is_multi and len(datastream.multi_types) != count):
        raise Invalid(
            _("Zu %(count)d Messgrößen gehören ebenso viele Einheiten und Arten.")
            % {"count": count},
            field="units",
        )
    unknown = [each for each in datastream.multi_types if each not in ObservationType.values]
    if unknown:
        raise Invalid(
            _("Diese Art von Werten gibt es nicht: %(name)s.") % {"name": unknown[0]},
            field="multi_types",
        )

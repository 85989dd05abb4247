"""Saying which datastreams are meters of which units, and what happened to a meter."""

import math
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from stadtwabe.catalog.rules import Audience
from stadtwabe.hub.commands.values import take
from stadtwabe.hub.models import Datastream, Meter, MeterChange
from stadtwabe.hub.rules import ObservationType
from stadtwabe.kit.actor import Actor
from stadtwabe.kit.errors import Conflict, Invalid
from stadtwabe.people.audit import record
from stadtwabe.people.permissions import require

COLUMNS = ("building", "unit", "kind", "serial", "digits")


@transaction.atomic
def create_meter(
    *, actor: Actor, datastream: Datastream, values: Mapping[str, Any], now: datetime
) -> Meter:
    """Say that the readings of ``datastream`` are those of a unit's meter.

    Only of one that the owner alone may see. Raises NotAllowed, Invalid, Conflict for one that is
    a meter already.
    """
    # As it is now, and stays until this is done: nobody makes it visible meanwhile.
    datastream = Datastream.objects.select_for_update(no_key=True).get(pk=datastream.pk)
    require(actor, "hub.create_meter", datastream)
    if datastream.audience != Audience.OWNER:
        raise Invalid(
            _("Zähler von Wohnungen und Räumen darf nur die eigene Kommune sehen."),
            field="datastream",
            remedy=_("Machen Sie die Messreihe zuerst nur für die eigene Kommune sichtbar."),
        )
    kinds = {ObservationType.MEASUREMENT, ObservationType.COUNT}
    if datastream.is_multi or datastream.observation_type not in kinds:
        raise Invalid(_("Diese Messreihe hat keine Zählerstände."), field="datastream")
    meter = Meter(owner=datastream.owner, datastream=datastream)
    take(meter, values, COLUMNS, required=("building", "unit", "kind"))
    try:
        with transaction.atomic():
            meter.save()
    except IntegrityError as error:
        raise Conflict(_("Diese Messreihe ist schon ein Zähler."), field="datastream") from error
    record(actor=actor, command="hub.create_meter", subject=meter, now=now)
    return meter


@transaction.atomic
def edit_meter(*, actor: Actor, meter: Meter, values: Mapping[str, Any], now: datetime) -> Meter:
    """Change what is said about a meter. Raises NotAllowed, Invalid."""
    require(actor, "hub.edit_meter", meter)
    take(meter, values, COLUMNS, required=("building", "unit", "kind"))
    meter.save()
    record(actor=actor, command="hub.edit_meter", subject=meter, now=now)
    return meter


@transaction.atomic
def delete_meter(*, actor: Actor, meter: Meter, now: datetime) -> None:
    """Say no more that a datastream is a meter; its readings stay."""
    require(actor, "hub.delete_meter", meter)
    record(actor=actor, command="hub.delete_meter", subject=meter, now=now)
    meter.delete()


@transaction.atomic
def record_meter_change(
    *,
    actor: Actor,
    meter: Meter,
    at: datetime,
    last_reading: float,
    first_reading: float,
    now: datetime,
) -> MeterChange:
    """Note that a meter was exchanged or reset. Raises NotAllowed, Invalid, Conflict."""
    require(actor, "hub.edit_meter", meter)
    for name, value in (("last_reading", last_reading), ("first_reading", first_reading)):
        if not math.isfinite(value) or value < 0:
            raise Invalid(_("Ein Zählerstand ist eine Zahl ab 0."), field=name)
    if at > now:
        raise Invalid(_("Dieser Zeitpunkt liegt in der Zukunft."), field="at")
    change = MeterChange(meter=meter, at=at, last_reading=last_reading, first_reading=first_reading)
    try:
        with transaction.atomic():
            change.save()
    except IntegrityError as error:
        raise Conflict(_("Zu diesem Zeitpunkt steht schon ein Wechsel."), field="at") from error
    record(actor=actor, command="hub.record_meter_change", subject=change, now=now)
    return change


@transaction.atomic
def remove_meter_change(*, actor: Actor, change: MeterChange, now: datetime) -> None:
    """Take back that a meter was exchanged."""
    require(actor, "hub.edit_meter", change.meter)
    record(actor=actor, command="hub.remove_meter_change", subject=change, now=now)
    change.delete()

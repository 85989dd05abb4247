"""Creating, editing and deleting things; their cards follow."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from stadtwabe.catalog.commands import withdraw_card, write_card
from stadtwabe.catalog.rules import Audience
from stadtwabe.hub.cards import named_on_card, thing_card
from stadtwabe.hub.commands.announce import announce_change
from stadtwabe.hub.commands.audiences import apply_audience
from stadtwabe.hub.commands.observations import forget_datastreams
from stadtwabe.hub.commands.values import take
from stadtwabe.hub.models import HistoricalLocation, Location, Thing
from stadtwabe.hub.queries import locations_visible_to
from stadtwabe.kit.actor import Actor
from stadtwabe.kit.errors import NotFound
from stadtwabe.people.audit import record
from stadtwabe.people.models import Party
from stadtwabe.people.permissions import require
from stadtwabe.places.models import Network

COLUMNS = ("name", "description", "properties", "audience")


@transaction.atomic
def create_thing(
    *,
    actor: Actor,
    owner: Party,
    values: Mapping[str, Any],
    now: datetime,
    networks: Iterable[Network] = (),
    locations: Iterable[Location] = (),
    is_demo: bool = False,
) -> Thing:
    """Create a thing of ``owner`` with its card.

    ``values``: name, description, properties, audience (see ``COLUMNS``). ``networks`` are those
    that may see it if its audience is ``networks``. Raises NotAllowed, Invalid, NotFound.
    """
    require(actor, "hub.create_thing", owner)
    thing = Thing(owner=owner, is_demo=is_demo)
    take(thing, values, COLUMNS, required=("name",))
    found = _visible(actor, locations)
    wanted = tuple(networks) if thing.audience == Audience.NETWORKS else ()
    spec = thing_card(thing, networks=wanted, location=found[0] if found else None, datastreams=())
    thing.card = write_card(spec=spec, now=now)
    thing.save()
    thing.networks.set(wanted)
    if found:
        _move(thing, found, at=now)
    record(actor=actor, command="hub.create_thing", subject=thing, now=now)
    return thing


@transaction.atomic
def edit_thing(
    *,
    actor: Actor,
    thing: Thing,
    values: Mapping[str, Any],
    now: datetime,
    networks: Iterable[Network] | None = None,
    locations: Iterable[Location] | None = None,
) -> Thing:
    """Change a thing; what is not named stays. New ``locations`` go into its history.

    A narrower audience narrows its datastreams too. Raises NotAllowed, Invalid, NotFound.
    """
    require(actor, "hub.edit_thing", thing)
    changed = take(thing, values, COLUMNS, required=("name",))
    thing.save()
    if networks is not None or "audience" in changed:
        wanted = tuple(networks if networks is not None else thing.networks.all())
        thing.networks.set(wanted if thing.audience == Audience.NETWORKS else ())
        for datastream in thing.datastreams.all():
            apply_audience(datastream)
    if locations is not None:
        found = _visible(actor, locations)
        if {each.pk for each in found} != {each.pk for each in thing.locations.all()}:
            _move(thing, found, at=now)
            changed.append("locations")
    write_thing_card(thing, now=now)
    announce_change()
    record(
        actor=actor,
        command="hub.edit_thing",
        subject=thing,
        now=now,
        details={"changed": changed},
    )
    return thing


@transaction.atomic
def delete_thing(*, actor: Actor, thing: Thing, now: datetime, because: str = "") -> None:
    """Delete a thing with its datastreams and their observations; its card stays as a tombstone."""
    require(actor, "hub.delete_thing", thing)
    record(
        actor=actor,
        command="hub.delete_thing",
        subject=thing,
        now=now,
        details={"name": thing.name},
    )
    card = thing.card
    forget_datastreams(thing.datastreams.all(), now=now)
    thing.delete()
    withdraw_card(card=card, because=because or _("Das Gerät gibt es nicht mehr."), now=now)
    announce_change()


def write_thing_card(thing: Thing, *, now: datetime) -> None:
    """Write the card of a thing anew, after something that stands on it has changed."""
    networks = tuple(thing.networks.all())
    spec = thing_card(
        thing,
        networks=networks,
        location=thing.locations.order_by("pk").first(),
        datastreams=named_on_card(thing, frozenset(each.pk for each in networks)),
    )
    write_card(spec=spec, now=now, card=thing.card)


def _move(thing: Thing, locations: list[Location], *, at: datetime) -> None:
    thing.locations.set(locations)
    moved = HistoricalLocation.objects.create(thing=thing, time=at)
    moved.locations.set(locations)


def _visible(actor: Actor, locations: Iterable[Location]) -> list[Location]:
    wanted = [location.pk for location in locations]
    found = list(locations_visible_to(actor).filter(pk__in=wanted).order_by("pk"))
    if len(found) != len(set(wanted)):
        raise NotFound(_("Diesen Ort gibt es nicht."), field="locations")
    return found

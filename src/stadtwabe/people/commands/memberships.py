"""Giving and ending roles."""

from datetime import date, datetime

from django.db import transaction

from stadtwabe.kit.actor import Actor
from stadtwabe.kit.clock import day_of
from stadtwabe.people.audit import record
from stadtwabe.people.models import Membership, Party, User
from stadtwabe.people.permissions import require
from stadtwabe.people.rules import Role


@transaction.atomic
def grant_membership(
    *,
    actor: Actor,
    user: User,
    party: Party,
    role: Role,
    now: datetime,
    until: date | None = None,
) -> Membership:
    """Give ``user`` a role at a party from today on; the same role again is the one that runs."""
    require(actor, "people.grant_membership", party)
    running = Membership.objects.filter(user=user, party=party, role=role, until=None).first()
    if running:
        return running
    membership, _created = Membership.objects.update_or_create(
        user=user, party=party, role=role, since=day_of(now), defaults={"until": until}
    )
    record(
        actor=actor,
        command="people.grant_membership",
        subject=party,
        now=now,
        details={"person": user.number, "role": role.value},
    )
    return membership


@transaction.atomic
def end_membership(*, actor: Actor, membership: Membership, now: datetime) -> None:
    """End a role yesterday, so that it no longer counts today; it stays in the history."""
    require(actor, "people.grant_membership", membership.party)
    yesterday = date.fromordinal(day_of(now).toordinal() - 1)
    if membership.since > yesterday:
        membership.delete()
    else:
        membership.until = yesterday
        membership.save(update_fields=["until"])
    record(
        actor=actor,
        command="people.end_membership",
        subject=membership.party,
        now=now,
        details={"person": membership.user.number, "role": membership.role},
    )

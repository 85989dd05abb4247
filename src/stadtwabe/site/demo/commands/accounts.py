"""Opening the demo accounts in demo mode, and closing them in every other."""

from datetime import datetime

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.db import transaction

from stadtwabe.kit.actor import Actor
from stadtwabe.people.audit import record
from stadtwabe.people.commands import (
    create_organisation,
    grant_membership,
    party_for_network,
    party_for_organisation,
    party_for_place,
)
from stadtwabe.people.models import ApiToken, Organisation, Party, User
from stadtwabe.people.permissions import require
from stadtwabe.places.models import Network, Place
from stadtwabe.site.demo.accounts import ACCOUNTS, NEWSROOM, PASSWORD, DemoAccount


@transaction.atomic
def open_demo_accounts(*, actor: Actor, now: datetime) -> int:
    """Make the demo accounts, or open them again; return how many were made or opened.

    The places and networks at which they hold their roles must be loaded. An account of that
    address that somebody made for themselves is left alone.
    """
    require(actor, "demo.load_demo")
    known = {user.email: user for user in User.objects.filter(email__in=_addresses())}
    wanted = [
        account
        for account in ACCOUNTS
        if account.email not in known
        or (known[account.email].is_demo and not _is_open(known[account.email]))
    ]
    if not wanted:
        return 0
    # Hashed once: the password is public, so the accounts may share their salt.
    hashed = make_password(PASSWORD)
    for account in wanted:
        user = known.get(account.email) or User.objects.create_user(
            account.email, name=account.name, is_demo=True, is_operator=account.role is None
        )
        user.password, user.is_active = hashed, True
        user.save(update_fields=["password", "is_active"])
        EmailAddress.objects.get_or_create(
            user=user, email=account.email, defaults={"primary": True, "verified": True}
        )
        if account.role is not None:
            party = _party_of(account, actor=actor, now=now)
            grant_membership(actor=actor, user=user, party=party, role=account.role, now=now)
        record(actor=actor, command="demo.open_demo_accounts", subject=user, now=now)
    return len(wanted)


@transaction.atomic
def close_demo_accounts(*, actor: Actor, now: datetime) -> int:
    """Close all demo accounts: no password, no sessions, no tokens. Return how many were open."""
    require(actor, "demo.load_demo")
    users = list(User.objects.filter(is_demo=True, is_active=True))
    for user in users:
        user.is_active = False
        # Sessions carry a hash of the password: another one ends them.
        user.set_unusable_password()
        user.save(update_fields=["is_active", "password"])
        ApiToken.objects.filter(user=user, revoked_at=None).update(revoked_at=now)
        record(actor=actor, command="demo.close_demo_accounts", subject=user, now=now)
    return len(users)


def newsroom(*, actor: Actor, now: datetime) -> Party:
    """Return the party of the organisation that owns the demo content."""
    organisation = Organisation.objects.filter(name=NEWSROOM).first() or create_organisation(
        actor=actor, name=NEWSROOM, now=now
    )
    return party_for_organisation(organisation)


def _addresses() -> list[str]:
    return [account.email for account in ACCOUNTS]


def _is_open(user: User) -> bool:
    return user.is_active and user.has_usable_password()


def _party_of(account: DemoAccount, *, actor: Actor, now: datetime) -> Party:
    if account.place:
        return party_for_place(Place.objects.get(key=account.place))
    if account.network:
        return party_for_network(Network.objects.get(name=account.network))
    return newsroom(actor=actor, now=now)

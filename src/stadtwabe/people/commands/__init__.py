"""Every write of people."""

from stadtwabe.people.commands.accounts import delete_account, invite_user
from stadtwabe.people.commands.memberships import end_membership, grant_membership
from stadtwabe.people.commands.organisations import create_organisation, edit_organisation
from stadtwabe.people.commands.parties import (
    party_for_network,
    party_for_organisation,
    party_for_place,
)
from stadtwabe.people.commands.tokens import create_token, revoke_token

__all__ = [
    "create_organisation",
    "create_token",
    "delete_account",
    "edit_organisation",
    "end_membership",
    "grant_membership",
    "invite_user",
    "party_for_network",
    "party_for_organisation",
    "party_for_place",
    "revoke_token",
]

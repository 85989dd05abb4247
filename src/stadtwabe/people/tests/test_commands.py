"""What people's commands do, refuse, and leave behind."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from stadtwabe.kit.actor import SYSTEM
from stadtwabe.kit.errors import Conflict, Invalid, NotAllowed
from stadtwabe.people.actors import actor_for
from stadtwabe.people.commands import (
    create_organisation,
    create_token,
    delete_account,
    end_membership,
    grant_membership,
    invite_user,
    party_for_network,
    revoke_token,
)
from stadtwabe.people.models import ApiToken, AuditEntry, Membership, User
from stadtwabe.people.rules import Role
from stadtwabe.people.tests.factories import NOW, Cast, make_user
from stadtwabe.people.tokens import actor_of_token

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    return Cast()


def test_a_token_acts_for_its_owner_within_its_scopes_until_revoked(cast):
    user = cast.users["editor"]
    actor = cast.actor("editor")
    token, secret = create_token(actor=actor, user=user, label="Skript", scopes=["read"], now=NOW)
    acting = actor_of_token(secret, now=NOW)
    assert acting is not None
    assert acting.grants == actor.grants
    assert acting.scopes == frozenset({"read"})
    revoke_token(actor=actor, token=token, now=NOW)
    assert actor_of_token(secret, now=NOW) is None


def test_the_database_keeps_only_the_hash_of_a_token(cast):
    _token, secret = create_token(
        actor=SYSTEM, user=cast.users["editor"], label="Skript", scopes=["read"], now=NOW
    )
    row = ApiToken.objects.values().get()
    assert secret not in str(row)


def test_a_token_ends_when_its_time_is_over_or_its_owner_is_locked(cast):
    user = cast.users["editor"]
    _token, secret = create_token(
        actor=SYSTEM,
        user=user,
        label="",
        scopes=["read"],
        now=NOW,
        expires_at=NOW + timedelta(days=1),
    )
    assert actor_of_token(secret, now=NOW + timedelta(days=1)) is None
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert actor_of_token(secret, now=NOW) is None


def test_an_unknown_scope_is_named(cast):
    with pytest.raises(Invalid) as caught:
        create_token(actor=SYSTEM, user=cast.users["editor"], label="", scopes=["fly"], now=NOW)
    assert caught.value.field == "scopes"


def test_the_same_organisation_is_not_made_twice(cast):
    create_organisation(actor=cast.actor("editor"), name="Stadtwerke Dillingen", now=NOW)
    with pytest.raises(Conflict):
        create_organisation(actor=cast.actor("editor"), name=" stadtwerke  dillingen ", now=NOW)


def test_an_organisation_shows_what_it_is_and_opens_in_a_browser(cast):
    make = partial(create_organisation, actor=cast.actor("editor"), now=NOW)
    assert make(name="Stadt\u202ewerke\u200b Ulm", legal_form="GmbH").name == "Stadtwerke Ulm"
    wrong_ones: list[dict[str, Any]] = [
        {"website": "ftp://alt.example"},
        {"legal_form": "x" * 61},
        {"kind": "unsinn"},
    ]
    for wrong in wrong_ones:
        with pytest.raises(Invalid) as refused:
            make(name="Stadtwerke Köln", **wrong)
        assert refused.value.field in wrong


def test_a_role_counts_from_today_and_no_longer_once_ended(cast):
    party = party_for_network(cast.network)
    admin = cast.actor("network_admin")
    user = invite_user(actor=admin, email="Neu@Example.org ", party=party, now=NOW)
    assert user.email == "neu@example.org"
    assert not user.has_usable_password()
    membership = grant_membership(actor=admin, user=user, party=party, role=Role.EDITOR, now=NOW)
    assert actor_for(user, now=NOW).holds("editor", party.pk)
    end_membership(actor=admin, membership=membership, now=NOW)
    assert not actor_for(user, now=NOW).grants


def test_only_the_administrator_of_the_party_gives_roles_there(cast):
    with pytest.raises(NotAllowed):
        grant_membership(
            actor=cast.actor("network_admin"),
            user=cast.users["citizen"],
            party=cast.beckum,
            role=Role.EDITOR,
            now=NOW,
        )
    assert not Membership.objects.filter(user=cast.users["citizen"]).exists()


def test_a_deleted_account_leaves_no_trace_of_the_person(cast, django_assert_max_num_queries):
    user = cast.users["editor"]
    number, email = user.number, user.email
    create_token(actor=SYSTEM, user=user, label="Skript", scopes=["read"], now=NOW)
    actor = cast.actor("editor")
    with pytest.raises(Invalid):
        delete_account(actor=actor, user=user, email_typed="falsch", now=NOW)
    delete_account(actor=actor, user=user, email_typed=email.upper(), now=NOW)
    assert not User.objects.filter(email=email).exists()
    assert not ApiToken.objects.exists()
    left = AuditEntry.objects.filter(person=number).get()
    assert left.command == "people.delete_account"
    assert email not in str(AuditEntry.objects.values_list())


def test_numbers_of_persons_are_drawn_not_counted():
    first, second = make_user("a@example.org"), make_user("b@example.org")
    assert abs(first.number - second.number) > 1

"""Who may do what: the standing cast against every action of people."""

import pytest

from stadtwabe.kit.actor import VISITOR, Actor
from stadtwabe.kit.errors import NotAllowed
from stadtwabe.people.commands import party_for_network
from stadtwabe.people.permissions import actions, can, register, require
from stadtwabe.people.tests.factories import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    return Cast()


@pytest.mark.parametrize(
    ("action", "thing", "allowed"),
    [
        (
            "people.create_organisation",
            lambda cast: None,
            {"editor", "foreign_editor", "network_admin", "operator"},
        ),
        (
            "people.grant_membership",
            lambda cast: party_for_network(cast.network),
            {"network_admin", "operator"},
        ),
        ("people.grant_membership", lambda cast: cast.menden, {"operator"}),
        (
            "people.manage_tokens",
            lambda cast: cast.users["citizen"],
            {"citizen", "operator"},
        ),
        (
            "people.delete_account",
            lambda cast: cast.users["editor"],
            {"editor", "operator"},
        ),
    ],
)
def test_the_cast_may_do_exactly_this(cast, action, thing, allowed):
    subject = thing(cast)
    assert {name for name in cast.names if can(cast.actor(name), action, subject)} == allowed


def test_what_nobody_has_registered_is_denied_even_to_the_operator(cast):
    assert not can(cast.actor("operator"), "people.fly")


def test_a_visitor_is_told_to_sign_in():
    with pytest.raises(NotAllowed, match="angemeldet"):
        require(VISITOR, "people.create_organisation")


def test_a_token_without_the_scope_may_less_than_its_owner(cast):
    editor = cast.actor("editor")
    limited = Actor(person=editor.person, grants=editor.grants, scopes=frozenset({"read"}))
    assert can(editor, "people.create_organisation")
    assert not can(limited, "people.create_organisation")


def test_no_token_manages_the_account_of_its_owner(cast):
    citizen = cast.actor("citizen")
    token = Actor(person=citizen.person, scopes=frozenset({"read", "documents", "edit"}))
    assert not can(token, "people.manage_tokens", cast.users["citizen"])


def test_an_action_has_one_rule(cast):
    assert "people.create_organisation" in actions()
    with pytest.raises(ValueError, match="has a rule"):
        register("people.create_organisation", lambda actor, thing: True, scope="edit")


def test_a_network_opens_its_audience_to_the_roles_of_its_member_towns(cast):
    network = cast.network
    assert cast.actor("editor").audiences == {network.pk}
    assert cast.actor("foreign_editor").audiences == set()

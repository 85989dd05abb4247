"""The main navigation leads nobody to a door that stays shut for them."""

import pytest

from stadtwabe.people.tests.factories import Cast

pytestmark = pytest.mark.django_db

DESK = "/redaktion/"


def leads_to_the_desk(client) -> bool:
    return DESK in [entry.path for entry in client.get("/").context["navigation"]]


@pytest.mark.parametrize(
    ("name", "is_led"),
    [("editor", True), ("operator", True), ("steward", False), ("citizen", False)],
)
def test_the_desk_is_offered_to_those_who_may_enter(client, name, is_led):
    client.force_login(Cast().users[name])
    assert leads_to_the_desk(client) == is_led
    assert (client.get(DESK).status_code == 200) == is_led


def test_visitors_are_not_led_to_the_desk(client):
    assert not leads_to_the_desk(client)

"""Where one begins after signing in: at a page that one may open."""

import pytest

from stadtwabe.people.tests.factories import Cast

pytestmark = pytest.mark.django_db

PASSWORD = "ein langes Passwort 123"


@pytest.mark.parametrize(
    ("name", "start"),
    [
        ("citizen", "/"),
        ("editor", "/redaktion/"),
        ("steward", "/daten/pflege/"),
        ("network_admin", "/verwaltung/"),
    ],
)
def test_everybody_begins_at_the_page_of_their_role(client, name, start):
    user = Cast().users[name]
    user.set_password(PASSWORD)
    user.save()
    sent = {"login": user.email, "password": PASSWORD}
    answer = client.post("/konto/login/", sent)
    assert answer["Location"] == start
    assert client.get(start).status_code == 200


def test_who_wanted_to_go_somewhere_goes_there(client):
    user = Cast().users["citizen"]
    user.set_password(PASSWORD)
    user.save()
    sent = {"login": user.email, "password": PASSWORD, "next": "/daten/"}
    assert client.post("/konto/login/", sent)["Location"] == "/daten/"

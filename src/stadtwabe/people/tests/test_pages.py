"""The pages of the account and of giving roles, by their real addresses."""

import re

import pytest
from django.core import mail
from django.test import Client

from stadtwabe.people.commands import party_for_network
from stadtwabe.people.models import ApiToken, Membership, User
from stadtwabe.people.tests.factories import Cast, make_user

pytestmark = pytest.mark.django_db
PASSWORD = "ein-langes-Testpasswort-42"


@pytest.fixture
def cast():
    return Cast()


def test_the_account_is_for_those_who_are_signed_in(client):
    response = client.get("/konto/")
    assert response.status_code == 302
    assert response["Location"].startswith("/konto/login/")


def test_a_token_is_shown_once_and_revoked_by_its_owner_alone(client, cast):
    client.force_login(cast.users["editor"])
    page = client.post("/konto/", {"label": "Skript", "scopes": ["read"]})
    assert re.search(r"<code>sw_[\w-]{43}</code>", page.content.decode())
    assert not re.search(r"sw_[\w-]{43}", client.get("/konto/").content.decode())
    token = ApiToken.objects.get()
    client.force_login(cast.users["citizen"])
    assert client.post(f"/konto/schluessel/{token.pk}/widerrufen/").status_code == 404
    client.force_login(cast.users["editor"])
    client.post(f"/konto/schluessel/{token.pk}/widerrufen/")
    token.refresh_from_db()
    assert token.revoked_at is not None


def test_everybody_takes_their_data_along(client, cast):
    client.force_login(cast.users["editor"])
    data = client.get("/konto/daten/").json()
    assert data["account"]["email"] == "redaktion@menden.example"
    assert data["memberships"][0]["role"] == "editor"


def test_deleting_the_account_asks_for_the_address_first(client, cast):
    user = cast.users["citizen"]
    client.force_login(user)
    page = client.post("/konto/loeschen/", {"email_typed": "jemand@example.org"})
    assert "Zum Bestätigen" in page.content.decode()
    client.post("/konto/loeschen/", {"email_typed": user.email})
    assert not User.objects.filter(pk=user.pk).exists()
    assert client.get("/konto/").status_code == 302


def test_the_network_administrator_invites_an_editor_who_gets_a_link(client, cast):
    party = party_for_network(cast.network)
    client.force_login(cast.users["network_admin"])
    client.post(f"/verwaltung/{party.pk}/", {"email": "neu@example.org", "role": "editor"})
    membership = Membership.objects.get(user__email="neu@example.org")
    assert membership.role == "editor"
    assert mail.outbox[0].to == ["neu@example.org"]
    invited = Client()
    link = re.search(r"https?://testserver(/\S+)", str(mail.outbox[0].body))
    assert link is not None
    form = invited.get(link.group(1), follow=True)
    invited.post(
        form.redirect_chain[-1][0],
        {"password1": PASSWORD, "password2": PASSWORD},
    )
    invited.post("/konto/login/", {"login": "neu@example.org", "password": PASSWORD})
    assert invited.get("/konto/daten/").json()["memberships"][0]["role"] == "editor"
    client.post(f"/verwaltung/rolle/{membership.pk}/beenden/")
    assert not Membership.objects.filter(pk=membership.pk).exists()


@pytest.mark.parametrize("name", ["citizen", "editor", "foreign_editor", "steward"])
def test_nobody_else_sees_who_holds_roles(client, cast, name):
    party = party_for_network(cast.network)
    client.force_login(cast.users[name])
    assert client.get(f"/verwaltung/{party.pk}/").status_code == 404


def test_one_signs_in_with_the_e_mail_address(client):
    user = make_user("jemand@example.org", password=PASSWORD)
    response = client.post("/konto/login/", {"login": user.email, "password": PASSWORD})
    assert response.status_code == 302
    assert client.get("/konto/daten/").json()["account"]["email"] == user.email


def test_sign_up_is_closed_unless_the_operator_opens_it(client, settings):
    assert "password1" not in client.get("/konto/signup/").content.decode()
    settings.OPEN_SIGNUP = True
    assert "password1" in client.get("/konto/signup/").content.decode()

"""Demo accounts: open in demo mode, closed in every other, and their password is no secret."""

import pytest
from django.conf import settings as django_settings
from django.test import Client

from stadtwabe.catalog.commands.register import _write_networks
from stadtwabe.catalog.tests.factories import NOW, make_places
from stadtwabe.kit.actor import SYSTEM, VISITOR
from stadtwabe.kit.errors import NotAllowed
from stadtwabe.people.models import ApiToken, Membership, User
from stadtwabe.people.tests.factories import make_user
from stadtwabe.places.register import network_rows
from stadtwabe.site.command_line.check import unsafe_settings
from stadtwabe.site.demo.accounts import ACCOUNTS, PASSWORD
from stadtwabe.site.demo.commands import close_demo_accounts, open_demo_accounts

pytestmark = pytest.mark.django_db


@pytest.fixture
def places():
    networks = [row for row in network_rows() if row.name == "5 für Südwestfalen"]
    make_places("08421000", *(member.key for row in networks for member in row.members))
    _write_networks(networks)


@pytest.fixture
def demo_mode(settings):
    settings.DEMO = True


def sign_in(email, client=None):
    client = client or Client()
    client.post("/konto/login/", {"login": email, "password": PASSWORD})
    return client


def may_work(client):
    """Whether the client is signed in: the account page sends everybody else to the sign-in."""
    return client.get("/konto/").status_code == 200


def test_each_role_has_an_account_that_signs_in_with_the_public_password(places, demo_mode):
    assert open_demo_accounts(actor=SYSTEM, now=NOW) == len(ACCOUNTS)

    assert User.objects.filter(is_demo=True).count() == len(ACCOUNTS)
    held = {(m.user.email, m.role, str(m.party)) for m in Membership.objects.select_related()}
    assert held == {
        ("redaktion@demo.example", "editor", "Demo-Redaktion"),
        ("ulm@demo.example", "editor", "Ulm"),
        ("menden@demo.example", "editor", "Menden (Sauerland)"),
        ("daten@demo.example", "steward", "Ulm"),
        ("daten-menden@demo.example", "steward", "Menden (Sauerland)"),
        ("daten-soest@demo.example", "steward", "Soest"),
        ("verbund@demo.example", "network_admin", "5 für Südwestfalen"),
    }
    assert [u.email for u in User.objects.filter(is_operator=True)] == ["betrieb@demo.example"]
    assert may_work(sign_in("ulm@demo.example"))


def test_opening_again_changes_nothing(places):
    open_demo_accounts(actor=SYSTEM, now=NOW)
    before = list(User.objects.order_by("pk").values_list("email", "password"))

    assert open_demo_accounts(actor=SYSTEM, now=NOW) == 0
    assert list(User.objects.order_by("pk").values_list("email", "password")) == before


def test_an_account_that_somebody_made_for_themselves_is_left_alone(places):
    own = make_user("ulm@demo.example", password="ein eigenes Geheimnis")

    assert open_demo_accounts(actor=SYSTEM, now=NOW) == len(ACCOUNTS) - 1
    own.refresh_from_db()
    assert own.check_password("ein eigenes Geheimnis")
    assert not own.is_demo
    assert not Membership.objects.filter(user=own).exists()


def test_without_demo_mode_nobody_comes_in_with_a_demo_account(places, demo_mode, settings):
    open_demo_accounts(actor=SYSTEM, now=NOW)
    citizen = make_user("buergerin@example.org", password=PASSWORD)
    signed_in = sign_in("redaktion@demo.example")
    editor = User.objects.get(email="redaktion@demo.example")
    token = ApiToken.objects.create(
        user=editor, label="t", prefix="x", digest="0" * 64, scopes=["edit"], created_at=NOW
    )
    settings.DEMO = False

    assert close_demo_accounts(actor=SYSTEM, now=NOW) == len(ACCOUNTS)
    assert not may_work(signed_in)
    assert not may_work(sign_in("redaktion@demo.example"))
    assert may_work(sign_in(citizen.email))
    token.refresh_from_db()
    assert token.revoked_at == NOW
    assert close_demo_accounts(actor=SYSTEM, now=NOW) == 0

    settings.DEMO = True
    assert open_demo_accounts(actor=SYSTEM, now=NOW) == len(ACCOUNTS)
    assert may_work(sign_in("redaktion@demo.example"))


def test_even_while_they_are_open_they_may_do_nothing_without_demo_mode(places, settings, rf):
    from stadtwabe.people.actors import actor_of

    settings.DEMO = True
    open_demo_accounts(actor=SYSTEM, now=NOW)
    requests = []
    for _ in range(2):
        request = rf.get("/")
        request.user = User.objects.get(email="betrieb@demo.example")
        requests.append(request)
    assert actor_of(requests[0]).is_operator
    settings.DEMO = False
    assert actor_of(requests[1]) == VISITOR


def test_check_complains_about_accounts_that_were_left_open(places, settings):
    settings.DEMO = False
    complaint = "Accounts of a demo are open."
    assert complaint not in [finding.what for finding in unsafe_settings()]
    open_demo_accounts(actor=SYSTEM, now=NOW)
    assert complaint in [finding.what for finding in unsafe_settings()]


def test_visitors_and_editors_may_not_open_or_close_them(places):
    for command in (open_demo_accounts, close_demo_accounts):
        with pytest.raises(NotAllowed):
            command(actor=VISITOR, now=NOW)


def test_the_sign_in_page_names_the_accounts_in_demo_mode_only(settings, client):
    settings.DEMO = True
    page = client.get("/konto/login/").content.decode()
    assert all(account.email in page for account in ACCOUNTS)
    assert PASSWORD in page
    settings.DEMO = False
    page = client.get("/konto/login/").content.decode()
    assert "demo.example" not in page
    assert PASSWORD not in page


def test_the_tests_run_outside_of_demo_mode():
    assert django_settings.DEMO is False

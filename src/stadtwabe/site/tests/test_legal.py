"""Imprint, privacy, accessibility and the report of a barrier."""

import pytest
from django.core import mail
from django.core.cache.backends import locmem

from stadtwabe.people.tests.factories import Cast
from stadtwabe.site.models import BarrierReport

pytestmark = pytest.mark.django_db
PAGES = ["/impressum/", "/datenschutz/", "/barrierefreiheit/", "/leichte-sprache/"]


@pytest.mark.parametrize("address", PAGES)
def test_every_page_leads_to_what_the_law_asks_for(client, address):
    page = client.get(address).content.decode()
    for linked in [*PAGES, "/barriere-melden/"]:
        assert f'href="{linked}"' in page


def test_the_imprint_names_the_operator_and_says_so_when_nobody_is_named(client, settings):
    assert "STADTWABE_OPERATOR_NAME" in client.get("/impressum/").content.decode()
    settings.OPERATOR = {**settings.OPERATOR, "name": "Zweckverband Beispiel"}
    assert "Zweckverband Beispiel" in client.get("/impressum/").content.decode()


def test_reading_sets_no_cookie(client):
    assert not client.get("/datenschutz/").cookies


def test_a_barrier_is_reported_without_an_account_and_kept(
    client, settings, django_capture_on_commit_callbacks
):
    settings.OPERATOR = {**settings.OPERATOR, "email": "betrieb@example.org"}
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/barriere-melden/", {"text": "Knopf ohne Namen", "contact": "ich@example.org"})
    assert BarrierReport.objects.get().text == "Knopf ohne Namen"
    assert mail.outbox[0].to == ["betrieb@example.org"]


def test_a_program_that_fills_in_every_field_is_thanked_and_forgotten(client):
    client.post("/barriere-melden/", {"text": "Werbung", "website": "https://example.org"})
    assert not BarrierReport.objects.exists()


def test_a_flood_of_reports_ends_with_friendly_words_and_what_was_typed(client):
    for number in range(5):
        assert client.post("/barriere-melden/", {"text": f"Barriere {number}"}).status_code == 302
    refused = client.post("/barriere-melden/", {"text": "Noch eine"})
    page = refused.content.decode()
    assert refused.status_code == 429
    assert "in einer Stunde noch einmal" in page
    assert "Noch eine" in page
    assert BarrierReport.objects.count() == 5
    other = client.post("/barriere-melden/", {"text": "Anders"}, REMOTE_ADDR="192.0.2.7")
    assert other.status_code == 302


def test_whoever_changes_the_last_half_of_an_ipv6_address_is_still_the_same(client):
    for number in range(6):
        answer = client.post(
            "/barriere-melden/", {"text": "Werbung"}, REMOTE_ADDR=f"2001:db8::{number}"
        )
    assert answer.status_code == 429


def test_no_address_is_kept_of_who_reports(client):
    client.post("/barriere-melden/", {"text": "Kontrast"}, REMOTE_ADDR="192.0.2.7")
    kept = str(vars(locmem)["_caches"])
    assert "barrier" in kept
    assert "192.0.2.7" not in kept


def test_guessing_passwords_is_slowed_down(client):
    email = Cast().users["editor"].email
    pages = [
        client.post("/konto/login/", {"login": email, "password": f"geraten {number}"}).content
        for number in range(6)
    ]
    assert "falsch" in pages[4].decode()
    assert "Zu viele gescheiterte Anmeldeversuche" in pages[5].decode()


def test_so_is_trying_many_accounts(client):
    for number in range(31):
        sent = {"login": f"person{number}@example.org", "password": "geraten"}
        answer = client.post("/konto/login/", sent)
    assert answer.status_code == 429
    assert "in ein paar Minuten noch einmal" in answer.content.decode()


def test_only_the_operator_sees_reports_and_closing_one_deletes_the_contact(client):
    cast = Cast()
    client.post("/barriere-melden/", {"text": "Kontrast", "contact": "ich@example.org"})
    report = BarrierReport.objects.get()
    for name in ("citizen", "editor", "network_admin"):
        client.force_login(cast.users[name])
        assert client.get("/verwaltung/barrieren/").status_code == 403
        assert client.post(f"/verwaltung/barrieren/{report.pk}/abschliessen/").status_code == 403
    client.force_login(cast.users["operator"])
    assert "Kontrast" in client.get("/verwaltung/barrieren/").content.decode()
    client.post(f"/verwaltung/barrieren/{report.pk}/abschliessen/")
    report.refresh_from_db()
    assert (report.contact, report.closed_at is None) == ("", False)

"""Imprint, privacy, accessibility and the report of a barrier."""

import pytest
from django.core import mail

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

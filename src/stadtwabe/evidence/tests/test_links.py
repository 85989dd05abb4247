"""Whether named addresses still answer: each once a week, and never called dead by mistake."""

from datetime import timedelta

import pytest

from stadtwabe.evidence.commands import links
from stadtwabe.evidence.commands.links import check_links, named_addresses
from stadtwabe.evidence.models import LinkCheck
from stadtwabe.evidence.tests.factories import NOW, document_of, editor_of, project_of, town
from stadtwabe.evidence.tests.thing_factories import make_thing
from stadtwabe.kit.actor import SYSTEM
from stadtwabe.kit.errors import NotAllowed
from stadtwabe.kit.tests.web_server import serving
from stadtwabe.people.models import Organisation

pytestmark = pytest.mark.django_db


@pytest.fixture
def koeln():
    return town()


@pytest.fixture
def site(settings):
    settings.FETCH_PRIVATE_ADDRESSES = True
    with serving() as running:
        yield running


def check(address):
    return LinkCheck.objects.get(address=address)


def test_addresses_of_things_and_documents_are_looked_at(koeln, site):
    site.page("/lebt", b"ja")
    site.page("/verwehrt", b"nein", status=403)
    site.page("/fort", b"weg", status=410)
    names = ("lebt", "verwehrt", "fort", "fehlt")
    lebt, verwehrt, fort, fehlt = (f"{site.address}/{name}" for name in names)
    make_thing("project", koeln, website=lebt, repository=verwehrt)
    make_thing("organisation", koeln, title="Verein", website=fort, organisation=_organisation())
    document_of(koeln, address=fehlt)
    assert check_links(actor=SYSTEM, now=NOW) == 4
    assert [(check(a).status, bool(check(a).failing_since)) for a in (lebt, verwehrt)] == [
        (200, False),
        (403, False),
    ], "an answer that is not for programs is no dead link"
    assert [(check(a).status, check(a).failing_since) for a in (fort, fehlt)] == [
        (410, NOW),
        (404, NOW),
    ]


def test_a_server_that_is_not_there_is_dead_and_says_why(koeln, settings):
    settings.FETCH_PRIVATE_ADDRESSES = True
    document_of(koeln, address="http://127.0.0.1:1/")
    check_links(actor=SYSTEM, now=NOW)
    found = check("http://127.0.0.1:1/")
    assert (found.status, found.failing_since) == (None, NOW)
    assert found.problem


def test_each_is_looked_at_once_a_week_and_the_first_failure_is_remembered(koeln, site):
    address = f"{site.address}/fehlt"
    document_of(koeln, address=address)
    assert check_links(actor=SYSTEM, now=NOW) == 1
    assert check_links(actor=SYSTEM, now=NOW + timedelta(days=6)) == 0
    assert check_links(actor=SYSTEM, now=NOW + timedelta(days=7)) == 1
    assert check(address).failing_since == NOW
    site.page("/fehlt", b"wieder da")
    assert check_links(actor=SYSTEM, now=NOW + timedelta(days=14)) == 1
    assert (check(address).status, check(address).failing_since) == (200, None)


def test_one_run_looks_at_so_many_and_the_next_at_the_others(koeln, site, monkeypatch):
    monkeypatch.setattr(links, "AT_ONCE", 2)
    for number in range(3):
        site.page(f"/{number}", b"ja")
        document_of(koeln, text=f"Nummer {number}", address=f"{site.address}/{number}")
    assert check_links(actor=SYSTEM, now=NOW) == 2
    assert check_links(actor=SYSTEM, now=NOW + timedelta(hours=1)) == 1
    assert {path for path in site.asked if path != "/robots.txt"} == {"/0", "/1", "/2"}


def test_what_nothing_names_any_more_is_forgotten(koeln, site):
    document = document_of(koeln, address=f"{site.address}/fehlt")
    check_links(actor=SYSTEM, now=NOW)
    document.address = ""
    document.save()
    assert check_links(actor=SYSTEM, now=NOW) == 0
    assert not LinkCheck.objects.exists()


def test_withdrawn_things_name_nothing(koeln):
    made = make_thing("project", koeln, website="https://www.example.org/")
    project_of(koeln, document_of(koeln))
    assert named_addresses() == {"https://www.example.org/"}
    made.card.withdrawn_at, made.card.withdrawn_because = NOW, "Irrtum"
    made.card.save()
    assert named_addresses() == set()


def test_where_programs_are_not_welcome_nothing_is_said(koeln, site):
    site.page("/robots.txt", b"User-agent: *\nDisallow: /\n")
    document_of(koeln, address=f"{site.address}/fehlt")
    check_links(actor=SYSTEM, now=NOW)
    assert not LinkCheck.objects.filter(failing_since__isnull=False).exists()


def test_only_the_installation_checks(koeln):
    with pytest.raises(NotAllowed):
        check_links(actor=editor_of(koeln), now=NOW)


def _organisation():
    return Organisation.objects.create(name="Verein", slug="verein")

"""The desk in a real browser: few keys clear a newsletter, axe finds nothing, all at 320 px."""

import shutil
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from stadtwabe.atlas.models import Project
from stadtwabe.desk.tests.factories import read_newsletter, town
from stadtwabe.desk.tests.player import Player, Wanted
from stadtwabe.evidence.tests.factories import account_of
from stadtwabe.people.models import Organisation

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
AXE = Path(__file__).resolve().parents[4] / "node_modules/axe-core/axe.min.js"
MOST_KEYS = 40
"""For ten things told; the goal for the real newsletter, twice as long, is 60."""


@pytest.fixture
def document():
    return read_newsletter(town())


@pytest.fixture
def desk(live_server, client, document, monkeypatch):
    # Playwright runs a loop of its own in this thread; Django would take it for asynchronous code.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if not chromium:
        pytest.skip("There is no Chromium on PATH.")
    client.force_login(account_of(document.owner))
    cookie = client.cookies["sessionid"].value
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-quic", "--no-first-run"]
        )

        def opened(address, **options):
            context = browser.new_context(locale="de-DE", reduced_motion="reduce", **options)
            context.set_default_timeout(60_000)
            context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
            page = context.new_page()
            page.goto(live_server.url + address)
            return page

        yield opened
        browser.close()


def wanted():
    return [
        Wanted("project", "Stadtgespräch", ("Stadtgespräch digital",), ("Wolfsburg",)),
        Wanted("project", "Hier im Viertel", ("Hier im Viertel",), ("Bochum", "Essen")),
        Wanted("project", "Frag das Amt", ("Frag das Amt",), ("Köln",)),
        Wanted("project", "Schulungsangebot", ("digitales Schulungsangebot",), ("Münster",)),
        Wanted("project", "LoRaWAN", ("LoRaWAN-Netzwerk", "LoRaWAN-Netzwerkes")),
        Wanted("publication", "Umfrage", ("Umfrage zur Digitalisierung von Rathäusern",)),
        Wanted("publication", "Bertelsmann", ("Studie zu offenen Daten in Kommunen", "Studie")),
        Wanted("strategy", "Siegen", ("Digitalisierungsstrategie Siegen",), ("Siegen",)),
        Wanted("strategy", "Saarbrücken", ("Entwicklungsplan", "Entwicklungsplanes")),
        Wanted("organisation", "Musterwerk", ("Musterwerk GmbH",)),
        Wanted("organisation", "Stadtwerke Solingen", ("Stadtwerke Solingen",)),
        Wanted("organisation", "Bitkom", ("Bitkom e.V.",)),
        Wanted("organisation", "Bertelsmann Stiftung", ("Bertelsmann Stiftung",)),
    ]


def test_a_newsletter_is_cleared_with_few_keys(desk, document):
    player = Player(desk(f"/redaktion/dokumente/{document.pk}/"))
    told = wanted()
    count = player.clear(told)
    assert "Alles entschieden" in player.page.locator("#desk-count").inner_text()
    assert count <= MOST_KEYS, player.log
    missing = [each for each in told if not each.taken and each.kind != "organisation"]
    assert missing == []


def test_what_was_cleared_stands_in_the_atlas(desk, document):
    page = desk(f"/redaktion/dokumente/{document.pk}/")
    Player(page).clear(wanted())
    page.goto(page.url.split("/redaktion")[0] + "/quellen/")
    page.get_by_role("link", name="rundbrief").click()
    page.locator("mark", has_text="Frag das Amt").first.wait_for()
    found = page.locator("main").inner_text()
    assert "Hier im Viertel" in found
    assert Project.objects.filter(title="Frag das Amt").count() == 1
    assert Organisation.objects.filter(name="Musterwerk GmbH").count() == 1


@pytest.mark.parametrize("width", [1280, 320])
def test_axe_finds_nothing_and_nothing_is_wider_than_the_window(desk, document, width):
    if not AXE.exists():
        pytest.skip("The front end's packages are not installed.")
    suggestion = document.suggestions.first()
    troubles = []
    for address in (
        "/redaktion/",
        f"/redaktion/dokumente/{document.pk}/",
        f"/redaktion/vorschlaege/{suggestion.pk}/",
        f"/redaktion/dokumente/{document.pk}/angaben/",
        f"/redaktion/dokumente/{document.pk}/schwaerzen/",
        "/redaktion/qualitaet/",
        "/redaktion/aenderungen/",
        "/quellen/",
        f"/quellen/{document.pk}/",
    ):
        page = desk(address, viewport={"width": width, "height": 900}, bypass_csp=True)
        page.evaluate(AXE.read_text(encoding="utf-8"))
        found = page.evaluate("axe.run(document)")
        troubles += [
            f"{address} {violation['id']}: {node['target']}"
            for violation in found["violations"]
            for node in violation["nodes"]
        ]
        if page.evaluate(
            "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        ):
            troubles.append(f"{address} is wider than {width} px")
        page.context.close()
    assert troubles == []


def test_without_javascript_one_suggestion_follows_the_other(desk, document):
    first, second = document.suggestions.order_by("position")[:2]
    page = desk(f"/redaktion/vorschlaege/{first.pk}/", java_script_enabled=False)
    page.get_by_role("button", name="Übernehmen").click()
    assert page.url.endswith(f"/redaktion/vorschlaege/{second.pk}/")
    page.locator("summary", has_text="Verwerfen").click()
    page.get_by_role("button", name="Gehört nicht in den Atlas").click()
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == ("accepted", "rejected")

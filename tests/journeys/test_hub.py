"""Data as a citizen reads them, a steward brings them in, and another town does not see them."""

import json
import re
import urllib.error
import urllib.request

import pytest


@pytest.mark.parametrize(
    ("width", "javascript"),
    [pytest.param(1280, True, id="wide"), pytest.param(320, False, id="phone-no-javascript")],
)
def test_a_citizen_goes_from_the_town_to_the_curve_the_table_and_the_file(visit, width, javascript):
    citizen = visit(width=width, javascript=javascript)
    citizen.go("/daten/")
    passes(citizen, javascript)
    citizen.page.get_by_role("link", name="Menden (Sauerland)", exact=True).first.click()
    citizen.page.wait_for_url("**/daten/orte/05962040-*/")
    main = citizen.page.get_by_role("main")
    assert "simuliert" in main.inner_text()
    assert "Wärmemenge" not in main.inner_text()  # the town hall's own meter
    passes(citizen, javascript)
    main.get_by_role("link", name="Lufttemperatur", exact=True).click()
    citizen.page.wait_for_url("**/daten/reihen/*/")
    assert citizen.page.locator(".curve__line").count() >= 1
    assert citizen.page.locator("tbody tr").count() > 20
    passes(citizen, javascript)
    with citizen.page.expect_download() as download:
        main.get_by_role("link", name="CSV").click()
    text = download.value.path().read_text(encoding="utf-8-sig")
    assert text.startswith("Zeit (UTC);Lufttemperatur [°C]")


@pytest.mark.parametrize(
    ("width", "javascript", "name"),
    [
        pytest.param(1280, False, "Fühler Nord", id="wide-no-javascript"),
        pytest.param(320, True, "Fühler West", id="phone"),
    ],
)
def test_a_steward_connects_a_sensor_whose_values_another_town_does_not_see(
    visit, demo, width, javascript, name
):
    steward = visit(width=width, javascript=javascript)
    sign_in(steward, "daten-menden@demo.example")
    steward.go("/daten/")
    steward.page.get_by_role("link", name="Sensor anschließen").click()
    steward.page.get_by_label("Wie heißt das Gerät?").fill(name)
    steward.page.get_by_label("Koordinaten").fill("51,4430 7,7780")
    steward.page.get_by_text("Nur wir", exact=True).click()
    if javascript:
        steward.page.locator("#viewers").get_by_text("Nur wer bei Menden").wait_for()
    passes(steward, javascript)
    steward.page.get_by_role("button", name="Weiter", exact=True).click()
    steward.page.get_by_label("Was wird gemessen?").fill("Lufttemperatur")
    steward.page.get_by_label("In welcher Einheit?").fill("°C")
    steward.page.get_by_label("Mit welchem Sensor?").fill("DS18B20")
    passes(steward, javascript)
    steward.page.get_by_role("button", name="Weiter", exact=True).click()
    steward.page.wait_for_url("**/anschluss/")
    own = re.sub(r"anschluss/$", "", steward.page.url.removeprefix(steward.home))
    steward.page.get_by_role("button", name="Schlüssel anlegen").click()
    key = steward.page.locator("#secret").inner_text()
    assert key in steward.page.locator("#curl").inner_text()
    passes(steward, javascript)

    assert post(demo, own, key, 21.5) == 201
    if javascript:  # the page notices by itself
        steward.page.get_by_text("Es klappt: ein Wert ist da.").wait_for()
    steward.go(own)
    latest = steward.page.locator(".latest [data-live-value]")
    assert latest.inner_text() == "21,5\u00a0°C"
    if javascript:
        steward.page.locator("[data-live-now=live]").wait_for()
    assert post(demo, own, key, 22.5) == 201
    if javascript:  # live, without loading the page again
        steward.page.get_by_text("22,5\u00a0°C").first.wait_for()
    else:
        steward.go(own)
        assert latest.inner_text() == "22,5\u00a0°C"
    passes(steward, javascript)

    stranger = visit(width=width, javascript=javascript)
    sign_in(stranger, "daten-soest@demo.example")
    for address in ("/daten/", "/daten/orte/05962040-menden-sauerland/", "/daten/geraete/"):
        stranger.go(address)
        assert name not in stranger.page.get_by_role("main").inner_text(), address
    for address in (own, f"{own}anschluss/", f"{own}bearbeiten/"):
        assert stranger.page.request.get(demo + address).status == 404, address


def sign_in(window, email):
    window.go("/konto/login/")
    accounts = window.page.get_by_role("main").inner_text()
    password = re.search(r"dasselbe Passwort: (\S+)", accounts)
    assert password
    window.sign_in(email, password[1])
    window.page.wait_for_url(lambda address: "/login/" not in address)


def post(home, series, key, value):
    """Send a value as the page tells to; return the status of the answer."""
    number = series.strip("/").rpartition("/")[2]
    request = urllib.request.Request(
        f"{home}/sta/v1.1/Datastreams({number})/Observations",
        data=json.dumps({"result": value}).encode(),
        headers={"Authorization": f"Bearer {key}", "Content-Type": "application/json"},
    )
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code


def passes(window, javascript):
    assert not window.is_wider_than_the_window()
    if javascript:  # axe is a script of its own
        assert window.axe() == []

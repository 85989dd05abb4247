"""Every kind of page: no violation of axe, nothing too wide, nothing from elsewhere."""

import re
import urllib.request

import pytest

LISTS = [
    "/",
    "/orte/",
    "/suche/?q=beteiligung",
    "/suche/?q=gibtesnichtxyz",
    "/atlas/",
    "/atlas/projekte/",
    "/atlas/loesungen/",
    "/atlas/strategien/",
    "/atlas/publikationen/",
    "/atlas/foerderung/",
    "/atlas/organisationen/",
    "/atlas/portraets/",
    "/atlas/statistik/",
    "/termine/",
    "/daten/",
    "/daten/datensaetze/",
    "/daten/orte/05962040-menden-sauerland/",
    "/daten/themen/luft/",
    "/daten/einbetten/themen/luft/",
    "/quellen/",
    "/impressum/",
    "/datenschutz/",
    "/barrierefreiheit/",
    "/barriere-melden/",
    "/leichte-sprache/",
    "/konto/login/",
    "/konto/password/reset/",
]
WIDTHS = [1280, 320]
OF_EACH_KIND = re.compile(r"<loc>https?://[^/]+(/[^<]+)</loc>")


@pytest.fixture(scope="package")
def addresses(demo):
    """The lists, and of each kind in the sitemap the first thing."""
    index = read(f"{demo}/sitemap.xml")
    maps = OF_EACH_KIND.findall(index) if "<sitemapindex" in index else ["/sitemap.xml"]
    first: dict[str, str] = {}
    lights: dict[str, str] = {}
    for each in maps:
        for path in OF_EACH_KIND.findall(read(demo + each)):
            first.setdefault(kind_of(path), path)
            if "/daten/geraete/raumluft" in path:
                lights.setdefault("first", path.replace("/geraete/", "/ampel/"))
    return [*LISTS, *first.values(), *lights.values()]


def kind_of(path):
    """The address without its last part; places by the length of their key."""
    place = re.match(r"/orte/(\d+)-", path)
    return f"/orte/{len(place[1])}" if place else path.rstrip("/").rpartition("/")[0]


def read(address):
    with urllib.request.urlopen(address, timeout=30) as response:
        return response.read().decode()


@pytest.mark.parametrize("width", WIDTHS)
def test_no_page_has_a_barrier_that_axe_can_see(visit, addresses, width):
    window = visit(width=width)
    wrong = {}
    for address in addresses:
        window.go(address)
        found = window.axe()
        if width == max(WIDTHS):
            found += window.axe_in_the_dark()
        if window.is_wider_than_the_window():
            found.append("wider than the window")
        if found:
            wrong[address] = found
    assert wrong == {}


def test_every_page_says_what_it_is_without_javascript(visit, addresses):
    window = visit(width=320, javascript=False)
    for address in addresses:
        window.go(address)
        assert window.page.locator("main h1").count() == 1, address
        assert window.page.locator("main").inner_text().strip(), address

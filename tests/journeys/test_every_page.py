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
    "/daten/datensaetze/",
    "/quellen/",
    "/impressum/",
    "/datenschutz/",
    "/barrierefreiheit/",
    "/barriere-melden/",
    "/leichte-sprache/",
    "/konto/login/",
    "/konto/password/reset/",
]
OF_EACH_KIND = re.compile(r"<loc>https?://[^/]+(/[^<]+)</loc>")


@pytest.fixture(scope="package")
def addresses(demo):
    """The lists, and of each kind in the sitemap the first thing."""
    index = read(f"{demo}/sitemap.xml")
    maps = OF_EACH_KIND.findall(index) if "<sitemapindex" in index else ["/sitemap.xml"]
    first: dict[str, str] = {}
    for each in maps:
        for path in OF_EACH_KIND.findall(read(demo + each)):
            first.setdefault(kind_of(path), path)
    return [*LISTS, *first.values()]


def kind_of(path):
    """The address without its last part; places by the length of their key."""
    place = re.match(r"/orte/(\d+)-", path)
    return f"/orte/{len(place[1])}" if place else path.rstrip("/").rpartition("/")[0]


def read(address):
    with urllib.request.urlopen(address, timeout=30) as response:
        return response.read().decode()


@pytest.mark.parametrize("width", [1280, 320])
def test_no_page_has_a_barrier_that_axe_can_see(visit, addresses, width):
    window = visit(width=width)
    wrong = {}
    for address in addresses:
        window.go(address)
        found = window.axe()
        if window.is_wider_than_the_window():
            found.append("wider than the window")
        if found:
            wrong[address] = found
    assert wrong == {}


def test_the_dark_theme_has_no_barrier_either(visit, addresses):
    window = visit(color_scheme="dark")
    wrong = {}
    for address in addresses:
        window.go(address)
        if found := window.axe():
            wrong[address] = found
    assert wrong == {}


def test_every_page_says_what_it_is_without_javascript(visit, addresses):
    window = visit(width=320, javascript=False)
    for address in addresses:
        window.go(address)
        assert window.page.locator("main h1").count() == 1, address
        assert window.page.locator("main").inner_text().strip(), address

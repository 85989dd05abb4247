"""Fetching an address: what is fetched, and everything that is refused, with a remedy."""

import gzip
import ipaddress
import socket
import time

import pytest

from stadtwabe.kit.fetch import Unfetchable, fetch, probe
from stadtwabe.kit.network import is_public
from stadtwabe.kit.tests.web_server import serving

PAGE = "<html><body>Köln erprobt etwas.</body></html>".encode()
LOCAL = ipaddress.ip_address("127.0.0.1")


@pytest.fixture
def site():
    with serving() as site:
        site.page("/seite.html", PAGE)
        yield site


def get(address, **options):
    """Fetch with connections to 127.0.0.1 allowed, and to nowhere else."""
    options = {"limit_bytes": 1_000_000, "seconds": 3, **options}
    return fetch(address, allowed=lambda each: each == LOCAL, **options)


def refused(address, **options):
    with pytest.raises(Unfetchable) as caught:
        get(address, **options)
    assert caught.value.remedy, "every refusal says what to do"
    assert caught.value.field == "address"
    return caught.value


def test_a_page_comes_with_its_type_and_its_name(site):
    found = get(site.address + "/seite.html")
    assert found.data == PAGE
    assert found.media_type == "text/html"
    assert found.file_name == "seite.html"
    assert site.agents == {"Stadtwabe/0.1.0 (+robots.txt)"}


def test_redirects_are_followed_and_the_last_address_is_kept(site):
    site.redirect("/alt", "/neu")
    site.redirect("/neu", "/seite.html")
    assert get(site.address + "/alt").address == site.address + "/seite.html"


def test_a_packed_answer_is_unpacked_and_its_unpacked_size_counts(site):
    site.page("/gz", gzip.compress(PAGE), Content_Encoding="gzip")
    assert get(site.address + "/gz").data == PAGE
    bomb = gzip.compress(b"0" * 5_000_000)
    assert len(bomb) < 10_000
    site.page("/bombe", bomb, Content_Encoding="gzip")
    assert refused(site.address + "/bombe").code == "too_large"


def test_robots_txt_is_respected(site):
    site.page("/robots.txt", b"User-agent: *\nDisallow: /intern/\nAllow: /intern/offen*\n")
    site.page("/intern/plan.html", PAGE)
    site.page("/intern/offen.html", PAGE)
    error = refused(site.address + "/intern/plan.html")
    assert error.code == "robots"
    assert "/intern/plan.html" not in site.asked
    assert get(site.address + "/intern/offen.html").data == PAGE
    site.page("/robots.txt", b"User-agent: Stadtwabe\nDisallow: /\n")
    assert refused(site.address + "/seite.html").code == "robots"


def test_a_server_whose_robots_txt_fails_is_left_alone(site):
    site.page("/robots.txt", b"kaputt", status=503)
    assert refused(site.address + "/seite.html").code == "robots"


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:{port}/seite.html",
        "http://localhost:{port}/seite.html",
        "http://[::1]:{port}/",
        "http://0.0.0.0:{port}/",
        "http://2130706433:{port}/",
        "http://10.1.2.3/",
        "http://192.168.0.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://100.64.0.1/",
        "http://[::ffff:127.0.0.1]:{port}/",
        "http://[64:ff9b::7f00:1]/",
        "http://[fd00::1]/",
    ],
)
def test_private_addresses_are_refused_however_they_are_written(site, address, settings):
    settings.FETCH_PRIVATE_ADDRESSES = False
    with pytest.raises(Unfetchable) as caught:
        fetch(address.format(port=site.server_port), limit_bytes=1000, seconds=3)
    assert caught.value.code == "blocked"
    assert "internes Netz" in caught.value.message
    assert site.asked == []


def test_an_operator_may_allow_private_addresses(site, settings):
    settings.FETCH_PRIVATE_ADDRESSES = True
    assert fetch(site.address + "/seite.html", limit_bytes=1000).data == PAGE


def test_a_redirect_inside_is_refused_at_the_connection(site):
    site.redirect("/nach-innen", f"http://127.0.0.2:{site.server_port}/seite.html")
    assert refused(site.address + "/nach-innen").code == "blocked"
    assert site.asked.count("/seite.html") == 0


def test_a_redirect_of_robots_txt_inside_is_refused_too(site):
    site.redirect("/robots.txt", f"http://127.0.0.2:{site.server_port}/robots.txt")
    assert refused(site.address + "/seite.html").code == "blocked"


def test_a_name_that_changes_its_mind_is_connected_only_where_it_was_checked(site, monkeypatch):
    answers = ["127.0.0.1", "127.0.0.2"]

    real = socket.getaddrinfo

    def resolve(host, port, *more, **options):
        host = answers.pop(0) if host == "wechselhaft.example" else host
        return real(host, port, *more, **options)

    monkeypatch.setattr("stadtwabe.kit.network.socket.getaddrinfo", resolve)
    # The first connection (robots.txt) finds the good address; that server hangs up after each
    # answer, so the page needs a second one, for which the name now leads inside.
    error = refused(f"http://wechselhaft.example:{site.server_port}/seite.html")
    assert error.code == "blocked"
    assert site.asked == ["/robots.txt"]


@pytest.mark.parametrize(
    "address", ["file:///etc/passwd", "ftp://example.org/x", "gopher://x", "http://", "kein Link"]
)
def test_only_web_addresses_are_fetched(address):
    assert refused(address).code == "address"


def test_passwords_in_addresses_are_refused(site):
    error = refused(f"http://wer:geheim@127.0.0.1:{site.server_port}/seite.html")
    assert error.code == "address"


def test_a_redirect_to_another_scheme_is_refused(site):
    site.redirect("/datei", "file:///etc/passwd")
    assert refused(site.address + "/datei").code == "address"


def test_redirects_in_a_circle_end(site):
    site.redirect("/a", "/b")
    site.redirect("/b", "/a")
    assert refused(site.address + "/a").code == "redirects"
    assert site.asked.count("/a") == 1


def test_endless_redirects_end(site):
    for number in range(20):
        site.redirect(f"/{number}", f"/{number + 1}")
    assert refused(site.address + "/0").code == "redirects"
    assert len(site.asked) < 10


@pytest.mark.parametrize("headers_too", [False, True])
def test_an_address_that_answers_slowly_is_given_up(site, headers_too):
    site.drip("/langsam", headers_too=headers_too)
    begun = time.monotonic()
    error = refused(site.address + "/langsam", seconds=0.6)
    assert error.code == "too_slow"
    assert "nicht innerhalb" in error.message
    assert time.monotonic() - begun < 3


def test_a_huge_answer_is_cut_off_early(site):
    site.flood("/flut")
    assert refused(site.address + "/flut").code == "too_large"


def test_other_types_are_refused_before_they_are_read(site):
    site.page("/film", b"\0" * 10, media_type="video/mp4")
    error = refused(site.address + "/film")
    assert error.code == "type"
    assert "video/mp4" in error.message


@pytest.mark.parametrize(
    ("status", "word"), [(404, "umgezogen"), (403, "Anmeldung"), (500, "später")]
)
def test_errors_of_the_server_name_a_remedy(site, status, word):
    site.page("/fehler", b"", status=status)
    error = refused(site.address + "/fehler")
    assert error.code == "status"
    assert word in error.remedy


def test_nobody_there_is_unreachable():
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port = sock.getsockname()[1]
    assert refused(f"http://127.0.0.1:{port}/").code == "unreachable"


def test_probe_reads_no_body(site):
    site.flood("/flut")
    assert probe(site.address + "/flut", allowed=lambda each: each == LOCAL) == 200
    assert probe(site.address + "/weg", allowed=lambda each: each == LOCAL) == 404


@pytest.mark.parametrize("address", ["8.8.8.8", "2001:4860:4860::8888", "64:ff9b::808:808"])
def test_public_addresses_are_public(address):
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "address",
    ["224.0.0.1", "2002:7f00:1::", "ff02::1", "240.0.0.1", "::127.0.0.1", "64:ff9b:1::7f00:1"],
)
def test_multicast_reserved_and_wrapped_private_addresses_are_not_public(address):
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", ["http://[", "http://[::1", "http://a:99999/", "http://a@b/"])
def test_what_is_no_address_at_all_is_refused_in_words(address):
    assert refused(address).code == "address"


def test_headers_go_to_the_named_host_alone_and_conditions_are_understood(site):
    heard = []

    def tell(handler):
        heard.append((handler.server.server_port, handler.headers.get("X-Key")))
        if handler.headers.get("If-None-Match") == '"1"':
            handler.send_response(304)
            handler.end_headers()
            return
        handler.send_response(200)
        for name, value in (
            ("Content-Type", "text/plain"),
            ("ETag", '"1"'),
            ("Content-Length", "2"),
        ):
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(b"ja")

    site.pages["/daten"] = tell
    first = get(f"{site.address}/daten", is_interface=True, headers={"X-Key": "geheim"})
    assert (first.data, first.etag, first.is_unchanged) == (b"ja", '"1"', False)
    again = get(f"{site.address}/daten", is_interface=True, headers={"If-None-Match": '"1"'})
    assert (again.data, again.is_unchanged) == (b"", True)
    with serving() as other:
        other.pages["/daten"] = tell
        site.redirect("/weiter", f"{other.address}/daten")
        get(f"{site.address}/weiter", is_interface=True, headers={"X-Key": "geheim"})
        assert heard[-1] == (other.server_port, None), "a redirect does not take the key along"
    assert heard[0] == (site.server_port, "geheim")

"""Every kind of public page on the full demo: the server's time, and what a browser transfers.

`./run demo` starts on an empty folder; when the demo is loaded, each page is asked for over one
connection, as a visitor without cookies does. Chromium then opens each page with an empty cache
and adds up what came over the wire. `STADTWABE_BENCH_URL` measures an installation that runs
already.
"""

import http.client
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote, urlsplit

from bench.row import Row

PROJECT = Path(__file__).resolve().parent.parent
PATIENCE_SECONDS = 900
WARMING = 3
ROUNDS = 40
GOAL_MS = 50
GOAL_KILOBYTES = 150
HEALTH = "/-/health"
PROGRESS = "/vorfuehrung/stand/"
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")

FIXED = (
    "/",
    "/orte/",
    "/orte/05-nordrhein-westfalen/",
    "/orte/05958-hochsauerlandkreis/",
    "/orte/verbund/5-fuer-suedwestfalen/",
    "/suche/",
    "/suche/?q=beteiligung",
    "/suche/?q=beteiligung&thema=mobility&ort=05",
    "/suche/?q=" + quote("Strassenlaterne quer"),
    "/suche/?thema=mobility&art=project",
    "/atlas/",
    "/atlas/statistik/",
    "/atlas/nachnutzung/",
    "/atlas/projekte/",
    "/termine/",
    "/quellen/",
    "/impressum/",
    "/barrierefreiheit/",
    "/konto/login/",
    "/vorfuehrung/",
    "/gibt-es-nicht/",
)


def measure() -> Iterator[Row]:
    with installation() as base:
        pages = [*FIXED, *pages_of_things(base)]
        times = server_times(base, [HEALTH, *pages])
        bare = times.pop(HEALTH)
        for page, found in sorted(times.items(), key=lambda item: -at(item[1], 0.95)):
            yield Row(
                f"page {page}, p95 (p50 {at(found, 0.5):.0f} ms)",
                at(found, 0.95),
                "ms",
                goal=GOAL_MS,
                yardstick=at(bare, 0.95),
                yardstick_is="an answer without Django",
            )
        weights = transferred(base, pages)
        for page, kilobytes in sorted(weights.items(), key=lambda item: -item[1])[:3]:
            yield Row(f"transferred for {page}", kilobytes, "kB", goal=GOAL_KILOBYTES)


@contextmanager
def installation() -> Iterator[str]:
    """The address of an installation with the whole demo."""
    if os.environ.get("STADTWABE_BENCH_URL"):
        yield os.environ["STADTWABE_BENCH_URL"].rstrip("/")
        return
    folder = Path(tempfile.mkdtemp(prefix="stadtwabe-bench-"))
    folder.chmod(0o755)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    environment |= {"STADTWABE_DATA": str(folder), "STADTWABE_PORT": str(port)}
    log = folder / "log"
    with log.open("wb") as output:
        running = subprocess.Popen(
            [PROJECT / "run", "demo"], cwd=PROJECT, env=environment, stderr=output
        )
    base = f"http://127.0.0.1:{port}"
    try:
        wait_for_the_demo(base, running, log)
        yield base
    finally:
        running.send_signal(signal.SIGINT)
        running.wait()
        shutil.rmtree(folder, ignore_errors=True)


def wait_for_the_demo(base: str, running: "subprocess.Popen[bytes]", log: Path) -> None:
    """Returns when the page about the demo no longer asks how far it is."""
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until and running.poll() is None:
        time.sleep(2)
        try:
            status, page = get(base, PROGRESS)
        except (OSError, http.client.HTTPException):
            continue
        if status == http.HTTPStatus.OK and b"hx-get" not in page:
            return
    sys.exit(f"./run demo did not come up:\n{log.read_text(errors='replace')}")


def things(base: str) -> list[dict[str, object]]:
    """All entries of the atlas and all events."""
    found = []
    for address in ("/atlas/?format=json", "/termine/?format=json"):
        _status, body = get(base, address)
        found.extend(json.loads(body)["results"])
    return found


def pages_of_things(base: str) -> Iterator[str]:
    """One thing of each kind, the one with most text about it; a town with many and one with
    none; a document and a statement."""
    longest: dict[str, dict[str, object]] = {}
    towns: dict[str, int] = {}
    for thing in things(base):
        kind = str(thing["kind"])
        if len(str(thing["summary"])) > len(str(longest.get(kind, {}).get("summary", ""))):
            longest[kind] = thing
        if thing["place"]:
            towns[str(thing["place"])] = towns.get(str(thing["place"]), 0) + 1
    yield from (urlsplit(str(thing["url"])).path for thing in longest.values())
    fullest = max(towns, key=lambda key: towns[key])
    for key in (fullest, "16077055"):
        yield location(base, f"/orte/{key}/")
    _status, page = get(base, urlsplit(str(longest["project"]["url"])).path)
    statement = re.search(rb"/quellen/aussage/\d+/", page)
    assert statement, "a project without a source"
    yield statement[0].decode()
    _status, page = get(base, statement[0].decode())
    document = re.search(rb'href="(/quellen/[^"]+)"', page.split(b"<main")[1])
    if document:
        yield document[1].decode()


def connected(base: str) -> http.client.HTTPConnection:
    return http.client.HTTPConnection(urlsplit(base).netloc, timeout=60)


def get(base: str, page: str) -> tuple[int, bytes]:
    connection = connected(base)
    connection.request("GET", page)
    answer = connection.getresponse()
    return answer.status, answer.read()


def location(base: str, page: str) -> str:
    connection = connected(base)
    connection.request("GET", page)
    return connection.getresponse().headers["Location"] or page


def server_times(base: str, pages: Sequence[str]) -> dict[str, list[float]]:
    """Milliseconds from request to last byte, sorted, by page."""
    connection = connected(base)
    found: dict[str, list[float]] = {page: [] for page in pages}
    for turn in range(WARMING + ROUNDS):
        # Page after page, so that a disturbance of the machine does not hit one alone.
        for page in pages:
            began = time.perf_counter()
            connection.request("GET", page, headers={"Accept-Encoding": "gzip"})
            answer = connection.getresponse()
            answer.read()
            if turn >= WARMING:
                found[page].append((time.perf_counter() - began) * 1000)
            if answer.status >= 500:
                sys.exit(f"{page} answers {answer.status}")
    return {page: sorted(times) for page, times in found.items()}


def at(times: Sequence[float], share: float) -> float:
    return times[min(len(times) - 1, int(share * len(times)))]


def transferred(base: str, pages: Sequence[str]) -> dict[str, float]:
    """Kilobytes over the wire by page, with an empty cache; nothing without Chromium."""
    executable = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if executable is None:
        print("pages: no Chromium, so no weights", file=sys.stderr)
        return {}
    from playwright.sync_api import sync_playwright

    weights: dict[str, float] = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=executable, args=["--no-sandbox", "--disable-background-networking"]
        )
        for page in pages:
            context = browser.new_context(locale="de-DE")
            tab = context.new_page()
            session = context.new_cdp_session(tab)
            session.send("Network.enable")
            sizes: list[float] = []
            session.on(
                "Network.loadingFinished",
                lambda event, sizes=sizes: sizes.append(event["encodedDataLength"]),
            )
            tab.goto(base + page, wait_until="networkidle")
            weights[page] = sum(sizes) / 1000
            context.close()
        browser.close()
    return weights

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
import threading
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
LISTENING = "0A"
"""The state of a socket in /proc/net/tcp."""
PROGRESS = "/vorfuehrung/stand/"
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")

FIXED = (
    "/",
    "/orte/",
    "/orte/05-nordrhein-westfalen/",
    "/orte/05958-hochsauerlandkreis/",
    "/orte/05962024-iserlohn/",
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
        worked = processor_times(base, pages)
        for page, found in sorted(times.items(), key=lambda item: -at(item[1], 0.95)):
            yield Row(
                f"page {page}, p95 (p50 {at(found, 0.5):.0f} ms{worked.get(page, '')})",
                at(found, 0.95),
                "ms",
                goal=GOAL_MS,
                yardstick=at(bare, 0.95),
                yardstick_is="an answer without Django",
            )
        alone, beside = beside_files(base)
        yield Row(
            "page /suche/ while two people fetch all lists as files, p95",
            at(beside, 0.95),
            "ms",
            goal=3,
            goal_is_ratio=True,
            yardstick=at(alone, 0.95),
            yardstick_is="nobody fetches files",
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


def web_process(base: str) -> int | None:
    """The process that answers at ``base``, on a Linux where /proc tells."""
    port = f"{urlsplit(base).port:04X}"
    sockets = {
        line.split()[9]
        for line in Path("/proc/net/tcp").read_text().splitlines()[1:]
        if line.split()[1].endswith(f":{port}") and line.split()[3] == LISTENING
    }
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            names = {str(each.readlink()) for each in (folder / "fd").iterdir()}
        except OSError:
            continue
        if any(f"socket:[{each}]" in names for each in sockets):
            found.append(int(folder.name))
    # The parent holds the socket too; the youngest is the server of pages.
    return max(found, default=None)


def processor_times(base: str, pages: Sequence[str]) -> dict[str, str]:
    """The web server's own processor time for one answer, in words; not the database's."""
    if not Path("/proc/net/tcp").exists() or (process := web_process(base)) is None:
        return {}
    ticks = os.sysconf("SC_CLK_TCK")

    def spent() -> float:
        fields = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / ticks * 1000

    found = {}
    connection = connected(base)
    for page in pages:
        before = spent()
        for _turn in range(ROUNDS):
            connection.request("GET", page, headers={"Accept-Encoding": "gzip"})
            connection.getresponse().read()
        found[page] = f", web server's processor {(spent() - before) / ROUNDS:.0f} ms"
    return found


def beside_files(base: str) -> tuple[list[float], list[float]]:
    """Milliseconds for a page, sorted: alone, and while two fetch the list of everything."""
    alone = server_times(base, ["/suche/"])["/suche/"]
    done = threading.Event()

    def fetch(name: str) -> None:
        number = 0
        while not done.is_set():
            number += 1
            get(base, f"/suche/?format={name}&nicht-dasselbe={number}")

    people = [threading.Thread(target=fetch, args=[name]) for name in ("json", "csv")]
    for person in people:
        person.start()
    beside = server_times(base, ["/suche/"])["/suche/"]
    done.set()
    for person in people:
        person.join()
    return alone, beside


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

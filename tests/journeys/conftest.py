"""Journeys: the real demo network, started as `./run` starts it, in a real Chromium."""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

PROJECT = Path(__file__).resolve().parent.parent.parent
AXE = PROJECT / "node_modules/axe-core/axe.min.js"
READY = re.compile(r"Stadtwabe is ready: (http://\S+)")
DEMO_LOADED_WITHIN_SECONDS = 600
FLAGS = [
    "--no-sandbox",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
OF_COLOURS = ["color-contrast", "link-in-text-block"]
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "journeys" in item.path.parts:
            item.add_marker(pytest.mark.journey)


@pytest.fixture(scope="session")
def chromium() -> str:
    """The system's Chromium; without one journeys are skipped, but never in CI."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if not found:
        message = "There is no Chromium on PATH: install the system's package to run the journeys."
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    return found


@pytest.fixture(scope="package")
def demo(chromium: str) -> Iterator[str]:
    """The address of a demo network of its own, fully loaded."""
    data = Path(tempfile.mkdtemp(prefix="stadtwabe-journeys-"))
    data.chmod(0o711)
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("STADTWABE_")
    }
    environment.pop("DATABASE_URL", None)
    environment["STADTWABE_DATA"] = str(data)
    environment["PYTHONPATH"] = str(PROJECT / "src")
    process = subprocess.Popen(
        [sys.executable, "-m", "stadtwabe.site.command_line", "demo", "--port", "0"],
        env=environment,
        cwd=PROJECT,
        stderr=subprocess.PIPE,
        text=True,
    )
    said: list[str] = []
    threading.Thread(
        target=lambda: said.extend(iter(process.stderr.readline, "")), daemon=True
    ).start()
    try:
        address = wait_for(lambda: next((m[1] for m in map(READY.search, said) if m), None), said)
        wait_for(lambda: demo_is_loaded(address), said)
        yield address.rstrip("/")
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)
        shutil.rmtree(data, ignore_errors=True)


def wait_for(question: Callable[[], Any], said: list[str]) -> Any:
    until = time.monotonic() + DEMO_LOADED_WITHIN_SECONDS
    while time.monotonic() < until:
        if answer := question():
            return answer
        time.sleep(0.5)
    return pytest.fail("The demo network did not come up:\n" + "".join(said[-40:]))


def demo_is_loaded(address: str) -> bool:
    with urllib.request.urlopen(address, timeout=30) as response:
        return "wird noch geladen" not in response.read().decode()


# Closed with the package: while Playwright runs, Django takes this thread for an asynchronous one.
@pytest.fixture(scope="package")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield launched
        launched.close()


@dataclass
class Visit:
    """A browser window, and what went wrong in it: errors on the console, foreign requests."""

    page: Page
    home: str
    troubles: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.troubles.append(f"script: {error}"))
        self.page.on("request", self._request)

    def _console(self, message: Any) -> None:
        if message.type == "error":
            self.troubles.append(f"console: {message.text} ({message.location.get('url')})")

    def _request(self, request: Any) -> None:
        there = urlsplit(request.url)
        if there.scheme in {"http", "https"} and there.netloc != urlsplit(self.home).netloc:
            self.troubles.append(f"foreign request: {request.url}")

    def go(self, address: str) -> None:
        response = self.page.goto(self.home + address if address.startswith("/") else address)
        assert response is not None
        assert response.status < 400, f"{address}: {response.status}"

    def sign_in(self, email: str, password: str) -> None:
        self.go("/konto/login/")
        self.page.get_by_label("E-Mail").fill(email)
        self.page.get_by_label("Passwort", exact=False).first.fill(password)
        self.page.get_by_role("main").get_by_role("button", name="Anmelden").click()

    def axe(self) -> list[str]:
        """What axe finds on the page as it is now: one line a violation."""
        return self._violations({"type": "tag", "values": STANDARDS})

    def axe_in_the_dark(self) -> list[str]:
        """The same for the dark theme, which differs by its colours alone."""
        self.page.emulate_media(color_scheme="dark")
        found = self._violations({"type": "rule", "values": OF_COLOURS})
        self.page.emulate_media(color_scheme="light")
        return [f"dark: {each}" for each in found]

    def _violations(self, run_only: dict[str, Any]) -> list[str]:
        if self.page.evaluate("typeof axe") == "undefined":
            self.page.evaluate(AXE.read_text(encoding="utf-8"))
        found = self.page.evaluate("runOnly => axe.run(document, {runOnly})", run_only)
        return [
            f"{violation['id']}: {node['target']} {node['failureSummary']}"
            for violation in found["violations"]
            for node in violation["nodes"]
        ]

    def is_wider_than_the_window(self) -> bool:
        return bool(
            self.page.evaluate(
                "document.documentElement.scrollWidth > document.documentElement.clientWidth"
            )
        )


@pytest.fixture
def visit(browser: Browser, demo: str) -> Iterator[Callable[..., Visit]]:
    """Opens a window: `visit(width=320, javascript=False)`; its troubles fail the test."""
    contexts: list[BrowserContext] = []
    visits: list[Visit] = []

    def opened(*, width: int = 1280, javascript: bool = True, **options: Any) -> Visit:
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            java_script_enabled=javascript,
            locale="de-DE",
            reduced_motion="reduce",
            **options,
        )
        context.set_default_timeout(60_000)
        contexts.append(context)
        visits.append(Visit(context.new_page(), demo))
        return visits[-1]

    yield opened
    for context in contexts:
        context.close()
    assert [trouble for each in visits for trouble in each.troubles] == []

"""Takes a picture of a page of a running Stadtwabe, as README.md shows one (needs Chromium).

Start `stadtwabe demo` in another terminal, wait until the demo is loaded, then run this.
"""

import argparse
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import httpx

from stadtwabe.kit.errors import DomainError
from stadtwabe.site.command_line.output import Output

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
PAGE_MILLISECONDS = 5000
"""Time of the page, not of the clock: what it draws until then is in the picture."""
SECONDS = 60


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What, where to, how large."""
    parser.add_argument("file", type=Path, help="the picture to write (.png)")
    parser.add_argument("--page", default="http://localhost:8000/", help="default: %(default)s")
    parser.add_argument("--width", type=int, default=1280, help="in pixels, default: %(default)s")
    parser.add_argument("--height", type=int, default=960, help="in pixels, default: %(default)s")


def run(options: argparse.Namespace, output: Output) -> int:
    """Writes the picture."""
    browser = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if browser is None:
        raise DomainError("Chromium is not installed.", remedy="Install it and try again.")
    # Chromium takes pictures of its own error page, too.
    try:
        httpx.get(options.page, timeout=SECONDS, follow_redirects=True).raise_for_status()
    except httpx.HTTPError as error:
        raise DomainError(
            f"{options.page} does not answer: {error}", remedy="Is Stadtwabe running there?"
        ) from error
    target = options.file.absolute()
    with tempfile.TemporaryDirectory(prefix="stadtwabe-screenshot-") as folder:
        picture = Path(folder) / "page.png"
        done = subprocess.run(  # noqa: S603 - the browser by its path, no shell
            [
                browser,
                "--headless",
                # Its sandbox refuses to work for root, as in containers.
                *(["--no-sandbox"] if os.geteuid() == 0 else []),
                "--hide-scrollbars",
                "--lang=de",
                "--accept-lang=de",
                f"--user-data-dir={folder}/profile",
                f"--window-size={options.width},{options.height}",
                f"--virtual-time-budget={PAGE_MILLISECONDS}",
                f"--screenshot={picture}",
                options.page,
            ],
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
        if done.returncode or not picture.exists():
            raise DomainError(
                f"Chromium made no picture of {options.page}.", remedy=done.stderr.strip()[-300:]
            )
        shutil.copyfile(picture, target)
    size = target.stat().st_size
    output.result({"file": str(target), "bytes": size}, f"{target}: {size:,} bytes written.")
    return 0

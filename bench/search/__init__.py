"""A search page with ten facets over many cards: the whole answer of the server, as HTML.

A database of its own is filled with the register and made-up cards; then one process asks for
pages as a visitor does. The yardstick is the database's own part: the best twenty hits by rank,
without facets, without a page. ``STADTWABE_BENCH_CARDS=200000`` measures the larger size too.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.row import Row

PROJECT = Path(__file__).resolve().parent.parent.parent
GOALS_MS = {20_000: 50, 200_000: 120}


def measure() -> Iterator[Row]:
    sizes = sorted({20_000, int(os.environ.get("STADTWABE_BENCH_CARDS", "20000"))})
    for cards in sizes:
        found = measured(cards)
        goal = next((ms for size, ms in GOALS_MS.items() if cards <= size), GOALS_MS[200_000])
        for name, what in (
            ("search", "with words"),
            ("filter", "with filters"),
            ("everything", "of everything"),
        ):
            yield Row(
                f"search page {what}, {cards:,} cards, p95 (p50 {found[name]['p50']:.0f} ms,"
                f" Python {found[name]['cpu']:.0f} ms)",
                found[name]["p95"],
                "ms",
                goal=goal,
                yardstick=found["bare"]["p95"] if name == "search" else None,
                yardstick_is="20 best hits in SQL",
            )


def measured(cards: int) -> dict[str, dict[str, float]]:
    folder = Path(tempfile.mkdtemp(prefix="stadtwabe-bench-"))
    folder.chmod(0o755)
    try:
        environment = {
            **os.environ,
            "STADTWABE_DATA": str(folder / "data"),
            "PYTHONPATH": f"{PROJECT / 'src'}:{PROJECT}",
            "DJANGO_SETTINGS_MODULE": "stadtwabe.site.settings",
        }
        environment.pop("DATABASE_URL", None)
        done = subprocess.run(
            [sys.executable, "-m", "bench.search.inside", str(cards)],
            env=environment,
            cwd=PROJECT,
            check=True,
            stdout=subprocess.PIPE,
        )
        found: dict[str, dict[str, float]] = json.loads(done.stdout)
        return found
    finally:
        shutil.rmtree(folder, ignore_errors=True)

"""`./bench/run [NAME …]`: measures, prints one table, writes bench/results/<date>.json."""

import importlib
import json
import os
import platform
import sys
from datetime import UTC, datetime
from pathlib import Path

from bench.row import Row, table

BENCHMARKS = ("search", "pages", "start", "gazetteer", "reading", "hub")


def main(names: list[str]) -> int:
    unknown = set(names) - set(BENCHMARKS)
    if unknown:
        print(f"There is no {', '.join(sorted(unknown))}; there are {', '.join(BENCHMARKS)}.")
        return 2
    rows: list[Row] = []
    for name in names or BENCHMARKS:
        print(f"{name} …", file=sys.stderr)
        rows.extend(importlib.import_module(f"bench.{name}").measure())
    print(table(rows))
    now = datetime.now(tz=UTC)
    results = Path(__file__).parent / "results" / f"{now:%Y-%m-%d-%H%M}.json"
    results.parent.mkdir(exist_ok=True)
    about = {
        "at": now.isoformat(timespec="seconds"),
        "cores": os.cpu_count(),
        "load": os.getloadavg()[0],
        "python": platform.python_version(),
        "rows": [row.as_json() for row in rows],
    }
    results.write_text(json.dumps(about, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(f"\nwritten to {results}", file=sys.stderr)
    return 0


sys.exit(main(sys.argv[1:]))

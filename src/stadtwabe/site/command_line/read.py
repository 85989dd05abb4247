"""Reads documents and prints what they say. Needs no database, decides and stores nothing.

Takes files (text, HTML, PDF, DOCX) and folders. With --json one line for each document, with
places, projects, events, strategies, publications, organisations, sums, dates, addresses, topics,
and every statement with the passage it stands in. A document that cannot be read gives a line
with its error, the others are still read, and the exit status is 2.
"""

import argparse
from pathlib import Path
from typing import Any

from stadtwabe.reading.as_json import record
from stadtwabe.reading.extract import Unreadable, extract
from stadtwabe.reading.extract.document import MAX_BYTES, SUFFIXES
from stadtwabe.reading.reading import read
from stadtwabe.site.command_line.output import Output


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to read."""
    parser.add_argument("paths", nargs="+", metavar="PATH", type=Path, help="files and folders")


def run(options: argparse.Namespace, output: Output) -> int:
    """Prints one result a document, in the order given."""
    paths = [path for given in options.paths for path in _files(given)]
    failed = 0
    for number, path in enumerate(paths, start=1):
        line = _line(path)
        failed += "error" in line
        output.result(line, _text(line))
        output.progress(number, len(paths), path.name)
    if not paths:
        output.say("stadtwabe read: there is no document in this folder.")
    return 2 if failed or not paths else 0


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    return sorted(p for p in path.rglob("*") if p.suffix.lower() in SUFFIXES and p.is_file())


def _line(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
        return record(path.name, read(extract(data, path.name)))
    except Unreadable as error:
        return {"doc": path.name, "error": f"{error.message} {error.remedy}"}
    except OSError as error:
        return {"doc": path.name, "error": f"„{path.name}“: {error.strerror or error}"}


def _text(line: dict[str, Any]) -> str:
    if "error" in line:
        return f"{line['doc']}\n  {line['error']}\n"
    names = {
        "municipalities": [place["name"] for place in line["municipalities"]],
        "projects": [project["name"] for project in line["projects"]],
        "events": [event["title"] for event in line["events"]],
        "strategies": [strategy["title"] for strategy in line["strategies"]],
        "publications": [publication["title"] for publication in line["publications"]],
        **{key: line[key] for key in ("organisations", "amounts_eur", "dates", "urls", "topics")},
    }
    rows = [
        f"  {key}: {'; '.join(str(v) for v in values)}" for key, values in names.items() if values
    ]
    return "\n".join([line["doc"], *rows, ""])

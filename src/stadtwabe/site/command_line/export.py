"""Writes what everybody may see into a folder: one table a file, as JSON lines or CSV.

cards, parties, links, statements (every value with its source), documents (without their texts),
places and members of networks; about.json says when it was written. docs/operations.md names the
columns. Everything, with accounts and files, is what `backup` writes.
"""

import argparse
from pathlib import Path

from stadtwabe.kit.clock import now
from stadtwabe.site.command_line.output import Output
from stadtwabe.site.export import Format, write_export


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where to, and how."""
    parser.add_argument("folder", type=Path, help="the folder to make; must not exist yet")
    parser.add_argument(
        "--format", type=Format, choices=list(Format), default=Format.JSON_LINES, dest="form"
    )
    parser.add_argument(
        "--root", default="", metavar="ADDRESS", help="put before addresses: https://wabe.example"
    )


def run(options: argparse.Namespace, output: Output) -> int:
    """Says how many rows each table has."""
    counts = write_export(
        options.folder,
        form=options.form,
        root=options.root.rstrip("/"),
        now=now(),
        progress=output.progress,
    )
    rows = ", ".join(f"{count:,} {name}" for name, count in counts.items())
    output.result({"folder": str(options.folder), **counts}, f"{options.folder}: {rows}.")
    return 0

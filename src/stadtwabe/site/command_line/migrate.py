"""Brings the tables of the database up to date. `serve` and the others do it by themselves."""

import argparse

from stadtwabe.site.command_line.output import Output
from stadtwabe.site.installation import migrate


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """There is nothing to choose."""


def run(_options: argparse.Namespace, output: Output) -> int:
    """Migrates and says whether anything changed."""
    changed = migrate()
    output.result(
        {"changed": changed},
        "The tables are up to date now." if changed else "The tables were up to date.",
    )
    return 0

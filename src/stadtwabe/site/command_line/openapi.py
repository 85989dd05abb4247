"""Prints the OpenAPI description of the API: `stadtwabe openapi > docs/openapi.json`."""

import argparse

from stadtwabe.site.api import description
from stadtwabe.site.command_line.output import Output


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """It takes none."""


def run(options: argparse.Namespace, output: Output) -> int:
    """Prints it."""
    output.result({}, description().rstrip("\n"))
    return 0

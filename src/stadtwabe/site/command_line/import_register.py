"""Brings the register of places and the networks into the database; again changes nothing."""

import argparse
from dataclasses import asdict

from stadtwabe.catalog.commands import load_register
from stadtwabe.kit.actor import SYSTEM
from stadtwabe.kit.clock import now
from stadtwabe.site.command_line.output import Output


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """It takes none: the files stand in the package."""


def run(options: argparse.Namespace, output: Output) -> int:
    """Says how many rows changed."""
    output.say("Reading the register …")
    loaded = asdict(load_register(actor=SYSTEM, now=now()))
    output.result(loaded, "Changed: " + ", ".join(f"{n} {what}" for what, n in loaded.items()))
    return 0

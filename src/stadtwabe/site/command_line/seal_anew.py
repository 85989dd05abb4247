"""Seals the kept secrets (of pulls and webhooks) with the newest secret key.

After a change of STADTWABE_SECRET_KEY, with the former one in STADTWABE_FORMER_SECRET_KEYS; after
it the former one is not needed any more.
"""

import argparse

from stadtwabe.hub.commands.kept_secrets import seal_all_anew
from stadtwabe.site.command_line.output import Output


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """There is nothing to choose."""


def run(_options: argparse.Namespace, output: Output) -> int:
    """Prints how many are sealed anew; status 2 when some open with none of the keys."""
    sealed, lost = seal_all_anew()
    text = f"{sealed} secrets are sealed with the newest key."
    if lost:
        text += f" {lost} open with none of the keys: their owners have to enter them again."
    output.result({"sealed": sealed, "lost": lost}, text)
    return 2 if lost else 0

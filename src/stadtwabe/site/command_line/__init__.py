"""The command `stadtwabe`. One module per command; README.md says how to add one.

Exit status: 0 done; 1 not done, the reason is on standard error; 2 wrong usage, or part of the
input could not be read; 130 interrupted.
"""

import argparse
import importlib
import os
import sys
from collections.abc import Sequence

import django
from django.db import OperationalError

from stadtwabe.kit.errors import DomainError
from stadtwabe.site.command_line.output import Output
from stadtwabe.site.command_line.table import COMMANDS, Command, Needs
from stadtwabe.site.postgres.errors import PostgresError

DONE, FAILED, WRONG_USAGE, INTERRUPTED = 0, 1, 2, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit status."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if not words or words[0] in {"-h", "--help", "help"}:
        sys.stdout.write(overview())
        return DONE if words else WRONG_USAGE
    name = next((n for n in (" ".join(words[:2]), words[0]) if n in COMMANDS), None)
    if name is None:
        sys.stderr.write(f"stadtwabe: there is no command {words[0]!r}.\n\n{overview()}")
        return WRONG_USAGE
    try:
        return _run(name, COMMANDS[name], words[len(name.split()) :])
    except (DomainError, PostgresError) as error:
        sys.stderr.write(f"stadtwabe {name}: {error}\n")
        return FAILED
    except OperationalError as error:
        sys.stderr.write(f"stadtwabe {name}: the database does not answer: {error}\n")
        return FAILED
    except KeyboardInterrupt:
        sys.stderr.write("\n")
        return INTERRUPTED


def overview() -> str:
    """All commands with one line each."""
    width = max(len(name) for name in COMMANDS)
    lines = [f"  {name:{width}}  {command.summary}" for name, command in COMMANDS.items()]
    return (
        "usage: stadtwabe COMMAND [OPTIONS]\n\n"
        + "\n".join(lines)
        + "\n\nstadtwabe COMMAND --help tells more about one; docs/operations.md about all.\n"
    )


def _run(name: str, command: Command, words: list[str]) -> int:
    os.environ.update(command.environment)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stadtwabe.site.settings")
    if command.needs >= Needs.SETTINGS:
        django.setup()
    module = importlib.import_module(f"stadtwabe.site.command_line.{command.module}")
    parser = argparse.ArgumentParser(
        prog=f"stadtwabe {name}",
        description=module.__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    module.add_arguments(parser)
    if command.returns:
        parser.add_argument("--json", action="store_true", help="print the result as JSON")
    options = parser.parse_args(words)
    output = Output(as_json=command.returns and options.json)
    if command.needs < Needs.DATABASE:
        return int(module.run(options, output))
    # Imported late, because a command without a database must not need the settings.
    installation = importlib.import_module("stadtwabe.site.installation")
    with installation.opened(migrated=command.needs >= Needs.TABLES, say=output.say):
        return int(module.run(options, output))

"""Makes a token for the API and prints it. It is shown this once: only its hash is kept."""

import argparse
from datetime import timedelta

from stadtwabe.kit.actor import SYSTEM
from stadtwabe.kit.clock import now
from stadtwabe.kit.errors import NotFound
from stadtwabe.people.commands.tokens import create_token
from stadtwabe.people.models import User
from stadtwabe.people.rules import Scope
from stadtwabe.site.command_line.output import Output


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Whose token, and what it may do."""
    parser.add_argument("--user", required=True, metavar="E-MAIL", help="whose rights it lends")
    parser.add_argument(
        "--scope",
        required=True,
        action="append",
        choices=Scope.values,
        help="what it may be used for; can be given several times",
    )
    parser.add_argument("--label", default="", help="a name to tell it from others")
    parser.add_argument("--days", type=int, help="how long it is valid; default: until revoked")


def run(options: argparse.Namespace, output: Output) -> int:
    """Prints the token."""
    user = User.objects.filter(email=options.user.lower()).first()
    if user is None:
        raise NotFound(f"There is no account {options.user}.", remedy="See --user.")
    moment = now()
    token, secret = create_token(
        actor=SYSTEM,
        user=user,
        label=options.label,
        scopes=options.scope,
        now=moment,
        expires_at=moment + timedelta(days=options.days) if options.days else None,
    )
    output.result({"token": secret, "scopes": token.scopes, "user": user.email}, secret)
    return 0

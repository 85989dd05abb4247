"""Starts Stadtwabe: database, web server and worker, until Ctrl-C or a signal ends it.

`demo` is the same with demo content and demo accounts.
"""

import argparse
import importlib
import socket
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import django
from django.conf import settings

from stadtwabe.kit.actor import SYSTEM
from stadtwabe.kit.clock import now
from stadtwabe.kit.errors import DomainError
from stadtwabe.site.command_line.output import Output
from stadtwabe.site.data_folder import database_url, prepare
from stadtwabe.site.process_tree.tree import ProcessTree


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Address and port, otherwise taken from the environment."""
    parser.add_argument(
        "--port", type=int, default=settings.PORT, help="default: STADTWABE_PORT, else 8000"
    )
    parser.add_argument(
        "--bind",
        default=settings.BIND,
        metavar="ADDRESS",
        help="address to listen on; default: STADTWABE_BIND, else 127.0.0.1 (this machine only)",
    )


def run(options: argparse.Namespace, output: Output) -> int:
    """Starts everything and returns when it was asked to stop."""
    output.say(f"Data: {settings.DATA}")
    prepare()
    with ExitStack() as stack:
        listening = stack.enter_context(listening_socket(options.bind, options.port))
        tree = stack.enter_context(process_tree(listening, output))
        # Imported late: the pages load meanwhile in a process of their own.
        django.setup()
        installation = importlib.import_module("stadtwabe.site.installation")
        server = stack.enter_context(installation.opened(migrated=True, say=output.say))
        host = "localhost" if options.bind in {"127.0.0.1", "0.0.0.0", "::"} else options.bind  # noqa: S104 - compared, not bound
        address = f"http://{host}:{listening.getsockname()[1]}/"
        if not settings.DEMO:
            demo = importlib.import_module("stadtwabe.site.demo.commands")
            if demo.close_demo_accounts(actor=SYSTEM, now=now()):
                output.say("The accounts of an earlier demo are closed.")
        status = tree.run(
            server=server,
            when_ready=lambda: output.say(f"Stadtwabe is ready: {address}  (end with Ctrl-C)"),
        )
        output.say("Stopping the database …" if server else "Stopped.")
    return status


@contextmanager
def process_tree(listening: socket.socket, output: Output) -> Iterator[ProcessTree]:
    """The processes below this one; pages load already while the database starts."""
    tree = ProcessTree(
        listening,
        say=output.say,
        roles=("web", "worker", "mqtt") if settings.MQTT_BROKER else ("web", "worker"),
        errands=("demo",) if settings.DEMO else (),
    )
    with tree.loading(database_url()):
        yield tree


def listening_socket(host: str, port: int) -> socket.socket:
    """A listening socket, opened by the parent so that it outlives a web server that dies."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family)
    if sys.platform != "win32":
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        raise DomainError(
            f"Port {port} on {host} cannot be used: {error.strerror}.",
            remedy="Set STADTWABE_PORT (or --port) to a free one.",
        ) from error
    listening.listen(512)
    return listening

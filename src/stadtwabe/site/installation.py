"""This installation, opened by one process: its folder, its secret key, its database."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from stadtwabe.hub.commands.codecs import install_codecs
from stadtwabe.kit.clock import now
from stadtwabe.kit.locks import locked
from stadtwabe.site.data_folder import prepare
from stadtwabe.site.postgres.binaries import OLDEST_MAJOR
from stadtwabe.site.postgres.errors import PostgresError
from stadtwabe.site.postgres.server import Server
from stadtwabe.site.settings import database_from_url

MIGRATION_LOCK = "migration"
"""Of several processes starting at once one changes the tables."""


@contextmanager
def opened(*, migrated: bool, say: Callable[[str], None]) -> Iterator[Server | None]:
    """While open, the default connection works; yields the embedded server if that is in use.

    With DATABASE_URL nothing is started. Child processes find the same database by that
    variable. `migrated` brings the tables and the codecs that come with us up to date first.
    Raises `PostgresError`.
    """
    prepare()
    with ExitStack() as stack:
        server = None
        if os.environ.get("DATABASE_URL"):
            refuse_old_server()
        else:
            server = stack.enter_context(Server(settings.DATA))
            os.environ["DATABASE_URL"] = server.url
            stack.callback(os.environ.pop, "DATABASE_URL")
            settings.DATABASES["default"].update(database_from_url(server.url))
        stack.callback(connection.close)
        if migrated:
            if migrate():
                say("The tables of the database are up to date now.")
            install_codecs(now=now())
        yield server


def postgres_major() -> int:
    """The major version of the PostgreSQL that the default connection leads to, e.g. 18."""
    connection.ensure_connection()
    return int(connection.connection.info.server_version // 10_000)


def refuse_old_server() -> None:
    """Raises `PostgresError` when the operator's PostgreSQL is too old."""
    found = postgres_major()
    if found < OLDEST_MAJOR:
        raise PostgresError(
            f"DATABASE_URL leads to PostgreSQL {found}.",
            remedy=f"Stadtwabe needs version {OLDEST_MAJOR} or newer.",
        )


def migrate() -> bool:
    """Brings the tables up to date; says whether there was anything to do."""
    with locked(MIGRATION_LOCK):
        executor = MigrationExecutor(connection)
        if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return False
        call_command("migrate", interactive=False, verbosity=0)
    return True

"""Where the database is, and how to see it as of one moment."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from django.db import connection, transaction
from django.utils.translation import gettext as _

from stadtwabe.hub.archive.bucket import ArchiveAway
from stadtwabe.hub.archive.duck import GoneFromArchive
from stadtwabe.kit.errors import Conflict, Unavailable

T = TypeVar("T")

logger = logging.getLogger(__name__)

TRIES = 4


def connect_parameters() -> dict[str, Any]:
    """Return the parameters of ``asyncpg.connect`` for Django's database."""
    settings = connection.settings_dict
    names = {"host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD"}
    found = {key: settings[name] for key, name in names.items() if settings.get(name)}
    return {**found, "database": settings["NAME"]}


@contextmanager
def archive_in_reach() -> Iterator[None]:
    """Say to people when the storage of the archive does not answer. Raises Unavailable."""
    try:
        yield
    except ArchiveAway as error:
        logger.warning("The storage of the archive: %s", error)
        raise Unavailable(
            _("Ältere Messwerte sind gerade nicht zu erreichen."),
            remedy=_("Bitte in einigen Minuten noch einmal versuchen."),
        ) from error


def at_one_moment(read: Callable[[], T], *, seconds: int | None = None) -> T:
    """Return what ``read`` finds: all of its statements see the database as of one moment.

    Observations that move into the archive meanwhile are seen in one place, never in none or in
    both. ``seconds``: how long a statement may take. Inside a transaction the surrounding one
    decides on the moment.
    """
    for is_last in (False,) * (TRIES - 1) + (True,):
        settings = []
        if not connection.in_atomic_block:
            settings.append("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        if seconds is not None:
            settings.append(f"SET LOCAL statement_timeout = {seconds * 1000}")
        try:
            with archive_in_reach(), transaction.atomic():
                if settings:
                    with connection.cursor() as cursor:
                        cursor.execute("; ".join(settings))
                return read()
        except GoneFromArchive as error:
            # The file was replaced after the moment that this transaction sees: take a later one.
            if is_last:
                raise Conflict(
                    _("Die Messwerte werden gerade umgeräumt."),
                    remedy=_("Bitte gleich noch einmal versuchen."),
                ) from error
    raise AssertionError("the last try returns or raises")

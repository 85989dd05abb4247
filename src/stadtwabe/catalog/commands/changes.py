"""Telling that the catalogue has changed."""

from django.db import connection, transaction


def note_change() -> None:
    """Make what is kept until a change void: now for this transaction, then for everybody."""
    _count()
    transaction.on_commit(_count)


def _count() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('catalog_change')")

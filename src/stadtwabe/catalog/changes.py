"""Telling that the catalogue has changed: two counters that all processes read.

They are sequences, so counting locks nobody out. Each counts twice: at once for the transaction
that writes, and after its commit, when the others see what it wrote.
"""

from functools import partial

from django.db import connection, transaction


def note_change() -> None:
    """Make void what is kept until a card changes."""
    _count("catalog_change")


def note_rename() -> None:
    """Make void what is kept until a facet has another label."""
    _count("catalog_rename")


def _count(sequence: str) -> None:
    _next(sequence)
    transaction.on_commit(partial(_next, sequence))


def _next(sequence: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(%s)", [sequence])

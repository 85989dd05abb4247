"""Advisory locks of the database, by name: of several processes one does the work.

A name cannot be taken twice by mistake, as a number can. Whoever has a connection of its own asks
for ``pg_try_advisory_lock(hashtext(name))``.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def locked(name: str, *, wait: bool = True) -> Iterator[bool]:
    """Hold the lock ``name`` meanwhile; yields whether it is held.

    Waits until it is free; with ``wait=False`` it is not held when another process has it. It ends
    with the connection at the latest.
    """
    with connection.cursor() as cursor:
        asked = "pg_advisory_lock" if wait else "pg_try_advisory_lock"
        cursor.execute(f"SELECT {asked}(hashtext(%s))", [name])
        is_held = wait or bool(cursor.fetchone()[0])
        try:
            yield is_held
        finally:
            if is_held:
                cursor.execute("SELECT pg_advisory_unlock(hashtext(%s))", [name])

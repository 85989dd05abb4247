"""Telling ingest, in whatever process it runs, to look again at what it keeps in memory."""

from django.db import connection

from stadtwabe.hub.ingest.connections import CHANGED


def announce_change() -> None:
    """Let ingest forget what it knows of datastreams, locations and tokens, after commit."""
    with connection.cursor() as cursor:
        cursor.execute(f"NOTIFY {CHANGED}")

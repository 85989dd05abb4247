"""The bytes of a document, into the database without copies of them on the way."""

import psycopg
from django.db import connection

from stadtwabe.evidence.models import Document


def keep_original(document: Document, data: bytes) -> None:
    """Write the bytes received into the row of ``document``, in the running transaction.

    Django writes values into the text of a statement, so 40 MB took 300 MB of memory; here they go
    beside it, as they are.
    """
    connection.ensure_connection()
    with psycopg.Cursor(connection.connection) as cursor:
        cursor.execute(
            f"UPDATE {Document._meta.db_table} SET original = %b WHERE id = %s",  # noqa: S608 - no input
            [data, document.pk],
        )
    document.original = data

"""What looks wrong in a datastream."""

from datetime import datetime

from django.db import connection

from stadtwabe.hub.models import Datastream
from stadtwabe.hub.rules import Quality


def flagged(
    datastream: Datastream, *, start: datetime, end: datetime, most: int = 3000
) -> dict[datetime, Quality]:
    """Return the times from ``start`` to ``end`` at which something looks wrong, newest first.

    The caller has seen to it that the actor may see the datastream.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT phenomenon_time, quality FROM hub_observation WHERE datastream_id = %s"
            " AND phenomenon_time >= %s AND phenomenon_time <= %s AND quality <> 0"
            " ORDER BY phenomenon_time DESC LIMIT %s",
            [datastream.pk, start, end, most],
        )
        return {at: Quality(flags) for at, flags in cursor.fetchall()}

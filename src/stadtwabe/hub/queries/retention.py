"""What a limit of keeping observations would delete."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from stadtwabe.hub.database import at_one_moment
from stadtwabe.hub.ingest.times import microseconds
from stadtwabe.hub.models import Datastream
from stadtwabe.hub.queries.archive import count_archived
from stadtwabe.hub.rules import kept_since


@dataclass(frozen=True, slots=True)
class Expiring:
    """The observations of a datastream before ``until``; ``first`` is the oldest."""

    count: int
    left: int
    first: datetime | None
    until: datetime


def expiring(datastream: Datastream, *, days: int, now: datetime) -> Expiring:
    """Return what would be deleted if observations were kept for so many days."""
    until = kept_since(days, now)
    state = datastream.state
    count = at_one_moment(lambda: _count(datastream.pk, until))
    first = state.first_time if count else None
    return Expiring(count, max(0, state.observation_count - count), first, until)


def _count(pk: int, until: datetime) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM hub_observation"
            " WHERE datastream_id = %s AND phenomenon_time < %s",
            [pk, until],
        )
        (count,) = cursor.fetchone()
    return int(count) + count_archived(pk, until=microseconds(until))

"""How long observations of a datastream are kept, and deleting what is older.

With the observations go their former versions and their means by hour and day: the consumption of
a dwelling by the hour says as much about people as each single value.
"""

import logging
from datetime import datetime

from django.utils.translation import gettext as _

from stadtwabe.hub.commands.datastreams import edit_datastream
from stadtwabe.hub.commands.observations import delete_observations
from stadtwabe.hub.models import Datastream
from stadtwabe.hub.rules import kept_since
from stadtwabe.kit.actor import Actor
from stadtwabe.kit.errors import Conflict, Invalid

logger = logging.getLogger(__name__)

MOST_DAYS = 36_500


def set_retention(
    *, actor: Actor, datastream: Datastream, days: int | None, now: datetime
) -> Datastream:
    """Keep observations for so many days, or for good (None); deletes with the next night.

    Raises NotAllowed, Invalid.
    """
    if days is not None and not 1 <= days <= MOST_DAYS:
        raise Invalid(_("Möglich sind 1 bis %(most)s Tage.") % {"most": MOST_DAYS}, field="days")
    return edit_datastream(
        actor=actor, datastream=datastream, values={"retention_days": days}, now=now
    )


def delete_expired(*, actor: Actor, now: datetime) -> int:
    """Delete what is older than its datastream keeps; return how many observations.

    One transaction a datastream. Where somebody holds the archive, the next night does it.
    """
    deleted = 0
    limited = Datastream.objects.filter(retention_days__isnull=False).select_related("state")
    for datastream in limited.order_by("pk"):
        until = kept_since(datastream.retention_days or MOST_DAYS, now)
        first = datastream.state.first_time
        if first is None or first >= until:
            continue
        try:
            deleted += delete_observations(actor=actor, datastream=datastream, until=until, now=now)
        except Conflict:
            logger.warning("The archive is in use: datastream %s waits", datastream.pk)
    return deleted

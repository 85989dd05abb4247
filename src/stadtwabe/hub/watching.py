"""What the worker does every two seconds: alerts, their messages, the second look at quality.

It asks the tables, not ``LISTEN hub_observation``: the cost is the same at ten and at ten thousand
observations a second, nothing is missed while nobody listens, and after a restart it goes on where
it was. Any number of workers may: the rows lock out each other.
"""

import logging
import threading
from collections.abc import Callable

from django.db import InterfaceError, OperationalError, close_old_connections

from stadtwabe.hub.commands.alert_deliveries import queue_deliveries
from stadtwabe.hub.commands.alerts import watch_alerts
from stadtwabe.hub.commands.quality import review_touched
from stadtwabe.kit.clock import now

EVERY_SECONDS = 2.0

logger = logging.getLogger(__name__)


def look_once() -> bool:
    """Do each of the jobs; return whether the database was there.

    A job that fails does not keep the others from their turn.
    """
    for job in JOBS:
        try:
            job()
        except (OperationalError, InterfaceError):
            return False
        except Exception:
            logger.exception("%s failed", job.__name__)
    return True


def keep_watching(stop: threading.Event, *, every: float = EVERY_SECONDS) -> None:
    """Look until ``stop`` is set. A database that is away is said once, and waited for."""
    was_there = True
    while not stop.wait(every):
        close_old_connections()
        is_there = look_once()
        if was_there and not is_there:
            logger.warning("The database is away: alerts wait for it")
        was_there = is_there


def _watch_alerts() -> None:
    watch_alerts(now=now())


def _queue_deliveries() -> None:
    queue_deliveries(now=now())


def _review_quality() -> None:
    review_touched()


JOBS: tuple[Callable[[], None], ...] = (_watch_alerts, _queue_deliveries, _review_quality)

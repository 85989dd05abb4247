"""Typed domain events: published by commands, delivered after commit, to higher floors.

An event is a frozen dataclass that its domain defines in ``events.py``. Subscribers register in
``apps.ready`` through ``subscriptions.py``. A handler that fails is logged and does not stop the
others: the change it reports is already committed.
"""

import logging
from collections import defaultdict
from collections.abc import Callable
from typing import Any, TypeVar

from django.db import transaction

E = TypeVar("E")

logger = logging.getLogger(__name__)

_handlers: dict[type[Any], list[Callable[[Any], None]]] = defaultdict(list)


def subscribe(event_type: type[E], handler: Callable[[E], None]) -> None:
    """Call ``handler`` with every event of exactly ``event_type``; twice is once."""
    if handler not in _handlers[event_type]:
        _handlers[event_type].append(handler)


def publish(event: object) -> None:
    """Deliver ``event`` once the running transaction is committed, never if it is rolled back."""
    transaction.on_commit(lambda: _deliver(event))


def _deliver(event: object) -> None:
    for handler in tuple(_handlers[type(event)]):
        try:
            handler(event)
        except Exception:
            logger.exception("Handler %s failed for %s", handler.__qualname__, type(event).__name__)

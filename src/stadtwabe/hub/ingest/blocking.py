"""Storing observations from code that blocks: Django's views, jobs and commands.

One event loop in a thread of its own for each process, with a writer of its own, made when it is
first needed. Call it after the transaction of the datastream has been committed.
"""

import asyncio
import os
import threading
from collections.abc import Mapping, Sequence
from typing import Any

from stadtwabe.hub.ingest.batch import NewObservation
from stadtwabe.hub.ingest.outcome import Outcomes
from stadtwabe.hub.ingest.service import Service

TIMEOUT_SECONDS = 60

_lock = threading.Lock()
_threads: dict[tuple[int, str], "_Thread"] = {}


class _Thread:
    def __init__(self, parameters: Mapping[str, Any]) -> None:
        self.service = Service(parameters)
        self.loop = asyncio.new_event_loop()
        thread = threading.Thread(target=self.loop.run_forever, name="ingest", daemon=True)
        thread.start()

    def close(self) -> None:
        closing = asyncio.run_coroutine_threadsafe(self.service.close(), self.loop)
        closing.result(TIMEOUT_SECONDS)
        self.loop.call_soon_threadsafe(self.loop.stop)


def store(parameters: Mapping[str, Any], observations: Sequence[NewObservation]) -> Outcomes:
    """Store observations and wait for the commit. ``parameters`` name the database.

    Asks no permission. Raises Overloaded, Unavailable.
    """
    running = _running(parameters)
    storing = asyncio.run_coroutine_threadsafe(running.service.store(observations), running.loop)
    return storing.result(TIMEOUT_SECONDS)


def ensure_months(parameters: Mapping[str, Any], days: Sequence[int]) -> None:
    """Make the monthly partitions of ``days``, counted since 2000-01-01. Raises Unavailable."""
    running = _running(parameters)
    making = asyncio.run_coroutine_threadsafe(running.service.ensure_months(days), running.loop)
    making.result(TIMEOUT_SECONDS)


def _running(parameters: Mapping[str, Any]) -> _Thread:
    # After a fork the thread is not there: the process number tells.
    name = os.getpid(), repr(sorted(parameters.items()))
    with _lock:
        if name not in _threads:
            _threads[name] = _Thread(parameters)
        return _threads[name]


def close() -> None:
    """Let go of the database; tests do, before they drop it."""
    with _lock:
        for name in list(_threads):
            running = _threads.pop(name)
            if name[0] == os.getpid():
                running.close()

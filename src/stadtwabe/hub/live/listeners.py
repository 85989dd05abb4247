"""Who listens, and what waits to be sent to them."""

import asyncio
from dataclasses import dataclass, field
from typing import Any


@dataclass(eq=False, slots=True)
class Listener:
    """One open page. Of each datastream only the newest value waits: a slow line loses nothing.

    ``session`` is the session cookie, empty for visitors. ``wanted`` is what the topic names,
    ``allowed`` what may be seen of it now, ``language`` that of the page.
    """

    session: str
    wanted: frozenset[int]
    language: str
    allowed: frozenset[int] = frozenset()
    waiting: dict[int, dict[str, Any]] = field(default_factory=dict)
    gone: set[int] = field(default_factory=set)
    wake: asyncio.Event = field(default_factory=asyncio.Event)
    is_closed: bool = False

    def allow(self, ids: frozenset[int]) -> None:
        """Set what may be seen; what may no longer be is forgotten, and told to the page."""
        lost = self.allowed - ids
        self.allowed = ids
        for pk in lost:
            self.waiting.pop(pk, None)
        if lost:
            self.gone |= lost
            self.wake.set()

    def offer(self, reading: dict[str, Any]) -> None:
        """Let a reading wait if it may be seen."""
        if reading["id"] in self.allowed:
            self.waiting[reading["id"]] = reading
            self.wake.set()

    def take(self) -> tuple[list[dict[str, Any]], list[int]]:
        """Return what waits and which datastreams may no longer be seen; both are then empty."""
        readings, gone = list(self.waiting.values()), sorted(self.gone)
        self.waiting, self.gone = {}, set()
        self.wake.clear()
        return readings, gone

    def close(self) -> None:
        """End it: the page comes back by itself."""
        self.is_closed = True
        self.wake.set()

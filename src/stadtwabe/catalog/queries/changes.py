"""Whether anything in the catalogue has changed: for what is kept until it does."""

from collections.abc import Callable
from datetime import datetime
from hashlib import sha256
from typing import Any, NamedTuple, TypeVar

from django.core.cache import cache
from django.db import connection

from stadtwabe.kit.actor import VISITOR, Actor

KEPT_SECONDS = 600


class State(NamedTuple):
    """How often commands have written and renamed facets, the last change, the highest id."""

    number: int
    renames: int
    changed_at: datetime | None
    last: int

    def is_before(self, other: "State") -> bool:
        """Whether something was taken back since ``other``: a restored or rolled back database."""
        if self.changed_at is None or other.changed_at is None:
            return other.changed_at is not None
        return self.changed_at < other.changed_at or self.last < other.last


def state_of_catalogue() -> State:
    """Return what differs after every change of a card that was committed.

    The number alone would do, were nothing ever rolled back.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT last_value FROM catalog_change),"
            " (SELECT last_value FROM catalog_rename),"
            " max(changed_at), coalesce(max(id), 0) FROM catalog_card"
        )
        return State(*cursor.fetchone())


def number_of_renames() -> int:
    """Return what differs after every new label of a facet."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT last_value FROM catalog_rename")
        return int(cursor.fetchone()[0])


Kept = TypeVar("Kept")


def kept_for_visitors(actor: Actor, name: str, compute: Callable[[], Kept]) -> Kept:
    """Return ``compute()``; for a visitor that of the same ``name`` since the last change.

    For what depends on nothing but public cards and the register of places.
    """
    if actor != VISITOR:
        return compute()
    state = state_of_catalogue()
    key = f"catalogue:{sha256(f'{name} {state}'.encode()).hexdigest()}"
    kept: Any = cache.get(key)
    if kept is None:
        kept = compute()
        cache.set(key, kept, KEPT_SECONDS)
    return kept  # type: ignore[no-any-return]  # what compute() gave

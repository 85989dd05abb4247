"""What the programme shows in the cells of places."""

from collections.abc import Mapping
from typing import Any

from stadtwabe.catalog.models import Card
from stadtwabe.catalog.panels import Panel, register
from stadtwabe.kit.actor import Actor
from stadtwabe.kit.clock import day_of
from stadtwabe.kit.clock import now as clock_now
from stadtwabe.programme.queries import coming_events


def coming(actor: Actor, card: Card) -> Mapping[str, Any] | None:
    """Show the next events in a place; the past ones stand in the list of the catalogue."""
    found = coming_events(actor, today=day_of(clock_now()), place=card.place_id or "")
    return {"listed": found} if found else None


for _kind in ("municipality", "district", "state"):
    register(Panel(_kind, "events", coming, "programme/panels/coming.html"))

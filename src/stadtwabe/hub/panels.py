"""What the hub shows in the cells of places."""

from collections.abc import Mapping
from typing import Any

from stadtwabe.catalog.models import Card
from stadtwabe.catalog.panels import Panel, register
from stadtwabe.hub.queries.readings import readings_in
from stadtwabe.kit.actor import Actor
from stadtwabe.kit.clock import now


def measured_now(actor: Actor, card: Card) -> Mapping[str, Any] | None:
    """Show the latest values of a place's datastreams, also those that only its own may see."""
    if card.place is None:
        return None
    readings = readings_in(actor, card.place, now=now())
    return {"readings": readings, "place": card.place} if readings else None


register(Panel("municipality", "data", measured_now, "hub/panels/readings.html"))

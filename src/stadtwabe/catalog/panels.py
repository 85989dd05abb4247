"""Panels: what one domain shows on the page of another's thing.

``Panel(kind, slot, query, template)`` is registered in ``apps.ready``; the page of a card of that
kind renders all panels of each of its slots.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from stadtwabe.catalog.models import Card
from stadtwabe.kit.actor import Actor


@dataclass(frozen=True, slots=True)
class Panel:
    """A part of the page of every card of ``kind``, in ``slot``.

    ``query`` gets the actor and the card and returns what ``template`` needs, or ``None`` when
    there is nothing to show. Lower ``order`` comes first.
    """

    kind: str
    slot: str
    query: Callable[[Actor, Card], Mapping[str, Any] | None]
    template: str
    order: int = 100


_panels: list[Panel] = []


def register(panel: Panel) -> None:
    """Show ``panel`` from now on; the same again is nothing."""
    if panel not in _panels:
        _panels.append(panel)
        _panels.sort(key=lambda known: known.order)


def panels_for(kind: str, slot: str) -> tuple[Panel, ...]:
    """Return the panels of a slot in their order."""
    return tuple(panel for panel in _panels if panel.kind == kind and panel.slot == slot)

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
    covers: tuple[str, ...] = ()
    """Kinds of things that it lists itself, so that the cell of a place does not list them too."""


_panels: list[Panel] = []


def register(panel: Panel) -> None:
    """Show ``panel`` from now on; the same again is nothing."""
    if panel not in _panels:
        _panels.append(panel)
        _panels.sort(key=lambda known: known.order)


@dataclass(frozen=True, slots=True)
class ShownPanel:
    """A panel that has something to show, with what its template needs."""

    panel: Panel
    context: Mapping[str, Any]


def shown_panels(actor: Actor, card: Card) -> dict[str, list[ShownPanel]]:
    """Return the panels of the page of ``card`` that have something to show, by slot."""
    shown: dict[str, list[ShownPanel]] = {}
    for panel in _panels:
        if panel.kind != card.kind:
            continue
        context = panel.query(actor, card)
        if context is not None:
            shown.setdefault(panel.slot, []).append(ShownPanel(panel, context))
    return shown


def panels_for(kind: str, slot: str) -> tuple[Panel, ...]:
    """Return the panels of a slot in their order."""
    return tuple(panel for panel in _panels if panel.kind == kind and panel.slot == slot)

"""Rendering what domains have registered to show on the page of a card."""

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from stadtwabe.catalog.models import Card
from stadtwabe.catalog.panels import panels_for
from stadtwabe.people.actors import actor_of


def rendered_panels(request: HttpRequest, card: Card, slot: str) -> list[SafeString]:
    """Return the panels of ``slot`` on the page of ``card`` that have something to show."""
    shown = []
    for panel in panels_for(card.kind, slot):
        data = panel.query(actor_of(request), card)
        if data is not None:
            shown.append(render_to_string(panel.template, {"card": card, **data}, request))
    return shown

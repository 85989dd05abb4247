"""Every read of the programme; each starts at the cards that the actor may see."""

from collections.abc import Sequence
from datetime import date

from django.db.models import Q

from stadtwabe.catalog.queries import visible_to
from stadtwabe.catalog.queries.entries import ListedCard, with_facets
from stadtwabe.kit.actor import Actor

MOST_COMING = 6


def coming_events(actor: Actor, *, today: date, most: int = MOST_COMING) -> Sequence[ListedCard]:
    """Return the next events that have not ended, soonest first."""
    cards = visible_to(actor).filter(kind="event")
    cards = cards.filter(Q(starts_on__gte=today) | Q(starts_on__isnull=False, ends_on__gte=today))
    return with_facets(cards.select_related("place").order_by("starts_on", "pk")[:most])

"""Every read of the programme; each starts at the cards that the actor may see."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from django.db.models import Q, QuerySet

from stadtwabe.catalog.kinds import Appointment
from stadtwabe.catalog.models import Card
from stadtwabe.catalog.queries import visible_to
from stadtwabe.catalog.queries.entries import LISTED, ListedCard, with_facets
from stadtwabe.catalog.queries.facets import facet_id
from stadtwabe.catalog.rules import FacetName
from stadtwabe.kit.actor import Actor
from stadtwabe.kit.prepared import prepared
from stadtwabe.programme.models import Event
from stadtwabe.programme.rules import EventState

MOST_COMING = 6


def coming_events(
    actor: Actor, *, today: date, place: str = "", most: int = MOST_COMING
) -> Sequence[ListedCard]:
    """Return the next events that have not ended, soonest first; in ``place`` if one is named."""
    if place:
        return with_facets(_coming_in(actor, today, facet_id(FacetName.PLACE, place))[:most])
    return with_facets(_coming(actor, today)[:most])


@prepared
def _coming_in(actor: Actor, today: date, facet: int) -> QuerySet[Card]:
    return _coming(actor, today).filter(facet_ids__contains=[facet])[:MOST_COMING]


def _coming(actor: Actor, today: date) -> QuerySet[Card]:
    cards = visible_to(actor).filter(kind="event")
    cards = cards.filter(Q(starts_on__gte=today) | Q(starts_on__isnull=False, ends_on__gte=today))
    return cards.select_related("place").only(*LISTED).order_by("starts_on", "pk")


CALENDAR_STATUS = {EventState.PLANNED: "CONFIRMED", EventState.CANCELLED: "CANCELLED"}


def appointments_of(card_ids: Collection[int]) -> Mapping[int, Appointment]:
    """Return when, where and whether the events of these cards take place, by card."""
    return {
        event.card_id: Appointment(
            event.starts_at,
            event.ends_at,
            event.venue or "",
            CALENDAR_STATUS.get(EventState(event.state), "") if event.state else "",
        )
        for event in Event.objects.filter(card__in=card_ids)
    }

"""The noun of the programme so far: an event, as its card."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from stadtwabe.catalog.kinds import CardKind
from stadtwabe.catalog.rules import FacetName
from stadtwabe.catalog.specs import CardSpec
from stadtwabe.evidence.things import (
    PartyInRole,
    ThingKind,
    choice_facet,
    column_of,
    register,
    topic_facets,
)
from stadtwabe.programme.models import Event
from stadtwabe.programme.queries import appointments_of

FIELDS = (
    "title",
    "summary",
    "topics",
    "goals",
    "format",
    "state",
    "starts_on",
    "starts_at",
    "ends_on",
    "ends_at",
    "place",
    "venue",
    "stream",
    "series",
    "audience_group",
    "language",
    "cost",
    "registration",
    "accessibility",
    "documentation",
    "website",
)


def describe_event(event: Event, parties: Sequence[PartyInRole]) -> CardSpec:
    """Return the card of an event: it lies at its place, and concerns its parties' places."""
    places = {party.place.key: party.place for party, _role in parties if party.place}
    return CardSpec(
        kind="event",
        title=event.title,
        summary=event.summary or "",
        place=event.place,
        places=tuple(places.values()),
        starts_on=event.starts_on,
        ends_on=event.ends_on,
        parties=tuple(parties),
        facets={
            **topic_facets(event),
            **choice_facet(FacetName.FORMAT, event, "format"),
            **choice_facet(FacetName.STATE, event, "state"),
        },
        text=" ".join(word for word in (event.venue, event.series, event.audience_group) if word),
    )


EVENT = ThingKind(
    card_kind=CardKind(
        name="event",
        label=_("Veranstaltung"),
        plural=_("Veranstaltungen"),
        prefix="/termine/",
        accent="programme",
        schema_type="Event",
        statements=(
            *((name, column_of(Event, name).verbose_name) for name in FIELDS),
            ("parties", _("Beteiligte")),
        ),
        can_edit_action="programme.edit_event",
        appointments_of=appointments_of,
    ),
    domain="programme",
    model=Event,
    fields=FIELDS,
    describe=describe_event,
    facts=("starts_on", "place", "format", "parties", "registration"),
    story=("accessibility",),
    asks=("title", "starts_on", "place"),
)
register(EVENT)

"""The list of events, also as a calendar."""

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _

from stadtwabe.catalog.pages.lists import CALENDAR_FORMATS, card_list
from stadtwabe.catalog.search.filters import Sort
from stadtwabe.kit.clock import day_of
from stadtwabe.kit.clock import now as clock_now
from stadtwabe.people.actors import actor_of
from stadtwabe.people.rules import Role
from stadtwabe.programme.cards import EVENT
from stadtwabe.programme.queries import coming_events


def events(request: HttpRequest) -> HttpResponseBase:
    """Show all events: the coming ones first, then the list with its filters."""
    actor = actor_of(request)
    return card_list(
        request,
        kinds=(EVENT.name,),
        title=_("Termine"),
        lead=_("Veranstaltungen vor Ort und online, auch als Kalender zum Abonnieren."),
        template="programme/events.html",
        default_sort=Sort.DATE,
        formats=CALENDAR_FORMATS,
        context={
            "kind": EVENT.card_kind,
            "coming": coming_events(actor, today=day_of(clock_now())),
            "may_create": actor.is_operator or actor.holds_anywhere(Role.EDITOR),
        },
    )

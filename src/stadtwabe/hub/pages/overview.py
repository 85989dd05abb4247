"""The entrance of the hub, and its things as a list."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from stadtwabe.catalog.kinds import kind_of
from stadtwabe.catalog.pages.lists import card_list
from stadtwabe.hub.queries.datasets import datasets_visible_to
from stadtwabe.hub.queries.readings import newest_readings
from stadtwabe.hub.queries.visible import datastreams_visible_to, things_visible_to
from stadtwabe.kit.clock import now
from stadtwabe.people.actors import actor_of
from stadtwabe.people.rules import Role


def overview(request: HttpRequest) -> HttpResponse:
    """Show what comes in now, and the ways into the data."""
    actor = actor_of(request)
    return render(
        request,
        "hub/overview.html",
        {
            "readings": newest_readings(actor, now=now()),
            "thing_count": things_visible_to(actor).count(),
            "dataset_count": datasets_visible_to(actor).count(),
            "stream_count": datastreams_visible_to(actor).count(),
            "is_steward": actor.is_operator or actor.holds_anywhere(Role.STEWARD),
        },
    )


def things(request: HttpRequest) -> HttpResponseBase:
    """List the things with facets and map."""
    return card_list(
        request,
        kinds=("thing",),
        title=_("Geräte"),
        lead=_("Was misst, wo es steht und wem es gehört."),
        template="hub/things.html",
        context={"kind": kind_of("thing")},
    )

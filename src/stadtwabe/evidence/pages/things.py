"""The public page of a thing, whatever its kind: profile, story, evidence, neighbours."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from stadtwabe.catalog.panels import shown_panels
from stadtwabe.catalog.queries import card_at
from stadtwabe.evidence.queries.things import thing_view
from stadtwabe.evidence.structured import thing_as_json, thing_as_json_ld
from stadtwabe.evidence.things import SourcedThing, ThingKind, thing_kind, thing_of
from stadtwabe.people.actors import actor_of
from stadtwabe.people.permissions import can

View = Callable[..., HttpResponse]
CRUMBS = {"atlas": "/atlas/"}
"""The parent page of the kinds of a domain, where it is not the list itself."""


def thing_page(name: str) -> View:
    """Return the view of the things of the kind ``name``, found by the path of the request."""

    @require_safe
    def page(request: HttpRequest, slug: str) -> HttpResponse:
        kind = thing_kind(name)
        found = thing_at(request, kind, slug)
        actor = actor_of(request)
        view = thing_view(actor, kind, found)
        if request.GET.get("format") == "json":
            return JsonResponse(thing_as_json(view), json_dumps_params={"ensure_ascii": False})
        context = {
            "view": view,
            "card": found.card,
            "crumbs": crumbs_of(kind, found.card.title),
            "structured": thing_as_json_ld(view, address=request.build_absolute_uri(request.path)),
            "panels": shown_panels(actor, found.card),
            "may_edit": can(actor, kind.action("edit"), found),
            "may_withdraw": can(actor, kind.action("withdraw"), found),
            "may_merge": can(actor, kind.action("merge"), found),
        }
        return render(request, "evidence/thing.html", context)

    return page


def thing_at(request: HttpRequest, kind: ThingKind, slug: str) -> SourcedThing:
    """Return the thing at an address that the actor may see.

    Raises Http404; the catalogue then looks for a redirect or a tombstone.
    """
    path = f"{kind.card_kind.prefix}{slug}/"
    card = next(iter(card_at(actor_of(request), path)), None)
    thing = thing_of(card) if card else None
    if card is None or thing is None:
        raise Http404
    thing.card = card
    return thing


def crumbs_of(kind: ThingKind, *labels: str) -> list[tuple[str, str]]:
    """Return the way to a page of a kind; ``labels`` are what follows its list."""
    domain = [(_("Atlas"), CRUMBS[kind.domain])] if kind.domain in CRUMBS else []
    own = (str(kind.card_kind.plural), kind.card_kind.prefix)
    return [*domain, own, *((label, "") for label in labels)]

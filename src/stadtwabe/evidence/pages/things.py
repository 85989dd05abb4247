"""The public page of a thing, whatever its kind: profile, story, evidence, neighbours."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from stadtwabe.catalog.models import Card, FormerAddress
from stadtwabe.catalog.queries import visible_to
from stadtwabe.catalog.queries.cards import see_all
from stadtwabe.evidence.pages.panels import rendered_panels
from stadtwabe.evidence.queries.things import thing_view
from stadtwabe.evidence.structured import thing_as_json, thing_as_json_ld
from stadtwabe.evidence.things import SourcedThing, ThingKind, thing_kind
from stadtwabe.people.actors import actor_of
from stadtwabe.people.permissions import can

View = Callable[..., HttpResponse]
CRUMBS = {"atlas": (_("Atlas"), "/atlas/")}
"""The parent page of the kinds of a domain, where it is not the list itself."""


def thing_page(name: str) -> View:
    """Return the view of the things of the kind ``name``, found by the path of the request."""

    @require_safe
    def page(request: HttpRequest, slug: str) -> HttpResponse:
        kind = thing_kind(name)
        found = thing_at(request, kind, slug)
        if isinstance(found, HttpResponse):
            return found
        actor = actor_of(request)
        view = thing_view(actor, kind, found)
        if request.GET.get("format") == "json":
            return JsonResponse(thing_as_json(view), json_dumps_params={"ensure_ascii": False})
        context = {
            "view": view,
            "card": found.card,
            "crumbs": crumbs_of(kind, found.card.title),
            "structured": thing_as_json_ld(view, address=request.build_absolute_uri(request.path)),
            "story_panels": rendered_panels(request, found.card, "story"),
            "neighbour_panels": rendered_panels(request, found.card, "neighbours"),
            "may_edit": can(actor, kind.action("edit"), found),
            "may_withdraw": can(actor, kind.action("withdraw"), found),
            "may_merge": can(actor, kind.action("merge"), found),
        }
        return render(request, "evidence/thing.html", context)

    return page


def thing_at(request: HttpRequest, kind: ThingKind, slug: str) -> SourcedThing | HttpResponse:
    """Return the thing at an address; for an earlier address a redirect, for a tombstone 410.

    Raises Http404 where there is nothing, or nothing that the actor may know of.
    """
    path = f"{kind.card_kind.prefix}{slug}/"
    actor = actor_of(request)
    card = visible_to(actor).filter(path=path).first()
    if card is not None:
        thing = kind.model._default_manager.filter(card=card).first()
        if thing is None:
            raise Http404
        thing.card = card
        return thing
    former = FormerAddress.objects.filter(path=path).select_related("card").first()
    if former is not None and visible_to(actor).filter(pk=former.card_id).exists():
        rest = request.path.removeprefix(path) if request.path.startswith(path) else ""
        return redirect(former.card.path + rest, permanent=True)
    tombstone: Card | None = (
        see_all(actor).filter(path=path, withdrawn_at__isnull=False).first()
    )
    if tombstone is None:
        raise Http404
    context = {"card": tombstone, "kind": kind.card_kind, "crumbs": crumbs_of(kind, tombstone.title)}
    return render(request, "evidence/tombstone.html", context, status=410)


def crumbs_of(kind: ThingKind, *labels: str) -> list[tuple[str, str]]:
    """Return the way to a page of a kind; ``labels`` are what follows its list."""
    domain = [CRUMBS[kind.domain]] if kind.domain in CRUMBS else []
    own = (str(kind.card_kind.plural), kind.card_kind.prefix)
    return [*domain, own, *((label, "") for label in labels)]

"""Towns like a town, with the reasons."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from stadtwabe.atlas.queries.peers import towns_like
from stadtwabe.people.actors import actor_of
from stadtwabe.places.models import Place
from stadtwabe.places.rules import Level

MOST_ON_PAGE = 20


@require_safe
def peers(request: HttpRequest, key: str) -> HttpResponse:
    """Show the towns most like the municipality with that key."""
    place = get_object_or_404(Place, key=key, level=Level.MUNICIPALITY)
    found = towns_like(actor_of(request), place, most=MOST_ON_PAGE)
    if request.GET.get("format") == "json":
        towns = [
            {
                "key": peer.place.key,
                "name": peer.place.name,
                "address": peer.place.get_absolute_url(),
                "reasons": peer.reasons,
                "entries": peer.things,
            }
            for peer in found
        ]
        return JsonResponse(
            {"place": place.key, "towns": towns}, json_dumps_params={"ensure_ascii": False}
        )
    context = {
        "place": place,
        "peers": found,
        "crumbs": [
            (_("Orte"), "/orte/"),
            (place.name, place.get_absolute_url()),
            (_("Ähnlich"), ""),
        ],
    }
    return render(request, "atlas/peers.html", context)

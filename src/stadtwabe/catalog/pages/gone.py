"""What stands at an address where a thing used to be."""

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render

from stadtwabe.catalog.models import Card, FormerAddress
from stadtwabe.catalog.queries.cards import see_all
from stadtwabe.people.actors import actor_of


class FormerAddresses:
    """Looks once more when a page was not found: moved things redirect, withdrawn ones say why.

    Only asked after a 404, so it costs pages that exist nothing.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer 301 or 410 instead of 404 where the catalogue knows more."""
        response = self.get_response(request)
        if response.status_code == HTTPStatus.NOT_FOUND and request.method in {"GET", "HEAD"}:
            return look_again(request) or response
        return response


def look_again(request: HttpRequest) -> HttpResponse | None:
    """Return what the catalogue knows of the address of ``request``, or None."""
    visible = see_all(actor_of(request))
    former = FormerAddress.objects.filter(path=request.path, card__in=visible).first()
    if former is not None:
        return HttpResponsePermanentRedirect(former.card.path)
    card = visible.filter(path=request.path, withdrawn_at__isnull=False).first()
    return None if card is None else tombstone(request, card)


def tombstone(request: HttpRequest, card: Card) -> HttpResponse:
    """Say that a thing was taken out, when and why (410 Gone)."""
    return render(request, "catalog/tombstone.html", {"card": card}, status=HTTPStatus.GONE)

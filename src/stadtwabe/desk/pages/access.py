"""Who gets into the desk."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from stadtwabe.evidence.models import Document, Suggestion
from stadtwabe.evidence.queries.documents import handled_by
from stadtwabe.evidence.queries.suggestions import decidable_by
from stadtwabe.kit.actor import Actor
from stadtwabe.kit.errors import NotAllowed
from stadtwabe.people.actors import actor_of
from stadtwabe.people.models import Party
from stadtwabe.people.permissions import require
from stadtwabe.people.rules import Role


def for_editors(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let signed-in editors in; others are asked to sign in, or told what they lack."""

    @login_required
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        actor = actor_of(request)
        if not actor.is_operator and not actor.holds_anywhere(Role.EDITOR):
            raise NotAllowed(
                _("Die Redaktion ist für Redakteurinnen und Redakteure."),
                remedy=_("Bitten Sie die Verbundleitung um die Rolle „Redaktion“."),
            )
        return view(request, *args, **kwargs)

    return guarded


def owners_of(actor: Actor) -> list[Party]:
    """Return the parties for which ``actor`` may bring in documents."""
    parties = Party.objects.select_related("place", "network", "organisation")
    if actor.is_operator:
        known = parties.filter(Q(documents__isnull=False) | Q(network__isnull=False))
        return sorted(known.distinct(), key=str)
    return sorted(parties.filter(pk__in=actor.parties_with(Role.EDITOR)), key=str)


def document_for(request: HttpRequest, pk: int) -> Document:
    """Return a document that the person works on; others do not learn that there is one."""
    document = handled_by(actor_of(request)).filter(pk=pk).first()
    if document is None:
        raise Http404
    require(actor_of(request), "evidence.see_document", document)
    return document


def suggestion_for(request: HttpRequest, pk: int) -> Suggestion:
    """Return a suggestion of a document that the person works on."""
    suggestion = decidable_by(actor_of(request)).filter(pk=pk).first()
    if suggestion is None:
        raise Http404
    return suggestion

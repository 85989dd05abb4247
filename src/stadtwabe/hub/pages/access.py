"""Who gets into the pages of those who look after data."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _

from stadtwabe.kit.errors import NotAllowed
from stadtwabe.people.actors import actor_of
from stadtwabe.people.rules import Role

Answer = TypeVar("Answer", bound=HttpResponseBase)


def for_stewards(view: Callable[..., Answer]) -> Callable[..., Answer]:
    """Let signed-in stewards in; others are asked to sign in, or told what they lack."""

    @login_required
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> Answer:
        actor = actor_of(request)
        if not actor.is_operator and not actor.holds_anywhere(Role.STEWARD):
            raise NotAllowed(
                _("Diese Seite ist für die Datenpflege."),
                remedy=_("Bitten Sie die Verbundleitung um die Rolle „Datenpflege“."),
            )
        return view(request, *args, **kwargs)

    return guarded

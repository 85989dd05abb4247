"""Who gets into the pages of those who look after data, and how often."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.contrib.auth.decorators import login_required
from django.core.cache import cache
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


def is_too_often(name: str, key: object, *, most: int, seconds: int) -> bool:
    """Count one more ``name`` of ``key``; whether that is more than ``most`` in ``seconds``.

    Counted in this process: with several the limit is as many times as high.
    """
    entry = f"often:{name}:{key}"
    cache.add(entry, 0, timeout=seconds)
    try:
        return cache.incr(entry) > most
    except ValueError:  # it ran out between the two
        return False

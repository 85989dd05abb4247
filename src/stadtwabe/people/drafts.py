"""What somebody typed while the sign-in expired: kept, and back in the form after signing in."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext as _

from stadtwabe.kit.rate_limit import count_once

KEY = "draft"
LONGEST = 200_000
"""Characters of a draft, as a browser sends them."""
DRAFTS_PER_HOUR = 20

View = Callable[..., HttpResponse]


def keeps_draft(view: View) -> View:
    """Let a page keep what is sent to it without a sign-in, and ask for the sign-in.

    The draft lies in the session of this very browser, until the page is opened again. The page
    puts ``draft_of(request)`` into its form; nothing is saved before the person says so.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponse:
        if request.method == "POST" and not request.user.is_authenticated:
            _keep(request)
            messages.warning(request, _("Ihre Anmeldung ist abgelaufen. Melden Sie sich neu an."))
            return redirect_to_login(request.get_full_path())
        return view(request, *arguments, **named)

    return guarded


def draft_of(request: HttpRequest) -> QueryDict | None:
    """Return, once, what was typed into the form of this page; None when there is nothing."""
    kept = request.session.get(KEY)
    if request.method != "GET" or not kept or kept["page"] != request.get_full_path():
        return None
    del request.session[KEY]
    messages.info(
        request, _("Was Sie eingegeben hatten, steht wieder da. Gespeichert ist es noch nicht.")
    )
    return QueryDict(kept["typed"])


def _keep(request: HttpRequest) -> None:
    typed = request.POST.copy()
    typed.pop("csrfmiddlewaretoken", None)
    text = typed.urlencode()
    if len(text) <= LONGEST:
        count_once(request, "draft", per_hour=DRAFTS_PER_HOUR)
        request.session[KEY] = {"page": request.get_full_path(), "typed": text}

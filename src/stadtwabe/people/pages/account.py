"""/konto/: one's own account: roles, tokens, data, the way out."""

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from stadtwabe.kit.clock import day_of, now
from stadtwabe.kit.errors import DomainError
from stadtwabe.people import personal_data
from stadtwabe.people.actors import actor_of
from stadtwabe.people.commands import create_token, delete_account, revoke_token
from stadtwabe.people.forms import DeleteAccountForm, TokenForm
from stadtwabe.people.models import User
from stadtwabe.people.queries import everything_about, living_tokens, memberships_of


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


@login_required
@require_http_methods(["GET", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    """Show the account; a POST makes a token, whose secret is shown this once."""
    user = _user(request)
    form = TokenForm(request.POST or None)
    secret = ""
    if request.method == "POST" and form.is_valid():
        _token, secret = create_token(
            actor=actor_of(request), user=user, now=now(), **form.cleaned_data
        )
        form = TokenForm()
    response = render(
        request,
        "people/account.html",
        {
            "crumbs": [(_("Konto"), "")],
            "memberships": memberships_of(user, today=day_of(now())),
            "tokens": living_tokens(user),
            "form": form,
            "secret": secret,
        },
    )
    response.headers["Cache-Control"] = "no-store"
    return response


@login_required
@require_POST
def revoke(request: HttpRequest, token_id: int) -> HttpResponse:
    """Revoke one of one's own tokens."""
    user = _user(request)
    token = get_object_or_404(living_tokens(user), pk=token_id)
    revoke_token(actor=actor_of(request), token=token, now=now())
    messages.success(request, _("Der Schlüssel gilt nicht mehr."))
    return redirect("people:account")


@login_required
@require_GET
def export(request: HttpRequest) -> HttpResponse:
    """Hand out all that is kept about the person, as JSON."""
    response = JsonResponse(
        everything_about(_user(request)), json_dumps_params={"ensure_ascii": False, "indent": 1}
    )
    response.headers["Content-Disposition"] = 'attachment; filename="stadtwabe-konto.json"'
    response.headers["Cache-Control"] = "no-store"
    return response


@login_required
@require_http_methods(["GET", "POST"])
def delete(request: HttpRequest) -> HttpResponse:
    """Ask, then delete the account."""
    form = DeleteAccountForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            delete_account(
                actor=actor_of(request), user=_user(request), now=now(), **form.cleaned_data
            )
        except DomainError as error:
            form.add_error(error.field, str(error))
        else:
            logout(request)
            messages.success(request, _("Ihr Konto ist gelöscht."))
            return redirect("/")
    return render(
        request,
        "kit/confirm.html",
        {
            "title": _("Konto löschen"),
            "question": _("Möchten Sie Ihr Konto endgültig löschen?"),
            "consequence": " ".join(
                [
                    _(
                        "Ihre Zugangsdaten, Rollen und Schlüssel werden gelöscht. Was Sie bestätigt"
                        " haben, bleibt mit einer Nummer stehen, die zu niemandem mehr führt."
                    ),
                    *personal_data.left_behind(_user(request)),
                ]
            ),
            "action": _("Konto endgültig löschen"),
            "is_danger": True,
            "back": "/konto/",
            "form": form,
        },
    )

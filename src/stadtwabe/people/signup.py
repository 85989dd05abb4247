"""How somebody becomes a user, and where they begin: by invitation, at the page of their role."""

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest

from stadtwabe.kit.actor import VISITOR
from stadtwabe.kit.clock import now
from stadtwabe.people.actors import actor_for
from stadtwabe.people.models import User


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no type hints
    """Keeps sign-up closed until ``STADTWABE_OPEN_SIGNUP`` is set."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Return whether anybody may make an account."""
        return bool(settings.OPEN_SIGNUP)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Return where somebody begins who has just signed in, and did not want to go elsewhere."""
        user = request.user
        actor = actor_for(user, now=now()) if isinstance(user, User) else VISITOR
        for role, address in settings.START_PAGES.items():
            if actor.is_operator or actor.holds_anywhere(role):
                return str(address)
        return str(settings.LOGIN_REDIRECT_URL)

"""How somebody becomes a user: by invitation, unless the operator opens the door."""

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no type hints
    """Keeps sign-up closed until ``STADTWABE_OPEN_SIGNUP`` is set."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Return whether anybody may make an account."""
        return bool(settings.OPEN_SIGNUP)

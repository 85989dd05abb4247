"""Who acts through the API: a token in the header, a session, or a visitor."""

from django.http import HttpRequest
from ninja.utils import check_csrf

from stadtwabe.kit.actor import VISITOR, Actor
from stadtwabe.kit.clock import now
from stadtwabe.people.actors import actor_of
from stadtwabe.people.tokens import actor_of_token

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

SECURITY = {
    "components": {
        "securitySchemes": {
            "token": {
                "type": "http",
                "scheme": "bearer",
                "description": "Zugangsschlüssel aus dem eigenen Konto; ohne ihn: das Öffentliche.",
            }
        }
    },
    "security": [{}, {"token": []}],
}
"""What the OpenAPI description says of it: no call needs a token, each takes one."""


def actor_of_call(request: HttpRequest) -> Actor | None:
    """Return who calls, also for ``actor_of(request)`` from then on; None: refused.

    A header ``Authorization: Bearer …`` decides alone. A session changes something only with its
    CSRF token, a visitor nothing.
    """
    scheme, _space, secret = request.headers.get("Authorization", "").partition(" ")
    if scheme:
        actor = None
        if scheme.lower() == "bearer":
            actor = actor_of_token(secret.strip(), now=now())
        if actor is not None:
            request._stadtwabe_actor = actor  # type: ignore[attr-defined]  # a cache on the request
        return actor
    actor = actor_of(request)
    if request.method not in SAFE_METHODS and (actor == VISITOR or check_csrf(request)):
        return None
    return actor

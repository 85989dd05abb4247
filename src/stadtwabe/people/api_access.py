"""Who acts through the API: a token in the header, a session, or a visitor."""

import base64

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja.utils import check_csrf

from stadtwabe.kit.actor import VISITOR, Actor
from stadtwabe.kit.clock import now
from stadtwabe.kit.errors import Invalid
from stadtwabe.people.actors import actor_of
from stadtwabe.people.models import Party
from stadtwabe.people.permissions import require
from stadtwabe.people.rules import Role
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

    A header ``Authorization`` with a token decides alone. A session changes something only with its
    CSRF token, a visitor nothing.
    """
    header = request.headers.get("Authorization", "")
    if header:
        secret = secret_of(header)
        actor = actor_of_token(secret, now=now()) if secret else None
        if actor is not None:
            request._stadtwabe_actor = actor  # type: ignore[attr-defined]  # a cache on the request
        return actor
    actor = actor_of(request)
    if request.method not in SAFE_METHODS and (actor == VISITOR or check_csrf(request)):
        return None
    return actor


def party_meant(
    actor: Actor, wanted: int | None, role: Role, *, command: str, question: str
) -> Party:
    """Return the party for which a program calls ``command``: the one it names, or the only one.

    ``role`` is what ``actor`` must hold there, ``question`` what is said when it is not clear.
    Raises NotAllowed, Invalid for the field ``owner``.
    """
    own = actor.parties_with(role)
    if wanted is None and len(own) == 1:
        wanted = own[0]
    party = Party.objects.filter(pk=wanted).first() if wanted and 0 < wanted < 2**31 else None
    require(actor, command, party or Party())
    if party is None:
        numbers = ", ".join(map(str, own))
        raise Invalid(
            question,
            field="owner",
            remedy=_("Geben Sie die Nummer der Stelle an: %(numbers)s.") % {"numbers": numbers},
        )
    return party


def secret_of(header: str) -> str:
    """Return the token of a header ``Authorization``, "" when there is none.

    ``Bearer …``, or ``Basic …`` (RFC 7617) with the token as password and any name: many client
    libraries of SensorThings know nothing else.
    """
    scheme, _space, rest = header.partition(" ")
    if scheme.lower() == "bearer":
        return rest.strip()
    if scheme.lower() != "basic":
        return ""
    try:
        return base64.b64decode(rest.strip(), validate=True).decode().partition(":")[2]
    except ValueError:
        return ""

"""Making and revoking tokens for the API."""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from stadtwabe.kit.actor import Actor
from stadtwabe.kit.errors import Invalid
from stadtwabe.people.audit import record
from stadtwabe.people.models import ApiToken, User
from stadtwabe.people.permissions import require
from stadtwabe.people.rules import Scope

PREFIX = "sw_"


def digest_of(token: str) -> str:
    """Return what the database keeps of a token: SHA-256, hex.

    A token has 256 random bits, so a slow hash as for passwords would add nothing.
    """
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def create_token(
    *,
    actor: Actor,
    user: User,
    label: str,
    scopes: Iterable[str],
    now: datetime,
    expires_at: datetime | None = None,
) -> tuple[ApiToken, str]:
    """Make a token; the second value is the token itself, shown this once."""
    require(actor, "people.manage_tokens", user)
    wanted = sorted(set(scopes))
    unknown = set(wanted) - set(Scope.values)
    if unknown or not wanted:
        raise Invalid(
            _("Bitte wählen Sie aus: %(scopes)s.") % {"scopes": ", ".join(Scope.values)},
            field="scopes",
        )
    secret = PREFIX + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        user=user,
        label=label.strip() or _("ohne Namen"),
        prefix=secret[: len(PREFIX) + 5],
        digest=digest_of(secret),
        scopes=wanted,
        created_at=now,
        expires_at=expires_at,
    )
    record(actor=actor, command="people.create_token", subject=token, now=now)
    return token, secret


@transaction.atomic
def revoke_token(*, actor: Actor, token: ApiToken, now: datetime) -> None:
    """Make a token worthless at once."""
    require(actor, "people.manage_tokens", token.user)
    if token.revoked_at is None:
        token.revoked_at = now
        token.save(update_fields=["revoked_at"])
        record(actor=actor, command="people.revoke_token", subject=token, now=now)

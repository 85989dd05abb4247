"""From a token to the actor that it lets act."""

from datetime import datetime, timedelta

from stadtwabe.kit.actor import Actor
from stadtwabe.people.actors import actor_for
from stadtwabe.people.commands.tokens import digest_of
from stadtwabe.people.models import ApiToken

USE_NOTED_EVERY = timedelta(minutes=10)


def actor_of_token(secret: str, *, now: datetime) -> Actor | None:
    """Return who acts with ``secret``, or None when it is unknown, revoked or out of date."""
    token = ApiToken.objects.select_related("user").filter(digest=digest_of(secret)).first()
    if token is None or token.revoked_at is not None or not token.user.is_active:
        return None
    if token.expires_at is not None and token.expires_at <= now:
        return None
    if token.last_used_at is None or now - token.last_used_at > USE_NOTED_EVERY:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
    return actor_for(token.user, now=now, scopes=frozenset(token.scopes))

"""Finding the key that somebody sends."""

from stadtwabe.hub.models import DeviceToken
from stadtwabe.people.commands.tokens import digest_of


def living_device_token(secret: str) -> DeviceToken | None:
    """Return the device token of that secret unless it is revoked."""
    found = DeviceToken.objects.select_related("owner").filter(digest=digest_of(secret))
    return found.filter(revoked_at__isnull=True).first()

"""Making and revoking the keys of devices."""

import secrets
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from stadtwabe.hub.commands.announce import announce_change
from stadtwabe.hub.models import Datastream, DeviceToken, Thing
from stadtwabe.hub.mosquitto import password_hash
from stadtwabe.hub.rules import TokenReach
from stadtwabe.kit.actor import Actor
from stadtwabe.kit.errors import Invalid
from stadtwabe.people.audit import record
from stadtwabe.people.commands.tokens import digest_of
from stadtwabe.people.models import Party
from stadtwabe.people.permissions import require

PREFIX = "swd_"


@transaction.atomic
def create_device_token(
    *,
    actor: Actor,
    owner: Party,
    label: str,
    now: datetime,
    datastream: Datastream | None = None,
    thing: Thing | None = None,
) -> tuple[DeviceToken, str]:
    """Make a key for one datastream, one thing, or (with neither) a gateway of ``owner``.

    The second value is the key itself, shown this once. It is also an account with the
    MQTT broker. Raises Invalid for things of others.
    """
    require(actor, "hub.create_device_token", owner)
    for named in (datastream, thing):
        if named is not None and named.owner_id != owner.pk:
            raise Invalid(_("Das gehört jemand anderem."), field="datastream")
    if datastream is not None and thing is not None:
        raise Invalid(_("Entweder eine Messreihe oder ein Gerät."), field="thing")
    reach = TokenReach.GATEWAY
    if datastream is not None:
        reach = TokenReach.DATASTREAM
    elif thing is not None:
        reach = TokenReach.THING
    secret = PREFIX + secrets.token_urlsafe(32)
    token = DeviceToken.objects.create(
        label=label.strip() or _("ohne Namen"),
        prefix=secret[: len(PREFIX) + 5],
        digest=digest_of(secret),
        broker_hash=password_hash(secret),
        owner=owner,
        reach=reach,
        datastream=datastream,
        thing=thing,
        created_at=now,
    )
    announce_change()
    record(actor=actor, command="hub.create_device_token", subject=token, now=now)
    return token, secret


@transaction.atomic
def revoke_device_token(*, actor: Actor, token: DeviceToken, now: datetime) -> None:
    """Make a key worthless at once."""
    require(actor, "hub.delete_device_token", token)
    if token.revoked_at is None:
        token.revoked_at = now
        token.save(update_fields=["revoked_at"])
        announce_change()
        record(actor=actor, command="hub.revoke_device_token", subject=token, now=now)
